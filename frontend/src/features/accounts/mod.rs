//! Signing in and out.

mod code_page;
mod session_ended_page;
mod sign_in_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::shared::live::page;

/// Pages that need no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/sign-in") view=page(sign_in_page::SignInPage) />
        <Route path=path!("/sign-in/code") view=page(code_page::CodePage) />
        <Route path=path!("/session-ended") view=page(session_ended_page::SessionEndedPage) />
    }
    .into_inner()
    .into_any_nested_route()
}
