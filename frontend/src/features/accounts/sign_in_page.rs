//! Signing in: with a password, or with a passkey alone.

use leptos::prelude::*;
use portal_domain::{
    accounts::{PasskeyPurpose, SignIn, SignInAnswer},
    problem::{Code, FieldError, Problem},
};

use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        field::{Kind, PasswordField, TextField},
        form::{ErrorSummary, Form, Submit},
        handed::{Handed, hand, take},
        list::Address,
        live::{follow, go_on, live},
        onward::{follow_onward, with_next},
        page::Page,
        passkey::{self, Refused, use_passkey},
        practice::{Phone, Practice},
    },
    text::t,
};

/// What the page before this one has to say.
enum News {
    StepExpired,
    Username(String),
}

fn news() -> Option<News> {
    take(|handed| match handed {
        Handed::StepExpired => Some(News::StepExpired),
        Handed::Username(username) => Some(News::Username(username)),
        _ => None,
    })
}

/// `/sign-in?next=`
#[component]
pub fn SignInPage() -> AnyView {
    let session = Session::here();
    let practice = Practice::here();
    let address = Address::here();
    let form = Form::new();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // Who is signed in already, here or in another tab, has nothing to do here.
    follow_onward();
    match news() {
        Some(News::Username(known)) => username.set(known),
        Some(News::StepExpired) => {
            // The summary takes focus from the heading once the page stands.
            follow(move |_| form.fail(&ApiError::Problem(Box::new(Problem::new(Code::StepExpired)))));
        }
        None => {}
    }

    let go_on_with = move |answer: SignInAnswer, secret: String| match answer {
        SignInAnswer::SignedIn { session: view } => session.begin(*view),
        SignInAnswer::SecondStep { methods, .. } => {
            hand(Handed::Methods(methods));
            address.go(&with_next("/sign-in/code", &address.get("next")));
        }
        SignInAnswer::ChooseOwn { .. } => {
            hand(Handed::Token(secret));
            address.go("/enrol");
        }
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (name, secret) = (username.get_untracked(), password.get_untracked());
        let missing = [
            ("username", name.trim().is_empty(), t("field_error.username_missing")),
            ("password", secret.is_empty(), t("field_error.password_missing")),
        ];
        let missing: Vec<FieldError> = missing
            .into_iter()
            .filter(|(_, missing, _)| *missing)
            .map(|(field, _, message)| FieldError::new(field, "missing", message))
            .collect();
        if !missing.is_empty() {
            return form.refuse(missing);
        }
        let sign_in = SignIn { username: name, password: secret.clone() };
        form.send(async move { ask(async |portal| portal.sign_in(&sign_in).await).await }, move |answer| {
            untrack(|| go_on_with(answer, secret))
        });
    };
    let by_passkey = move |_| {
        go_on(async move {
            form.clear();
            match use_passkey(PasskeyPurpose::SignIn).await {
                Ok(view) => session.begin(view),
                Err(Refused::Portal(error)) => form.fail(&error),
                Err(refused) => form.say(refused.sentence().unwrap_or_default()),
            }
        });
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
                <div class="app-cluster nhsuk-u-margin-bottom-3">
                    <Submit form label=t("action.sign_in").to_string() />
                    {passkey::available()
                        .then(|| {
                            view! {
                                <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=by_passkey>
                                    {t("sign_in.passkey")}
                                </button>
                            }
                        })}
                </div>
                <p>
                    <a href="/forgot">{t("sign_in.forgot")}</a>
                </p>
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
