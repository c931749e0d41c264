//! Signing in and out.

mod code_page;
mod session_ended_page;
mod sign_in_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    shared::{
        live::page,
        section::{Opened, lazy},
    },
    text,
};

/// The page of the second step is of the section that sets second steps up.
#[wasm_split(account, wasm_split_path = leptos::wasm_split, fallible)]
fn open() -> Opened {
    text::bring(text::ACCOUNT);
    Ok(view! { <code_page::CodePage /> }.into_any())
}

/// Pages that need no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/sign-in") view=page(sign_in_page::SignInPage) />
        <Route path=path!("/sign-in/code") view=lazy(open) />
        <Route path=path!("/session-ended") view=page(session_ended_page::SessionEndedPage) />
    }
    .into_inner()
    .into_any_nested_route()
}
