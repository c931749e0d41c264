//! Messages to many patients at once: what was sent, who opened it, and writing one (MSG-7).

pub(super) mod item_page;
pub(super) mod list_page;
pub(super) mod new_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{Outlet, ParentRoute, Route},
    path,
};

use super::{DeskPage, open_desk};
use crate::shared::section::lazy;

/// Where the list stands.
const ROOT: &str = "/staff/cohort-messages";

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/staff/cohort-messages") view=Outlet>
            <Route path=path!("") view=lazy(|| open_desk(DeskPage::CohortMessages)) />
            <Route path=path!("new") view=lazy(|| open_desk(DeskPage::NewCohortMessage)) />
            <Route path=path!(":id") view=lazy(|| open_desk(DeskPage::CohortMessage)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
