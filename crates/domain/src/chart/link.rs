//! How one record of the chart names another, before either has an id of the portal.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::chart::codes::codes;

codes! {
    /// The kinds of record that the chart holds, under their FHIR R4 names.
    ///
    /// The order is the order of storing: whatever a record may name stands before it.
    ChartKind {
        /// Who sees, orders and signs.
        Practitioner = "Practitioner",
        /// A practice, hospital or laboratory.
        Organization = "Organization",
        /// A person with a chart.
        Patient = "Patient",
        /// A visit.
        Encounter = "Encounter",
        /// A problem or diagnosis.
        Condition = "Condition",
        /// An allergy or intolerance, or the statement that there is none.
        Allergy = "AllergyIntolerance",
        /// A prescription.
        Medication = "MedicationRequest",
        /// What a pharmacy handed out.
        Dispense = "MedicationDispense",
        /// A vaccination.
        Immunization = "Immunization",
        /// Something done to or for the patient.
        Procedure = "Procedure",
        /// What treatment aims at.
        Goal = "Goal",
        /// What is planned.
        CarePlan = "CarePlan",
        /// Insurance.
        Coverage = "Coverage",
        /// A relative and their illnesses.
        Relative = "FamilyMemberHistory",
        /// An advance directive.
        Directive = "Consent",
        /// What the patient was told to do.
        Instruction = "Communication",
        /// To whom the patient was sent.
        Referral = "ServiceRequest",
        /// One measured or observed value.
        Observation = "Observation",
        /// A report of results.
        Report = "DiagnosticReport",
    }
}

/// A reference to another record of the same source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    /// What kind of record is named.
    pub kind: ChartKind,
    /// Which one.
    pub key: SourceKey,
}

/// By what a record is named in its source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKey {
    /// By the source's own id (`Patient/123`).
    Id(String),
    /// By a business identifier such as an NPI (`Practitioner?identifier=system|value`).
    Identifier {
        /// The URI of the identifier's system.
        system: String,
        /// The identifier.
        value: String,
    },
    /// By the portal's own id, once the record is stored.
    Local(Uuid),
}

impl Link {
    /// The portal's own id of the record, once it is stored.
    pub fn local(&self) -> Option<Uuid> {
        match self.key {
            SourceKey::Local(id) => Some(id),
            SourceKey::Id(_) | SourceKey::Identifier { .. } => None,
        }
    }
}

/// Somebody or some organization that took part: a record of the chart, a name, or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// The record, when it is one that the chart holds.
    pub link: Option<Link>,
    /// The name as sent beside the reference.
    pub display: Option<String>,
}
