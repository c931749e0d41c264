//! Documents that staff attach to a patient's chart, release and take back (PHR-6).

pub(super) mod document_page;
pub(super) mod documents_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{Queues, open_queue};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/patients/:id/documents") view=lazy(|| open_queue(Queues::Documents)) />
        <Route path=path!("/staff/patients/:id/documents/:document") view=lazy(|| open_queue(Queues::Document)) />
    }
    .into_inner()
    .into_any_nested_route()
}
