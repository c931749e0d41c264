//! One request to correct the record, and its answer.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    amendments::{AmendmentAnswer, AmendmentDenial, AmendmentState, AmendmentView, MAX_WORDS},
    ids::{AmendmentId, PatientId},
    problem::{Code, FieldError, Problem},
};

use super::queue_page::{Queue, ROOT, href};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::{Choice, Radios, Select},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        list::Address,
        live::{follow, live},
        load::{Load, load, loaded},
        practice::Practice,
        summary::{Fact, summary},
    },
    staff::parts::{ItemHeading, PatientBar},
    text::{t, t_with, t_word},
};

/// `/staff/corrections/amendments/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<AmendmentId>().ok()?))
        })
    });
    let item = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.amendment(patient, id).await).await
        }
    });
    let form = Form::new();
    // Errors and key belong to one request.
    follow(move |first| {
        ids.track();
        if !first {
            form.renew();
        }
    });
    let may_answer = session.may(Action::Decide, Category::Amendments);
    view! {
        <p class="staff-split__back">
            <a class="nhsuk-back-link" href=ROOT>
                {t("queue.back")}
            </a>
        </p>
        {loaded(
            item,
            t("what.request"),
            move |seen: AmendmentView| {
                let waits = seen.state == AmendmentState::Pending;
                let answer = (waits && may_answer).then(|| view! { <AnswerForm seen=seen.clone() load=item form /> });
                view! {
                    <ItemHeading id="item-title" title=seen.entry.clone() />
                    <PatientBar patient=seen.patient.clone() />
                    <ErrorSummary form />
                    {facts(&seen)}
                    {answer}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

fn facts(seen: &AmendmentView) -> AnyView {
    let zone = Practice::here().zone();
    let lines = |text: &str| {
        let text = text.to_owned();
        view! {
            <span class="app-lines">
                <bdi>{text}</bdi>
            </span>
        }
        .into_any()
    };
    let at = |time| intl::format(time, Style::Full, &zone);
    summary(vec![
        Fact::text(t("queue.state"), t_word("amendment_state", seen.state.as_str())),
        Fact::text(t("amendments.section"), t_word("record_section", seen.section.as_str())),
        Fact::view(t("amendments.wrong"), lines(&seen.wrong)),
        Fact::view(t("amendments.right"), lines(&seen.right)),
        Fact::text(t("refills.asked_at"), at(seen.requested_at)),
        Fact::text(t("amendments.due"), at(seen.due_at)),
        Fact::maybe(
            t("decide.reason"),
            seen.denial.map(|why| t_word("amendment_denial", why.as_str()).to_owned()),
        ),
        Fact::text(t("queue.decision_note"), seen.words.clone()),
        Fact::maybe(t("proposals.answered_by"), seen.closed_by.clone()),
    ])
}

/// The form below a request.
#[component]
fn AnswerForm(seen: AmendmentView, load: Load<AmendmentView>, form: Form) -> impl IntoView {
    let (queue, address) = (expect_context::<Queue>(), Address::here());
    let text = || RwSignal::new(String::new());
    let (outcome, denial, words) = (text(), text(), text());
    let choices =
        vec![Choice::new("accept", t("amendments.accept")), Choice::new("deny", t("amendments.deny"))];
    let label = t_with("refills.send", &[("name", &seen.patient.full_name())]);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = outcome.get_untracked();
        let why = denial.with_untracked(|word| word.parse::<AmendmentDenial>().ok());
        let missing = match chosen.as_str() {
            "" => Some(FieldError::new("outcome", "outcome_missing", t("field_error.outcome_missing"))),
            "deny" if why.is_none() => Some(FieldError::new("denial", "required", t("field_error.required"))),
            _ => None,
        };
        if let Some(missing) = missing {
            return form.refuse(vec![missing]);
        }
        let answer =
            AmendmentAnswer { denial: why.filter(|_| chosen == "deny"), words: words.get_untracked() };
        if let Err(problem) = answer.clone().check() {
            return form.refuse(problem.errors);
        }
        let (seen, key, id) = (seen.clone(), form.key(), seen.id);
        let done = t_with("decide.done", &[("name", &seen.patient.full_name())]);
        form.send_or(
            async move { ask(async |portal| portal.answer_amendment(&seen, &answer, key).await).await },
            move |_| {
                queue.done.set(done);
                let next = untrack(|| queue.list.read(|page| after(&page.items, id))).flatten();
                address.replace(next.as_deref().unwrap_or(ROOT));
                queue.list.again();
            },
            // The patient took it back or a colleague answered: show how it stands now.
            move |error| {
                if matches!(error.code(), Some(Code::WrongState | Code::StaleVersion)) {
                    load.again();
                    queue.list.again();
                }
            },
        );
    };
    let reasons = || {
        let reason =
            |why: &AmendmentDenial| Choice::new(why.as_str(), t_word("amendment_denial", why.as_str()));
        std::iter::once(Choice::new("", t("refills.choose_reason")))
            .chain(AmendmentDenial::ALL.iter().map(reason))
            .collect::<Vec<_>>()
    };
    let denies = Memo::new(move |_| outcome.with(|word| word == "deny"));
    view! {
        <p class="nhsuk-inset-text">{t("amendments.changes_nothing")}</p>
        <form on:submit=send novalidate>
            <Radios form name="outcome" legend=t("decide.legend") choices value=outcome />
            {live(move || {
                denies
                    .get()
                    .then(|| {
                        view! { <Select form name="denial" label=t("decide.reason") choices=reasons() value=denial /> }
                    })
            })}
            <TextArea
                form
                name="words"
                label=t("amendments.words")
                hint=t("decide.note_hint")
                value=words
                max=MAX_WORDS
                rows=3
            />
            <Submit form label />
        </form>
    }
    .into_any()
}

/// The item after `id` in the list, else the one before.
fn after(items: &[AmendmentView], id: AmendmentId) -> Option<String> {
    let at = items.iter().position(|item| item.id == id)?;
    items.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| items.get(before))).map(href)
}
