//! Appointment requests and the appointments they become (APT-1 to APT-6).

use chrono::{Days, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AppointmentId, LocationId, ProviderId},
    patients::PatientSummary,
    practice::LocationView,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

words! {
    /// Where a request or appointment stands (APT-2).
    State {
        /// Waits for front desk.
        Requested = "requested",
        /// The clinic offers another time; waits for the patient.
        Proposed = "proposed",
        /// Booked.
        Confirmed = "confirmed",
        /// Front desk said no, with a reason.
        Denied = "denied",
        /// The patient took it back.
        Recalled = "recalled",
        /// Nobody answered in time.
        Expired = "expired",
        /// Booked, then cancelled by the clinic.
        CancelledByClinic = "cancelled_by_clinic",
        /// Booked, then cancelled by the patient where the practice allows it.
        CancelledByPatient = "cancelled_by_patient",
        /// The patient came.
        Fulfilled = "fulfilled",
        /// The patient did not come.
        NoShow = "no_show",
    }
}

words! {
    /// What somebody does with a request or appointment.
    Move {
        /// Front desk books it.
        Approve = "approve",
        /// Front desk says no.
        Deny = "deny",
        /// Front desk offers another time.
        Propose = "propose",
        /// The patient takes the offered time.
        Accept = "accept",
        /// The patient does not want the offered time; front desk looks again.
        Decline = "decline",
        /// The patient takes the request back.
        Recall = "recall",
        /// Nobody answered in time.
        Expire = "expire",
        /// The clinic cancels.
        ClinicCancel = "clinic_cancel",
        /// The patient cancels.
        PatientCancel = "patient_cancel",
    }
}

/// A move that the present state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not possible while {0}")]
pub struct WrongState(pub State);

impl State {
    /// The state after a move (APT-2). Any other move is refused with the state named.
    pub const fn after(self, step: Move) -> Result<Self, WrongState> {
        use {Move as M, State as S};
        Ok(match (self, step) {
            (S::Requested | S::Proposed, M::Recall) => S::Recalled,
            (S::Requested, M::Approve) | (S::Proposed, M::Accept) => S::Confirmed,
            (S::Requested | S::Proposed, M::Deny) => S::Denied,
            (S::Requested, M::Propose) => S::Proposed,
            (S::Proposed, M::Decline) => S::Requested,
            (S::Requested | S::Proposed, M::Expire) => S::Expired,
            (S::Confirmed, M::ClinicCancel) => S::CancelledByClinic,
            (S::Confirmed, M::PatientCancel) => S::CancelledByPatient,
            _ => return Err(WrongState(self)),
        })
    }

    /// Whether front desk or the patient still has to answer.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Requested | Self::Proposed)
    }

    /// Whether it was ever booked, so that it has a calendar file.
    pub const fn was_booked(self) -> bool {
        matches!(
            self,
            Self::Confirmed
                | Self::CancelledByClinic
                | Self::CancelledByPatient
                | Self::Fulfilled
                | Self::NoShow
        )
    }
}

words! {
    /// What the visit is about, in plain words.
    Reason {
        /// Something new.
        NewProblem = "new_problem",
        /// To go on with something known.
        FollowUp = "follow_up",
        /// Yearly check-up.
        CheckUp = "check_up",
        /// A vaccination.
        Vaccination = "vaccination",
        /// A test or screening.
        Test = "test",
        /// To talk about medications.
        MedicationReview = "medication_review",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// A part of the day.
    DayPart {
        /// Any time of the day.
        Any = "any",
        /// Before noon.
        Morning = "morning",
        /// After noon.
        Afternoon = "afternoon",
    }
}

/// A time that would suit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Preferred {
    /// The day.
    pub date: Date,
    /// The part of the day.
    pub part: DayPart,
}

/// At most so many preferred times (APT-1).
pub const MAX_PREFERRED: usize = 3;
/// The longest note, in characters.
pub const MAX_NOTE: usize = 500;
/// How far ahead one may ask, in days.
pub const MAX_DAYS_AHEAD: u64 = 365;
/// How long an appointment may take, in minutes.
pub const MINUTES: std::ops::RangeInclusive<i64> = 5..=240;

/// A request for an appointment (APT-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// Where.
    pub location_id: LocationId,
    /// With whom; null for the first who is available.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
    /// What about.
    pub reason: Reason,
    /// When it would suit: up to three, best first; empty when any time does.
    #[serde(default)]
    pub preferred: Vec<Preferred>,
    /// Anything the practice should know, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

impl NewRequest {
    /// The request with its note cleaned, or what is wrong with it. `today` is the location's date.
    pub fn check(mut self, today: Date) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        match text::clean("note", &self.note, MAX_NOTE, Lines::Many) {
            Ok(note) => self.note = note,
            Err(error) => errors.push(error),
        }
        if self.preferred.len() > MAX_PREFERRED {
            errors.push(FieldError::new("preferred", "too_many", "Give up to three times."));
        }
        let last = today.checked_add_days(Days::new(MAX_DAYS_AHEAD)).unwrap_or(today);
        for (index, preferred) in self.preferred.iter().take(MAX_PREFERRED).enumerate() {
            let field = format!("preferred[{index}].date");
            if preferred.date < today {
                errors.push(FieldError::new(field, "in_the_past", "Choose today or a later day."));
            } else if preferred.date > last {
                errors.push(FieldError::new(field, "too_far_ahead", "Choose a day within a year."));
            } else if self.preferred[..index].contains(preferred) {
                errors.push(FieldError::new(field, "twice", "This time is given twice."));
            }
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

/// A concrete time that front desk books or offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// When it begins.
    pub starts_at: Time,
    /// How long it takes, 5 to 240 minutes.
    pub minutes: i64,
    /// With whom.
    pub provider_id: ProviderId,
    /// A word to the patient, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

impl Booking {
    /// The booking with its note cleaned, or what is wrong with it.
    pub fn check(mut self, now: Time) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        match text::clean("note", &self.note, MAX_NOTE, Lines::Many) {
            Ok(note) => self.note = note,
            Err(error) => errors.push(error),
        }
        if self.starts_at <= now {
            errors.push(FieldError::new("starts_at", "in_the_past", "Choose a time to come."));
        }
        if self.starts_at > now.plus(TimeDelta::days(2 * MAX_DAYS_AHEAD as i64)) {
            errors.push(FieldError::new("starts_at", "too_far_ahead", "Choose a time within two years."));
        }
        if !MINUTES.contains(&self.minutes) {
            errors.push(FieldError::new("minutes", "out_of_range", "Choose 5 to 240 minutes."));
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    /// When it ends.
    pub fn ends_at(&self) -> Time {
        self.starts_at.plus(TimeDelta::minutes(self.minutes))
    }
}

/// Why the practice says no or cancels, in words for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// At most 500 characters; the patient reads it.
    pub reason: String,
}

impl Refusal {
    /// The reason, cleaned; it may not be empty (APT-1).
    pub fn check(&self) -> Result<String, Problem> {
        text::required("reason", &self.reason, MAX_NOTE, Lines::Many)
            .map_err(|error| Problem::invalid(vec![error]))
    }
}

/// Why an appointment can't be cancelled online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotCancel {
    /// The location wants a call (APT-3).
    #[error("the location wants a call")]
    CallLocation,
    /// There is nothing to cancel.
    #[error(transparent)]
    WrongState(WrongState),
}

/// Whether the patient may cancel online (APT-3): only a booked appointment, only where the location
/// allows it (`cutoff_hours`), and only so many hours before it begins.
pub fn cancellable(
    state: State,
    starts_at: Option<Time>,
    cutoff_hours: Option<i64>,
    now: Time,
) -> Result<State, CannotCancel> {
    let after = state.after(Move::PatientCancel).map_err(CannotCancel::WrongState)?;
    match (starts_at, cutoff_hours) {
        (Some(starts_at), Some(hours)) if now.plus(TimeDelta::hours(hours)) <= starts_at => Ok(after),
        _ => Err(CannotCancel::CallLocation),
    }
}

/// A request or appointment, as the patient and staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppointmentView {
    /// The id.
    pub id: AppointmentId,
    /// What people say on the phone: `A7K2-9QXM`.
    pub reference: String,
    /// Where it stands.
    pub state: State,
    /// Whose.
    pub patient: PatientSummary,
    /// Where.
    pub location: LocationView,
    /// With whom the patient wanted it; null for the first available.
    pub wanted_provider: Option<ProviderName>,
    /// With whom it is booked or offered.
    pub provider: Option<ProviderName>,
    /// What about.
    pub reason: Reason,
    /// What the patient wrote.
    pub note: String,
    /// When it would suit.
    pub preferred: Vec<Preferred>,
    /// When it begins, once booked or offered.
    pub starts_at: Option<Time>,
    /// When it ends.
    pub ends_at: Option<Time>,
    /// What the practice wrote with its answer.
    pub decision_note: String,
    /// When it was sent.
    pub requested_at: Time,
    /// When the practice answered.
    pub decided_at: Option<Time>,
    /// What the patient may do now.
    pub offers: Offers,
    /// Raised at each change; `If-Match` on decisions.
    pub version: i64,
}

/// What the patient may do with it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offers {
    /// Take the request back (APT-4).
    pub recall: bool,
    /// Accept or decline the offered time.
    pub answer: bool,
    /// Cancel online; when false and booked, call the location (APT-3).
    pub cancel: bool,
    /// Download the calendar file (APT-5).
    pub calendar: bool,
}

impl Offers {
    /// What is offered at `now`.
    pub fn at(state: State, starts_at: Option<Time>, cutoff_hours: Option<i64>, now: Time) -> Self {
        Self {
            recall: state.after(Move::Recall).is_ok(),
            answer: state.after(Move::Accept).is_ok(),
            cancel: cancellable(state, starts_at, cutoff_hours, now).is_ok(),
            calendar: state.was_booked(),
        }
    }
}

/// A practitioner's id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderName {
    /// The id.
    pub id: ProviderId,
    /// With prefix.
    pub name: String,
}

words! {
    /// Which of a patient's appointments are asked for.
    Which {
        /// Booked and still to come, soonest first.
        Upcoming = "upcoming",
        /// Waiting for an answer, newest first.
        Pending = "pending",
        /// Over, denied, recalled or cancelled, newest first.
        Past = "past",
    }
}

/// Which of a patient's appointments are asked for, and which page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct AppointmentQuery {
    /// `upcoming` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub which: Option<Which>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// Which of the practice's requests and appointments staff ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct QueueQuery {
    /// `requested` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Only this location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<LocationId>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn now() -> Time {
        "2026-10-03T09:00:00Z".parse().unwrap()
    }

    proptest! {
        #[test]
        fn nothing_leaves_a_closed_state(step in select(Move::ALL), state in select(State::ALL)) {
            let closed = !state.is_pending() && state != State::Confirmed;
            prop_assert!(!closed || state.after(step) == Err(WrongState(state)));
        }

        #[test]
        fn the_page_offers_only_moves_that_the_rule_allows(state in select(State::ALL), hours in proptest::option::of(0i64..72)) {
            let offers = Offers::at(state, Some(now().plus(TimeDelta::hours(24))), hours, now());
            prop_assert_eq!(offers.recall, state.after(Move::Recall).is_ok());
            prop_assert_eq!(offers.cancel, state == State::Confirmed && hours.is_some_and(|hours| hours <= 24));
        }
    }

    #[test]
    fn a_booked_appointment_is_cancelled_by_phone_unless_the_location_allows_it() {
        let soon = Some(now().plus(TimeDelta::hours(12)));
        assert_eq!(cancellable(State::Confirmed, soon, None, now()), Err(CannotCancel::CallLocation));
        assert_eq!(cancellable(State::Confirmed, soon, Some(24), now()), Err(CannotCancel::CallLocation));
        assert_eq!(cancellable(State::Confirmed, soon, Some(12), now()), Ok(State::CancelledByPatient));
        let wrong = CannotCancel::WrongState(WrongState(State::Requested));
        assert_eq!(cancellable(State::Requested, soon, Some(1), now()), Err(wrong));
    }

    #[test]
    fn a_request_is_refused_with_the_fields_at_fault() {
        let today = "2026-10-03".parse().unwrap();
        let preferred = Preferred { date: "2026-10-02".parse().unwrap(), part: DayPart::Morning };
        let late = Preferred { date: "2027-11-02".parse().unwrap(), part: DayPart::Any };
        let request = NewRequest {
            location_id: LocationId(uuid::Uuid::nil()),
            provider_id: None,
            reason: Reason::CheckUp,
            preferred: vec![preferred, late],
            note: "x".repeat(501),
        };
        let problem = request.check(today).unwrap_err();
        let found: Vec<_> = problem.errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("note", "too_long"),
                ("preferred[0].date", "in_the_past"),
                ("preferred[1].date", "too_far_ahead")
            ]
        );
    }
}
