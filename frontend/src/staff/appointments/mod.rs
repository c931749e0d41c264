//! Appointment requests: front desk approves with a time, offers another, or says no with a reason (APT-1).

mod booking;
mod decide_form;
mod item_page;
mod queue_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    path,
};

use crate::shared::live::page;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/staff/queue/appointments") view=queue_page::QueuePage>
            <Route path=path!("") view=page(queue_page::NothingOpen) />
            <Route path=path!(":patient/:id") view=page(item_page::ItemPage) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
