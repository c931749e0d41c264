//! A concrete time, typed on the location's own clock.

use chrono::{NaiveDateTime, NaiveTime};
use leptos::prelude::*;
use portal_domain::{
    appointments::{AppointmentView, Booking, DayPart},
    problem::FieldError,
    time::{Date, Time},
};

use crate::{
    logic::zone::Instant,
    shared::intl::{self, Style},
    text::{t, t_with},
};

/// What is typed of a booking.
#[derive(Clone, Copy)]
pub struct BookingText {
    /// The day, ISO 8601.
    pub date: RwSignal<String>,
    /// The time of the day, `09:30`.
    pub time: RwSignal<String>,
    /// How long, in minutes.
    pub minutes: RwSignal<String>,
    /// With whom.
    pub provider: RwSignal<String>,
    /// A word to the patient.
    pub note: RwSignal<String>,
}

impl BookingText {
    /// Begins with what the patient wished for.
    pub fn suggest(view: &AppointmentView) -> Self {
        let first = view.preferred.first();
        let date = first.map(|first| first.date.to_string()).unwrap_or_default();
        let time = match first.map(|first| first.part) {
            Some(DayPart::Afternoon) => "13:00",
            _ => "09:00",
        };
        let provider = view.provider.as_ref().or(view.wanted_provider.as_ref());
        let provider = provider.map(|provider| provider.id.to_string()).unwrap_or_default();
        Self {
            date: RwSignal::new(date),
            time: RwSignal::new(time.into()),
            minutes: RwSignal::new("30".into()),
            provider: RwSignal::new(provider),
            note: RwSignal::new(String::new()),
        }
    }

    /// The instant at which the location's clock shows what is typed.
    fn starts_at(self, zone: &str) -> Result<Time, FieldError> {
        let error = |code: &str, message| FieldError::new("starts_at", code, message);
        let date: Date =
            self.date.get().parse().map_err(|_| error("date_missing", t("field_error.date_missing")))?;
        let time = NaiveTime::parse_from_str(&self.time.get(), "%H:%M");
        let time = time.map_err(|_| error("time_missing", t("field_error.time_missing")))?;
        let instant = match intl::instant_of(NaiveDateTime::new(date, time), zone) {
            // When the clocks go back the earlier of the two is meant; no practice is open at that hour.
            Instant::Once(instant) | Instant::Twice(instant, _) => instant,
            Instant::Never => return Err(error("clocks_forward", t("field_error.clocks_forward"))),
        };
        Time::from_micros(instant * 1_000).map_err(|_| error("not_a_date", t("field_error.not_a_date")))
    }

    /// The booking, or what is wrong with it.
    pub fn read(self, zone: &str) -> Result<Booking, Vec<FieldError>> {
        let mut errors = Vec::new();
        let starts_at = self.starts_at(zone).map_err(|error| errors.push(error));
        let provider = self.provider.get().parse().map_err(|_| {
            errors.push(FieldError::new(
                "provider_id",
                "provider_missing",
                t("field_error.provider_missing"),
            ));
        });
        let minutes = self.minutes.get().parse().unwrap_or(0);
        match (starts_at, provider) {
            (Ok(starts_at), Ok(provider_id)) => {
                let booking = Booking { starts_at, minutes, provider_id, note: self.note.get() };
                let now = intl::now().unwrap_or(starts_at);
                booking.check(now).map_err(|problem| problem.errors)
            }
            _ => Err(errors),
        }
    }

    /// The time in words, with the zone: what the patient will read.
    pub fn in_words(self, zone: &str) -> String {
        match self.starts_at(zone) {
            Ok(at) => t_with("decide.in_words", &[("time", &intl::format(at, Style::Full, zone))]),
            Err(_) => String::new(),
        }
    }
}
