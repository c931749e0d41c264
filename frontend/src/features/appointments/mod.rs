//! A patient's appointments: asking for one, what became of it, and the calendar file.

pub(super) mod detail_page;
pub(super) mod done_page;
pub(super) mod list_page;
pub(super) mod request;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    path,
};

use super::{PatientPage, open};
use crate::shared::section::lazy;

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/appointments") view=lazy(|| open(PatientPage::Appointments)) />
        <Route path=path!("/appointments/done/:id") view=lazy(|| open(PatientPage::RequestSent)) />
        <ParentRoute path=path!("/appointments/request") view=lazy(|| open(PatientPage::Request))>
            <Route path=path!("where") view=lazy(|| open(PatientPage::Where)) />
            <Route path=path!("who") view=lazy(|| open(PatientPage::Who)) />
            <Route path=path!("why") view=lazy(|| open(PatientPage::Why)) />
            <Route path=path!("when") view=lazy(|| open(PatientPage::When)) />
            <Route path=path!("check") view=lazy(|| open(PatientPage::Check)) />
        </ParentRoute>
        <Route path=path!("/appointments/:id") view=lazy(|| open(PatientPage::Appointment)) />
    }
    .into_inner()
    .into_any_nested_route()
}
