//! A copy of a health record that somebody was sent by link: opened with a pass code, by whoever has both.

mod shared_page;

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
    Ok(view! { <shared_page::SharedPage /> }.into_any())
}

/// The page that needs no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/shared") view=lazy(open) /> }.into_inner().into_any_nested_route()
}
