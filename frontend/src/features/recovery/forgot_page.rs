//! "Forgot username or password": one question, then the same page whatever the portal knows.

use leptos::prelude::*;
use portal_domain::{
    accounts::{ForgottenPassword, ForgottenUsername, parse_email},
    problem::FieldError,
};

use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios},
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        live::live,
        page::{Back, Page},
        practice::Locations,
    },
    text::t,
};

const USERNAME: &str = "username";
const PASSWORD: &str = "password";

fn back() -> Back {
    Back { href: "/sign-in".into(), label: t("recovery.to_sign_in") }
}

/// `/forgot`
#[component]
pub fn ForgotPage() -> AnyView {
    let sent = RwSignal::new(false);
    live(move || match sent.get() {
        false => view! { <Question sent /> }.into_any(),
        true => view! {
            <Page title=t("recovery.sent").to_string() back=back() reading=true>
                <p>{t("recovery.sent_text")}</p>
                <ul>
                    <li>{t("recovery.sent_1")}</li>
                    <li>{t("recovery.sent_2")}</li>
                    <li>{t("recovery.sent_3")}</li>
                </ul>
                <WithoutEmail />
            </Page>
        }
        .into_any(),
    })
}

/// For whoever has no e-mail address on the account.
#[component]
fn WithoutEmail() -> impl IntoView {
    view! {
        <h2 class="nhsuk-heading-m">{t("recovery.no_email")}</h2>
        <p>{t("recovery.no_email_text")}</p>
        <p>
            <a href="/reset">{t("recovery.have_token")}</a>
        </p>
        <Locations />
    }
    .into_any()
}

#[component]
fn Question(sent: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let what = RwSignal::new(PASSWORD.to_string());
    let (email, who) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let done = move |()| sent.set(true);
        if what.get_untracked() == USERNAME {
            let email = match parse_email("email", &email.get_untracked()) {
                Ok(email) => email,
                Err(error) => return form.refuse(vec![error]),
            };
            let forgotten = ForgottenUsername { email };
            form.send(
                async move { ask(async |portal| portal.forgot_username(&forgotten).await).await },
                done,
            );
        } else {
            let typed = who.get_untracked().trim().to_string();
            if typed.is_empty() {
                let message = t("field_error.username_or_email_missing");
                return form.refuse(vec![FieldError::new("username_or_email", "missing", message)]);
            }
            let forgotten = ForgottenPassword { username_or_email: typed };
            form.send(
                async move { ask(async |portal| portal.forgot_password(&forgotten).await).await },
                done,
            );
        }
    };
    let choices =
        vec![Choice::new(PASSWORD, t("recovery.password")), Choice::new(USERNAME, t("recovery.username"))];
    let field = move || {
        if what.get() == USERNAME {
            view! {
                <TextField
                    form
                    name="email"
                    label=t("recovery.email")
                    hint=t("recovery.email_hint")
                    value=email
                    kind=Kind { autocomplete: "email", input: "email", verbatim: true, ..Default::default() }
                />
            }
            .into_any()
        } else {
            view! {
                <TextField
                    form
                    name="username_or_email"
                    label=t("recovery.who")
                    value=who
                    kind=Kind { autocomplete: "username", verbatim: true, ..Default::default() }
                />
            }
            .into_any()
        }
    };
    view! {
        <Page title=t("recovery.title").to_string() form=form back=back() reading=true>
            <ErrorSummary form />
            <form on:submit=send novalidate>
                <Radios form name="what" legend=t("recovery.what") choices value=what />
                <div class="app-nested">{live(field)}</div>
                <Submit form label=t("action.continue").to_string() />
            </form>
            <WithoutEmail />
        </Page>
    }
    .into_any()
}
