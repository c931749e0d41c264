//! What patients told about their charts: a nurse or provider accepts, corrects or declines (MED-1, MED-3).

mod answer_form;
pub(super) mod item_page;
pub(super) mod queue_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route},
    path,
};

use super::{DeskPage, open_desk};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/staff/proposals") view=lazy(|| open_desk(DeskPage::Proposals))>
            <Route path=path!("") view=lazy(|| open_desk(DeskPage::NoProposal)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_desk(DeskPage::Proposal)) />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
