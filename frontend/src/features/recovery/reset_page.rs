//! A new password by a mailed link or a token from the desk.

use leptos::prelude::*;
use portal_domain::{
    accounts::{PasswordReset, ResetDone, check_password},
    enrolment::normalize_token,
    problem::{Code, FieldError},
};

use crate::{
    api::ask,
    shared::{
        field::{Kind, PasswordField, TextField},
        form::{ErrorSummary, Form, Submit},
        fragment::token_from_address,
        handed::{Handed, hand},
        help::HelpByPhone,
        live::live,
        page::{Back, Page},
        password_rules::PasswordRules,
    },
    text::t,
};

/// `/reset#token=`
#[component]
pub fn ResetPage() -> AnyView {
    let token = token_from_address();
    let done = RwSignal::new(None::<ResetDone>);
    live(move || match done.get() {
        None => view! { <NewPassword token=token.clone() done /> }.into_any(),
        Some(reset) => {
            let username = reset.username.clone();
            let known = move |_| hand(Handed::Username(username.clone()));
            view! {
                <Page title=t("reset.done").to_string() reading=true>
                    <p>{t("reset.done_text")}</p>
                    <p>
                        {t("reset.username")} " " <strong>
                            <bdi>{reset.username}</bdi>
                        </strong>
                    </p>
                    <a class="nhsuk-button" href="/sign-in" on:click=known>
                        {t("action.sign_in")}
                    </a>
                </Page>
            }
            .into_any()
        }
    })
}

#[component]
fn NewPassword(token: String, done: RwSignal<Option<ResetDone>>) -> impl IntoView {
    let form = Form::new();
    // A mailed link knows its account; what the desk hands out is typed, together with the username.
    let mailed = !token.is_empty() && normalize_token(&token).is_none();
    let token = RwSignal::new(token);
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (typed, name, secret) =
            (token.get_untracked(), username.get_untracked().trim().to_string(), password.get_untracked());
        let mut errors = Vec::new();
        if !mailed && name.is_empty() {
            errors.push(FieldError::new("username", "username_missing", t("field_error.username_missing")));
        }
        if !mailed && typed.trim().is_empty() {
            errors.push(FieldError::new("token", "missing", t("field_error.reset_token_missing")));
        } else if !mailed && normalize_token(&typed).is_none() {
            errors.push(FieldError::new("token", "not_a_token", t("field_error.not_a_token")));
        }
        errors.extend(check_password("new_password", &secret, &name, None));
        if !errors.is_empty() {
            return form.refuse(errors);
        }
        let reset = PasswordReset { token: typed, username: (!mailed).then_some(name), new_password: secret };
        form.send(
            async move { ask(async |portal| portal.reset_password(&reset).await).await },
            move |answer| done.set(Some(answer)),
        );
    };
    let refused = Signal::derive(move || form.code() == Some(Code::ResetRefused));
    let back = Back { href: "/sign-in".into(), label: t("recovery.to_sign_in") };
    view! {
        <Page title=t("reset.title").to_string() form=form back=back reading=true>
            <ErrorSummary form />
            {live(move || {
                refused
                    .get()
                    .then(|| {
                        view! {
                            <p>
                                <a href="/forgot">{t("reset.again")}</a>
                            </p>
                        }
                    })
            })}
            <form on:submit=send novalidate>
                {(!mailed)
                    .then(|| {
                        view! {
                            <p>{t("reset.by_token")}</p>
                            <TextField
                                form
                                name="username"
                                label=t("sign_in.username")
                                value=username
                                kind=Kind { autocomplete: "username", verbatim: true, ..Default::default() }
                            />
                            <TextField
                                form
                                name="token"
                                label=t("reset.token")
                                hint=t("enrol.token_hint")
                                value=token
                                kind=Kind {
                                    autocomplete: "one-time-code",
                                    verbatim: true,
                                    width: "nhsuk-input--width-20 nhsuk-input--code",
                                    ..Default::default()
                                }
                            />
                        }
                    })}
                <PasswordField
                    form
                    name="new_password"
                    label=t("password.new")
                    value=password
                    autocomplete="new-password"
                    about="password-rules"
                />
                <PasswordRules username password />
                <p>{t("reset.ends_sessions")}</p>
                <Submit form label=t("reset.save").to_string() />
            </form>
            <HelpByPhone text=t("reset.help") needed=refused />
        </Page>
    }
    .into_any()
}
