//! The privacy officer's pages: the audit trail, who did or was refused what with whose data (AUD-1, AUD-3), records that were
//! opened in an emergency, and those that are restricted (ADM-6).

mod days;
mod emergencies_page;
mod report_page;
mod restricted_page;
mod restrictions_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    hooks::use_params_map,
    path,
};

use super::{PracticePage, open_practice};
use crate::{
    shared::{list::Address, live::live, page::Page, section::lazy},
    text::t,
};

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/staff/reports/:report") view=lazy(|| open_practice(PracticePage::Report)) /> }
        .into_inner()
        .into_any_nested_route()
}

/// `/staff/reports/audit`, `/staff/reports/emergencies`, `/staff/reports/restricted` with and without `?patient=`: one route,
/// since routes load before sign-in.
#[component]
pub(super) fn Report() -> AnyView {
    let (params, address) = (use_params_map(), Address::here());
    let which = Memo::new(move |_| {
        let report = params.with(|params| params.get("report")).unwrap_or_default();
        (report, !address.get("patient").is_empty())
    });
    live(move || {
        which.with(|(report, about)| match (report.as_str(), about) {
            ("audit", _) => view! { <report_page::ReportPage /> }.into_any(),
            ("emergencies", _) => view! { <emergencies_page::EmergenciesPage /> }.into_any(),
            ("restricted", true) => view! { <restricted_page::RestrictedPage /> }.into_any(),
            ("restricted", false) => view! { <restrictions_page::ListPage /> }.into_any(),
            _ => view! {
                <Page title=t("not_found.title").to_string()>
                    <p>{t("not_found.text")}</p>
                </Page>
            }
            .into_any(),
        })
    })
    .into_any()
}
