//! The answer to a proposal: accept it, correct and accept it, decline it with a reason.

use leptos::prelude::*;
use portal_domain::{
    ids::ProposalId,
    problem::{Code, FieldError},
    proposals::{
        MAX_NOTE, ProposalAnswer, ProposalChange, ProposalDeclineReason, ProposalOrigin, ProposalOutcome,
        ProposalSummary, ProposalView,
    },
};

use super::queue_page::{Queue, ROOT, href};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios, Select},
        field::TextArea,
        form::{Form, Submit},
        list::Address,
        live::live,
        load::Load,
        proposal::{Reader, Typed},
    },
    text::{t, t_with, t_word},
};

/// The form below a proposal.
#[component]
pub fn AnswerForm(
    /// What is answered, as it was seen.
    seen: ProposalView,
    /// Where it came from, with the patient's allergies, to look again.
    load: Load<(ProposalView, Option<Vec<String>>)>,
    /// Errors and key.
    form: Form,
) -> impl IntoView {
    let (queue, address) = (expect_context::<Queue>(), Address::here());
    let text = || RwSignal::new(String::new());
    let (outcome, reason, words) = (text(), text(), text());
    let ProposalView { proposal, chart, .. } = seen;
    let (about, change) = (proposal.about, proposal.change);
    let typed = Typed::of(about, &proposal.fields);
    let can_edit = matches!(change, ProposalChange::Add | ProposalChange::Change)
        && proposal.origin == ProposalOrigin::Patient;
    let choices: Vec<Choice> = [
        Some(Choice::new("accept", t("proposals.accept"))),
        can_edit.then(|| Choice::new("edit", t("proposals.edit"))),
        Some(Choice::new("decline", t("proposals.decline"))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let name = proposal.patient.full_name();
    let label = t_with("refills.send", &[("name", &name)]);
    let for_patient = proposal.origin == ProposalOrigin::Patient;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = outcome.get_untracked();
        if chosen.is_empty() {
            let missing = FieldError::new("outcome", "outcome_missing", t("field_error.outcome_missing"));
            return form.refuse(vec![missing]);
        }
        let declines = chosen == "decline";
        let answer = ProposalAnswer {
            outcome: if declines { ProposalOutcome::Decline } else { ProposalOutcome::Accept },
            chart: chart.clone(),
            fields: (chosen == "edit").then(|| typed.read()),
            reason: reason.with_untracked(|word| word.parse().ok()).filter(|_| declines),
            words: words.get_untracked(),
        };
        if let Err(problem) = answer.clone().check(about, change) {
            return form.refuse(problem.errors);
        }
        let (seen, key, id) = (proposal.clone(), form.key(), proposal.id);
        let done = match for_patient {
            true => t_with("decide.done", &[("name", &seen.patient.full_name())]),
            false => t("proposals.settled").to_owned(),
        };
        form.send_or(
            async move { ask(async |portal| portal.answer_proposal(&seen, &answer, key).await).await },
            move |_| {
                queue.done.set(done);
                let next = untrack(|| queue.list.read(|page| after(&page.items, id))).flatten();
                address.replace(next.as_deref().unwrap_or(ROOT));
                queue.list.again();
            },
            // The patient took it back, a colleague answered or the chart changed: show how it stands now.
            move |error| {
                if matches!(error.code(), Some(Code::WrongState | Code::StaleVersion)) {
                    load.again();
                    queue.list.again();
                }
            },
        );
    };
    let reasons = || {
        let reason = |reason: &ProposalDeclineReason| {
            Choice::new(reason.as_str(), t_word("proposal_reason", reason.as_str()))
        };
        std::iter::once(Choice::new("", t("refills.choose_reason")))
            .chain(ProposalDeclineReason::ALL.iter().map(reason))
            .collect::<Vec<_>>()
    };
    let edits = Memo::new(move |_| outcome.with(|word| word == "edit"));
    let declines = Memo::new(move |_| outcome.with(|word| word == "decline"));
    view! {
        <form on:submit=send novalidate>
            <Radios form name="outcome" legend=t("decide.legend") choices value=outcome />
            {live(move || edits.get().then(|| typed.inputs(form, Reader::Staff)))}
            {live(move || {
                declines
                    .get()
                    .then(|| {
                        view! { <Select form name="reason" label=t("decide.reason") choices=reasons() value=reason /> }
                    })
            })}
            <TextArea
                form
                name="words"
                label=t("decide.note")
                hint=t("decide.note_hint")
                value=words
                max=MAX_NOTE
                rows=2
            />
            <Submit form label />
        </form>
    }
    .into_any()
}

/// The item after `id` in the list, else the one before.
fn after(items: &[ProposalSummary], id: ProposalId) -> Option<String> {
    let at = items.iter().position(|item| item.id == id)?;
    items.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| items.get(before))).map(href)
}
