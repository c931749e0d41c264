//! The registry: finding a patient, and handing out an enrolment token.

mod account_help;
mod credentials_form;
pub(super) mod elsewhere_page;
mod enrolment_panel;
mod limits_panel;
mod mails_panel;
pub(super) mod patient_page;
mod proxies_panel;
pub(super) mod search_page;
mod sensitivity_panel;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{StaffPage, open};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/patients") view=lazy(|| open(StaffPage::Patients)) />
        <Route path=path!("/staff/patients/:id") view=lazy(|| open(StaffPage::Patient)) />
        <Route path=path!("/staff/patients/:id/elsewhere") view=lazy(|| open(StaffPage::Elsewhere)) />
        <Route path=path!("/staff/patients/:id/elsewhere/:record") view=lazy(|| open(StaffPage::ElsewhereRecord)) />
    }
    .into_inner()
    .into_any_nested_route()
}
