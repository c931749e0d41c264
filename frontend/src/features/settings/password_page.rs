//! Another password.

use leptos::prelude::*;
use portal_domain::{
    accounts::{PasswordChange, check_password},
    problem::FieldError,
};

use super::parts::{HiddenUsername, back};
use crate::{
    api::ask,
    session::Session,
    shared::{
        done::Done,
        field::PasswordField,
        form::{ErrorSummary, Form, Submit},
        page::Page,
        password_rules::PasswordRules,
    },
    text::t,
};

/// `/account/password`
#[component]
pub fn PasswordPage() -> AnyView {
    let session = Session::here();
    let form = Form::new();
    let said = RwSignal::new(String::new());
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let username = RwSignal::new(session.read(|view| view.username.clone()).unwrap_or_default());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        said.set(String::new());
        let change =
            PasswordChange { current_password: current.get_untracked(), new_password: new.get_untracked() };
        let mut errors = Vec::new();
        if change.current_password.is_empty() {
            let message = t("field_error.password_missing");
            errors.push(FieldError::new("current_password", "password_missing", message));
        }
        errors.extend(check_password("new_password", &change.new_password, &username.get_untracked(), None));
        if !errors.is_empty() {
            return form.refuse(errors);
        }
        form.send(
            async move { ask(async |portal| portal.change_password(&change).await).await },
            move |view| {
                session.take(view);
                current.set(String::new());
                new.set(String::new());
                said.set(t("password.changed").into());
            },
        );
    };
    view! {
        <Page title=t("account.password").to_string() section=t("account.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            <form on:submit=send novalidate>
                <HiddenUsername />
                <PasswordField
                    form
                    name="current_password"
                    label=t("password.current")
                    value=current
                    autocomplete="current-password"
                />
                <PasswordField
                    form
                    name="new_password"
                    label=t("password.new")
                    value=new
                    autocomplete="new-password"
                    about="password-rules"
                />
                <PasswordRules username password=new />
                <p>{t("password.ends_others")}</p>
                <Submit form label=t("password.save").to_string() />
            </form>
        </Page>
    }
    .into_any()
}
