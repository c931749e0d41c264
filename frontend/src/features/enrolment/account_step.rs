//! Second step: a username, a password whose rules turn into check marks as one types, an e-mail address for those who
//! have one, and the terms.

use leptos::prelude::*;
use portal_domain::{
    accounts::SessionView,
    enrolment::NewAccount,
    problem::{Code, FieldError},
};

use super::enrol_page::{Confirmed, Stage};
use crate::{
    api::ask,
    session::Session,
    shared::{
        choice::Checkbox,
        field::{Kind, PasswordField, TextField},
        form::{ErrorSummary, Form, Submit},
        load::loaded,
        password_rules::PasswordRules,
        practice::Practice,
    },
    text::t,
};

/// CREATE ACCOUNT.
#[component]
pub fn AccountStep(
    /// The step's form.
    form: Form,
    /// Who was confirmed.
    person: Confirmed,
    /// Leads on, or back to the first step when the token does not work any more.
    stage: RwSignal<Stage>,
) -> impl IntoView {
    let practice = Practice::here();
    loaded(practice.0, t("what.terms"), move |practice| {
        let terms_text = practice.terms.text.clone();
        let terms = practice.terms.version;
        view! { <AccountForm form person=person.clone() stage terms terms_text /> }.into_any()
    })
}

#[component]
fn AccountForm(
    form: Form,
    person: Confirmed,
    stage: RwSignal<Stage>,
    terms: i64,
    terms_text: String,
) -> impl IntoView {
    let session = Session::here();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let email = RwSignal::new(person.email.unwrap_or_default());
    let accepted = RwSignal::new(false);
    let (identity, given_name) = (StoredValue::new(person.identity), StoredValue::new(person.given_name));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let account = NewAccount {
            identity: identity.get_value(),
            username: username.get_untracked(),
            password: password.get_untracked(),
            email: Some(email.get_untracked().trim().to_string()).filter(|email| !email.is_empty()),
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
        let mailed = account.email.clone();
        form.send_or(
            async move { ask(async |portal| portal.create_account(&account).await).await },
            move |view: SessionView| {
                session.begin(view);
                stage.set(Stage::Ready { given_name: given_name.get_value(), email: mailed });
            },
            move |error| {
                if error.code() == Some(Code::UsernameTaken) {
                    form.refuse_at("username", Code::UsernameTaken);
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
            <TextField
                form
                name="email"
                label=t("enrol.email")
                hint=t("enrol.email_hint")
                value=email
                kind=Kind { autocomplete: "email", input: "email", verbatim: true, ..Default::default() }
            />
            <h2 class="nhsuk-heading-m">{t("enrol.terms")}</h2>
            <div class="app-terms" tabindex="0" role="region" aria-label=t("enrol.terms")>
                {terms_text.split("\n\n").map(|paragraph| view! { <p>{paragraph.to_string()}</p> }).collect_view()}
            </div>
            <Checkbox form name="accepted_terms_version" label=t("enrol.accept") value=accepted />
            <Submit form label=t("enrol.create").to_string() />
            <p>
                <button type="button" class="app-link-button" on:click=move |_| stage.set(Stage::Identity)>
                    {t("enrol.other_person")}
                </button>
            </p>
        </form>
    }
    .into_any()
}
