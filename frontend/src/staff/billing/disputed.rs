//! What is questioned of one patient's account, beside the ledger: marked in it, and decided with its forms at hand (PAY-4).

use leptos::prelude::*;
use portal_domain::{
    billing::{DisputeDecision, DisputeOutcome, DisputeQuery, DisputeState, DisputeView, MAX_DISPUTE},
    ids::PatientId,
    live::LiveKind,
    page::MAX_LIMIT,
    problem::FieldError,
};
use uuid::Uuid;

use super::{disputes_page::facts, ledger_page::Ledger};
use crate::{
    api::{ApiError, ask},
    news::News,
    shared::{
        choice::{Choice, Radios},
        dispute::disputed_title,
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        live::live,
        load::{Load, load_keeping},
    },
    text::{t, t_word},
};

/// What is open of the account, by context.
#[derive(Clone, Copy)]
pub struct OpenDisputes(Load<Vec<DisputeView>>);

impl OpenDisputes {
    /// Asks for them and provides them to the page.
    pub fn provide(patient: Memo<Option<PatientId>>) {
        let load = load_keeping(move || {
            let patient = patient.get();
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                let query = DisputeQuery {
                    state: Some(DisputeState::Open),
                    limit: Some(MAX_LIMIT),
                    ..Default::default()
                };
                Ok(ask(async |portal| portal.disputes(patient, &query).await).await?.items)
            }
        });
        News::here().on(LiveKind::Queue, move || load.refresh());
        provide_context(Self(load));
    }
}

/// Says in a row of the ledger that it is questioned.
pub fn marked(id: Uuid) -> AnyView {
    let OpenDisputes(load) = expect_context();
    let is_open = Memo::new(move |_| {
        load.read(|all| all.iter().any(|one| one.disputed.about.id == id)).unwrap_or(false)
    });
    live(move || {
        is_open
            .get()
            .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--yellow">{t("dispute.open")}</strong> })
    })
    .into_any()
}

/// Each open one with its form.
#[component]
pub fn Disputed(patient: PatientId, ledger: Ledger) -> impl IntoView {
    let OpenDisputes(load) = expect_context();
    // What is being written stays while the list is asked for again.
    let ids = Memo::new(move |_| {
        load.read(|all| all.iter().map(|one| one.id).collect::<Vec<_>>()).unwrap_or_default()
    });
    live(move || {
        // A memo that nobody reads follows nothing.
        if ids.with(Vec::is_empty) {
            return ().into_any();
        }
        let all = untrack(|| load.get()).unwrap_or_default();
        let each = all.into_iter().map(|one| view! { <Decide patient one ledger /> }.into_any());
        view! {
            <section aria-labelledby="disputed">
                <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5" id="disputed">
                    {t("staff.nav.disputes")}
                </h2>
                {each.collect_view()}
            </section>
        }
        .into_any()
    })
}

#[component]
fn Decide(patient: PatientId, one: DisputeView, ledger: Ledger) -> impl IntoView {
    let OpenDisputes(load) = expect_context();
    // Its own errors: the page has other forms.
    let form = Form::new();
    let (outcome, answer) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let choice = |one: &DisputeOutcome| Choice::new(one.as_str(), t_word("dispute_outcome", one.as_str()));
    let choices: Vec<Choice> = DisputeOutcome::OF_STAFF.iter().map(choice).collect();
    let id = one.id;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(outcome) = outcome.with_untracked(|word| word.parse::<DisputeOutcome>()) else {
            return form.refuse(vec![FieldError::new("outcome", "required", t("field_error.required"))]);
        };
        let decision = DisputeDecision { outcome, answer: answer.get_untracked() };
        let key = form.key();
        ledger.said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.decide_dispute(patient, id, &decision, key).await).await },
            move |_| {
                ledger.done(t("staff_billing.decided").into());
                load.again();
            },
        );
    };
    let title = disputed_title(&one.disputed);
    let name = title.clone();
    view! {
        <section class="app-box nhsuk-u-margin-bottom-4" aria-label=name>
            <h3 class="nhsuk-heading-s">
                <bdi>{title}</bdi>
            </h3>
            {facts(&one)}
            <details class="nhsuk-details nhsuk-u-margin-bottom-0">
                <summary class="nhsuk-details__summary">
                    <span class="nhsuk-details__summary-text">{t("staff_billing.decide")}</span>
                </summary>
                <div class="nhsuk-details__text">
                    <ErrorSummary form />
                    <p>{t("staff_billing.decide_text")}</p>
                    <form on:submit=send novalidate>
                        <Radios form name="outcome" legend=t("staff_billing.outcome") choices value=outcome />
                        <TextArea
                            form
                            name="answer"
                            label=t("staff_billing.answer")
                            hint=t("staff_billing.answer_hint")
                            value=answer
                            max=MAX_DISPUTE
                            rows=4
                        />
                        <Submit form label=t("staff_billing.decide_do").to_string() />
                    </form>
                </div>
            </details>
        </section>
    }
    .into_any()
}
