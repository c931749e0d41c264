//! Visits, problems and allergies.

use serde::{Deserialize, Serialize};

use crate::chart::{Coding, Concept, Link, PartialTime, Party, codes::codes, systems};

codes! {
    /// FHIR `EncounterStatus`.
    EncounterStatus {
        /// Planned.
        Planned = "planned",
        /// The patient is there.
        Arrived = "arrived",
        /// The patient was assessed.
        Triaged = "triaged",
        /// Going on.
        InProgress = "in-progress",
        /// Begun, and the patient is away for a time.
        OnLeave = "onleave",
        /// Over.
        Finished = "finished",
        /// Cancelled before it began.
        Cancelled = "cancelled",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not known.
        Unknown = "unknown",
    }
}

codes! {
    /// FHIR `condition-clinical`.
    ConditionClinicalStatus {
        /// The patient has it.
        Active = "active",
        /// It came back.
        Recurrence = "recurrence",
        /// It got worse again.
        Relapse = "relapse",
        /// The patient no longer has it, and it may come back.
        Inactive = "inactive",
        /// No signs of it for now.
        Remission = "remission",
        /// Over.
        Resolved = "resolved",
    }
}

codes! {
    /// How sure it is: FHIR `condition-ver-status` and `allergyintolerance-verification`.
    Verification {
        /// Not enough is known.
        Unconfirmed = "unconfirmed",
        /// A working diagnosis.
        Provisional = "provisional",
        /// One of several that are thought of.
        Differential = "differential",
        /// Sure.
        Confirmed = "confirmed",
        /// Ruled out.
        Refuted = "refuted",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
    }
}

codes! {
    /// FHIR `allergyintolerance-clinical`.
    AllergyClinicalStatus {
        /// The risk stands.
        Active = "active",
        /// The risk is thought to be gone.
        Inactive = "inactive",
        /// A test showed that the risk is gone.
        Resolved = "resolved",
    }
}

codes! {
    /// FHIR `AllergyIntoleranceType`.
    AllergyKind {
        /// The immune system reacts.
        Allergy = "allergy",
        /// The body reacts in another way.
        Intolerance = "intolerance",
    }
}

codes! {
    /// FHIR `AllergyIntoleranceCategory`.
    AllergyCategory {
        /// Food.
        Food = "food",
        /// Drugs.
        Medication = "medication",
        /// Pollen, dust, animals and the like.
        Environment = "environment",
        /// Vaccines, blood products and the like.
        Biologic = "biologic",
    }
}

codes! {
    /// How bad a reaction could be (FHIR `AllergyIntoleranceCriticality`).
    Criticality {
        /// Not a threat to life.
        Low = "low",
        /// May threaten life.
        High = "high",
        /// Can't be told.
        UnableToAssess = "unable-to-assess",
    }
}

codes! {
    /// How bad one reaction was (FHIR `AllergyIntoleranceSeverity`).
    Severity {
        /// Mild.
        Mild = "mild",
        /// Moderate.
        Moderate = "moderate",
        /// Severe.
        Severe = "severe",
    }
}

/// A visit or another contact with a practice or hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartEncounter {
    /// Whose visit.
    pub patient: Link,
    /// Where it stands.
    pub status: EncounterStatus,
    /// Ambulatory, emergency, inpatient: a code of HL7 v3 ActCode.
    pub class: Option<Coding>,
    /// What kind of visit.
    pub kind: Option<Concept>,
    /// Why.
    pub reasons: Vec<Concept>,
    /// When it began.
    pub start: Option<PartialTime>,
    /// When it ended.
    pub end: Option<PartialTime>,
    /// Who saw the patient.
    pub practitioners: Vec<Party>,
    /// Where.
    pub organization: Option<Party>,
}

/// A problem or diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartCondition {
    /// Whose.
    pub patient: Link,
    /// What.
    pub code: Concept,
    /// Active or over.
    pub clinical_status: Option<ConditionClinicalStatus>,
    /// How sure it is.
    pub verification: Option<Verification>,
    /// `problem-list-item`, `encounter-diagnosis` or `health-concern`.
    pub category: Option<Concept>,
    /// How severe.
    pub severity: Option<Concept>,
    /// Since when.
    pub onset: Option<PartialTime>,
    /// Since when, where sent in words or as an age.
    pub onset_text: Option<String>,
    /// Until when.
    pub abatement: Option<PartialTime>,
    /// When it was recorded.
    pub recorded: Option<PartialTime>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// What happened on contact with a substance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllergyReaction {
    /// Signs and symptoms.
    pub manifestations: Vec<Concept>,
    /// How bad it was.
    pub severity: Option<Severity>,
}

/// An allergy or intolerance, or the statement that there is none (MED-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartAllergy {
    /// Whose.
    pub patient: Link,
    /// The substance, or the situation (such as no known allergy).
    pub code: Concept,
    /// Active or gone.
    pub clinical_status: Option<AllergyClinicalStatus>,
    /// How sure it is.
    pub verification: Option<Verification>,
    /// Allergy or intolerance.
    pub kind: Option<AllergyKind>,
    /// Kinds of substance.
    pub categories: Vec<AllergyCategory>,
    /// How bad a reaction could be.
    pub criticality: Option<Criticality>,
    /// What happened.
    pub reactions: Vec<AllergyReaction>,
    /// Since when.
    pub onset: Option<PartialTime>,
    /// When it was recorded.
    pub recorded: Option<PartialTime>,
    /// Whether the patient or a relative reported it (`true`), or a clinician observed it (`false`).
    pub reported: Option<bool>,
    /// Remarks.
    pub notes: Vec<String>,
}

impl ChartAllergy {
    /// Whether this is the statement that no allergy (of some kind) is known, by SNOMED CT code.
    pub fn is_no_known_allergy(&self) -> bool {
        // No known allergy; no known: drug, food, environmental, latex allergy.
        const NONE_KNOWN: [&str; 5] = ["716186003", "409137002", "429625007", "428607008", "1003774007"];
        NONE_KNOWN.iter().any(|code| self.code.is(systems::SNOMED_CT, code))
    }
}
