//! Third question: what about.

use leptos::prelude::*;
use portal_domain::{
    appointments::{MAX_NOTE, Reason},
    problem::FieldError,
    text::{Lines, clean},
};

use super::draft::{Draft, Step};
use crate::{
    shared::{
        choice::{Choice, Radios},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::Address,
        page::Page,
    },
    text::{t, t_word},
};

/// `/appointments/request/why`
#[component]
pub fn WhyPage() -> AnyView {
    let draft = Draft::here();
    let address = Address::here();
    let form = Form::new();
    draft.require_answers_before(Step::Why);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut errors = Vec::new();
        if draft.reason.with_untracked(String::is_empty) {
            errors.push(FieldError::new("reason", "choose", t("request.choose_reason")));
        }
        errors.extend(draft.note.with_untracked(|note| clean("note", note, MAX_NOTE, Lines::Many)).err());
        if !errors.is_empty() {
            return form.refuse(errors);
        }
        draft.after(Step::Why, address);
    };
    let reasons =
        Reason::ALL.iter().map(|reason| Choice::new(reason.as_str(), t_word("reason", reason.as_str())));
    view! {
        <Page
            title=t("request.why").to_string()
            caption=Step::Why.caption()
            section=t("nav.request")
            form=form
            back=Step::Why.back()
            reading=true
        >
            <ErrorSummary form />
            <form on:submit=send novalidate>
                <Radios
                    form
                    name="reason"
                    legend=t("request.why")
                    hidden_legend=true
                    choices=reasons.collect()
                    value=draft.reason
                />
                <TextArea
                    form
                    name="note"
                    label=t("request.note")
                    hint=t("request.note_hint")
                    value=draft.note
                    max=MAX_NOTE
                />
                <Submit form label=t("action.continue").to_string() />
            </form>
        </Page>
    }
    .into_any()
}
