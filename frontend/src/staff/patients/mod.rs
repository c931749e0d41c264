//! The registry: finding a patient, and handing out an enrolment token.

mod enrolment_panel;
mod letter;
mod patient_page;
mod search_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::shared::live::page;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/patients") view=page(search_page::SearchPage) />
        <Route path=path!("/staff/patients/:id") view=page(patient_page::PatientPage) />
    }
    .into_inner()
    .into_any_nested_route()
}
