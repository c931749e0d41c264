//! The first page after sign-in: what needs doing, then where to go. Owns no data of its own.

mod home_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::shared::live::lazy;

/// The section of the download that holds this page.
#[lazy]
fn open() -> AnyView {
    view! { <home_page::HomePage /> }.into_any()
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/home") view=lazy(open) /> }.into_inner().into_any_nested_route()
}
