//! Setting up an authenticator app (SEC-2): its secret as a code to scan and as text, and one code to switch it on.

use leptos::prelude::*;
use portal_domain::{
    accounts::{RecoveryCodes, TotpCode, TotpSetup},
    problem::{Code, FieldError},
};

use crate::{
    api::ask,
    logic::paths::encode,
    shared::{
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
    },
    text::t,
};

/// A secret in groups of four, as people type it.
fn grouped(secret: &str) -> String {
    let symbols: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = symbols.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// What to do in the app, and the code that proves it was done.
#[component]
pub fn SetUp(
    /// The page's form.
    form: Form,
    /// What the app needs.
    setup: TotpSetup,
    /// Takes the recovery codes once the app is switched on.
    confirmed: Callback<RecoveryCodes>,
    /// Leaves it as it was.
    #[prop(optional)]
    cancel: Option<Callback<()>>,
) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = TotpCode { code: code.get_untracked() };
        if typed.code.trim().is_empty() {
            let message = t("field_error.code_missing");
            return form.refuse(vec![FieldError::new("code", "code_missing", message)]);
        }
        form.send_or(
            async move { ask(async |portal| portal.confirm_totp(&typed).await).await },
            move |codes| confirmed.run(codes),
            move |error| {
                if error.code() == Some(Code::SecondStepFailed) {
                    form.refuse_at("code", Code::SecondStepFailed);
                }
            },
        );
    };
    // An image may not run scripts, whatever stands in it.
    let qr = format!("data:image/svg+xml,{}", encode(&setup.qr_svg));
    view! {
        <ErrorSummary form />
        <ol>
            <li>{t("totp.step_1")}</li>
            <li>{t("totp.step_2")}</li>
            <li>{t("totp.step_3")}</li>
        </ol>
        <div class="app-qr">
            <img class="app-qr__image" src=qr alt=t("totp.qr") width="200" height="200" />
            <div>
                <p class="nhsuk-u-margin-bottom-1">{t("totp.secret")}</p>
                <p>
                    <span class="app-code">{grouped(&setup.secret)}</span>
                </p>
                <p class="nhsuk-u-margin-bottom-0">
                    <a href=setup.otpauth_url>{t("totp.open")}</a>
                </p>
            </div>
        </div>
        <form on:submit=send novalidate>
            <TextField
                form
                name="code"
                label=t("totp.code")
                hint=t("totp.code_hint")
                value=code
                kind=Kind {
                    autocomplete: "one-time-code",
                    verbatim: true,
                    width: "nhsuk-input--width-5 nhsuk-input--code",
                    keyboard: "numeric",
                    ..Default::default()
                }
            />
            <div class="app-cluster">
                <Submit form label=t("totp.on").to_string() />
                {cancel
                    .map(|cancel| {
                        view! {
                            <button
                                type="button"
                                class="nhsuk-button nhsuk-button--secondary"
                                on:click=move |_| cancel.run(())
                            >
                                {t("action.cancel")}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}
