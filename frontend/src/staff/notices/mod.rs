//! The practice's important notices: what was published, who acknowledged it, and the composer (NOT-1).

pub(super) mod composer;
pub(super) mod edit_page;
pub(super) mod item_page;
pub(super) mod list_page;
mod recipients;

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
        <ParentRoute path=path!("/staff/notices") view=Outlet>
            <Route path=path!("") view=lazy(|| open_practice(PracticePage::Notices)) />
            <Route path=path!("new") view=lazy(|| open_practice(PracticePage::NewNotice)) />
            <Route path=path!(":id") view=lazy(|| open_practice(PracticePage::Notice)) />
            <Route path=path!(":id/edit") view=lazy(|| open_practice(PracticePage::EditNotice)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
