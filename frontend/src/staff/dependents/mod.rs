//! Requests to look after somebody: staff find the chart, check and decide (PRX-1).

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
        <ParentRoute path=path!("/staff/dependents") view=lazy(|| open_queue(Queues::Dependents))>
            <Route path=path!("") view=lazy(|| open_queue(Queues::NoDependent)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_queue(Queues::Dependent)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
