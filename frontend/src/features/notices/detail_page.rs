//! One notice: its words, and the button by which the reader confirms them.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::NoticeId,
    notices::PatientNotice,
    problem::{Code, Problem},
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        load::{Load, load, loaded},
        notice::{NoticeWords, SeverityTag},
        page::{Back, Page},
        practice::Practice,
    },
    text::{t, t_with},
};

/// `/notices/:id`
#[component]
pub fn DetailPage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<NoticeId>().ok()));
    let notice = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.read_notice(patient, id).await).await
        }
    });
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let title = Signal::derive(move || {
        notice.read(|notice| notice.text.title.clone()).unwrap_or_else(|| t("notice.title").into())
    });
    view! {
        <Page
            title
            section=t("notice.title")
            form=form
            back=Back { href: link("/home"), label: t("nav.home") }
            reading=true
        >
            <ErrorSummary form />
            <Done said />
            {loaded(
                notice,
                t("what.notice"),
                move |view| view! { <Opened view notice form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(
    view: PatientNotice,
    notice: Load<PatientNotice>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let session = Session::here();
    let (id, last) = (view.id, intl::date(view.ends_on));
    let window =
        if view.ended { t("notice.over").to_string() } else { t_with("notice.until", &[("date", &last)]) };
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        form.send(
            async move { ask(async |portal| portal.acknowledge_notice(patient, id).await).await },
            move |view| {
                notice.put(view);
                said.set(t("notice.thanks").into());
            },
        );
    };
    let ask_for_it = match (view.must_acknowledge, view.acknowledged_at) {
        (false, _) => None,
        (true, Some(at)) => {
            let at = intl::format(at, Style::Short, &Practice::here().zone());
            Some(
                view! { <p class="app-quiet">{t_with("notice.acknowledged", &[("date", &at)])}</p> }
                    .into_any(),
            )
        }
        (true, None) => Some(
            view! {
                <form on:submit=confirm novalidate>
                    <p>{t("notice.please")}</p>
                    <Submit form label=t("notice.confirm").to_string() />
                </form>
            }
            .into_any(),
        ),
    };
    let others: Vec<_> = view
        .other_texts
        .into_iter()
        .map(|text| {
            let language = text.language.clone();
            view! {
                <details class="nhsuk-details">
                    <summary class="nhsuk-details__summary">
                        <span class="nhsuk-details__summary-text" lang=language.clone()>
                            {crate::shared::notice::language_name(&language)}
                        </span>
                    </summary>
                    <div class="nhsuk-details__text">
                        <h2 class="nhsuk-heading-s" lang=language>
                            <bdi>{text.title.clone()}</bdi>
                        </h2>
                        <NoticeWords text />
                    </div>
                </details>
            }
            .into_any()
        })
        .collect();
    view! {
        <p>
            <SeverityTag severity=view.severity />
            " "
            <span class="app-quiet">{window}</span>
        </p>
        <NoticeWords text=view.text />
        {ask_for_it}
        {others}
    }
    .into_any()
}
