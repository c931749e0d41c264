//! Insurance.

use serde::{Deserialize, Serialize};

use crate::chart::{Concept, Link, PartialTime, Party, codes::codes};

codes! {
    /// FHIR `fm-status` of a coverage.
    CoverageStatus {
        /// It pays now.
        Active = "active",
        /// It ended before its time.
        Cancelled = "cancelled",
        /// Not in force yet.
        Draft = "draft",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
    }
}

/// Who pays for treatment (FHIR `Coverage`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartCoverage {
    /// Who is insured.
    pub patient: Link,
    /// Whether it is in force.
    pub status: CoverageStatus,
    /// What kind of insurance.
    pub kind: Option<Concept>,
    /// The insurer or other payer.
    pub payer: Option<Party>,
    /// The name of the plan.
    pub plan: Option<String>,
    /// The number of the group.
    pub group_number: Option<String>,
    /// The number on the card of the one who holds the policy.
    pub subscriber_id: Option<String>,
    /// What the patient is to the one who holds the policy (`self`, `child`, `spouse`).
    pub relationship: Option<Concept>,
    /// Which of several pays first: 1 before 2.
    pub rank: Option<u32>,
    /// Since when.
    pub start: Option<PartialTime>,
    /// Until when.
    pub end: Option<PartialTime>,
}

impl ChartCoverage {
    /// The name by which people know it: the plan's, else the payer's, else the kind's.
    pub fn name(&self) -> Option<&str> {
        let payer = self.payer.as_ref().and_then(|payer| payer.display.as_deref());
        self.plan.as_deref().or(payer).or(self.kind.as_ref().map(|kind| kind.text.as_str()))
    }
}
