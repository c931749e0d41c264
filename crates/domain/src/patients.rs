//! The registry: who has a chart.

use serde::{Deserialize, Serialize};

use crate::{ids::PatientId, page::PageQuery, time::Date, words::words};

words! {
    /// Administrative gender (FHIR `administrative-gender`).
    Gender {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Neither of the two.
        Other = "other",
        /// Not known.
        Unknown = "unknown",
    }
}

/// What tells one patient from another, on every list and before every act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatientSummary {
    /// The id in this portal.
    pub id: PatientId,
    /// Medical record number: the practice's own.
    pub mrn: String,
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Date of birth.
    #[serde(with = "crate::time::iso_date")]
    pub birth_date: Date,
    /// Administrative gender.
    pub gender: Gender,
}

impl PatientSummary {
    /// Given and family name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

/// A patient with contact data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatientView {
    /// Who.
    #[serde(flatten)]
    pub summary: PatientSummary,
    /// Street, city, state and postal code, a line each.
    pub address: Vec<String>,
    /// Phone numbers as the chart has them.
    pub phones: Vec<String>,
    /// E-mail address as the chart has it (not verified).
    pub email: Option<String>,
    /// Preferred language, in words.
    pub language: Option<String>,
}

/// How staff look for a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct PatientQuery {
    /// The beginning of a family name, `family, given`, `given family`, or a whole MRN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Born on this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

impl PatientQuery {
    /// The paging half of the query.
    pub fn page(&self) -> PageQuery {
        PageQuery { cursor: self.cursor.clone(), limit: self.limit }
    }
}
