//! Signing in.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use portal_domain::{
    accounts::{SessionView, SignIn},
    problem::FieldError,
};

use crate::{
    api::ask,
    logic::paths::safe_next,
    session::{Session, Side},
    shared::{
        field::{Kind, PasswordField, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        live::{follow, live},
        page::Page,
        practice::{Phone, Practice},
    },
    text::t,
};

/// `/sign-in?next=`
#[component]
pub fn SignInPage() -> AnyView {
    let session = Session::here();
    let practice = Practice::here();
    let address = Address::here();
    let form = Form::new();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));

    let navigate = use_navigate();
    let onward = move |staff: bool| {
        let asked = untrack(|| address.get("next"));
        let home = if staff { "/staff" } else { "/home" };
        navigate(safe_next(&asked).unwrap_or(home), NavigateOptions { replace: true, ..Default::default() });
    };
    // Who is signed in already, here or in another tab, has nothing to do here.
    let onward_now = onward.clone();
    follow(move |_| match session.side() {
        Side::Patient => onward_now(false),
        Side::Staff => onward_now(true),
        _ => {}
    });

    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (name, secret) = (username.get_untracked(), password.get_untracked());
        let missing = [("username", name.trim().is_empty()), ("password", secret.is_empty())];
        let missing: Vec<FieldError> = missing
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(field, _)| match field {
                "username" => FieldError::new(field, "username_missing", t("field_error.username_missing")),
                _ => FieldError::new(field, "password_missing", t("field_error.password_missing")),
            })
            .collect();
        if !missing.is_empty() {
            return form.refuse(missing);
        }
        let sign_in = SignIn { username: name, password: secret };
        form.send(
            async move { ask(async |portal| portal.sign_in(&sign_in).await).await },
            move |view: SessionView| {
                session.begin(view);
            },
        );
    };

    view! {
        <Page title=t("sign_in.title").to_string() form=form reading=true>
            <ErrorSummary form />
            <form on:submit=send novalidate>
                <TextField
                    form
                    name="username"
                    label=t("sign_in.username")
                    value=username
                    kind=Kind { autocomplete: "username", verbatim: true, ..Default::default() }
                />
                <PasswordField
                    form
                    name="password"
                    label=t("sign_in.password")
                    value=password
                    autocomplete="current-password"
                />
                <Submit form label=t("action.sign_in").to_string() />
            </form>
            <h2 class="nhsuk-heading-s">{t("sign_in.no_account")}</h2>
            <p>
                <a href="/enrol">{t("sign_in.enrol")}</a>
            </p>
            <h2 class="nhsuk-heading-s">{t("sign_in.trouble")}</h2>
            <p>
                {t("sign_in.trouble_text")} " "
                {live(move || practice.phone().map(|phone| view! { <Phone number=phone /> }))}
            </p>
        </Page>
    }
    .into_any()
}
