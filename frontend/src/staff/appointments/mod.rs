//! Appointment requests: front desk approves with a time, offers another, or says no with a reason (APT-1).

mod booking;
mod decide_form;
pub(super) mod item_page;
pub(super) mod queue_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    path,
};

use super::{Queues, open_queue};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/staff/queue/appointments") view=lazy(|| open_queue(Queues::Appointments))>
            <Route path=path!("") view=lazy(|| open_queue(Queues::NoAppointment)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_queue(Queues::Appointment)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
