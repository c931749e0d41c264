//! What a patient questions of a bill: in words, and as the box that its conversation shows on both sides (PAY-4).

use leptos::prelude::*;
use portal_domain::{
    access::Category,
    billing::{DisputeOutcome, DisputeSubject, DisputeView, Disputed},
    ids::{DisputeId, PatientId},
    live::LiveKind,
    messages::{Topic, TopicKind},
};

use crate::{
    acting::link,
    api::ask,
    news::News,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        load::{Load, load_keeping, loaded},
        practice::Practice,
        sharing::Shared,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// What is questioned: `Statement S-10021`, `Charge, $45.00, September 1`.
pub fn disputed_title(disputed: &Disputed) -> String {
    let amount = disputed.amount.shown();
    let what = match disputed.about.kind {
        DisputeSubject::Statement => return t_with("dispute.statement", &[("number", &disputed.number)]),
        DisputeSubject::Payment => t("dispute.payment"),
        DisputeSubject::Line => disputed.line.map_or("", |line| t_word("ledger_kind", line.as_str())),
    };
    format!("{what}, {amount}, {}", intl::calendar(disputed.date, Style::ShortDate))
}

/// The dispute that a conversation is about.
pub fn dispute_of(topic: Option<&Topic>) -> Option<DisputeId> {
    topic.filter(|topic| topic.kind == TopicKind::Dispute).map(|topic| DisputeId(topic.id))
}

/// Where the patient finds the thing.
fn thing_href(disputed: &Disputed) -> String {
    let id = disputed.about.id;
    match (disputed.about.kind, disputed.statement_id) {
        (DisputeSubject::Payment, _) => link(&format!("/billing/payments/{id}")),
        (_, Some(statement)) => link(&format!("/billing/statements/{statement}")),
        (_, None) => link("/billing"),
    }
}

/// Whether it is open, or how it ended.
pub fn dispute_tag(view: &DisputeView) -> AnyView {
    let (colour, words) = match view.outcome {
        None if view.is_overdue => ("nhsuk-tag nhsuk-tag--red", t("dispute.overdue")),
        None => ("nhsuk-tag nhsuk-tag--yellow", t("dispute.open")),
        Some(outcome @ (DisputeOutcome::Declined | DisputeOutcome::Withdrawn)) => {
            ("nhsuk-tag nhsuk-tag--grey", t_word("dispute_outcome", outcome.as_str()))
        }
        Some(outcome) => ("nhsuk-tag nhsuk-tag--green", t_word("dispute_outcome", outcome.as_str())),
    };
    view! { <strong class=colour>{words}</strong> }.into_any()
}

/// The box above a conversation: what is questioned and how it stands, with the way there. Staff decide beside the ledger.
#[component]
pub fn DisputeBox(
    /// Whose account.
    patient: PatientId,
    /// Which.
    id: DisputeId,
    /// Whether staff read it.
    #[prop(optional)]
    staff: bool,
) -> impl IntoView {
    let dispute =
        load_keeping(move || async move { ask(async |portal| portal.open_dispute(patient, id).await).await });
    let kind = if staff { LiveKind::Queue } else { LiveKind::Inbox };
    News::here().on(kind, move || dispute.refresh());
    let form = Form::new();
    let done = RwSignal::new(String::new());
    view! {
        <section class="app-box nhsuk-u-margin-bottom-4" aria-label=t("dispute.title")>
            <ErrorSummary form />
            <Done said=done />
            {loaded(dispute, t("dispute.what"), move |view| facts(view, dispute, form, done, staff))}
        </section>
    }
    .into_any()
}

fn facts(
    view: DisputeView,
    load: Load<DisputeView>,
    form: Form,
    done: RwSignal<String>,
    staff: bool,
) -> AnyView {
    let zone = Practice::here().zone();
    let date = |at| intl::format(at, Style::Date, &zone);
    let title = disputed_title(&view.disputed);
    let href = match staff {
        true => format!("/staff/billing/patients/{}", view.patient.id),
        false => thing_href(&view.disputed),
    };
    let is_open = view.outcome.is_none();
    let thing = view! {
        <a href=href>
            <bdi>{title}</bdi>
        </a>
    };
    let takes_back = is_open && !staff && Shared::here().acts(Category::Billing);
    let meanwhile = (is_open && !staff).then(|| view! { <p>{t("dispute.pay_meanwhile")}</p> });
    view! {
        {summary(
            vec![
                Fact::view(t("dispute.about"), thing.into_any()),
                Fact::text(t("dispute.reason"), t_word("dispute_reason", view.reason.as_str())),
                Fact::view(t("dispute.state"), dispute_tag(&view)),
                Fact::maybe(t("dispute.due"), is_open.then(|| date(view.due_at))),
                Fact::maybe(t("dispute.closed"), view.closed_at.map(date)),
            ],
        )}
        {meanwhile}
        {takes_back.then(|| view! { <TakeBack view=view.clone() load form done /> })}
    }
    .into_any()
}

#[component]
fn TakeBack(view: DisputeView, load: Load<DisputeView>, form: Form, done: RwSignal<String>) -> impl IntoView {
    let asked = RwSignal::new(false);
    let (patient, id) = (view.patient.id, view.id);
    let take_back = Callback::new(move |()| {
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.withdraw_dispute(patient, id, key).await).await },
            move |view| {
                done.set(t("dispute.taken_back").into());
                load.put(view);
            },
            move |_| load.again(),
        );
    });
    view! {
        <button
            type="button"
            class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-u-margin-bottom-0 no-print"
            on:click=move |_| asked.set(true)
        >
            {t("dispute.take_back")}
        </button>
        <Confirm
            open=asked
            id="take-back-title"
            title=Signal::derive(|| t("dispute.take_back_title").to_string())
            text=Signal::derive(|| t("dispute.take_back_text").to_string())
            yes=t("dispute.take_back")
            act=take_back
        />
    }
    .into_any()
}
