//! One request: what the practice said of each medication.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::{MedicationRequestId, MedicationRequestItemId},
    live::LiveKind,
    problem::{Code, Problem},
    refills::{ItemState, MedicationRequestView, RequestItemView, Withdrawal},
};

use super::{back, state_tag};
use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        load::{Load, load_keeping, loaded},
        page::Page,
        people::{PrintButton, PrintHead},
        practice::Practice,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// `/chart/medications/requests/:id`
#[component]
pub fn RequestPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<MedicationRequestId>().ok())
    });
    let request = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.medication_request(patient, id).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || request.refresh());
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    view! {
        <Page
            title=t("medications.one_request").to_string()
            section=t("medications.title")
            form=form
            back=back()
            reading=true
        >
            <ErrorSummary form />
            <Done said />
            {loaded(
                request,
                t("what.request"),
                move |view| view! { <Opened view request form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(
    view: MedicationRequestView,
    request: Load<MedicationRequestView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let (session, zone) = (Session::here(), Practice::here().zone());
    let at = |time| intl::format(time, Style::Short, &zone);
    let id = view.id;
    let take_back = move |item: MedicationRequestItemId| {
        let Some(patient) = session.patient() else { return };
        let (back, key) = (Withdrawal { items: vec![item] }, form.key());
        said.set(String::new());
        form.send_or(
            async move { ask(async |portal| portal.withdraw_medications(patient, id, &back, key).await).await },
            move |view| {
                request.put(view);
                said.set(t("medications.taken_back_one").into());
            },
            // Somebody answered meanwhile: show how it stands now.
            move |_| request.refresh(),
        );
    };
    let items: Vec<_> = view
        .items
        .iter()
        .cloned()
        .map(|item| {
            let id = item.id;
            outcome(item, Callback::new(move |()| take_back(id)))
        })
        .collect();
    let said_to_all = |answer: portal_domain::refills::AnswerView| {
        let from = t_with("medications.answer_from", &[("name", &answer.by), ("date", &at(answer.at))]);
        let message = (!answer.message.is_empty())
            .then(|| view! { <p class="app-lines nhsuk-u-margin-bottom-0"><bdi>{answer.message}</bdi></p> });
        view! {
            <li class="app-box">
                <p class="app-quiet nhsuk-u-margin-bottom-1">{from}</p>
                {message}
            </li>
        }
        .into_any()
    };
    let answers: Vec<_> =
        view.answers.iter().filter(|answer| !answer.message.is_empty()).cloned().map(said_to_all).collect();
    let answers = (!answers.is_empty()).then(|| {
        view! {
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("medications.messages")}</h2>
            <ul class="app-plain-list app-entries">{answers}</ul>
        }
    });
    let pharmacy = match view.pharmacy.is_empty() {
        true => t("medications.usual_pharmacy").to_string(),
        false => view.pharmacy.clone(),
    };
    let due = view.items.iter().any(|item| item.state == ItemState::Waiting);
    let facts = vec![
        Fact::text(t("medications.asked_at"), at(view.requested_at)),
        Fact::maybe(t("medications.due"), due.then(|| intl::format(view.due_at, Style::LongDate, &zone))),
        Fact::text(t("medications.pharmacy_told"), pharmacy),
        Fact::text(t("medications.note_told"), view.note.clone()),
    ];
    view! {
        <PrintHead patient=view.patient.clone() />
        <ul class="app-plain-list app-entries" id="outcomes">
            {items}
        </ul>
        {answers}
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("medications.about_request")}</h2>
        {summary(facts)}
        <PrintButton />
    }
    .into_any()
}

/// What became of one medication, and what to do next.
fn outcome(item: RequestItemView, take_back: Callback<()>) -> AnyView {
    let means = t_word("refill_means", item.state.as_str());
    let why = item.reason.map(|reason| t_word("refill_reason", reason.as_str()));
    let words = (!item.words.is_empty())
        .then(|| view! { <p class="app-lines nhsuk-u-margin-bottom-2"><bdi>{item.words.clone()}</bdi></p> });
    let next = match item.state {
        ItemState::Waiting => view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0 no-print"
                on:click=move |_| take_back.run(())
            >
                {t("medications.take_back")}
                <span class="nhsuk-u-visually-hidden">": " <bdi>{item.drug.clone()}</bdi></span>
            </button>
        }
        .into_any(),
        ItemState::NeedsAppointment => view! {
            <a class="nhsuk-button nhsuk-u-margin-bottom-0 no-print" href=link("/appointments/request")>
                {t("nav.request")}
            </a>
        }
        .into_any(),
        ItemState::Declined => view! {
            <a class="no-print" href=link("/mail/new")>
                {t("medications.write")}
            </a>
        }
        .into_any(),
        ItemState::Approved | ItemState::Withdrawn => ().into_any(),
    };
    view! {
        <li class="app-box">
            <div class="app-cluster nhsuk-u-margin-bottom-2">
                <h2 class="nhsuk-heading-s">
                    <bdi>{item.drug.clone()}</bdi>
                </h2>
                {state_tag(item.state)}
            </div>
            <p class="nhsuk-u-margin-bottom-2">
                <strong>{t_word("refill_kind", item.kind.as_str())} ". "</strong>
                {means}
            </p>
            {why.map(|why| view! { <p class="nhsuk-u-margin-bottom-2">{why}</p> })}
            {words}
            {next}
        </li>
    }
    .into_any()
}
