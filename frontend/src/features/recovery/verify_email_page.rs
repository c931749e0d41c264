//! Proving an e-mail address by the link that was mailed there (ENR-3).
//!
//! The address counts after one press: programs that look into mail open links, but press nothing.

use leptos::prelude::*;
use portal_domain::{
    accounts::{EmailProof, EmailProven},
    problem::Code,
};

use crate::{
    api::ask,
    session::{Session, Side},
    shared::{
        form::{ErrorSummary, Form, Submit},
        fragment::token_from_address,
        help::HelpByPhone,
        live::live,
        page::Page,
    },
    text::{t, t_with},
};

/// Where account settings are; those who are not signed in get there by way of sign-in.
fn settings(session: Session) -> &'static str {
    match session.side() {
        Side::Staff => "/staff/account/email",
        _ => "/account/email",
    }
}

/// `/verify-email#token=`
#[component]
pub fn VerifyEmailPage() -> AnyView {
    let session = Session::here();
    let token = token_from_address();
    let proven = RwSignal::new(None::<EmailProven>);
    live(move || match proven.get() {
        None => view! { <Press token=token.clone() proven /> }.into_any(),
        Some(answer) => {
            let text = t_with("verify.done_text", &[("email", &answer.email)]);
            view! {
                <Page title=t("verify.done").to_string() reading=true>
                    <p>{text}</p>
                    <p>{t("verify.done_now")}</p>
                    <a class="nhsuk-button" href=move || settings(session)>
                        {t("verify.settings")}
                    </a>
                </Page>
            }
            .into_any()
        }
    })
}

#[component]
fn Press(token: String, proven: RwSignal<Option<EmailProven>>) -> impl IntoView {
    let session = Session::here();
    let form = Form::new();
    let empty = token.is_empty();
    let refused = RwSignal::new(empty);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let proof = EmailProof { token: token.clone() };
        form.send_or(
            async move { ask(async |portal| portal.prove_email(&proof).await).await },
            move |answer| proven.set(Some(answer)),
            move |error| refused.set(error.code() == Some(Code::LinkRefused)),
        );
    };
    let send = StoredValue::new_local(send);
    let part = move || {
        if refused.get() {
            view! {
                <p>{t("verify.refused")}</p>
                <p>
                    <a href=move || settings(session)>{t("verify.settings")}</a>
                </p>
            }
            .into_any()
        } else {
            view! {
                <p>{t("verify.text")}</p>
                <form on:submit=move |event| send.with_value(|send| send(event)) novalidate>
                    <Submit form label=t("verify.confirm").to_string() />
                </form>
            }
            .into_any()
        }
    };
    view! {
        <Page title=t("verify.title").to_string() form=form reading=true>
            <ErrorSummary form />
            {live(part)}
            <HelpByPhone text=t("verify.help") needed=Signal::derive(|| false) />
        </Page>
    }
    .into_any()
}
