//! Released results by date, newest first.

use leptos::prelude::*;
use portal_domain::results::ResultSummary;

use super::finding::{Find, Nothing, Tab, Tabs, wanted};
use crate::{
    acting::link,
    api::{ApiError, ask},
    logic::wording::plain_name,
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Rows, listing, load_rows},
        page::{Back, Page},
        people::PrintHead,
        practice::Practice,
        result::FlagWords,
    },
    text::{t, t_with},
};

/// `/chart/results`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let wanted = wanted();
    let results = load_rows(move || {
        let (patient, query) = (session.patient(), wanted.get());
        move |page| {
            let mut query = query.clone();
            (query.cursor, query.limit) = (page.cursor, page.limit);
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                ask(async |portal| portal.find_results(patient, &query).await).await
            }
        }
    });
    let patient = session.subject();
    view! {
        <Page
            title=t("nav.results").to_string()
            section=t("nav.chart")
            back=Back { href: link("/chart"), label: t("nav.chart") }
        >
            {patient.map(|patient| view! { <PrintHead patient /> })}
            <Tabs open=Tab::Dates />
            <Find />
            {listing(
                results,
                t("what.results"),
                || view! { <Nothing /> }.into_any(),
                move || {
                    view! {
                        <p class="app-quiet">{t("results.intro")}</p>
                        <Rows load=results id="results" row=row />
                    }
                    .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

fn row(result: ResultSummary) -> AnyView {
    let practice = Practice::here();
    let collected = move || {
        let date = intl::format(result.collected_at, Style::Date, &practice.zone());
        t_with("results.collected", &[("date", &date)])
    };
    let correction = result.is_correction.then(|| {
        view! {
            <p class="app-row__text">
                <strong class="nhsuk-tag nhsuk-tag--yellow">{t("results.correction")}</strong>
            </p>
        }
    });
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=link(&format!("/chart/results/{}", result.id))>
                {plain_name(&result.title)}
            </a>
            <p class="app-row__meta">{collected}</p>
            {correction}
            <div class="app-row__side">
                <FlagWords flag=result.flag />
            </div>
        </li>
    }
    .into_any()
}
