//! One request, and its answer.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::Action,
    ids::{PatientId, PetitionId},
    petitions::{MAX_WORDS, Petition, PetitionState},
    problem::{Code, FieldError, Problem},
};

use super::{Desk, href, queue_page::Queue};
use crate::{
    api::ApiError,
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

/// `/staff/corrections/:kind/:patient/:id`
pub fn page<D: Desk>() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<PetitionId>().ok()?))
        })
    });
    let item = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            D::open(patient, id).await
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
    let may_answer = session.may(Action::Decide, <D::Of as Petition>::CATEGORY);
    view! {
        <p class="staff-split__back">
            <a class="nhsuk-back-link" href=D::ROOT>
                {t("queue.back")}
            </a>
        </p>
        {loaded(
            item,
            t("what.request"),
            move |seen: D::View| {
                let petitioned = D::petitioned(&seen).clone();
                let waits = petitioned.state == PetitionState::Pending;
                let answer = (waits && may_answer).then(|| answer_form::<D>(seen.clone(), item, form));
                view! {
                    <ItemHeading id="item-title" title=D::name(&seen) />
                    <PatientBar patient=petitioned.patient />
                    <ErrorSummary form />
                    {facts::<D>(&seen)}
                    {answer}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

/// A text with its line breaks.
pub(super) fn lines(text: &str) -> AnyView {
    let text = text.to_owned();
    view! {
        <span class="app-lines">
            <bdi>{text}</bdi>
        </span>
    }
    .into_any()
}

fn facts<D: Desk>(seen: &D::View) -> AnyView {
    let (zone, petitioned) = (Practice::here().zone(), D::petitioned(seen));
    let at = |time| intl::format(time, Style::Full, &zone);
    let mut facts = vec![Fact::text(t("queue.state"), t_word("petition_state", petitioned.state.as_str()))];
    facts.extend(D::asked(seen));
    facts.extend([
        Fact::text(t("refills.asked_at"), at(petitioned.requested_at)),
        Fact::text(t("petitions.due"), at(petitioned.due_at)),
        Fact::maybe(t("decide.reason"), D::denied(seen)),
        Fact::text(t("queue.decision_note"), petitioned.words.clone()),
        Fact::maybe(t("proposals.answered_by"), petitioned.closed_by.clone()),
    ]);
    summary(facts)
}

/// The form below a request.
fn answer_form<D: Desk>(seen: D::View, load: Load<D::View>, form: Form) -> AnyView {
    let (queue, address) = (expect_context::<Queue<D>>(), Address::here());
    let text = || RwSignal::new(String::new());
    let (outcome, denial, words) = (text(), text(), text());
    let [accept, deny, words_label] = D::answers();
    let choices = vec![Choice::new("accept", accept), Choice::new("deny", deny)];
    let petitioned = D::petitioned(&seen).clone();
    let (id, name) = (petitioned.id, petitioned.patient.full_name());
    let label = t_with("refills.send", &[("name", &name)]);
    let known = D::denials(&seen);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (chosen, why) = (outcome.get_untracked(), denial.get_untracked());
        let missing = match chosen.as_str() {
            "" => Some(FieldError::new("outcome", "outcome_missing", t("field_error.outcome_missing"))),
            "deny" if why.is_empty() => {
                Some(FieldError::new("denial", "required", t("field_error.required")))
            }
            _ => None,
        };
        if let Some(missing) = missing {
            return form.refuse(vec![missing]);
        }
        let why = (chosen == "deny").then_some(why.as_str());
        let answer = match D::answer(&seen, why, words.get_untracked()) {
            Ok(answer) => answer,
            Err(problem) => return form.refuse(problem.errors),
        };
        let (seen, key) = (seen.clone(), form.key());
        let done = t_with("decide.done", &[("name", &name)]);
        form.send_or(
            D::send(seen, answer, key),
            move |_| {
                queue.done.set(done);
                let next = untrack(|| queue.list.read(|page| after::<D>(&page.items, id))).flatten();
                address.replace(next.as_deref().unwrap_or(D::ROOT));
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
    let reasons = move || {
        std::iter::once(Choice::new("", t("refills.choose_reason"))).chain(known.clone()).collect::<Vec<_>>()
    };
    let denies = Memo::new(move |_| outcome.with(|word| word == "deny"));
    view! {
        <p class="nhsuk-inset-text">{D::intro()}</p>
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
                label=words_label
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
fn after<D: Desk>(items: &[D::View], id: PetitionId) -> Option<String> {
    let at = items.iter().position(|item| D::petitioned(item).id == id)?;
    items.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| items.get(before))).map(href::<D>)
}
