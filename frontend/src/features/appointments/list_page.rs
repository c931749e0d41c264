//! Appointments to come, requests that wait, and what is over.

use leptos::prelude::*;
use portal_domain::appointments::{AppointmentQuery, AppointmentView, Which};

use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        appointment::{StateTag, title},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::Page,
    },
    text::{t, t_with, t_word},
};

/// `/appointments`
#[component]
pub fn ListPage() -> AnyView {
    view! {
        <Page title=t("nav.appointments").to_string()>
            <a class="nhsuk-button" href=link("/appointments/request/where")>
                {t("nav.request")}
            </a>
            <h2 class="nhsuk-heading-m">{t("appointments.upcoming")}</h2>
            <Part which=Which::Upcoming id="upcoming" empty=t("appointments.none_upcoming") />
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("appointments.pending")}</h2>
            <Part which=Which::Pending id="pending" empty=t("appointments.none_pending") />
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("appointments.past")}</h2>
            <Part which=Which::Past id="past" empty=t("appointments.none_past") />
        </Page>
    }
    .into_any()
}

/// One of the three lists.
#[component]
fn Part(which: Which, id: &'static str, empty: &'static str) -> impl IntoView {
    let session = Session::here();
    let list = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let query = AppointmentQuery { which: Some(which), cursor: page.cursor, limit: page.limit };
            ask(async |portal| portal.appointments(patient, &query).await).await
        }
    });
    listing(
        list,
        t("what.appointments"),
        move || view! { <Empty text=empty /> }.into_any(),
        move || view! { <Rows load=list id row=row /> }.into_any(),
    )
}

fn row(appointment: AppointmentView) -> AnyView {
    let provider = appointment.provider.clone().or(appointment.wanted_provider.clone());
    let provider = provider.map_or_else(|| t("appointment.first_available").into(), |provider| provider.name);
    let about = match appointment.starts_at {
        Some(_) => t_word("reason", appointment.reason.as_str()).to_string(),
        None => {
            let sent = intl::format(appointment.requested_at, Style::Date, &appointment.location.time_zone);
            t_with("appointment.sent_on", &[("date", &sent)])
        }
    };
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&format!("/appointments/{}", appointment.id))>
                {title(&appointment)}
            </a>
            <p class="app-row__meta">
                <bdi>{provider}</bdi>
                ", "
                <bdi>{appointment.location.name.clone()}</bdi>
            </p>
            <p class="app-row__text">{about}</p>
            <div class="app-row__side">
                <StateTag state=appointment.state />
            </div>
        </li>
    }
    .into_any()
}
