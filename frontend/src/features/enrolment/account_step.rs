//! Second step: a username, a password whose rules turn into check marks as one types, and the terms.

use leptos::prelude::*;
use portal_domain::{
    accounts::{SessionView, password_rules},
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
        live::live,
        load::loaded,
        practice::Practice,
    },
    text::{t, t_count, t_word},
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
        let mut errors = account.check(terms).map_or_else(|problem| problem.errors, |_| Vec::new());
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

/// Each rule with a cross or a check mark, by the server's own function (SEC-1).
#[component]
fn PasswordRules(
    /// The username, which may not stand in the password.
    username: RwSignal<String>,
    /// What is typed.
    password: RwSignal<String>,
) -> impl IntoView {
    let rules = Memo::new(move |_| {
        username.with(|username| password.with(|password| password_rules(password, username)))
    });
    let typed = move || !password.with(String::is_empty);
    let item = move |index: usize| {
        let kept = move || rules.with(|rules| rules[index].1);
        let label = t_word("password_rule", rules.with_untracked(|rules| rules[index].0.as_str()));
        let class = move || match (kept(), typed()) {
            (true, _) => "app-check app-check--met",
            (false, true) => "app-check app-check--failed",
            (false, false) => "app-check",
        };
        view! {
            <li class=class>
                <span>
                    {label}
                    <span class="nhsuk-u-visually-hidden">
                        ": " {live(move || if kept() { t("password.met") } else { t("password.not_yet") })}
                    </span>
                </span>
            </li>
        }
        .into_any()
    };
    let left = Memo::new(move |_| rules.with(|rules| rules.iter().filter(|(_, kept)| !kept).count()));
    let spoken = move || match left.get() {
        _ if !typed() => String::new(),
        0 => t("password.all_met").into(),
        left => t_count("password.left", left as i64),
    };
    view! {
        <div id="password-rules">
            <p class="nhsuk-u-margin-bottom-1">{t("password.rules")}</p>
            <ul class="app-checks">
                {(0..rules.with_untracked(|rules| rules.len())).map(item).collect_view()}
            </ul>
        </div>
        <p class="nhsuk-u-visually-hidden" role="status">
            {spoken}
        </p>
    }
    .into_any()
}
