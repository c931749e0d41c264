//! What stands when nobody is signed in any more.

use leptos::prelude::*;

use crate::{
    acting::link,
    logic::paths::{encode, safe_next},
    session::{Ended, Session},
    shared::{list::Address, live::live, page::Page},
    text::t,
};

/// `/session-ended?next=`
#[component]
pub fn SessionEndedPage() -> AnyView {
    let session = Session::here();
    let address = Address::here();
    let idle = move || session.ended() == Some(Ended::Idle);
    let title = Signal::derive(move || if idle() { t("ended.idle") } else { t("ended.asked") }.to_string());
    let again = move || match safe_next(&address.get("next")) {
        Some(next) => format!("/sign-in?next={}", encode(next)),
        None => "/sign-in".into(),
    };
    view! {
        <Page title reading=true>
            <p>{live(move || if idle() { t("ended.idle_text") } else { t("ended.asked_text") })}</p>
            <a class="nhsuk-button" href=move || link(&again())>
                {t("ended.again")}
            </a>
        </Page>
    }
    .into_any()
}
