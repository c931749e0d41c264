//! Two-step verification: how it stands, setting it up, new recovery codes, and switching it off.

use leptos::prelude::*;
use portal_domain::{
    accounts::{RecoveryCodes, SecondStep, SecondStepOff, SecondStepView, TotpSetup},
    problem::{Code, FieldError},
};

use super::{
    parts::{HiddenUsername, back},
    recovery_codes::Codes,
    totp_setup::SetUp,
};
use crate::{
    api::ask,
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        field::{Kind, PasswordField, TextField},
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        list::Address,
        live::{follow, live},
        load::{Load, load, loaded},
        page::Page,
        practice::Practice,
    },
    text::{t, t_count, t_with},
};

/// Few enough to make new ones.
const FEW: i64 = 3;

/// What the page shows.
#[derive(Clone)]
enum Stage {
    /// How it stands.
    Overview,
    /// The app's secret.
    SetUp(TotpSetup),
    /// The codes, this once.
    Codes(RecoveryCodes),
}

/// `/account/two-step`; `?start=` goes on to the set-up at once.
#[component]
pub fn TwoStepPage() -> AnyView {
    let session = Session::here();
    let address = Address::here();
    let stage = RwSignal::new(Stage::Overview);
    let said = RwSignal::new(String::new());
    let starting = Form::new();
    let state = load(|| ask(async |portal| portal.second_step_state().await));
    let start = Callback::new(move |()| {
        said.set(String::new());
        starting.send(ask(async |portal| portal.set_up_totp().await), move |setup| {
            stage.set(Stage::SetUp(setup))
        });
    });
    if !untrack(|| address.get("start")).is_empty() {
        address.set(&[("start", "")]);
        follow(move |_| untrack(|| start.run(())));
    }
    let kept = Callback::new(move |()| {
        // The session is another one since; what it must do may have changed as well.
        session.ask_again();
        state.again();
        stage.set(Stage::Overview);
    });
    live(move || match stage.get() {
        Stage::Overview => {
            let codes = Callback::new(move |codes| stage.set(Stage::Codes(codes)));
            view! {
                <Page
                    title=t("account.two_step").to_string()
                    section=t("account.title")
                    form=starting
                    back=back()
                    reading=true
                >
                    <ErrorSummary form=starting />
                    <Done said />
                    <p>{t("two_step.what")}</p>
                    {loaded(
                        state,
                        t("what.two_step"),
                        move |view: SecondStepView| match view.totp_since {
                            None => view! { <Off form=starting start /> }.into_any(),
                            Some(_) => view! { <On view state form=starting said codes /> }.into_any(),
                        },
                    )}
                </Page>
            }
            .into_any()
        }
        Stage::SetUp(setup) => {
            let form = Form::new();
            let confirmed = Callback::new(move |codes| stage.set(Stage::Codes(codes)));
            let cancel = Callback::new(move |()| stage.set(Stage::Overview));
            view! {
                <Page title=t("totp.title").to_string() section=t("account.title") form=form reading=true>
                    <SetUp form setup confirmed cancel />
                </Page>
            }
            .into_any()
        }
        Stage::Codes(codes) => view! {
            <Page title=t("recovery_codes.title").to_string() section=t("account.title") reading=true>
                <Codes codes kept />
            </Page>
        }
        .into_any(),
    })
}

#[component]
fn Off(form: Form, start: Callback<()>) -> impl IntoView {
    view! {
        <p>
            <strong class="nhsuk-tag nhsuk-tag--grey">{t("two_step.off")}</strong>
        </p>
        <p>{t("two_step.needs")}</p>
        <button
            type="button"
            class="nhsuk-button"
            aria-disabled=move || form.busy().then_some("true")
            on:click=move |_| start.run(())
        >
            {t("two_step.start")}
        </button>
    }
    .into_any()
}

#[component]
fn On(
    view: SecondStepView,
    state: Load<SecondStepView>,
    form: Form,
    said: RwSignal<String>,
    codes: Callback<RecoveryCodes>,
) -> impl IntoView {
    let zone = Practice::here().zone();
    let since = view.totp_since.map(|at| intl::format(at, Style::Date, &zone)).unwrap_or_default();
    let asking = RwSignal::new(false);
    let make = Callback::new(move |()| {
        said.set(String::new());
        form.send(ask(async |portal| portal.make_recovery_codes().await), move |made| codes.run(made));
    });
    let few = (view.recovery_codes_left <= FEW).then(|| view! { <p>{t("two_step.few")}</p> });
    view! {
        <p>
            <strong class="nhsuk-tag nhsuk-tag--green">{t("two_step.on")}</strong>
            " "
            {t_with("two_step.since", &[("date", &since)])}
        </p>
        <h2 class="nhsuk-heading-m">{t("recovery_codes.list")}</h2>
        <p>{t_count("two_step.left", view.recovery_codes_left)}</p>
        {few}
        <button
            type="button"
            class="nhsuk-button nhsuk-button--secondary"
            aria-disabled=move || form.busy().then_some("true")
            on:click=move |_| asking.set(true)
        >
            {t("two_step.new_codes")}
        </button>
        <Confirm
            open=asking
            id="codes-title"
            title=Signal::derive(|| t("two_step.new_title").to_string())
            text=Signal::derive(|| t("two_step.new_text").to_string())
            yes=t("two_step.new_yes")
            act=make
        />
        <h2 class="nhsuk-heading-m">{t("two_step.switch_off")}</h2>
        <SwitchOff form state said />
    }
    .into_any()
}

#[component]
fn SwitchOff(form: Form, state: Load<SecondStepView>, said: RwSignal<String>) -> impl IntoView {
    let session = Session::here();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        said.set(String::new());
        let (secret, code) = (password.get_untracked(), code.get_untracked());
        let missing = [
            ("password", secret.is_empty(), t("field_error.password_missing")),
            ("code", code.trim().is_empty(), t("field_error.code_missing")),
        ];
        let missing = missing.into_iter().filter(|(_, missing, _)| *missing);
        let missing: Vec<_> =
            missing.map(|(field, _, message)| FieldError::new(field, "missing", message)).collect();
        if !missing.is_empty() {
            return form.refuse(missing);
        }
        // Only the app's codes are digits alone, and six of them.
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let of_app = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_digit());
        let method = if of_app { SecondStep::Totp } else { SecondStep::RecoveryCode };
        let off = SecondStepOff { password: secret, method, code };
        form.send_or(
            async move { ask(async |portal| portal.remove_totp(&off).await).await },
            move |()| {
                session.ask_again();
                said.set(t("two_step.switched_off").into());
                state.again();
            },
            move |error| {
                if error.code() == Some(Code::SecondStepFailed) {
                    form.refuse_at("code", Code::SecondStepFailed);
                }
            },
        );
    };
    view! {
        <p>{t("two_step.switch_off_text")}</p>
        <form on:submit=send novalidate>
            <HiddenUsername />
            <PasswordField
                form
                name="password"
                label=t("sign_in.password")
                value=password
                autocomplete="current-password"
            />
            <TextField
                form
                name="code"
                label=t("two_step.code")
                value=code
                kind=Kind {
                    autocomplete: "one-time-code",
                    verbatim: true,
                    width: "nhsuk-input--width-10 nhsuk-input--code",
                    ..Default::default()
                }
            />
            <Submit form label=t("two_step.switch_off").to_string() warning=true />
        </form>
    }
    .into_any()
}
