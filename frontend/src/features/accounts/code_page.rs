//! The second step of a sign-in (SEC-2): a code of the authenticator app, a recovery code, or a passkey.

use leptos::prelude::*;
use portal_domain::{
    accounts::{PasskeyPurpose, SecondStep, SecondStepCode},
    problem::{Code, FieldError},
};

use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        handed::{Handed, hand, take},
        help::HelpByPhone,
        list::Address,
        live::{go_on, live},
        onward::{follow_onward, with_next},
        page::{Back, Page},
        passkey::{self, Refused, use_passkey},
    },
    text::t,
};

/// `/sign-in/code?next=`
#[component]
pub fn CodePage() -> AnyView {
    let session = Session::here();
    let address = Address::here();
    let form = Form::new();
    let code = RwSignal::new(String::new());
    follow_onward();
    // A page that was loaded anew does not know what may be used: then everything is offered.
    let methods = take(|handed| match handed {
        Handed::Methods(methods) => Some(methods),
        _ => None,
    });
    let may = move |method: SecondStep| methods.as_ref().is_none_or(|methods| methods.contains(&method));
    let (app, recovery) = (may(SecondStep::Totp), may(SecondStep::RecoveryCode));
    let passkey = may(SecondStep::Passkey) && passkey::available();
    let by_recovery = RwSignal::new(!app && recovery);

    let begin_again = move || {
        hand(Handed::StepExpired);
        address.replace(&with_next("/sign-in", &untrack(|| address.get("next"))));
    };
    let failed = move |error: &ApiError| match error.code() {
        Some(Code::StepExpired) => begin_again(),
        Some(Code::SecondStepFailed) => form.refuse_at("code", Code::SecondStepFailed),
        _ => {}
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let method = if by_recovery.get_untracked() { SecondStep::RecoveryCode } else { SecondStep::Totp };
        let typed = SecondStepCode { method, code: code.get_untracked() };
        if typed.code.trim().is_empty() {
            let message = t("field_error.code_missing");
            return form.refuse(vec![FieldError::new("code", "code_missing", message)]);
        }
        form.send_or(
            async move { ask(async |portal| portal.second_step(&typed).await).await },
            move |view| session.begin(view),
            move |error| failed(&error),
        );
    };
    let with_passkey = move |_| {
        go_on(async move {
            form.clear();
            match use_passkey(PasskeyPurpose::SecondStep).await {
                Ok(view) => session.begin(view),
                Err(Refused::Portal(error)) => {
                    form.fail(&error);
                    failed(&error);
                }
                Err(refused) => form.say(refused.sentence().unwrap_or_default()),
            }
        });
    };
    let change = move |_| {
        form.clear();
        code.set(String::new());
        by_recovery.update(|by| *by = !*by);
    };
    let field = move || {
        if by_recovery.get() {
            view! {
                <p>{t("code.recovery_text")}</p>
                <TextField
                    form
                    name="code"
                    label=t("code.recovery")
                    hint=t("code.recovery_hint")
                    value=code
                    kind=Kind {
                        autocomplete: "one-time-code",
                        verbatim: true,
                        width: "nhsuk-input--width-10 nhsuk-input--code",
                        ..Default::default()
                    }
                />
            }
            .into_any()
        } else {
            view! {
                <p>{t("code.text")}</p>
                <TextField
                    form
                    name="code"
                    label=t("code.code")
                    value=code
                    kind=Kind {
                        autocomplete: "one-time-code",
                        verbatim: true,
                        width: "nhsuk-input--width-5 nhsuk-input--code",
                        keyboard: "numeric",
                        ..Default::default()
                    }
                />
            }
            .into_any()
        }
    };
    let other = move || if by_recovery.get() { t("code.use_app") } else { t("code.use_recovery") };
    view! {
        <Page
            title=t("code.title").to_string()
            form=form
            back=Back { href: "/sign-in".into(), label: t("request.back") }
            reading=true
        >
            <ErrorSummary form />
            {(app || recovery)
                .then(|| {
                    view! {
                        <form on:submit=send novalidate>
                            {live(field)} <Submit form label=t("action.continue").to_string() />
                        </form>
                    }
                })}
            {passkey
                .then(|| {
                    view! {
                        <p>
                            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=with_passkey>
                                {t("code.use_passkey")}
                            </button>
                        </p>
                    }
                })}
            {(app && recovery)
                .then(|| {
                    view! {
                        <p>
                            <button type="button" class="app-link-button" on:click=change>
                                {live(other)}
                            </button>
                        </p>
                    }
                })}
            <HelpByPhone text=t("code.help") needed=Signal::derive(|| false) />
        </Page>
    }
    .into_any()
}
