//! What patients say is wrong in their charts: what they know better ([`super::proposals`]) and what they want corrected
//! ([`super::amendments`]). One set of routes for both queues, because each route weighs before anybody signs in.

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    hooks::use_params_map,
    path,
};

use super::{Queues, amendments, open_queue, proposals};
use crate::{
    shared::{live::live, section::lazy},
    text::t,
};

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/staff/corrections/:kind") view=lazy(|| open_queue(Queues::Corrections))>
            <Route path=path!("") view=lazy(|| open_queue(Queues::NoCorrection)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_queue(Queues::Correction)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Whether the address names the queue of amendments.
fn is_amendments() -> Memo<bool> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("kind")).as_deref() == Some("amendments"))
}

/// `/staff/corrections/:kind`
#[component]
pub fn QueuePage() -> AnyView {
    let amendments = is_amendments();
    live(move || match amendments.get() {
        true => view! { <amendments::queue_page::QueuePage /> }.into_any(),
        false => view! { <proposals::queue_page::QueuePage /> }.into_any(),
    })
    .into_any()
}

/// `/staff/corrections/:kind/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let amendments = is_amendments();
    live(move || match amendments.get() {
        true => view! { <amendments::item_page::ItemPage /> }.into_any(),
        false => view! { <proposals::item_page::ItemPage /> }.into_any(),
    })
    .into_any()
}

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}
