//! What runs in the family.

use serde::{Deserialize, Serialize};

use crate::chart::{Concept, Link, PartialTime, codes::codes};

codes! {
    /// FHIR `history-status` of a relative's record.
    FamilyHistoryStatus {
        /// Some of it is known.
        Partial = "partial",
        /// All that is known is there.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Nothing is known of this relative's health.
        HealthUnknown = "health-unknown",
    }
}

/// An illness of a relative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelativeCondition {
    /// What.
    pub code: Concept,
    /// Since when: an age or a time, in words.
    pub onset: Option<String>,
    /// What became of it.
    pub outcome: Option<Concept>,
    /// Whether the relative died of it.
    pub led_to_death: bool,
}

/// One relative and their illnesses (FHIR `FamilyMemberHistory`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartRelative {
    /// Whose relative.
    pub patient: Link,
    /// How much is known.
    pub status: FamilyHistoryStatus,
    /// When it was told.
    pub recorded: Option<PartialTime>,
    /// What the relative is to the patient.
    pub relationship: Concept,
    /// The relative's name, where told.
    pub name: Option<String>,
    /// The relative's sex.
    pub sex: Option<Concept>,
    /// Whether the relative has died, where told.
    pub deceased: Option<bool>,
    /// When or at what age, in words.
    pub deceased_text: Option<String>,
    /// Their illnesses.
    pub conditions: Vec<RelativeCondition>,
    /// Remarks.
    pub notes: Vec<String>,
}
