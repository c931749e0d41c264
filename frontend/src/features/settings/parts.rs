//! What the pages of the settings share.

use leptos::prelude::*;

use crate::{
    session::{Session, Side},
    shared::page::Back,
    text::t,
};

/// The address of the settings on the side of whoever is signed in.
pub fn root() -> &'static str {
    match untrack(|| Session::here().side()) {
        Side::Staff => "/staff/account",
        _ => "/account",
    }
}

/// The way back to the list of settings.
pub fn back() -> Back {
    Back { href: root().into(), label: t("account.title") }
}

/// For password managers, which look for the name that goes with a new password.
#[component]
pub fn HiddenUsername() -> impl IntoView {
    let username = Session::here().read(|view| view.username.clone());
    view! { <input type="text" autocomplete="username" hidden readonly value=username /> }.into_any()
}
