//! The health library: what the practice would like everybody to be able to read (EDU-1).

pub(super) mod list_page;
pub(super) mod reading_page;

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
    view! {
        <Route path=path!("/learn") view=lazy(|| open(PatientPage::Library)) />
        <Route path=path!("/learn/:id") view=lazy(|| open(PatientPage::Reading)) />
    }
    .into_inner()
    .into_any_nested_route()
}
