//! My Chart: released laboratory results. Unreleased ones never reach this side.

mod detail_page;
mod hub_page;
mod list_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::shared::live::page;

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/chart") view=page(hub_page::HubPage) />
        <Route path=path!("/chart/results") view=page(list_page::ListPage) />
        <Route path=path!("/chart/results/:id") view=page(detail_page::DetailPage) />
    }
    .into_inner()
    .into_any_nested_route()
}
