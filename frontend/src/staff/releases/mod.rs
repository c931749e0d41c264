//! Results that wait for a provider's release (LAB-1): the list at the left, what the patient will see at the right.

mod bulk;
mod hold_form;
pub(super) mod item_page;
pub(super) mod queue_page;
mod recall_form;

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
        <ParentRoute path=path!("/staff/queue/releases") view=lazy(|| open_queue(Queues::Releases))>
            <Route path=path!("") view=lazy(|| open_queue(Queues::NoRelease)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_queue(Queues::Release)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
