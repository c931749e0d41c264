//! First step: the token and the two facts that go with it.

use leptos::prelude::*;
use portal_domain::{
    enrolment::{Identity, normalize_token},
    problem::FieldError,
};

use super::enrol_page::{Confirmed, Stage};
use crate::{
    api::ask,
    shared::{
        date_field::{DateField, DateText},
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
    },
    text::t,
};

fn read(token: &str, birth_date: DateText, family_name: &str) -> Result<Identity, Vec<FieldError>> {
    let mut errors = Vec::new();
    let token = match (token.trim().is_empty(), normalize_token(token)) {
        (true, _) => {
            errors.push(FieldError::new("token", "token_missing", t("field_error.token_missing")));
            String::new()
        }
        (false, None) => {
            errors.push(FieldError::new("token", "not_a_token", t("field_error.not_a_token")));
            String::new()
        }
        (false, Some(token)) => token,
    };
    let birth_date = birth_date.parse("birth_date").map_err(|error| errors.push(error));
    if family_name.trim().is_empty() {
        errors.push(FieldError::new(
            "family_name",
            "family_name_missing",
            t("field_error.family_name_missing"),
        ));
    }
    match birth_date {
        Ok(birth_date) if errors.is_empty() => {
            Ok(Identity { token, birth_date, family_name: family_name.trim().to_string() })
        }
        _ => Err(errors),
    }
}

/// Token, date of birth and last name.
#[component]
pub fn IdentityStep(
    /// The step's form.
    form: Form,
    /// What is typed of the token.
    token: RwSignal<String>,
    /// Goes on with the person who was confirmed.
    stage: RwSignal<Stage>,
) -> impl IntoView {
    let birth_date = DateText::new();
    let family_name = RwSignal::new(String::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let read = token.with_untracked(|token| {
            family_name.with_untracked(|family_name| untrack(|| read(token, birth_date, family_name)))
        });
        let identity = match read {
            Ok(identity) => identity,
            Err(errors) => return form.refuse(errors),
        };
        let asked = identity.clone();
        form.send(
            async move { ask(async |portal| portal.confirm_identity(&asked).await).await },
            move |answer| {
                let (given_name, email) = (answer.given_name, answer.email);
                stage.set(Stage::Account(Confirmed { identity, given_name, email }));
            },
        );
    };
    view! {
        <ErrorSummary form />
        <p>{t("enrol.intro")}</p>
        <form on:submit=send novalidate autocomplete="off">
            <TextField
                form
                name="token"
                label=t("enrol.token")
                hint=t("enrol.token_hint")
                value=token
                kind=Kind { autocomplete: "one-time-code", verbatim: true, width: "nhsuk-input--width-20 nhsuk-input--code", ..Default::default() }
            />
            <DateField
                form
                name="birth_date"
                legend=t("enrol.birth_date")
                hint=t("enrol.birth_date_hint")
                value=birth_date
                birthday=true
            />
            <TextField
                form
                name="family_name"
                label=t("enrol.family_name")
                hint=t("enrol.family_name_hint")
                value=family_name
                kind=Kind { autocomplete: "family-name", verbatim: true, ..Default::default() }
            />
            <Submit form label=t("action.continue").to_string() />
        </form>
    }
    .into_any()
}
