//! The whole app: what stands above the pages, and the list of slices.

use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Router, Routes},
    path,
};

use crate::{
    acting,
    features::{
        self, accounts, appointments, billing, chart, copies, enrolment, family, home, learn, mail, notices,
        practice, recovery, settings,
    },
    news::News,
    session::Session,
    shared::{
        fragment::take_from_address, list::Way, page::watch_navigation, practice::Practice,
        proof::ProofDialog, shell::PublicShell,
    },
    staff,
};

/// Starts the app in the page's body.
pub fn start() {
    console_error_panic_hook::set_once();
    take_from_address();
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    watch_navigation();
    provide_context(Practice::start());
    provide_context(Way::start());
    let session = Session::start();
    provide_context(session);
    provide_context(News::start(session));
    view! {
        <Router base=acting::base()>
            <Routes fallback=practice::NotFound>
                <ParentRoute path=path!("") view=PublicShell>
                    <practice::PublicRoutes />
                    <accounts::PublicRoutes />
                    <settings::PublicRoutes />
                    <enrolment::PublicRoutes />
                    <recovery::PublicRoutes />
                    <copies::PublicRoutes />
                </ParentRoute>
                <ParentRoute path=path!("") view=features::frame::PatientShell>
                    <home::PatientRoutes />
                    <mail::PatientRoutes />
                    <notices::PatientRoutes />
                    <learn::PatientRoutes />
                    <appointments::PatientRoutes />
                    <chart::PatientRoutes />
                    <billing::PatientRoutes />
                    <family::PatientRoutes />
                    <settings::PatientRoutes />
                </ParentRoute>
                <ParentRoute path=path!("") view=staff::frame::StaffShell>
                    <staff::board::StaffRoutes />
                    <staff::patients::StaffRoutes />
                    <staff::releases::StaffRoutes />
                    <staff::appointments::StaffRoutes />
                    <staff::refills::StaffRoutes />
                    <staff::dependents::StaffRoutes />
                    <staff::documents::StaffRoutes />
                    <staff::corrections::StaffRoutes />
                    <staff::billing::StaffRoutes />
                    <staff::messages::StaffRoutes />
                    <staff::cohort::StaffRoutes />
                    <staff::notices::StaffRoutes />
                    <staff::education::StaffRoutes />
                    <staff::audit::StaffRoutes />
                    <staff::settings::StaffRoutes />
                    <settings::StaffRoutes />
                </ParentRoute>
            </Routes>
            <ProofDialog />
        </Router>
    }
}
