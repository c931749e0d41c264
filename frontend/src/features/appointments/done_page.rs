//! A request was sent: its reference, and what happens next and when.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    appointments::AppointmentView,
    ids::AppointmentId,
    problem::{Code, Problem},
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        load::{load, loaded},
        page::Page,
        practice::Phone,
    },
    text::t,
};

/// `/appointments/done/:id`
#[component]
pub fn DonePage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let sent = load(move || {
        let patient = session.patient();
        let id = params.with(|params| params.get("id")).and_then(|id| id.parse::<AppointmentId>().ok());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.appointment(patient, id).await).await
        }
    });
    view! {
        <Page title=t("done.title").to_string() section=t("nav.appointments") reading=true>
            {loaded(
                sent,
                t("what.appointment"),
                |view: AppointmentView| {
                    view! {
                        <div class="app-done nhsuk-u-margin-bottom-4">
                            <p class="nhsuk-u-margin-bottom-1">{t("done.reference")}</p>
                            <p class="nhsuk-u-margin-bottom-0">
                                <strong class="app-code">{view.reference}</strong>
                            </p>
                        </div>
                        <h2 class="nhsuk-heading-m">{t("done.next")}</h2>
                        <ol>
                            <li>{t("done.next_1")}</li>
                            <li>{t("done.next_2")}</li>
                            <li>{t("done.next_3")}</li>
                        </ol>
                        <p>{t("done.urgent")} " " <Phone number=view.location.phone /></p>
                        <div class="app-cluster">
                            <a class="nhsuk-button" href=link("/home")>
                                {t("done.home")}
                            </a>
                            <a class="nhsuk-button nhsuk-button--secondary" href=link("/mail/sent")>
                                {t("done.sent")}
                            </a>
                        </div>
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}
