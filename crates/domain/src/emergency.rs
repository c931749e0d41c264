//! Opening a record of other locations, or one that is restricted to others, in an emergency and for a reason (ADM-6). Who may is
//! [`crate::access`]'s to say.

use serde::{Deserialize, Serialize};

use crate::{
    ids::EmergencyAccessId,
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::Time,
    words::words,
};

/// The longest note, in characters.
pub const MAX_NOTE: usize = 500;

words! {
    /// Why a record is opened that belongs to other locations, or is restricted to others.
    EmergencyReason {
        /// The patient is treated here and now.
        Treatment = "treatment",
        /// The patient called or came, and asked.
        Asked = "asked",
        /// In place of a colleague of the patient's location.
        Covering = "covering",
        /// Somebody's safety is at stake.
        Safety = "safety",
        /// None of these.
        Other = "other",
    }
}

/// Opens a patient's record in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEmergencyAccess {
    /// Why.
    pub reason: EmergencyReason,
    /// Why in words, at most 500 characters; the privacy officer reads it.
    pub note: String,
}

impl NewEmergencyAccess {
    /// Cleaned, or what is wrong with it.
    pub fn check(self) -> Result<Self, Problem> {
        let note = text::required("note", &self.note, MAX_NOTE, Lines::Many);
        Ok(Self { note: note.map_err(|error: FieldError| Problem::invalid(vec![error]))?, ..self })
    }
}

/// An emergency access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyAccessView {
    /// The id, by which the audit trail names it.
    pub id: EmergencyAccessId,
    /// Whose record.
    pub patient: PatientSummary,
    /// Who opened it, by name.
    pub by: String,
    /// Why.
    pub reason: EmergencyReason,
    /// Why in words.
    pub note: String,
    /// Since when.
    pub begun_at: Time,
    /// When it ends, or was ended.
    pub ends_at: Time,
}

/// How the one who asks stands to a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyStanding {
    /// Whether the record opens only in an emergency.
    pub is_needed: bool,
    /// Whether that is because the record is restricted to others.
    pub is_restricted: bool,
    /// The emergency access that holds now; null when there is none.
    pub open: Option<EmergencyAccessView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_goes_with_words() {
        let new =
            |note: &str| NewEmergencyAccess { reason: EmergencyReason::Other, note: note.into() }.check();
        assert_eq!(new("  She fainted here. ").unwrap().note, "She fainted here.");
        for bad in [" ", &"x".repeat(MAX_NOTE + 1)] {
            assert_eq!(new(bad).unwrap_err().errors[0].field, "note");
        }
    }
}
