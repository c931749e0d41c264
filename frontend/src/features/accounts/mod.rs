//! Signing in and out, and the own account.

mod account_page;
mod session_ended_page;
mod sign_in_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::shared::live::{lazy, page};

/// Pages that need no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/sign-in") view=page(sign_in_page::SignInPage) />
        <Route path=path!("/session-ended") view=page(session_ended_page::SessionEndedPage) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The section of the download that holds the own account; signing in is there from the start.
#[lazy]
fn open_account() -> AnyView {
    view! { <account_page::AccountPage /> }.into_any()
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/account") view=lazy(open_account) /> }.into_inner().into_any_nested_route()
}
