//! Observations and the reports that group them.

use serde::{Deserialize, Serialize};

use crate::{
    chart::{Code, Concept, Link, PartialTime, Party, Quantity, codes::codes},
    results::ReportStatus,
};

codes! {
    /// FHIR `observation-status`.
    ObservationStatus {
        /// Known to be coming, nothing measured yet.
        Registered = "registered",
        /// Early, may still change.
        Preliminary = "preliminary",
        /// Complete and verified.
        Final = "final",
        /// Changed after it was final.
        Amended = "amended",
        /// Changed after it was final, because it was wrong.
        Corrected = "corrected",
        /// Not measured.
        Cancelled = "cancelled",
        /// Recorded in error: never shown.
        EnteredInError = "entered-in-error",
        /// Not known.
        Unknown = "unknown",
    }
}

codes! {
    /// What an observation is about (FHIR `observation-category`).
    ObservationCategory {
        /// From a laboratory.
        Laboratory = "laboratory",
        /// Blood pressure, weight, temperature and the like.
        VitalSigns = "vital-signs",
        /// Smoking, work, housing and the like.
        SocialHistory = "social-history",
        /// Answers to a questionnaire.
        Survey = "survey",
        /// What the patient can do alone in daily life (US Core).
        FunctionalStatus = "functional-status",
        /// From X-ray, ultrasound and the like.
        Imaging = "imaging",
        /// Found on examination.
        Exam = "exam",
        /// Found during a procedure.
        Procedure = "procedure",
        /// How a therapy went.
        Therapy = "therapy",
        /// Steps, sleep and the like.
        Activity = "activity",
        /// Sent without a category that is known.
        Other = "other",
    }
}

impl ObservationCategory {
    /// Whether a provider must release it before the patient sees it (LAB-1).
    ///
    /// Whatever may be a finding waits; only what was measured or asked in the patient's presence
    /// doesn't. An unknown category waits, because it may be a laboratory's.
    pub fn waits_for_release(self) -> bool {
        match self {
            Self::Laboratory | Self::Imaging | Self::Exam | Self::Procedure | Self::Other => true,
            Self::VitalSigns
            | Self::SocialHistory
            | Self::Survey
            | Self::FunctionalStatus
            | Self::Therapy
            | Self::Activity => false,
        }
    }
}

codes! {
    /// Which service made a report (from HL7 v2 table 0074 and LOINC document classes).
    ReportCategory {
        /// A laboratory, microbiology and blood bank included.
        Laboratory = "laboratory",
        /// Tissue and cells.
        Pathology = "pathology",
        /// X-ray, ultrasound, tomography and the like.
        Imaging = "imaging",
        /// Heart and vessels.
        Cardiology = "cardiology",
        /// Anything else.
        Other = "other",
    }
}

codes! {
    /// What a result means against what is usual (HL7 v3 `ObservationInterpretation`).
    Interpretation {
        /// Normal.
        Normal = "N",
        /// Abnormal.
        Abnormal = "A",
        /// Critically abnormal.
        CriticallyAbnormal = "AA",
        /// Low.
        Low = "L",
        /// Critically low.
        CriticallyLow = "LL",
        /// Significantly low.
        SignificantlyLow = "LU",
        /// High.
        High = "H",
        /// Critically high.
        CriticallyHigh = "HH",
        /// Significantly high.
        SignificantlyHigh = "HU",
        /// Below what the method can measure.
        OffScaleLow = "<",
        /// Above what the method can measure.
        OffScaleHigh = ">",
        /// Better than before.
        Better = "B",
        /// Worse than before.
        Worse = "W",
        /// Higher than before, significantly.
        Up = "U",
        /// Lower than before, significantly.
        Down = "D",
        /// Positive.
        Positive = "POS",
        /// Negative.
        Negative = "NEG",
        /// Detected.
        Detected = "DET",
        /// Not detected.
        NotDetected = "ND",
        /// Can't be told.
        Indeterminate = "IND",
        /// Unclear, lying between.
        Equivocal = "E",
        /// Reactive.
        Reactive = "RR",
        /// Weakly reactive.
        WeaklyReactive = "WR",
        /// Not reactive.
        NonReactive = "NR",
        /// Expected, as of a prescribed drug.
        Expected = "EXP",
        /// Not expected, as of a prescribed drug.
        Unexpected = "UNE",
        /// The germ is susceptible to the drug.
        Susceptible = "S",
        /// The germ is susceptible at a higher dose.
        SusceptibleDoseDependent = "SDD",
        /// The germ lies between susceptible and resistant.
        Intermediate = "I",
        /// The germ resists the drug.
        Resistant = "R",
        /// The germ is not susceptible.
        NonSusceptible = "NS",
        /// The two drugs together work.
        SynergySusceptible = "SYN-S",
        /// The two drugs together don't work.
        SynergyResistant = "SYN-R",
        /// Not enough evidence.
        InsufficientEvidence = "IE",
        /// Carries the gene.
        Carrier = "CAR",
        /// Above a threshold of a device.
        HighThreshold = "HX",
        /// Below a threshold of a device.
        LowThreshold = "LX",
        /// Outside a threshold of a device.
        OutsideThreshold = "EX",
    }
}

impl Interpretation {
    /// Whether it calls for action at once.
    pub fn is_critical(self) -> bool {
        matches!(self, Self::CriticallyAbnormal | Self::CriticallyLow | Self::CriticallyHigh)
    }

    /// Whether it says that the result is as usual or as hoped.
    pub fn is_usual(self) -> bool {
        matches!(
            self,
            Self::Normal
                | Self::Negative
                | Self::NotDetected
                | Self::NonReactive
                | Self::Expected
                | Self::Susceptible
                | Self::SynergySusceptible
                | Self::Better
        )
    }

    /// How urgent it is: 2 critical, 1 not usual, 0 usual. Of several flags the most urgent is kept.
    pub fn urgency(self) -> u8 {
        if self.is_critical() { 2 } else { u8::from(!self.is_usual()) }
    }

    /// Reads the code of HL7 v3 or of the older v2 table 0078, which share their letters.
    pub fn read(code: &str) -> Option<Self> {
        match code {
            "POSITIVE" => Some(Self::Positive),
            "NEGATIVE" => Some(Self::Negative),
            "H>" => Some(Self::SignificantlyHigh),
            "L<" => Some(Self::SignificantlyLow),
            _ => Self::from_code(code),
        }
    }
}

/// What was measured or observed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationValue {
    /// An amount.
    Quantity(Quantity),
    /// A finding.
    Concept(Concept),
    /// Words.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// Between two amounts.
    Range {
        /// From.
        low: Option<Quantity>,
        /// To.
        high: Option<Quantity>,
    },
    /// One amount to another, such as a titre of 1:128.
    Ratio {
        /// The first.
        numerator: Quantity,
        /// The second.
        denominator: Quantity,
    },
    /// A time, such as that of the last period.
    Time(PartialTime),
    /// Sent in a form that the portal can't show (waveforms and the like); the practice has it.
    NotShown,
}

/// What is usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceRange {
    /// From.
    pub low: Option<Quantity>,
    /// To.
    pub high: Option<Quantity>,
    /// In words, where sent: it outranks the numbers, which may leave out conditions.
    pub text: Option<String>,
}

/// One part of an observation, such as the systolic blood pressure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationComponent {
    /// What was measured.
    pub code: Concept,
    /// The value.
    pub value: Option<ObservationValue>,
    /// Why there is no value.
    pub absent_reason: Option<Concept>,
    /// What it means.
    pub interpretation: Option<Interpretation>,
    /// What is usual.
    pub reference_range: Option<ReferenceRange>,
}

/// One measured or observed value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartObservation {
    /// Whose.
    pub patient: Link,
    /// What it is about.
    pub category: ObservationCategory,
    /// Where it stands.
    pub status: ObservationStatus,
    /// What was measured.
    pub code: Concept,
    /// When it was true of the patient: for a laboratory, when the specimen was taken.
    pub effective: Option<PartialTime>,
    /// Until when, for a period.
    pub effective_end: Option<PartialTime>,
    /// When it was made known.
    pub issued: Option<PartialTime>,
    /// The value.
    pub value: Option<ObservationValue>,
    /// Why there is no value.
    pub absent_reason: Option<Concept>,
    /// Parts, such as systolic and diastolic.
    pub components: Vec<ObservationComponent>,
    /// The observations that this one groups (a panel).
    pub members: Vec<Link>,
    /// What it means.
    pub interpretation: Option<Interpretation>,
    /// What it means, where the sender used other words.
    pub interpretation_text: Option<String>,
    /// What is usual.
    pub reference_range: Option<ReferenceRange>,
    /// What it was measured in (blood, urine).
    pub specimen: Option<String>,
    /// How it was measured.
    pub method: Option<Concept>,
    /// Where on the body.
    pub body_site: Option<Concept>,
    /// Who measured it.
    pub performers: Vec<Party>,
    /// At which visit.
    pub encounter: Option<Link>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// A report of results: what a provider releases and a patient opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartReport {
    /// Whose.
    pub patient: Link,
    /// Which service made it.
    pub category: ReportCategory,
    /// Where it stands.
    pub status: ReportStatus,
    /// What was reported on.
    pub code: Concept,
    /// When the specimen was taken or the image made.
    pub effective: Option<PartialTime>,
    /// Until when, for a period.
    pub effective_end: Option<PartialTime>,
    /// When the report was made known.
    pub issued: Option<PartialTime>,
    /// The laboratory or service, and who signed.
    pub performers: Vec<Party>,
    /// Who read it.
    pub interpreters: Vec<Party>,
    /// Who ordered it.
    pub ordered_by: Option<Party>,
    /// Its values, in the report's order.
    pub results: Vec<Link>,
    /// What was examined (blood, urine).
    pub specimen: Option<String>,
    /// When the specimen was taken, where the specimen says so.
    pub collected: Option<PartialTime>,
    /// The summary of who wrote it.
    pub conclusion: Option<String>,
    /// The summary by code.
    pub conclusion_codes: Vec<Concept>,
    /// The report in words, where sent as plain text.
    pub narrative: Option<String>,
    /// How many files (PDF, images) came with it that the portal doesn't hold.
    pub files_left_out: u32,
    /// At which visit.
    pub encounter: Option<Link>,
}

impl ChartReport {
    /// Every reference of this report to another record.
    pub fn links_mut(&mut self) -> Vec<&mut Link> {
        let Self { patient, performers, interpreters, ordered_by, results, encounter, .. } = self;
        let parties = performers.iter_mut().chain(interpreters).chain(ordered_by);
        let parties = parties.filter_map(|party| party.link.as_mut());
        std::iter::once(patient).chain(parties).chain(results).chain(encounter).collect()
    }

    /// The report that stands for an observation which came in none, so that whatever waits for
    /// release is a report. `named` is the source key of the observation itself.
    pub fn of_observation(observation: &ChartObservation, named: Link) -> Self {
        let category = match observation.category {
            ObservationCategory::Laboratory => ReportCategory::Laboratory,
            ObservationCategory::Imaging => ReportCategory::Imaging,
            _ => ReportCategory::Other,
        };
        let status = match observation.status {
            ObservationStatus::Registered => ReportStatus::Registered,
            ObservationStatus::Preliminary => ReportStatus::Preliminary,
            ObservationStatus::Final => ReportStatus::Final,
            ObservationStatus::Amended => ReportStatus::Amended,
            ObservationStatus::Corrected => ReportStatus::Corrected,
            ObservationStatus::Cancelled => ReportStatus::Cancelled,
            ObservationStatus::EnteredInError => ReportStatus::EnteredInError,
            ObservationStatus::Unknown => ReportStatus::Unknown,
        };
        Self {
            patient: observation.patient.clone(),
            category,
            status,
            code: observation.code.clone(),
            effective: observation.effective,
            effective_end: observation.effective_end,
            issued: observation.issued,
            performers: observation.performers.clone(),
            interpreters: Vec::new(),
            ordered_by: None,
            results: std::iter::once(named).chain(observation.members.iter().cloned()).collect(),
            specimen: observation.specimen.clone(),
            collected: None,
            conclusion: None,
            conclusion_codes: Vec::new(),
            narrative: None,
            files_left_out: 0,
            encounter: observation.encounter.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_may_be_a_finding_waits_for_release() {
        assert!(ObservationCategory::Laboratory.waits_for_release());
        assert!(ObservationCategory::Other.waits_for_release());
        assert!(!ObservationCategory::VitalSigns.waits_for_release());
    }

    #[test]
    fn a_flag_reads_old_and_new_codes_and_ranks_by_urgency() {
        assert_eq!(Interpretation::read("HH"), Some(Interpretation::CriticallyHigh));
        assert_eq!(Interpretation::read("H>"), Some(Interpretation::SignificantlyHigh));
        assert_eq!(Interpretation::read("hh"), None);
        assert!(Interpretation::CriticallyLow.urgency() > Interpretation::Low.urgency());
        assert!(Interpretation::Low.urgency() > Interpretation::Normal.urgency());
    }
}
