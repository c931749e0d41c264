//! Takes back a mistaken release.

use leptos::prelude::*;
use portal_domain::{
    ids::{PatientId, ResultId},
    problem::Code,
    results::{MAX_RECALL_WORDS, Recall, RecallReason},
    text::{Lines, clean},
};

use super::{item_page::Opened, queue_page::Queue};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        load::Load,
    },
    text::{t, t_word},
};

/// Why the release was a mistake, and the button that takes it back.
#[component]
pub fn TakeBack(
    /// Whose result.
    patient: PatientId,
    /// Which.
    id: ResultId,
    /// The version that the provider sees.
    version: i64,
    /// The result on the page.
    load: Load<Opened>,
) -> impl IntoView {
    let queue = expect_context::<Queue>();
    let form = Form::new();
    let reason = RwSignal::new(RecallReason::WrongResult.as_str().to_owned());
    let words = RwSignal::new(String::new());
    let choices = RecallReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), t_word("recall_reason", reason.as_str())))
        .collect::<Vec<_>>();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = words.with_untracked(|words| clean("words", words, MAX_RECALL_WORDS, Lines::Many));
        let text = match text {
            Ok(text) => text,
            Err(error) => return form.refuse(vec![error]),
        };
        let Ok(reason) = reason.get_untracked().parse() else { return };
        let recall = Recall { reason, words: Some(text).filter(|text| !text.is_empty()) };
        let key = form.key();
        form.send_or(
            async move {
                ask(async |portal| portal.recall_result(patient, id, version, &recall, key).await).await
            },
            move |recalled| {
                let read = recalled.opened_at.is_some();
                let said = if read { t("take_back.done_read") } else { t("take_back.done") };
                queue.done.set(said.to_owned());
                queue.released.set(None);
                queue.list.again();
                load.again();
            },
            // Somebody was faster: the provider looks again before deciding.
            move |error| {
                if matches!(error.code(), Some(Code::StaleVersion | Code::WrongState)) {
                    load.again();
                    queue.list.again();
                }
            },
        );
    };
    view! {
        <ErrorSummary form />
        <form on:submit=send novalidate>
            <Radios form name="reason" legend=t("take_back.why") choices value=reason />
            <TextArea
                form
                name="words"
                label=t("take_back.words")
                hint=t("take_back.words_hint")
                value=words
                max=MAX_RECALL_WORDS
            />
            <Submit form label=t("take_back.send") warning=true />
        </form>
    }
}
