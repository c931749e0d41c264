//! What patients ask of their charts: what they know better ([`super::proposals`]), what they want corrected and what they want
//! kept ([`super::petitions`]). One set of routes for these queues, because each route weighs before anybody signs in.

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    hooks::use_params_map,
    path,
};

use super::{
    Queues, open_queue,
    petitions::{self, amendments::Amendments, restrictions::Restrictions},
    proposals,
};
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

/// Which queue the address names.
fn kind() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("kind")).unwrap_or_default())
}

/// `/staff/corrections/:kind`
#[component]
pub fn QueuePage() -> AnyView {
    let kind = kind();
    live(move || match kind.get().as_str() {
        "amendments" => petitions::queue_page::page::<Amendments>(),
        "restrictions" => petitions::queue_page::page::<Restrictions>(),
        _ => view! { <proposals::queue_page::QueuePage /> }.into_any(),
    })
    .into_any()
}

/// `/staff/corrections/:kind/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let kind = kind();
    live(move || match kind.get().as_str() {
        "amendments" => petitions::item_page::page::<Amendments>(),
        "restrictions" => petitions::item_page::page::<Restrictions>(),
        _ => view! { <proposals::item_page::ItemPage /> }.into_any(),
    })
    .into_any()
}

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}
