//! Getting back in (SEC-6): the username and the password by e-mail, a token from the desk, and proving an address.

mod forgot_page;
mod reset_page;
mod verify_email_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    shared::section::{Opened, lazy},
    text,
};

#[derive(Clone, Copy)]
enum RecoveryPage {
    Forgot,
    Reset,
    VerifyEmail,
}

/// The section of the download that holds these pages.
#[wasm_split(account, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: RecoveryPage) -> Opened {
    text::bring(text::ACCOUNT);
    Ok(match page {
        RecoveryPage::Forgot => view! { <forgot_page::ForgotPage /> }.into_any(),
        RecoveryPage::Reset => view! { <reset_page::ResetPage /> }.into_any(),
        RecoveryPage::VerifyEmail => view! { <verify_email_page::VerifyEmailPage /> }.into_any(),
    })
}

/// Pages that need no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/forgot") view=lazy(|| open(RecoveryPage::Forgot)) />
        <Route path=path!("/reset") view=lazy(|| open(RecoveryPage::Reset)) />
        <Route path=path!("/verify-email") view=lazy(|| open(RecoveryPage::VerifyEmail)) />
    }
    .into_inner()
    .into_any_nested_route()
}
