//! The audit trail for the privacy officer: who did or was refused what with whose data (AUD-1, AUD-3).

mod days;
pub(super) mod emergencies_page;
pub(super) mod report_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{PracticePage, open_practice};
use crate::shared::section::lazy;

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/reports/audit") view=lazy(|| open_practice(PracticePage::AuditReport)) />
        <Route path=path!("/staff/reports/emergencies") view=lazy(|| open_practice(PracticePage::Emergencies)) />
    }
    .into_inner()
    .into_any_nested_route()
}
