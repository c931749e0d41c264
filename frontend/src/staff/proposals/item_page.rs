//! One proposal: who says what, the chart beside it field by field, and the answer.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ProposalId},
    problem::{Code, Problem},
    proposals::{Difference, ProposalChange, ProposalOrigin, ProposalState, ProposalSubject, ProposalView},
};

use super::{answer_form::AnswerForm, queue_page::ROOT};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::follow,
        load::{load, loaded},
        practice::Practice,
        proposal::{Reader, asks, in_words, state_tag},
        summary::{Fact, summary},
    },
    staff::parts::{ItemHeading, PatientBar},
    text::{t, t_with, t_word},
};

/// `/staff/corrections/proposals/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<ProposalId>().ok()?))
        })
    });
    let item = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            let view = ask(async |portal| portal.proposal(patient, id).await).await?;
            // Front desk answers what needs no look at allergies.
            let about = ProposalSubject::Allergy;
            if !session.may(Action::View, Category::Medications) {
                return Ok((view, None));
            }
            let allergies = ask(async |portal| portal.chart_entries(patient, about).await).await?;
            let current = allergies.into_iter().filter(|one| one.is_current).map(|one| one.name);
            Ok((view, Some(current.collect::<Vec<_>>())))
        }
    });
    let form = Form::new();
    // Errors and key belong to one proposal.
    follow(move |first| {
        ids.track();
        if !first {
            form.renew();
        }
    });
    let may_answer = session.may(Action::Decide, Category::Proposals);
    view! {
        <p class="staff-split__back">
            <a class="nhsuk-back-link" href=ROOT>
                {t("queue.back")}
            </a>
        </p>
        {loaded(
            item,
            t("what.request"),
            move |(seen, allergies): (ProposalView, Option<Vec<String>>)| {
                let waits = seen.proposal.state == ProposalState::Pending;
                let answer = (waits && may_answer).then(|| view! { <AnswerForm seen=seen.clone() load=item form /> });
                let title = format!("{}: {}", asks(&seen.proposal), seen.proposal.name);
                view! {
                    <ItemHeading id="item-title" title />
                    <PatientBar patient=seen.proposal.patient.clone() />
                    <ErrorSummary form />
                    {warnings(&seen)}
                    {facts(&seen, allergies.as_deref())}
                    {differences(&seen)}
                    {answer}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

/// What must be seen first: what the patient takes, and that the chart moved on.
fn warnings(seen: &ProposalView) -> AnyView {
    let proposal = &seen.proposal;
    let urgent = proposal.is_urgent().then(|| {
        let names = proposal.conflicts.join(", ");
        view! {
            <div class="nhsuk-warning-callout">
                <h3 class="nhsuk-warning-callout__label">{t("proposals.urgent_title")}</h3>
                <p>{t_with("proposals.urgent_text", &[("names", &names)])}</p>
            </div>
        }
    });
    let feed = (proposal.origin == ProposalOrigin::Feed)
        .then(|| view! { <p class="nhsuk-inset-text">{t("proposals.feed_text")}</p> });
    let stale = (seen.is_stale && proposal.state == ProposalState::Pending)
        .then(|| view! { <p class="nhsuk-inset-text">{t("proposals.stale")}</p> });
    view! { {urgent} {feed} {stale} }.into_any()
}

fn facts(seen: &ProposalView, allergies: Option<&[String]>) -> AnyView {
    let zone = Practice::here().zone();
    let at = |time| intl::format(time, Style::Full, &zone);
    let proposal = &seen.proposal;
    let allergies = allergies.map(|allergies| match allergies {
        [] => t("proposals.no_allergies").to_owned(),
        some => some.join(", "),
    });
    summary(vec![
        Fact::maybe(t("proposals.allergies"), allergies),
        Fact::view(t("queue.state"), state_tag(proposal.state)),
        Fact::maybe(t("proposals.by"), seen.proposed_by.clone()),
        Fact::text(t("proposals.told_at"), at(proposal.proposed_at)),
        Fact::text(t("refills.due"), at(proposal.due_at)),
        Fact::text(t("queue.note"), proposal.note.clone()),
        Fact::maybe(t("proposals.answered_by"), seen.closed_by.clone()),
        Fact::maybe(
            t("decide.reason"),
            proposal.reason.map(|why| t_word("proposal_reason", why.as_str()).to_owned()),
        ),
        Fact::text(t("queue.decision_note"), proposal.words.clone()),
    ])
}

/// The chart and the proposal side by side; what the patient saw only where the chart moved on since.
fn differences(seen: &ProposalView) -> AnyView {
    if seen.differences.is_empty() {
        return ().into_any();
    }
    let moved = seen.differences.iter().any(Difference::has_moved);
    let is_new = matches!(seen.proposal.change, ProposalChange::Add);
    let head = |text: &'static str| {
        view! {
            <th class="nhsuk-table__header" scope="col">
                {text}
            </th>
        }
    };
    let cell = |one: &Difference, says: &str, strong: bool| {
        let says = if says.is_empty() {
            t("proposals.nothing").to_owned()
        } else {
            in_words(one.field, says, Reader::Staff)
        };
        view! {
            <td class="nhsuk-table__cell app-lines">
                {if strong {
                    view! {
                        <strong>
                            <bdi>{says}</bdi>
                        </strong>
                    }
                        .into_any()
                } else {
                    view! { <bdi>{says}</bdi> }.into_any()
                }}
            </td>
        }
        .into_any()
    };
    let row = |one: &Difference| {
        view! {
            <tr class="nhsuk-table__row">
                <th class="nhsuk-table__header" scope="row">
                    {t_word("proposal_field", one.field.as_str())}
                </th>
                {(!is_new).then(|| cell(one, &one.now, false))}
                {moved.then(|| cell(one, &one.seen, false))}
                {cell(one, &one.proposed, one.is_change())}
            </tr>
        }
        .into_any()
    };
    let now = match seen.proposal.state {
        ProposalState::Pending => t("proposals.chart_now"),
        _ => t("proposals.chart_before"),
    };
    view! {
        <div class="nhsuk-table-container" role="region" tabindex="0" aria-label=t("proposals.differences")>
            <table class="nhsuk-table app-table">
                <caption class="nhsuk-u-visually-hidden">{t("proposals.differences")}</caption>
                <thead class="nhsuk-table__head">
                    <tr class="nhsuk-table__row">
                        {head(t("proposals.field"))} {(!is_new).then(|| head(now))}
                        {moved.then(|| head(t("proposals.seen")))} {head(t("proposals.proposed"))}
                    </tr>
                </thead>
                <tbody class="nhsuk-table__body">{seen.differences.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
