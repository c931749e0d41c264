//! Requests and appointments in words.

use leptos::prelude::*;
use portal_domain::{
    appointments::{AppointmentView, Preferred, State},
    practice::LocationView,
};

use super::{
    intl::{self, Style},
    practice::Phone,
};
use crate::text::{t, t_with, t_word};

/// Where it stands, in words on a ground that fits.
#[component]
pub fn StateTag(
    /// The state.
    state: State,
) -> impl IntoView {
    let class = match state {
        State::Requested => "nhsuk-tag nhsuk-tag--blue",
        State::Proposed => "nhsuk-tag nhsuk-tag--yellow",
        State::Confirmed | State::Fulfilled => "nhsuk-tag nhsuk-tag--green",
        State::Denied | State::CancelledByClinic | State::NoShow => "nhsuk-tag nhsuk-tag--red",
        State::Recalled | State::Expired | State::CancelledByPatient => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=class>{t_word("appointment_state", state.as_str())}</strong> }.into_any()
}

/// When it is, on the location's own clock: `Saturday, October 3, 2026 at 9:30 AM EDT`. None until a time is named.
pub fn when(appointment: &AppointmentView) -> Option<String> {
    Some(intl::format(appointment.starts_at?, Style::Full, &appointment.location.time_zone))
}

/// How long it takes, in minutes.
pub fn minutes(appointment: &AppointmentView) -> Option<i64> {
    Some(appointment.ends_at?.since(appointment.starts_at?).num_minutes())
}

/// A time that would suit: `Saturday, October 3, 2026, in the morning`.
pub fn preferred(preferred: Preferred) -> String {
    let date = intl::calendar(preferred.date, Style::LongDate);
    let part = t_word("day_part", preferred.part.as_str());
    t_with("appointment.preferred", &[("date", &date), ("part", part)])
}

/// One line for a list: when it is booked or offered, else what was asked for.
pub fn title(appointment: &AppointmentView) -> String {
    when(appointment).unwrap_or_else(|| t_word("reason", appointment.reason.as_str()).into())
}

/// A location with address, phone and hours, as far as one needs to get there or to call.
#[component]
pub fn Place(
    /// The location.
    location: LocationView,
) -> impl IntoView {
    view! {
        <bdi>{location.name}</bdi>
        <address class="app-address">
            {location.address.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}
        </address>
        <Phone number=location.phone />
        <span class="app-quiet app-line">{location.hours}</span>
    }
    .into_any()
}

/// Why a booked appointment is not cancelled here, and whom to call instead (APT-3).
#[component]
pub fn CallToChange(
    /// Where it is booked.
    location: LocationView,
) -> impl IntoView {
    view! {
        <div class="nhsuk-inset-text">
            <h2 class="nhsuk-heading-s">{t("appointment.change")}</h2>
            <p>{t("appointment.call_to_change")}</p>
            <p class="nhsuk-u-margin-bottom-1">
                <Phone number=location.phone />
            </p>
            <p class="app-quiet nhsuk-u-margin-bottom-0">{location.hours}</p>
        </div>
    }
    .into_any()
}
