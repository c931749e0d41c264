//! The health library as staff use it: writing and publishing, versions, assigning (EDU-1).

mod assign;
pub(super) mod edit_page;
mod editor;
mod files;
pub(super) mod item_page;
pub(super) mod list_page;
pub(super) mod panel;
pub(super) mod picker;
mod versions;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{Outlet, ParentRoute, Route},
    path,
};

use super::{PracticePage, open_practice};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/staff/education") view=Outlet>
            <Route path=path!("") view=lazy(|| open_practice(PracticePage::Library)) />
            <Route path=path!("new") view=lazy(|| open_practice(PracticePage::NewReading)) />
            <Route path=path!(":id") view=lazy(|| open_practice(PracticePage::Reading)) />
            <Route path=path!(":id/edit") view=lazy(|| open_practice(PracticePage::EditReading)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
