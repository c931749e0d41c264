//! Results that wait for release: the queue, holds, and several released together (LAB-2).

use serde::{Deserialize, Serialize};

use super::ResultSummary;
use crate::{
    ids::{PatientId, ResultId},
    page::PageQuery,
    patients::PatientSummary,
    problem::Problem,
    time::Time,
    words::words,
};

/// The longest words on a hold, in characters.
pub const MAX_HOLD_WORDS: usize = 500;
/// Hours for which a result may be held: an hour to thirty days. A hold may be placed anew.
pub const HOLD_HOURS: std::ops::RangeInclusive<i64> = 1..=720;
/// Most results that are released at once.
pub const MOST_RELEASED: usize = 100;

words! {
    /// Why a result is held back.
    HoldReason {
        /// The patient should hear of it from a person first.
        DiscussFirst = "discuss_first",
        /// It is read together with another result that is still to come.
        AwaitingMore = "awaiting_more",
        /// It is doubted and measured again.
        BeingConfirmed = "being_confirmed",
        /// Knowing it might harm somebody.
        RiskOfHarm = "risk_of_harm",
        /// The patient asked to be told in another way.
        PatientAsked = "patient_asked",
        /// Something else; words say what.
        Other = "other",
    }
}

/// Holds a result back: no policy releases it until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// More about it, for staff only, at most 500 characters; needed when the reason is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// For how many hours from now: 1 to 720.
    pub hours: i64,
}

/// A hold that is in force. Staff only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoldView {
    /// Why.
    pub reason: HoldReason,
    /// More about it.
    pub words: Option<String>,
    /// Until when.
    pub until: Time,
    /// Since when.
    pub placed_at: Time,
    /// By whom.
    pub placed_by: Option<String>,
}

/// What a result waits for. Staff only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// The version that a release, a hold and its lifting name.
    pub version: i64,
    /// The group of tests whose policy counts; null for the practice's default.
    pub group: Option<String>,
    /// When the policy releases it, unless it is held; null when a provider does.
    pub releases_at: Option<Time>,
    /// By when a provider should have released it; null when the policy does.
    pub review_by: Option<Time>,
    /// Whether that time is over and no hold says why.
    pub overdue: bool,
    /// Why it is held back, when it is.
    pub hold: Option<HoldView>,
}

/// A result that waits for release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnreleasedResult {
    /// Whose.
    pub patient: PatientSummary,
    /// For what it waits.
    pub waiting: Waiting,
    /// Which.
    #[serde(flatten)]
    pub result: ResultSummary,
}

words! {
    /// Which of the results that wait are shown.
    WaitingShown {
        /// Those left to a provider whose time is over.
        Overdue = "overdue",
        /// Those that are held back.
        Held = "held",
        /// Those that a policy releases.
        Automatic = "automatic",
    }
}

/// Which part of the queue is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ReleaseQueueQuery {
    /// All of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub show: Option<WaitingShown>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

impl ReleaseQueueQuery {
    /// The page of it.
    pub fn page(&self) -> PageQuery {
        PageQuery { cursor: self.cursor.clone(), limit: self.limit }
    }
}

/// One of several results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReleaseTarget {
    /// Whose.
    pub patient_id: PatientId,
    /// Which.
    pub result_id: ResultId,
    /// As the provider saw it.
    pub version: i64,
}

/// Releases several results, each for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkRelease {
    /// Which, at most 100.
    pub results: Vec<ReleaseTarget>,
    /// What the provider tells each of these patients, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// How one of several releases ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseOutcome {
    /// The result.
    pub result_id: ResultId,
    /// Its version once released, for taking it back; null when it was not.
    pub version: Option<i64>,
    /// Why it was not released; null when it was.
    pub problem: Option<Problem>,
}
