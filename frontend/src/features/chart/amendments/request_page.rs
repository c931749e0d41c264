//! The form: which entry, what is wrong with it, and what would be right.

use leptos::prelude::*;
use portal_domain::{
    amendments::NewAmendment,
    petitions::{MAX_WORDS, Petition},
    problem::FieldError,
    record::Section,
};

use super::{ROOT, back};
use crate::{
    api::ask,
    session::Session,
    shared::{
        choice::{Choice, Select},
        field::{TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        page::Page,
    },
    text::{t, t_word},
};

/// `/chart/corrections/new?section=`
#[component]
pub fn RequestPage() -> AnyView {
    let (session, address, form) = (Session::here(), Address::here(), Form::new());
    let section = RwSignal::new(untrack(|| address.get("section")));
    let text = || RwSignal::new(String::new());
    let (entry, wrong, right) = (text(), text(), text());
    let choice =
        |section: &Section| Choice::new(section.as_str(), t_word("record_section", section.as_str()));
    let choices: Vec<Choice> = std::iter::once(Choice::new("", t("corrections.choose")))
        .chain(Section::ALL.iter().map(choice))
        .collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        let Ok(section) = section.with_untracked(|word| word.parse::<Section>()) else {
            let missing = FieldError::new("section", "required", t("field_error.required"));
            return form.refuse(vec![missing]);
        };
        let new = NewAmendment {
            section,
            entry: entry.get_untracked(),
            wrong: wrong.get_untracked(),
            right: right.get_untracked(),
        };
        if let Err(problem) = new.clone().check() {
            return form.refuse(problem.errors);
        }
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.request_amendment(patient, &new, key).await).await },
            move |sent| address.replace(&format!("{ROOT}/{}?sent=1", sent.petitioned.id)),
        );
    };
    view! {
        <Page title=t("corrections.ask").to_string() section=t("nav.chart") form=form back=back()>
            <ErrorSummary form />
            <p>{t("corrections.right")}</p>
            <form on:submit=send novalidate>
                <Select form name="section" label=t("corrections.section") choices value=section />
                <TextField
                    form
                    name="entry"
                    label=t("corrections.entry")
                    hint=t("corrections.entry_hint")
                    value=entry
                />
                <TextArea form name="wrong" label=t("corrections.wrong") value=wrong max=MAX_WORDS rows=3 />
                <TextArea
                    form
                    name="right"
                    label=t("corrections.correct")
                    hint=t("corrections.correct_hint")
                    value=right
                    max=MAX_WORDS
                    rows=3
                />
                <Submit form label=t("corrections.send").to_string() />
            </form>
        </Page>
    }
    .into_any()
}
