//! My Chart: released laboratory results. Unreleased ones never reach this side.

mod detail_page;
mod hub_page;
mod list_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    shared::section::{Opened, lazy},
    text,
};

/// My Chart and its results.
#[derive(Clone, Copy)]
enum ChartPage {
    Hub,
    List,
    Detail,
}

/// The section of the download that holds these pages.
#[wasm_split(patient, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: ChartPage) -> Opened {
    text::bring(text::PATIENT);
    Ok(match page {
        ChartPage::Hub => view! { <hub_page::HubPage /> }.into_any(),
        ChartPage::List => view! { <list_page::ListPage /> }.into_any(),
        ChartPage::Detail => view! { <detail_page::DetailPage /> }.into_any(),
    })
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/chart") view=lazy(|| open(ChartPage::Hub)) />
        <Route path=path!("/chart/results") view=lazy(|| open(ChartPage::List)) />
        <Route path=path!("/chart/results/:id") view=lazy(|| open(ChartPage::Detail)) />
    }
    .into_inner()
    .into_any_nested_route()
}
