//! Confirming that it is still the owner (SEC-5): one dialog for every act that asks for it.
//!
//! The page that sent the request waits below it. Once the password or a passkey was given the request is repeated by
//! itself; on Cancel nothing was done, and everything that was typed stands where it stood.

use js_sys::{Function, Promise};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use portal_domain::{
    accounts::{PasskeyPurpose, Proof},
    problem::{Code, FieldError},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{
    dialog::Dialog,
    field::PasswordField,
    form::{ErrorSummary, Form, Submit, focus},
    live::{follow, go_on, live},
    passkey::{self, Refused, use_passkey},
};
use crate::{
    api::{ApiError, ask, confirm_by},
    session::{Session, Side},
    text::t,
};

const FIELD: &str = "proof_password";

/// The dialog. It stands once, beside the pages.
#[component]
pub fn ProofDialog() -> impl IntoView {
    let session = Session::here();
    let open = RwSignal::new(false);
    let password = RwSignal::new(String::new());
    let has_passkey = RwSignal::new(false);
    let waiting = StoredValue::new_local(Vec::<Function>::new());
    let form = Form::new();

    // Tells everybody who waits how it ended.
    let finish = move |given: bool| {
        open.set(false);
        password.set(String::new());
        form.clear();
        let told = waiting.try_update_value(std::mem::take).unwrap_or_default();
        for resolve in told {
            // A promise's own function never throws.
            let _ = resolve.call1(&JsValue::UNDEFINED, &given.into());
        }
    };
    confirm_by(move || {
        open.set(true);
        let promise = Promise::new(&mut |resolve, _| waiting.update_value(|waiting| waiting.push(resolve)));
        Box::pin(async move { JsFuture::from(promise).await.is_ok_and(|given| given.is_truthy()) })
    });
    // A page that goes away, or a session, takes its question along.
    let path = use_location().pathname;
    follow(move |first| {
        path.track();
        let signed_in = matches!(session.side(), Side::Patient | Side::Staff);
        if !first && (open.get_untracked() || !signed_in) {
            finish(false);
        }
    });
    follow(move |_| {
        if !open.get() {
            return;
        }
        request_animation_frame(|| focus(FIELD));
        if passkey::available() {
            go_on(async move {
                let known = ask(async |portal| portal.passkeys().await).await;
                has_passkey.set(known.is_ok_and(|known| !known.is_empty()));
            });
        }
    });

    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let proof = Proof { password: password.get_untracked() };
        if proof.password.is_empty() {
            let message = t("field_error.password_missing");
            return form.refuse(vec![FieldError::new(FIELD, "password_missing", message)]);
        }
        form.send_or(
            async move { ask(async |portal| portal.prove(&proof).await).await },
            move |view| {
                session.take(view);
                finish(true);
            },
            move |error| match error {
                ApiError::SignedOut => finish(false),
                // The server names its own field.
                error if error.code() == Some(Code::Invalid) => {
                    form.refuse(vec![FieldError::new(
                        FIELD,
                        "password_wrong",
                        t("field_error.password_wrong"),
                    )]);
                }
                _ => {}
            },
        );
    };
    let by_passkey = move |_| {
        go_on(async move {
            form.clear();
            match use_passkey(PasskeyPurpose::Proof).await {
                Ok(view) => {
                    session.take(view);
                    finish(true);
                }
                Err(Refused::Portal(error)) => form.fail(&error),
                Err(refused) => form.say(refused.sentence().unwrap_or_default()),
            }
        });
    };
    view! {
        <Dialog
            open=open.into()
            id="proof-title"
            title=Signal::derive(|| t("proof.title").to_string())
            close=Callback::new(move |()| finish(false))
        >
            {live(move || {
                open.get()
                    .then(|| {
                        view! {
                            <ErrorSummary form />
                            <p>{t("proof.why")}</p>
                            <form on:submit=send novalidate>
                                // For password managers, which look for the name that goes with the password.
                                <input
                                    type="text"
                                    autocomplete="username"
                                    hidden
                                    readonly
                                    value=session.read(|view| view.username.clone())
                                />
                                <PasswordField
                                    form
                                    name=FIELD
                                    label=t("proof.password")
                                    value=password
                                    autocomplete="current-password"
                                />
                                <div class="app-dialog__actions">
                                    <Submit form label=t("proof.confirm").to_string() />
                                    {live(move || {
                                        has_passkey
                                            .get()
                                            .then(|| {
                                                view! {
                                                    <button
                                                        type="button"
                                                        class="nhsuk-button nhsuk-button--secondary"
                                                        on:click=by_passkey
                                                    >
                                                        {t("passkey.use")}
                                                    </button>
                                                }
                                            })
                                    })}
                                    <button
                                        type="button"
                                        class="nhsuk-button nhsuk-button--secondary"
                                        on:click=move |_| finish(false)
                                    >
                                        {t("action.cancel")}
                                    </button>
                                </div>
                            </form>
                        }
                            .into_any()
                    })
            })}
        </Dialog>
    }
    .into_any()
}
