//! A patient's appointments: asking for one, what became of it, and the calendar file.

mod detail_page;
mod done_page;
mod list_page;
mod request;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    path,
};

use crate::shared::live::page;

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/appointments") view=page(list_page::ListPage) />
        <Route path=path!("/appointments/done/:id") view=page(done_page::DonePage) />
        <ParentRoute path=path!("/appointments/request") view=request::Flow>
            <Route path=path!("where") view=page(request::WherePage) />
            <Route path=path!("who") view=page(request::WhoPage) />
            <Route path=path!("why") view=page(request::WhyPage) />
            <Route path=path!("when") view=page(request::WhenPage) />
            <Route path=path!("check") view=page(request::CheckPage) />
        </ParentRoute>
        <Route path=path!("/appointments/:id") view=page(detail_page::DetailPage) />
    }
    .into_inner()
    .into_any_nested_route()
}
