//! Requests for refills and renewals: a nurse or provider answers drug by drug (MED-2).

mod answer_form;
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
        <ParentRoute path=path!("/staff/refills") view=lazy(|| open_queue(Queues::Refills))>
            <Route path=path!("") view=lazy(|| open_queue(Queues::NoRefill)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_queue(Queues::Refill)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
