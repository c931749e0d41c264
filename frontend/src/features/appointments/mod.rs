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

use crate::shared::live::lazy;

/// The list, one of it, and the questions of a request.
#[derive(Clone, Copy)]
enum AppointmentsPage {
    List,
    Done,
    /// What holds the questions together.
    Flow,
    Where,
    Who,
    Why,
    When,
    Check,
    Detail,
}

/// The section of the download that holds these pages.
#[lazy]
fn open(page: AppointmentsPage) -> AnyView {
    match page {
        AppointmentsPage::List => view! { <list_page::ListPage /> }.into_any(),
        AppointmentsPage::Done => view! { <done_page::DonePage /> }.into_any(),
        AppointmentsPage::Flow => view! { <request::Flow /> }.into_any(),
        AppointmentsPage::Where => view! { <request::WherePage /> }.into_any(),
        AppointmentsPage::Who => view! { <request::WhoPage /> }.into_any(),
        AppointmentsPage::Why => view! { <request::WhyPage /> }.into_any(),
        AppointmentsPage::When => view! { <request::WhenPage /> }.into_any(),
        AppointmentsPage::Check => view! { <request::CheckPage /> }.into_any(),
        AppointmentsPage::Detail => view! { <detail_page::DetailPage /> }.into_any(),
    }
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/appointments") view=lazy(|| open(AppointmentsPage::List)) />
        <Route path=path!("/appointments/done/:id") view=lazy(|| open(AppointmentsPage::Done)) />
        <ParentRoute path=path!("/appointments/request") view=lazy(|| open(AppointmentsPage::Flow))>
            <Route path=path!("where") view=lazy(|| open(AppointmentsPage::Where)) />
            <Route path=path!("who") view=lazy(|| open(AppointmentsPage::Who)) />
            <Route path=path!("why") view=lazy(|| open(AppointmentsPage::Why)) />
            <Route path=path!("when") view=lazy(|| open(AppointmentsPage::When)) />
            <Route path=path!("check") view=lazy(|| open(AppointmentsPage::Check)) />
        </ParentRoute>
        <Route path=path!("/appointments/:id") view=lazy(|| open(AppointmentsPage::Detail)) />
    }
    .into_inner()
    .into_any_nested_route()
}
