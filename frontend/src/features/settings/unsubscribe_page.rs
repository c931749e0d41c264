//! Ending e-mails about news by the link in one of them (NTF-2).
//!
//! They end after one press: programs that look into mail open links, but press nothing.

use leptos::prelude::*;
use portal_domain::{notifications::Unsubscribe, problem::Code};

use crate::{
    api::ask,
    shared::{
        form::{ErrorSummary, Form, Submit},
        fragment::token_from_address,
        live::live,
        page::Page,
    },
    text::t,
};

/// `/unsubscribe#token=`
#[component]
pub fn UnsubscribePage() -> AnyView {
    let token = token_from_address();
    let done = RwSignal::new(false);
    live(move || match done.get() {
        false => view! { <Press token=token.clone() done /> }.into_any(),
        true => view! {
            <Page title=t("unsubscribe.done").to_string() reading=true>
                <p>{t("unsubscribe.done_text")}</p>
                <p>{t("preferences.security")}</p>
                <a href="/account/preferences">{t("unsubscribe.settings")}</a>
            </Page>
        }
        .into_any(),
    })
}

#[component]
fn Press(token: String, done: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let refused = RwSignal::new(token.is_empty());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let link = Unsubscribe { token: token.clone() };
        form.send_or(
            async move { ask(async |portal| portal.unsubscribe(&link).await).await },
            move |()| done.set(true),
            move |error| refused.set(error.code() == Some(Code::LinkRefused)),
        );
    };
    let send = StoredValue::new_local(send);
    let part = move || match refused.get() {
        true => view! {
            <p>{t("unsubscribe.refused")}</p>
            <a href="/account/preferences">{t("unsubscribe.settings")}</a>
        }
        .into_any(),
        false => view! {
            <p>{t("unsubscribe.text")}</p>
            <p>{t("preferences.security")}</p>
            <form on:submit=move |event| send.with_value(|send| send(event)) novalidate>
                <Submit form label=t("unsubscribe.confirm").to_string() />
            </form>
        }
        .into_any(),
    };
    view! {
        <Page title=t("unsubscribe.title").to_string() form=form reading=true>
            <ErrorSummary form />
            {live(part)}
        </Page>
    }
    .into_any()
}
