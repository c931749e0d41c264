//! A patient's results by date and by test, and how the lists are narrowed.

use serde::{Deserialize, Serialize};

use super::{Flag, ReferenceRange, Value};
use crate::{
    ids::{ObservationId, ResultId},
    page::PageQuery,
    time::Time,
    words::words,
};

/// The longest search, in characters.
pub const MAX_SEARCH: usize = 100;
/// Most values of one test that a list draws.
pub const MOST_POINTS: usize = 12;

words! {
    /// Which results are shown.
    ResultsShown {
        /// Those with a value that is not as usual.
        Outside = "outside",
    }
}

/// Which of a patient's results are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ResultsQuery {
    /// Words; each must begin a word of the test's or panel's name. At most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 100))]
    pub q: Option<String>,
    /// All of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub only: Option<ResultsShown>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

impl ResultsQuery {
    /// The page of it.
    pub fn page(&self) -> PageQuery {
        PageQuery { cursor: self.cursor.clone(), limit: self.limit }
    }
}

/// A test with its newest value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestView {
    /// The newest value.
    pub observation_id: ObservationId,
    /// The result that holds it.
    pub result_id: ResultId,
    /// What was measured, in words.
    pub name: String,
    /// When its specimen was taken.
    pub collected_at: Time,
    /// The value.
    pub value: Value,
    /// Where it lies.
    pub flag: Flag,
    /// The usual range.
    pub range: Option<ReferenceRange>,
    /// How many values there are.
    pub count: i64,
    /// The newest values that are numbers in the unit of the newest, oldest first, at most 12.
    pub points: Vec<TestPoint>,
}

/// One value of a test over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestPoint {
    /// When its specimen was taken.
    pub at: Time,
    /// The value.
    pub number: f64,
}
