//! A notice of the practice, opened from the home page or the inbox (NOT-1).

pub(super) mod detail_page;

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
    view! { <Route path=path!("/notices/:id") view=lazy(|| open(PatientPage::Notice)) /> }
        .into_inner()
        .into_any_nested_route()
}
