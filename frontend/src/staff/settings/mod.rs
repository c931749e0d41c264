//! What administrators set: the accounts of staff, care teams, the practice's policies, and how results are released.

mod ages;
mod locations_dialog;
pub(super) mod people_page;
pub(super) mod policies_page;
pub(super) mod release_rule_page;
pub(super) mod releases_page;
pub(super) mod team_page;
pub(super) mod teams_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{PracticePage, StaffPage, open, open_practice};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/settings/people") view=lazy(|| open(StaffPage::People)) />
        <Route path=path!("/staff/settings/teams") view=lazy(|| open(StaffPage::Teams)) />
        <Route path=path!("/staff/settings/teams/new") view=lazy(|| open(StaffPage::Team)) />
        <Route path=path!("/staff/settings/teams/:id") view=lazy(|| open(StaffPage::Team)) />
        <Route path=path!("/staff/settings/policies") view=lazy(|| open_practice(PracticePage::Policies)) />
        <Route path=path!("/staff/settings/releases") view=lazy(|| open_practice(PracticePage::ReleaseRules)) />
        <Route path=path!("/staff/settings/releases/:rule") view=lazy(|| open_practice(PracticePage::ReleaseRule)) />
    }
    .into_inner()
    .into_any_nested_route()
}
