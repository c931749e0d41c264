//! Vaccinations, procedures, plans and goals.

use serde::{Deserialize, Serialize};

use crate::chart::{Concept, Link, PartialTime, Party, Quantity, codes::codes};

codes! {
    /// FHIR `immunization-status`.
    ImmunizationStatus {
        /// Given.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not given, see the reason.
        NotDone = "not-done",
    }
}

codes! {
    /// FHIR `event-status` of a procedure.
    ProcedureStatus {
        /// Being prepared.
        Preparation = "preparation",
        /// Going on.
        InProgress = "in-progress",
        /// Not done.
        NotDone = "not-done",
        /// Paused.
        OnHold = "on-hold",
        /// Ended before its time.
        Stopped = "stopped",
        /// Done.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not known.
        Unknown = "unknown",
    }
}

codes! {
    /// FHIR `request-status` of a care plan.
    CarePlanStatus {
        /// Not agreed yet.
        Draft = "draft",
        /// Being followed.
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

codes! {
    /// FHIR `care-plan-activity-status`.
    PlanActivityStatus {
        /// Planned, nothing done yet.
        NotStarted = "not-started",
        /// An appointment is made.
        Scheduled = "scheduled",
        /// Going on.
        InProgress = "in-progress",
        /// Paused.
        OnHold = "on-hold",
        /// Done.
        Completed = "completed",
        /// Withdrawn.
        Cancelled = "cancelled",
        /// Ended before its time.
        Stopped = "stopped",
        /// Not known.
        Unknown = "unknown",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
    }
}

codes! {
    /// FHIR `goal-status`.
    GoalStatus {
        /// Proposed.
        Proposed = "proposed",
        /// Planned.
        Planned = "planned",
        /// Agreed.
        Accepted = "accepted",
        /// Being worked on.
        Active = "active",
        /// Paused.
        OnHold = "on-hold",
        /// Reached, or ended.
        Completed = "completed",
        /// Given up.
        Cancelled = "cancelled",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not agreed to.
        Rejected = "rejected",
    }
}

/// A vaccination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartImmunization {
    /// Whose.
    pub patient: Link,
    /// Given or not.
    pub status: ImmunizationStatus,
    /// Why it was not given.
    pub status_reason: Option<Concept>,
    /// The vaccine.
    pub vaccine: Concept,
    /// When.
    pub occurred: Option<PartialTime>,
    /// When, where sent in words.
    pub occurred_text: Option<String>,
    /// Whether it comes from who gave it (`true`) or from what somebody told (`false`).
    pub primary_source: Option<bool>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Lot number.
    pub lot_number: Option<String>,
    /// Where on the body.
    pub site: Option<Concept>,
    /// How it was given.
    pub route: Option<Concept>,
    /// How much.
    pub dose: Option<Quantity>,
    /// Who gave it.
    pub performers: Vec<Party>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// Something done to or for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartProcedure {
    /// Whose.
    pub patient: Link,
    /// Where it stands.
    pub status: ProcedureStatus,
    /// What.
    pub code: Concept,
    /// When it was done, or began.
    pub start: Option<PartialTime>,
    /// When it ended.
    pub end: Option<PartialTime>,
    /// When, where sent in words or as an age.
    pub performed_text: Option<String>,
    /// By whom.
    pub performers: Vec<Party>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Why, by code or in words.
    pub reasons: Vec<Concept>,
    /// Why, by problem.
    pub reason_conditions: Vec<Link>,
    /// Where on the body.
    pub body_sites: Vec<Concept>,
    /// How it went.
    pub outcome: Option<Concept>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// What treatment aims at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartGoal {
    /// Whose.
    pub patient: Link,
    /// Where it stands.
    pub status: GoalStatus,
    /// How far it is reached.
    pub achievement: Option<Concept>,
    /// What is aimed at.
    pub description: Concept,
    /// Since when.
    pub start: Option<PartialTime>,
    /// By when.
    pub due: Option<PartialTime>,
    /// The problems it is for.
    pub addresses: Vec<Link>,
}

/// One thing to do in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarePlanActivity {
    /// What.
    pub code: Option<Concept>,
    /// What, in words.
    pub description: Option<String>,
    /// Where it stands.
    pub status: Option<PlanActivityStatus>,
}

/// What is planned for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartCarePlan {
    /// Whose.
    pub patient: Link,
    /// Where it stands.
    pub status: CarePlanStatus,
    /// Its name.
    pub title: Option<String>,
    /// What it is about, in words.
    pub description: Option<String>,
    /// What kind of plan.
    pub categories: Vec<Concept>,
    /// From when.
    pub start: Option<PartialTime>,
    /// Until when.
    pub end: Option<PartialTime>,
    /// What is to be done.
    pub activities: Vec<CarePlanActivity>,
    /// The problems it is for.
    pub addresses: Vec<Link>,
    /// What it aims at.
    pub goals: Vec<Link>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Remarks.
    pub notes: Vec<String>,
}
