//! The care teams' queues of messages (MSG-7): who waits at the left, the conversation at the right.

mod away;
mod bulk;
mod education;
mod keep_back;
pub(super) mod queue_page;
mod reroute;
pub(super) mod texts_page;
pub(super) mod thread_page;
mod work;
pub(super) mod write_page;

pub(super) use write_page::{own_teams, team_choices};

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
        <ParentRoute path=path!("/staff/messages") view=lazy(|| open_desk(DeskPage::Messages))>
            <Route path=path!("") view=lazy(|| open_desk(DeskPage::NoMessage)) />
            <Route path=path!(":patient/:id") view=lazy(|| open_desk(DeskPage::Message)) />
        </ParentRoute>
        <Route path=path!("/staff/patients/:id/message") view=lazy(|| open_desk(DeskPage::WriteMessage)) />
        <Route path=path!("/staff/my-teams") view=lazy(|| open_desk(DeskPage::Texts)) />
    }
    .into_inner()
    .into_any_nested_route()
}
