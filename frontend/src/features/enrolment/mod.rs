//! From a token on paper to an account (ENR-1). Knows nothing of what the account will show.

mod account_step;
mod enrol_page;
mod identity_step;

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

/// The section of the download that holds this page.
#[wasm_split(account, wasm_split_path = leptos::wasm_split, fallible)]
fn open() -> Opened {
    text::bring(text::ACCOUNT);
    Ok(view! { <enrol_page::EnrolPage /> }.into_any())
}

/// Pages that need no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/enrol") view=lazy(open) /> }.into_inner().into_any_nested_route()
}
