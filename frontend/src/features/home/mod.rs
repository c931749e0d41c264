//! The first page after sign-in: what needs doing, then where to go. Owns no data of its own.

pub(super) mod home_page;
mod notices;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{PatientPage, open};
use crate::shared::section::lazy;

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/home") view=lazy(|| open(PatientPage::Home)) /> }
        .into_inner()
        .into_any_nested_route()
}
