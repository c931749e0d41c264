//! The chart as its patient reads it on a page: the words of the health record, a section at a time.

use serde::{Deserialize, Serialize};

use super::Section;
use crate::{
    audience::CodedTerm,
    results::{Flag, ReferenceRange, Value},
    time::Time,
};

/// So many rows of a table come when nobody asks for another number.
pub const ROWS: u32 = 50;
/// So many rows of a table may be asked for.
pub const MOST_ROWS: u32 = 1_000;
/// So many values of a vital sign come, the newest.
pub const MOST_MEASUREMENTS: i64 = 100;

/// How much of a section to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct SectionQuery {
    /// Rows of each table, the newest first: 50 unless told, at most 1000.
    #[serde(default)]
    pub rows: Option<u32>,
}

impl SectionQuery {
    /// The number of rows to show.
    pub fn rows(self) -> usize {
        self.rows.unwrap_or(ROWS).clamp(1, MOST_ROWS) as usize
    }
}

/// A section of the chart in words (PHR-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChartSection {
    /// Which.
    pub section: Section,
    /// Whether nothing is on record; then a sentence says so.
    pub is_empty: bool,
    /// What it holds.
    pub blocks: Vec<ChartBlock>,
    /// How many older rows were left out.
    pub hidden: u64,
    /// By which codes the library knows what stands here (EDU-1): of allergies, medications, problems, vaccines and
    /// procedures, each once.
    pub codes: Vec<CodedTerm>,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChartBlock {
    /// Rows under columns.
    Table {
        /// What it is about, where a section has several.
        caption: Option<String>,
        /// The headings. The first column names the row.
        columns: Vec<String>,
        /// The rows, each as wide as the headings; lines within a cell are parted by line feeds.
        rows: Vec<Vec<String>>,
    },
    /// Labels with what they stand for.
    Facts {
        /// The facts.
        facts: Vec<ChartFact>,
    },
    /// A paragraph; lines are parted by line feeds.
    Text {
        /// The words.
        text: String,
    },
}

/// A label with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChartFact {
    /// The label.
    pub label: String,
    /// What it stands for.
    pub value: String,
}

/// A vital sign with its values. Blood pressure is two: systolic and diastolic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VitalSign {
    /// What is measured, in words.
    pub name: String,
    /// LOINC code where there is one.
    pub loinc: Option<String>,
    /// The usual range, as it came with the newest value.
    pub range: Option<ReferenceRange>,
    /// The values, newest first, at most 100.
    pub values: Vec<Measurement>,
}

/// A value of a vital sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measurement {
    /// When it was measured.
    pub at: Time,
    /// The value.
    pub value: Value,
    /// Where it lies.
    pub flag: Flag,
}
