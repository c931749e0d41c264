//! One message to many patients: what it says, to whom it went and who opened it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::CohortMessageId,
    live::LiveKind,
    messages::{CohortMessageView, CohortRecipient},
    problem::{Code, Problem},
};

use super::{
    ROOT,
    list_page::{sender, tally},
};
use crate::{
    api::{ApiError, ask},
    news::News,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        load::{load, loaded},
        page::{Back, Page},
        practice::Practice,
    },
    staff::{audience::in_words, parts::for_role},
    text::{t, t_with},
};

/// `/staff/cohort-messages/:id`
#[component]
pub fn ItemPage() -> AnyView {
    for_role(Action::View, Category::Messages, || {
        let params = use_params_map();
        let id = params.with_untracked(|params| params.get("id"));
        let id = id.and_then(|id| id.parse::<CohortMessageId>().ok());
        let message = load(move || async move {
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.cohort_message(id).await).await
        });
        let news = News::here();
        news.on(LiveKind::Queue, move || message.again());
        let title = Signal::derive(move || {
            message.read(|view| view.subject.clone()).unwrap_or_else(|| t("cohort.title").into())
        });
        view! {
            <Page
                title
                section=t("shell.staff_portal")
                back=Back { href: ROOT.into(), label: t("cohort.title") }
                reading=true
            >
                {loaded(message, t("what.cohort_message"), shown)}
                {id.map(|id| view! { <Recipients id /> })}
            </Page>
        }
        .into_any()
    })
}

fn shown(view: CohortMessageView) -> AnyView {
    let audience = t_with("cohort.to", &[("audience", &in_words(&view.audience))]);
    let (sender, tally) = (sender(&view), tally(&view));
    view! {
        <p>
            <strong>{tally}</strong>
        </p>
        <p class="app-quiet">{sender} ". " {audience}</p>
        <div class="nhsuk-inset-text">
            <p class="app-message__text" dir="auto">
                {view.text}
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Recipients(id: CohortMessageId) -> impl IntoView {
    let list = load_rows(move || {
        move |page| async move { ask(async |portal| portal.cohort_recipients(id, &page).await).await }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    view! {
        <h2 class="nhsuk-heading-m">{t("cohort.who")}</h2>
        {listing(
            list,
            t("what.recipients"),
            move || view! { <Empty text=t("notices_staff.nobody") /> }.into_any(),
            move || view! { <Rows load=list id="recipients" row=row /> }.into_any(),
        )}
    }
    .into_any()
}

fn row(one: CohortRecipient) -> AnyView {
    let zone = Practice::here().zone();
    let when = |at| intl::format(at, Style::Short, &zone);
    let href = match one.thread_id {
        Some(thread) => format!("/staff/messages/{}/{thread}?folder=open", one.patient.id),
        None => format!("/staff/patients/{}", one.patient.id),
    };
    let (class, state) = match (one.opened_at, one.delivered_at) {
        (Some(at), _) => ("nhsuk-tag nhsuk-tag--green", t_with("cohort.opened", &[("date", &when(at))])),
        (None, Some(_)) => ("nhsuk-tag nhsuk-tag--grey", t("cohort.unopened").into()),
        (None, None) => ("nhsuk-tag nhsuk-tag--blue", t("cohort.waiting").into()),
    };
    let delivered = one.delivered_at.map(|at| t_with("cohort.delivered", &[("date", &when(at))]));
    view! {
        <li class="app-row">
            <a class="app-row__link" href=href>
                <bdi>{one.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">
                {t_with("staff.mrn", &[("mrn", &one.patient.mrn)])}
                {delivered.map(|delivered| format!(". {delivered}"))}
            </p>
            <div class="app-row__side">
                <strong class=class>{state}</strong>
            </div>
        </li>
    }
    .into_any()
}
