//! The chart: what the practice holds as true about a patient, in the nouns of HL7 FHIR R4.
//!
//! These are plain values. They come from a feed ([`crate::fhir`]), are held in the chart tables and
//! feed every view and export. Codes keep their code system, amounts keep the digits that were sent,
//! and times keep how exact they were.

mod care;
mod codes;
mod concept;
mod conditions;
mod coverage;
mod entry;
mod family;
mod item;
mod link;
mod medications;
mod partial_time;
mod people;
mod quantity;
mod results;
mod shown;
mod units;
mod wishes;

pub use care::{
    CarePlanActivity, CarePlanStatus, ChartCarePlan, ChartGoal, ChartImmunization, ChartProcedure,
    GoalStatus, ImmunizationStatus, PlanActivityStatus, ProcedureStatus,
};
pub use codes::Code;
pub use concept::{Coding, Concept, systems};
pub use conditions::{
    AllergyCategory, AllergyClinicalStatus, AllergyKind, AllergyReaction, ChartAllergy, ChartCondition,
    ChartEncounter, ConditionClinicalStatus, Criticality, EncounterStatus, Severity, Verification,
};
pub use coverage::{ChartCoverage, CoverageStatus};
pub use entry::ChartEntry;
pub use family::{ChartRelative, FamilyHistoryStatus, RelativeCondition};
pub use item::{ENTERED_IN_ERROR, ItemFacts};
pub use link::{ChartKind, Link, Party, SourceKey};
pub use medications::{
    ChartDispense, ChartMedication, DispenseStatus, Dosage, MedicationIntent, MedicationStatus, PeriodUnit,
};
pub use partial_time::{PartialTime, Precision};
pub use people::{
    Address, BirthSex, ChartOrganization, ChartPatient, ChartPractitioner, HumanName, Phone,
    SelfIdentification, is_npi,
};
pub use quantity::{Comparator, Decimal, Quantity};
pub use results::{
    ChartObservation, ChartReport, Interpretation, ObservationCategory, ObservationComponent,
    ObservationStatus, ObservationValue, ReferenceRange, ReportCategory,
};
pub use units::plain_unit;
pub use wishes::{
    ChartDirective, ChartInstruction, ChartReferral, CommunicationStatus, ConsentStatus, ReferralStatus,
};
