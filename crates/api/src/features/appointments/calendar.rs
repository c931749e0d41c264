//! The calendar file of a booked appointment (APT-5, RFC 5545 and 5546).

use std::str::FromStr;

use chrono_tz::Tz;
use icalendar::{Calendar, CalendarDateTime, Class, Component, Event, EventLike, EventStatus, Property};
use portal_domain::{
    appointments::{AppointmentView, State},
    time::Time,
};

use super::vtimezone::vtimezone;
use crate::error::{Error, Result};

const PRODUCT: &str = "-//Patient Portal//Appointments//EN";

/// The file: an invitation-like `PUBLISH` while the appointment stands, `CANCEL` once it was cancelled. Nothing in it
/// tells why the person comes.
pub fn file(
    appointment: &AppointmentView,
    sequence: i64,
    changed_at: Time,
    practice: &str,
    host: &str,
) -> Result<String> {
    let (Some(starts_at), Some(ends_at)) = (appointment.starts_at, appointment.ends_at) else {
        return Err(Error::internal("a booked appointment has no time"));
    };
    let zone = Tz::from_str(&appointment.location.time_zone).map_err(Error::internal)?;
    let local = |at: Time| CalendarDateTime::from_date_time(at.utc().with_timezone(&zone));
    let cancelled = matches!(appointment.state, State::CancelledByClinic | State::CancelledByPatient);

    let mut event = Event::new();
    event
        .uid(&format!("{}@{host}", appointment.id))
        .timestamp(changed_at.utc())
        .sequence(u32::try_from(sequence).unwrap_or(u32::MAX))
        .starts(local(starts_at))
        .ends(local(ends_at))
        .summary(&format!("Appointment at {practice}"))
        .location(&format!("{}, {}", appointment.location.name, appointment.location.address.join(", ")))
        .class(Class::Private)
        .status(if cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .append_property(Property::new("TRANSP", "OPAQUE"));
    let with =
        appointment.provider.as_ref().map(|provider| format!("With {}. ", provider.name)).unwrap_or_default();
    let reference = &appointment.reference;
    event.description(&format!(
        "{with}Reference {reference}. To change it call {}.",
        appointment.location.phone
    ));

    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", PRODUCT));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("METHOD", if cancelled { "CANCEL" } else { "PUBLISH" }));
    calendar.push(event.done());
    // The crate has no VTIMEZONE (and gives one that it reads a DTSTAMP and UID, which RFC 5545 forbids there).
    let zone = vtimezone(zone, starts_at.utc());
    Ok(calendar.to_string().replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1))
}
