//! Asking for a health record, and what comes of it (PHR-1, PHR-4).

use serde::{Deserialize, Serialize};

use super::{DateRange, Section};
use crate::{ids::HealthRecordId, problem::FieldError, time::Time, words::words};

/// How long the files of a record are kept, in days (PHR-4).
pub const LIFE_DAYS: i64 = 30;
/// How often a record that could not be made is tried by itself.
pub const MOST_TRIES: i64 = 3;
/// So many records a patient may ask for in a day: each costs the server a second.
pub const MOST_A_DAY: i64 = 10;

words! {
    /// In which format a record is written.
    RecordFormat {
        /// PDF, tagged for screen readers (PDF/UA-1).
        Pdf = "pdf",
        /// C-CDA R2.1, a Continuity of Care Document.
        Ccda = "ccda",
        /// A document of HL7 FHIR R4 in JSON.
        Fhir = "fhir",
        /// Plain text in UTF-8.
        Text = "text",
    }
}

impl RecordFormat {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
            Self::Ccda => "application/xml",
            Self::Fhir => "application/fhir+json",
        }
    }

    /// The ending of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Text => "txt",
            Self::Ccda => "xml",
            Self::Fhir => "json",
        }
    }
}

words! {
    /// Where a record that was asked for stands (PHR-4).
    RecordState {
        /// It waits for its turn.
        Queued = "queued",
        /// It is being made.
        Making = "making",
        /// It can be downloaded.
        Ready = "ready",
        /// It could not be made; the reason stands beside it.
        Failed = "failed",
        /// Its files were thrown away after 30 days.
        Expired = "expired",
    }
}

words! {
    /// Why a record could not be made.
    RecordFailure {
        /// Where files are kept did not answer.
        StoreAway = "store_away",
        /// Something went wrong on our side.
        Internal = "internal",
    }
}

/// Asks for a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewHealthRecord {
    /// What it should hold; none at all means everything.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// The days that it should cover; all, when no end is set.
    #[serde(default)]
    pub range: DateRange,
}

impl NewHealthRecord {
    /// The request with its sections in order, each once; or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        self.sections.sort_unstable();
        self.sections.dedup();
        match self.range.check("range") {
            None => Ok(self),
            Some(error) => Err(vec![error]),
        }
    }
}

/// Which file is to be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordDownload {
    /// Its format.
    pub format: RecordFormat,
}

/// A file of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordFile {
    /// Its format.
    pub format: RecordFormat,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// A record that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthRecordView {
    /// The id.
    pub id: HealthRecordId,
    /// The sections that it holds; empty when it holds all.
    pub sections: Vec<Section>,
    /// The days that it covers.
    pub range: DateRange,
    /// When it was asked for.
    pub requested_at: Time,
    /// Where it stands.
    pub state: RecordState,
    /// Why it failed; null otherwise.
    pub failure: Option<RecordFailure>,
    /// Since when it can be downloaded.
    pub ready_at: Option<Time>,
    /// When its files are thrown away.
    pub expires_at: Option<Time>,
    /// What can be downloaded.
    pub files: Vec<RecordFile>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_in_order_each_once_and_reversed_days_are_refused() {
        let asked = NewHealthRecord {
            sections: vec![Section::Results, Section::Allergies, Section::Results],
            range: DateRange::default(),
        };
        assert_eq!(asked.check().unwrap().sections, [Section::Allergies, Section::Results]);
        let range = DateRange { from: "2026-02-01".parse().ok(), to: "2026-01-01".parse().ok() };
        let errors = NewHealthRecord { range, ..NewHealthRecord::default() }.check().unwrap_err();
        assert_eq!(errors[0].field, "range.to");
    }
}
