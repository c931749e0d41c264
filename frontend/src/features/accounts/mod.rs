//! Signing in and out, and the own account.

pub(super) mod account_page;
mod session_ended_page;
mod sign_in_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{PatientPage, open};
use crate::shared::{live::page, section::lazy};

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

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/account") view=lazy(|| open(PatientPage::Account)) /> }
        .into_inner()
        .into_any_nested_route()
}
