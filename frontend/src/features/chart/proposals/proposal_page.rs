//! One proposal: that it was sent and what happens next, and later what the practice made of it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::ProposalId,
    live::LiveKind,
    problem::{Code, Problem},
    proposals::{ProposalState, ProposalView},
};

use super::page_of;
use crate::{
    acting::link,
    api::{ApiError, ask},
    features::chart::back,
    news::News,
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::Address,
        load::{Load, load_keeping, loaded},
        page::Page,
        practice::{Phone, Practice},
        proposal::{asks, facts, state_tag},
    },
    text::{t, t_with, t_word},
};

/// `/chart/proposals/:id`
#[component]
pub fn ProposalPage() -> AnyView {
    let (session, params, address) = (Session::here(), use_params_map(), Address::here());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<ProposalId>().ok())
    });
    let proposal = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.proposal(patient, id).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || proposal.refresh());
    let form = Form::new();
    let is_sent = untrack(|| address.get("sent") == "1");
    let said = RwSignal::new(if is_sent { t("told.sent").to_owned() } else { String::new() });
    view! {
        <Page title=t("told.one").to_string() section=t("nav.chart") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(
                proposal,
                t("what.request"),
                move |view| view! { <Opened view load=proposal form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: ProposalView, load: Load<ProposalView>, form: Form, said: RwSignal<String>) -> impl IntoView {
    let zone = Practice::here().zone();
    let proposal = view.proposal.clone();
    let told = intl::format(proposal.proposed_at, Style::Date, &zone);
    let state = match proposal.state {
        ProposalState::Pending => t_with("told.waits", &[("date", &told)]),
        _ => t_with("told.on", &[("date", &told)]),
    };
    let note = (!proposal.note.is_empty()).then(|| {
        view! {
            <h2 class="nhsuk-heading-s">{t("told.note")}</h2>
            <p class="app-lines">
                <bdi>{proposal.note.clone()}</bdi>
            </p>
        }
    });
    let urgent = (proposal.state == ProposalState::Pending && proposal.is_urgent()).then(|| {
        let names = proposal.conflicts.join(", ");
        view! {
            <div class="nhsuk-warning-callout">
                <h2 class="nhsuk-warning-callout__label">{t("told.urgent")}</h2>
                <p>{t_with("told.urgent_text", &[("names", &names)])}</p>
                <p>{Practice::here().phone().map(|number| view! { <Phone number /> })} " " {t("told.urgent_call")}</p>
            </div>
        }
    });
    let outcome = match proposal.state {
        ProposalState::Pending => next(&view, load, form, said),
        ProposalState::Withdrawn => ().into_any(),
        _ => answer(&view),
    };
    view! {
        <h2 class="nhsuk-heading-m">
            {asks(&proposal)}
            ": "
            <bdi>{proposal.name.clone()}</bdi>
        </h2>
        <p class="app-cluster">{state_tag(proposal.state)} <span>{state}</span></p>
        {urgent}
        {facts(&proposal.fields)}
        {note}
        {outcome}
        <p>
            <a href=link(page_of(proposal.about))>{t_word("proposal_part", proposal.about.as_str())}</a>
        </p>
    }
    .into_any()
}

/// What happens next, what to do meanwhile, and the way back.
fn next(view: &ProposalView, load: Load<ProposalView>, form: Form, said: RwSignal<String>) -> AnyView {
    let session = Session::here();
    let proposal = &view.proposal;
    let zone = Practice::here().zone();
    let due = intl::format(proposal.due_at, Style::Full, &zone);
    let id = proposal.id;
    let take_back = move |_| {
        let Some(patient) = session.patient() else { return };
        let key = form.key();
        said.set(String::new());
        form.send_or(
            async move { ask(async |portal| portal.withdraw_proposal(patient, id, key).await).await },
            move |view| {
                load.put(view);
                said.set(t("told.taken_back").into());
            },
            // Somebody answered meanwhile: show how it stands now.
            move |_| load.refresh(),
        );
    };
    view! {
        <h2 class="nhsuk-heading-s">{t("told.next")}</h2>
        <ol>
            <li>{t_with("told.next_1", &[("date", &due)])}</li>
            <li>{t("told.next_2")}</li>
            <li>{t("told.next_3")}</li>
        </ol>
        <p>
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=take_back>
                {t("told.take_back")}
            </button>
        </p>
    }
    .into_any()
}

/// What the practice made of it.
fn answer(view: &ProposalView) -> AnyView {
    let proposal = &view.proposal;
    let zone = Practice::here().zone();
    let at = proposal.closed_at.map(|at| intl::format(at, Style::Date, &zone)).unwrap_or_default();
    let by = view.closed_by.clone().unwrap_or_default();
    let corrected = (proposal.state == ProposalState::EditedAndAccepted).then(|| {
        view.accepted.as_ref().map(|accepted| {
            view! {
                <h3 class="nhsuk-heading-s">{t("told.chart_says")}</h3>
                {facts(accepted)}
            }
        })
    });
    let why = proposal.reason.map(|reason| view! { <p>{t_word("proposal_reason", reason.as_str())}</p> });
    let words = (!proposal.words.is_empty()).then(|| {
        view! {
            <p class="app-lines">
                <bdi>{proposal.words.clone()}</bdi>
            </p>
        }
    });
    view! {
        <section class="app-box nhsuk-u-margin-bottom-4" aria-labelledby="answer">
            <h2 class="nhsuk-heading-s" id="answer">
                {t("told.answer")}
            </h2>
            <p>
                <strong>{t_word("proposal_means", proposal.state.as_str())}</strong>
            </p>
            {why}
            {words}
            {corrected}
            <p class="app-quiet nhsuk-u-margin-bottom-0">
                {t_with("medications.answer_from", &[("name", &by), ("date", &at)])}
            </p>
        </section>
    }
    .into_any()
}
