//! Second step: a username, a password whose rules turn into check marks as one types, and the terms.

use leptos::prelude::*;
use portal_domain::{
    accounts::SessionView,
    enrolment::NewAccount,
    problem::{Code, FieldError},
};

use super::enrol_page::Confirmed;
use crate::{
    api::ask,
    session::Session,
    shared::{
        choice::Checkbox,
        field::{Kind, PasswordField, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        load::loaded,
        password_rules::PasswordRules,
        practice::Practice,
    },
    text::{t, t_word},
};

/// CREATE ACCOUNT.
#[component]
pub fn AccountStep(
    /// The step's form.
    form: Form,
    /// Who was confirmed.
    person: Confirmed,
    /// Leads back to the first step when the token does not work any more.
    confirmed: RwSignal<Option<Confirmed>>,
) -> impl IntoView {
    let practice = Practice::here();
    loaded(practice.0, t("what.terms"), move |practice| {
        let terms_text = practice.terms.text.clone();
        let terms = practice.terms.version;
        view! { <AccountForm form person=person.clone() confirmed terms terms_text /> }.into_any()
    })
}

#[component]
fn AccountForm(
    form: Form,
    person: Confirmed,
    confirmed: RwSignal<Option<Confirmed>>,
    terms: i64,
    terms_text: String,
) -> impl IntoView {
    let session = Session::here();
    let address = Address::here();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let accepted = RwSignal::new(false);
    let identity = StoredValue::new(person.identity);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let account = NewAccount {
            identity: identity.get_value(),
            username: username.get_untracked(),
            password: password.get_untracked(),
            accepted_terms_version: terms,
        };
        // Whether the password is easily guessed is the server's to say.
        let mut errors = account.check(terms, None).map_or_else(|problem| problem.errors, |_| Vec::new());
        if !accepted.get_untracked() {
            let message = t("field_error.terms_missing");
            errors.push(FieldError::new("accepted_terms_version", "terms_missing", message));
        }
        if !errors.is_empty() {
            return form.refuse(errors);
        }
        form.send_or(
            async move { ask(async |portal| portal.create_account(&account).await).await },
            move |view: SessionView| {
                session.begin(view);
                address.replace("/home");
            },
            move |error| {
                if error.code() == Some(Code::UsernameTaken) {
                    let message = t_word("problem", Code::UsernameTaken.as_str());
                    form.refuse(vec![FieldError::new("username", "username_taken", message)]);
                }
            },
        );
    };
    view! {
        <ErrorSummary form />
        <form on:submit=send novalidate>
            <TextField
                form
                name="username"
                label=t("enrol.username")
                hint=t("enrol.username_hint")
                value=username
                kind=Kind { autocomplete: "username", verbatim: true, ..Default::default() }
            />
            <PasswordField
                form
                name="password"
                label=t("enrol.password")
                value=password
                autocomplete="new-password"
                about="password-rules"
            />
            <PasswordRules username password />
            <h2 class="nhsuk-heading-m">{t("enrol.terms")}</h2>
            <div class="app-terms" tabindex="0" role="region" aria-label=t("enrol.terms")>
                {terms_text.split("\n\n").map(|paragraph| view! { <p>{paragraph.to_string()}</p> }).collect_view()}
            </div>
            <Checkbox form name="accepted_terms_version" label=t("enrol.accept") value=accepted />
            <Submit form label=t("enrol.create").to_string() />
            <p>
                <button type="button" class="app-link-button" on:click=move |_| confirmed.set(None)>
                    {t("enrol.other_person")}
                </button>
            </p>
        </form>
    }
    .into_any()
}
