//! Laboratory results as people read them (LAB-1, LAB-3).

mod lists;
mod policy;
mod waiting;

pub use lists::{MAX_SEARCH, MOST_POINTS, ResultsQuery, ResultsShown, TestPoint, TestView};
pub use policy::{
    Facts, GroupRule, MAX_GROUP_NAME, MOST_CODES, MOST_GROUPS, NEWS_DAYS, POLICY_HOURS, Plan,
    ReleasePolicies, ReleasePoliciesView, ReleaseRule, TestGroup, Turn, is_loinc, is_news,
};
use serde::{Deserialize, Serialize};
pub use waiting::{
    BulkRelease, HOLD_HOURS, Hold, HoldReason, HoldView, MAX_HOLD_WORDS, MOST_RELEASED, ReleaseOutcome,
    ReleaseQueueQuery, ReleaseTarget, UnreleasedResult, Waiting, WaitingShown,
};

use crate::{
    ids::{ObservationId, ResultId},
    patients::PatientSummary,
    time::Time,
    words::words,
};

words! {
    /// The state of a report at the laboratory (FHIR `diagnostic-report-status`).
    ReportStatus {
        /// Ordered, nothing reported yet.
        Registered = "registered",
        /// Some of it reported.
        Partial = "partial",
        /// Early results, may change.
        Preliminary = "preliminary",
        /// Complete and verified.
        Final = "final",
        /// Changed after it was final.
        Amended = "amended",
        /// Changed to mend an error.
        Corrected = "corrected",
        /// Added to after it was final.
        Appended = "appended",
        /// Not done.
        Cancelled = "cancelled",
        /// Withdrawn: never valid.
        EnteredInError = "entered-in-error",
        /// Not told.
        Unknown = "unknown",
    }
}

words! {
    /// How a value lies against the usual range, said in words beside it (LAB-3). In order of weight.
    Flag {
        /// Nothing can be said.
        None = "none",
        /// Within the usual range.
        Normal = "normal",
        /// Below it.
        Low = "low",
        /// Above it.
        High = "high",
        /// Not as usual (a value that is not a number).
        Abnormal = "abnormal",
        /// Far below: the laboratory calls the practice.
        CriticalLow = "critical_low",
        /// Far above.
        CriticalHigh = "critical_high",
        /// Far from usual (a value that is not a number).
        CriticalAbnormal = "critical_abnormal",
    }
}

impl Flag {
    /// Whether the value needs attention.
    pub const fn is_out_of_range(self) -> bool {
        !matches!(self, Self::None | Self::Normal)
    }

    /// Whether it is so far from usual that the laboratory calls the practice.
    pub const fn is_critical(self) -> bool {
        matches!(self, Self::CriticalLow | Self::CriticalHigh | Self::CriticalAbnormal)
    }

    /// Where a number lies against a range, when the laboratory does not say.
    pub fn of(number: f64, low: Option<f64>, high: Option<f64>) -> Self {
        match (low, high) {
            (None, None) => Self::None,
            (Some(low), _) if number < low => Self::Low,
            (_, Some(high)) if number > high => Self::High,
            _ => Self::Normal,
        }
    }
}

words! {
    /// Whether a drug works on a germ (HL7 `ObservationInterpretation`, susceptibility).
    Susceptibility {
        /// It works.
        Susceptible = "susceptible",
        /// It works at a higher dose.
        HigherDose = "higher_dose",
        /// It lies between.
        Intermediate = "intermediate",
        /// It does not work.
        Resistant = "resistant",
    }
}

/// A result in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultSummary {
    /// The id.
    pub id: ResultId,
    /// The name of the test or panel.
    pub title: String,
    /// When the specimen was taken.
    pub collected_at: Time,
    /// When the laboratory reported it.
    pub reported_at: Time,
    /// When a provider released it; null while the patient may not see it.
    pub released_at: Option<Time>,
    /// The state at the laboratory.
    pub status: ReportStatus,
    /// The weightiest flag of its values.
    pub flag: Flag,
    /// Whether it corrects an earlier result.
    pub is_correction: bool,
}

/// A result with its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultView {
    /// Title, times, status, flag.
    #[serde(flatten)]
    pub summary: ResultSummary,
    /// Raised at each change; `If-Match` on release and recall (the provider decides about what the provider saw).
    pub version: i64,
    /// Whose result it is.
    pub patient: PatientSummary,
    /// What was examined: `Blood`, `Urine`.
    pub specimen: Option<String>,
    /// Who performed the test.
    pub laboratory: Option<Laboratory>,
    /// Who ordered it.
    pub ordering_provider: Option<String>,
    /// The laboratory's own words about the whole.
    pub conclusion: Option<String>,
    /// What the provider tells the patient.
    pub provider_comment: Option<String>,
    /// Who released it.
    pub released_by: Option<String>,
    /// The earlier result that this one corrects.
    pub replaces: Option<ResultId>,
    /// The later result that corrects this one.
    pub replaced_by: Option<ResultId>,
    /// The values, in the laboratory's order.
    pub observations: Vec<ObservationView>,
}

/// A performing laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Laboratory {
    /// Its name.
    pub name: String,
    /// Its phone number; may be empty.
    pub phone: String,
    /// Street, city, state and postal code, a line each.
    pub address: Vec<String>,
}

/// One value of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObservationView {
    /// The id.
    pub id: ObservationId,
    /// What was measured, in words.
    pub name: String,
    /// LOINC code where the laboratory gave one.
    pub loinc: Option<String>,
    /// The value; null when there is none (the note says why).
    pub value: Option<Value>,
    /// Where it lies.
    pub flag: Flag,
    /// The usual range.
    pub range: Option<ReferenceRange>,
    /// The laboratory's remark.
    pub note: Option<String>,
    /// Released values of the same test before this one, newest first.
    pub earlier: Vec<EarlierValue>,
    /// The value of this result that it is a part of: of a panel, or of a germ that was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<ObservationId>,
    /// Whether the drug works on the germ that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub susceptibility: Option<Susceptibility>,
    /// Drugs that were tried on this germ, where they came with it and not as values of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drugs: Vec<TriedDrug>,
}

/// A drug that was tried on a germ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TriedDrug {
    /// What the laboratory calls the test of it.
    pub name: String,
    /// What was measured.
    pub value: Option<Value>,
    /// Whether it works.
    pub susceptibility: Susceptibility,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Value {
    /// A number with a unit.
    Quantity {
        /// As shown to people.
        text: String,
        /// For plots.
        number: f64,
        /// As shown; may be empty.
        unit: String,
    },
    /// Words: `Negative`, `Yellow`, a narrative.
    Text {
        /// The words.
        text: String,
    },
}

/// The usual range of a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReferenceRange {
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// As shown to people: `4 to 5.6 %`.
    pub text: String,
}

/// A value of the same test at an earlier time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarlierValue {
    /// The result that holds it.
    pub result_id: ResultId,
    /// When it was collected.
    pub collected_at: Time,
    /// The value.
    pub value: Value,
    /// Where it lay.
    pub flag: Flag,
}

/// A provider's release (LAB-1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// What the provider tells the patient, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 2_000;

words! {
    /// Why a release is taken back.
    RecallReason {
        /// It belongs to somebody else's chart.
        WrongPatient = "wrong_patient",
        /// Another result was meant.
        WrongResult = "wrong_result",
        /// The comment was wrong or meant for another result.
        WrongComment = "wrong_comment",
        /// The patient should hear of it from a person first.
        DiscussFirst = "discuss_first",
        /// Something else; words say what.
        Other = "other",
    }
}

/// Takes back a release that was a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Recall {
    /// Why.
    pub reason: RecallReason,
    /// More about it, for staff only, at most 500 characters; needed when the reason is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// The longest words on a recall, in characters.
pub const MAX_RECALL_WORDS: usize = 500;

/// A result whose release was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recalled {
    /// When the patient first opened it since its release, by the audit trail; null when nobody did. Who had opened it
    /// remembers it: call.
    pub opened_at: Option<Time>,
    /// The result, which waits for release again.
    pub result: ResultView,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_lies_within_below_or_above_its_range() {
        assert_eq!(Flag::of(5.0, Some(4.0), Some(5.6)), Flag::Normal);
        assert_eq!(Flag::of(5.6, Some(4.0), Some(5.6)), Flag::Normal);
        assert_eq!(Flag::of(6.4, Some(4.0), Some(5.6)), Flag::High);
        assert_eq!(Flag::of(3.9, Some(4.0), None), Flag::Low);
        assert_eq!(Flag::of(3.9, None, None), Flag::None);
    }

    #[test]
    fn the_weightiest_flag_is_the_greatest() {
        assert_eq!([Flag::Normal, Flag::High, Flag::None].iter().max(), Some(&Flag::High));
        assert_eq!([Flag::CriticalLow, Flag::High].iter().max(), Some(&Flag::CriticalLow));
    }
}
