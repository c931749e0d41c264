//! The practice: its name, terms, locations and providers.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{LocationId, ProviderId},
    problem::FieldError,
};

/// What everybody may know of the practice, signed in or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PracticeView {
    /// The practice's name.
    pub name: String,
    /// The main phone number.
    pub phone: String,
    /// What to do in an emergency.
    pub emergency_text: String,
    /// The present terms of use (ENR-6).
    pub terms: Terms,
    /// Whether patients may ask for their health record online (PHR-1).
    pub health_records: bool,
    /// Where the practice works, in its own order.
    pub locations: Vec<LocationView>,
}

/// Terms of use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Terms {
    /// Raised whenever the text changes.
    pub version: i64,
    /// Plain text; an empty line parts paragraphs.
    pub text: String,
}

/// Fewest and most minutes without use after which a session may end (SEC-3).
pub const IDLE_MINUTES: std::ops::RangeInclusive<i64> = 2..=60;
/// Fewest and most hours that an enrolment token may live (ENR-1): an hour to thirty days.
pub const ENROLMENT_TOKEN_HOURS: std::ops::RangeInclusive<i64> = 1..=720;

/// How strict the practice is about accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Policies {
    /// Minutes without use after which a patient's session ends: 2 to 60, 15 by default (SEC-3).
    pub patient_idle_minutes: i64,
    /// The same for staff: 10 by default.
    pub staff_idle_minutes: i64,
    /// Whether staff must have a second step (SEC-2).
    pub staff_second_step: bool,
    /// Hours that an enrolment token or temporary credentials live: 1 to 720, 72 by default (ENR-1).
    pub enrolment_token_hours: i64,
    /// Whether patients may ask for their health record online (PHR-1).
    pub health_records: bool,
}

impl Policies {
    /// The fields that are out of their range.
    pub fn check(&self) -> Vec<FieldError> {
        let idle = "Enter 2 to 60 minutes.";
        [
            ("patient_idle_minutes", self.patient_idle_minutes, IDLE_MINUTES, idle),
            ("staff_idle_minutes", self.staff_idle_minutes, IDLE_MINUTES, idle),
            (
                "enrolment_token_hours",
                self.enrolment_token_hours,
                ENROLMENT_TOKEN_HOURS,
                "Enter 1 to 720 hours.",
            ),
        ]
        .into_iter()
        .filter(|(_, value, range, _)| !range.contains(value))
        .map(|(field, _, _, message)| FieldError::new(field, "out_of_range", message))
        .collect()
    }
}

/// The policies with the version that an edit names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PoliciesView {
    /// For If-Match.
    pub version: i64,
    /// As they are.
    pub policies: Policies,
}

/// A location of the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationView {
    /// The id.
    pub id: LocationId,
    /// What people call it.
    pub name: String,
    /// Street, city, state and postal code, a line each.
    pub address: Vec<String>,
    /// For a `tel:` link.
    pub phone: String,
    /// Opening hours in words.
    pub hours: String,
    /// IANA zone, such as `America/New_York`.
    pub time_zone: String,
}

/// A practitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderView {
    /// The id.
    pub id: ProviderId,
    /// With prefix: `Dr. Maria Lund`.
    pub name: String,
    /// In plain words: `Family medicine`.
    pub specialty: String,
    /// Where appointments are taken; null for practitioners of other organizations.
    pub location_id: Option<LocationId>,
}
