//! One result, in words first.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use portal_domain::{
    audience::CodedTerm,
    chart::systems,
    ids::{ObservationId, ResultId},
    messages::TopicKind,
    problem::{Code, Problem},
    results::ResultView,
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    features::chart::read_about::ReadAbout,
    logic::{paths::compose_href, wording::plain_name},
    session::Session,
    shared::{
        load::{load, loaded},
        page::{Back, Page},
        people::{PrintButton, PrintHead},
        result::ResultBody,
    },
    text::t,
};

/// `/chart/results/:id`
#[component]
pub fn DetailPage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let query = use_query_map();
    let focus = move || query.with_untracked(|query| query.get("value"))?.parse::<ObservationId>().ok();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<ResultId>().ok()));
    let result = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.result(patient, id).await).await
        }
    });
    let title = Signal::derive(move || {
        result.read(|result| plain_name(&result.summary.title)).unwrap_or_else(|| t("result.title").into())
    });
    view! {
        <Page title section=t("nav.results") back=Back { href: link("/chart/results"), label: t("nav.results") }>
            {loaded(
                result,
                t("what.result"),
                move |result: ResultView| {
                    let ask_href = link(&compose_href(
                        TopicKind::Result,
                        result.summary.id,
                        &plain_name(&result.summary.title),
                    ));
                    view! {
                        <PrintHead patient=result.patient.clone() />
                        <ResultBody result=result.clone() focus=focus() />
                        <ReadAbout codes=tests(result) heading=t("learn.about_test") />
                        <div class="app-cluster no-print">
                            <a class="nhsuk-button" href=ask_href>
                                {t("compose.ask_result")}
                            </a>
                            <PrintButton />
                        </div>
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

/// The tests that it reports.
fn tests(result: ResultView) -> Vec<CodedTerm> {
    let codes = result.observations.into_iter().filter_map(|value| value.loinc);
    codes.map(|code| CodedTerm { system: systems::LOINC.into(), code }).collect()
}
