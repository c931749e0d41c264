//! Something of a bill is questioned: why, and in the patient's words (PAY-4).

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    billing::{DisputeAbout, DisputeReason, DisputeSubject, MAX_DISPUTE, NewDispute},
    problem::{Code, FieldError},
};
use uuid::Uuid;

use super::{
    back,
    questions::{Questions, mark},
};
use crate::{
    acting::link,
    api::ask,
    session::Session,
    shared::{
        choice::{Choice, Radios},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::Address,
        live::live,
        page::Page,
    },
    text::{t, t_word},
};

/// `/billing/question-line/:id`, `/billing/question-statement/:id`, `/billing/question-payment/:id`; `?what=` names the thing.
#[component]
pub fn QuestionPage() -> AnyView {
    let (session, address, form) = (Session::here(), Address::here(), Form::new());
    let params = use_params_map();
    let about = Memo::new(move |_| {
        params.with(|params| {
            let part = params.get("part")?;
            let kind = part.strip_prefix("question-")?.parse::<DisputeSubject>().ok()?;
            Some(DisputeAbout { kind, id: params.get("id")?.parse::<Uuid>().ok()? })
        })
    });
    // Somebody may have questioned it a moment ago.
    let questions = Questions::provide();
    let (reason, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let choices = DisputeReason::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), t_word("dispute_reason", one.as_str())));
    let choices: Vec<Choice> = choices.collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(patient), Some(about)) = (session.patient(), about.get_untracked()) else { return };
        let Ok(reason) = reason.with_untracked(|word| word.parse::<DisputeReason>()) else {
            return form.refuse(vec![FieldError::new("reason", "required", t("field_error.required"))]);
        };
        let new = NewDispute { about, reason, text: text.get_untracked() };
        if let Err(problem) = new.clone().check() {
            return form.refuse(problem.errors);
        }
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.dispute(patient, &new, key).await).await },
            move |dispute| address.replace(&link(&format!("/mail/threads/{}", dispute.thread_id))),
            move |error| {
                if error.code() == Some(Code::AlreadyDisputed) {
                    questions.again();
                }
            },
        );
    };
    let what = untrack(|| address.get("what"));
    let there = move || {
        let is_there = form.code() == Some(Code::AlreadyDisputed);
        about.get().filter(|_| is_there).map(|about| {
            view! { <p>{mark(about.kind, about.id, untrack(|| address.get("what")), t("billing.question_this"))}</p> }
        })
    };
    view! {
        <Page title=t("billing.question").to_string() section=t("billing.title") form=form back=back() reading=true>
            <ErrorSummary form />
            {live(there)}
            <p>
                <strong>
                    <bdi>{what.clone()}</bdi>
                </strong>
            </p>
            <p>{t("billing.question_text")}</p>
            <form on:submit=send novalidate>
                <Radios form name="reason" legend=t("billing.question_reason") choices value=reason />
                <TextArea form name="text" label=t("billing.question_words") value=text max=MAX_DISPUTE rows=5 />
                <Submit form label=t("billing.question_send").to_string() />
            </form>
        </Page>
    }
    .into_any()
}
