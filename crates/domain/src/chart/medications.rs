//! Prescriptions, and what was handed out for them.

use serde::{Deserialize, Serialize};

use crate::chart::{Concept, Decimal, Link, PartialTime, Party, Quantity, codes::codes};

codes! {
    /// FHIR `medicationrequest-status`.
    MedicationStatus {
        /// To be taken now.
        Active = "active",
        /// Paused.
        OnHold = "on-hold",
        /// Withdrawn before anything was taken.
        Cancelled = "cancelled",
        /// Taken to the end.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Ended before its time.
        Stopped = "stopped",
        /// Not signed yet.
        Draft = "draft",
        /// Not known.
        Unknown = "unknown",
    }
}

codes! {
    /// FHIR `medicationrequest-intent`: how binding it is.
    MedicationIntent {
        /// Somebody proposes it.
        Proposal = "proposal",
        /// It is planned, or taken by the patient's own account.
        Plan = "plan",
        /// It is prescribed.
        Order = "order",
        /// The first prescription of a chain.
        OriginalOrder = "original-order",
        /// A prescription that follows from another.
        ReflexOrder = "reflex-order",
        /// The pharmacy's own order.
        FillerOrder = "filler-order",
        /// One dose of an order.
        InstanceOrder = "instance-order",
        /// One of several choices.
        Option = "option",
    }
}

codes! {
    /// A unit of time (UCUM).
    PeriodUnit {
        /// Second.
        Second = "s",
        /// Minute.
        Minute = "min",
        /// Hour.
        Hour = "h",
        /// Day.
        Day = "d",
        /// Week.
        Week = "wk",
        /// Month.
        Month = "mo",
        /// Year.
        Year = "a",
    }
}

/// How to take it: one line of directions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dosage {
    /// The directions in words, as sent.
    pub text: Option<String>,
    /// Words meant for the patient.
    pub patient_instruction: Option<String>,
    /// Further instructions, such as "with food".
    pub additional: Vec<Concept>,
    /// How much at a time.
    pub dose: Option<Quantity>,
    /// The most at a time, where a range was given.
    pub dose_high: Option<Quantity>,
    /// How often in each period.
    pub frequency: Option<u32>,
    /// How many of `period_unit` make a period.
    pub period: Option<Decimal>,
    /// The unit of the period.
    pub period_unit: Option<PeriodUnit>,
    /// How it enters the body.
    pub route: Option<Concept>,
    /// Only when needed.
    pub as_needed: bool,
    /// When needed for what.
    pub as_needed_for: Option<Concept>,
}

/// A prescription (FHIR `MedicationRequest`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartMedication {
    /// Whose.
    pub patient: Link,
    /// Where it stands.
    pub status: MedicationStatus,
    /// How binding it is.
    pub intent: MedicationIntent,
    /// The drug.
    pub drug: Concept,
    /// How to take it.
    pub dosage: Vec<Dosage>,
    /// When it was prescribed.
    pub authored: Option<PartialTime>,
    /// Who prescribed it.
    pub requester: Option<Party>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Why, by code.
    pub reasons: Vec<Concept>,
    /// Why, by problem.
    pub reason_conditions: Vec<Link>,
    /// How often it may be filled again after the first time.
    pub refills_allowed: Option<u32>,
    /// How much is handed out at a time.
    pub dispense_quantity: Option<Quantity>,
    /// How long one fill lasts, in days.
    pub supply_days: Option<u32>,
    /// Until when it may be filled.
    pub valid_until: Option<PartialTime>,
    /// Remarks.
    pub notes: Vec<String>,
}

codes! {
    /// FHIR `medicationdispense-status`.
    DispenseStatus {
        /// Being made ready.
        Preparation = "preparation",
        /// Ready or on its way.
        InProgress = "in-progress",
        /// Never handed over.
        Cancelled = "cancelled",
        /// Paused.
        OnHold = "on-hold",
        /// Handed over. Only this counts as a fill.
        Completed = "completed",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Ended before its time.
        Stopped = "stopped",
        /// The pharmacy or the patient said no.
        Declined = "declined",
        /// Not known.
        Unknown = "unknown",
    }
}

/// What a pharmacy handed out (FHIR `MedicationDispense`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartDispense {
    /// To whom.
    pub patient: Link,
    /// Where it stands.
    pub status: DispenseStatus,
    /// The drug.
    pub drug: Concept,
    /// For which prescriptions.
    pub prescriptions: Vec<Link>,
    /// When it was handed over; when it was made ready where only that was sent.
    pub handed_over: Option<PartialTime>,
    /// How much.
    pub quantity: Option<Quantity>,
    /// How long it lasts, in days.
    pub supply_days: Option<u32>,
}
