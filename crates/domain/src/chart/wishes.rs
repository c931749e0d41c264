//! What the patient wants done, what the patient was told to do, and to whom the patient was sent.

use serde::{Deserialize, Serialize};

use crate::chart::{Concept, Link, PartialTime, Party, codes::codes};

codes! {
    /// FHIR `consent-state-codes`.
    ConsentStatus {
        /// Being written.
        Draft = "draft",
        /// Not agreed yet.
        Proposed = "proposed",
        /// It holds.
        Active = "active",
        /// Refused.
        Rejected = "rejected",
        /// It holds no longer.
        Inactive = "inactive",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
    }
}

codes! {
    /// FHIR `event-status` of a communication.
    CommunicationStatus {
        /// Being written.
        Preparation = "preparation",
        /// On its way.
        InProgress = "in-progress",
        /// Not given.
        NotDone = "not-done",
        /// Paused.
        OnHold = "on-hold",
        /// Broken off.
        Stopped = "stopped",
        /// Given.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not known.
        Unknown = "unknown",
    }
}

codes! {
    /// FHIR `request-status` of a referral.
    ReferralStatus {
        /// Not signed yet.
        Draft = "draft",
        /// To be carried out.
        Active = "active",
        /// Paused.
        OnHold = "on-hold",
        /// Withdrawn.
        Revoked = "revoked",
        /// Carried out.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not known.
        Unknown = "unknown",
    }
}

/// An advance directive: what the patient wants when no longer able to say so (FHIR `Consent` of scope `adr`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartDirective {
    /// Whose.
    pub patient: Link,
    /// Whether it holds.
    pub status: ConsentStatus,
    /// What kind: a living will, a power of attorney, an order not to resuscitate.
    pub kind: Concept,
    /// When it was given.
    pub given: Option<PartialTime>,
    /// From when it holds.
    pub start: Option<PartialTime>,
    /// Until when.
    pub end: Option<PartialTime>,
    /// Who decides for the patient, by name.
    pub agents: Vec<Party>,
    /// What is wanted, by code.
    pub wanted: Vec<Concept>,
}

/// What the patient was told to do (FHIR `Communication` of category `instruction`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartInstruction {
    /// Whose.
    pub patient: Link,
    /// Whether it was given.
    pub status: CommunicationStatus,
    /// What it is about.
    pub topic: Option<Concept>,
    /// When it was given.
    pub given: Option<PartialTime>,
    /// By whom.
    pub by: Option<Party>,
    /// The words, a paragraph each.
    pub text: Vec<String>,
    /// At which visit.
    pub encounter: Option<Link>,
}

/// To whom the patient was sent, and why (FHIR `ServiceRequest` of category `Patient referral`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartReferral {
    /// Whose.
    pub patient: Link,
    /// Where it stands.
    pub status: ReferralStatus,
    /// What is asked for.
    pub code: Concept,
    /// When it was written.
    pub authored: Option<PartialTime>,
    /// By whom.
    pub requester: Option<Party>,
    /// To whom.
    pub performers: Vec<Party>,
    /// Why, by code or in words.
    pub reasons: Vec<Concept>,
    /// Why, by problem.
    pub reason_conditions: Vec<Link>,
    /// What the patient should know or do.
    pub patient_instruction: Option<String>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Remarks.
    pub notes: Vec<String>,
}
