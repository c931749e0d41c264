//! Records that a patient brings from elsewhere: a C-CDA or a FHIR bundle of another clinic. They are shown as what they
//! are, from where and of when, and never become part of the chart by themselves: staff take over single entries.

mod entries;
#[cfg(not(target_arch = "wasm32"))]
mod taking;

pub use entries::{
    DecidedEntry, MAX_DISMISSAL, OutsideDismissReason, OutsideDismissal, OutsideEntryKind, OutsideEntryState,
    OutsideEntryView,
};
#[cfg(not(target_arch = "wasm32"))]
pub use taking::{entered_in_error, kind_of, marks, speaks_against, taken_over};

use serde::{Deserialize, Serialize};

use crate::{
    ids::OutsideRecordId,
    record::ChartBlock,
    time::{Date, Time},
    words::words,
};

/// The largest file, in bytes.
pub const MAX_OUTSIDE_BYTES: u64 = 10 * 1024 * 1024;
/// So many a patient may keep here.
pub const MOST_OUTSIDE: i64 = 20;

words! {
    /// What a record from elsewhere is written in.
    OutsideFormat {
        /// HL7 Clinical Document Architecture: C-CDA and its like, in XML.
        Ccda = "ccda",
        /// A bundle of HL7 FHIR R4, in JSON.
        Fhir = "fhir",
    }
}

impl OutsideFormat {
    /// The media type that a download carries.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ccda => "application/xml",
            Self::Fhir => "application/fhir+json",
        }
    }

    /// The ending of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Ccda => "xml",
            Self::Fhir => "json",
        }
    }
}

/// Whom a record says that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutsidePerson {
    /// The whole name.
    pub name: String,
    /// The last name.
    pub family_name: String,
    /// The date of birth, where it is a whole one.
    pub birth_date: Option<Date>,
}

/// A record from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutsideRecordView {
    /// The id.
    pub id: OutsideRecordId,
    /// What it is written in.
    pub format: OutsideFormat,
    /// What it calls itself; may be empty.
    pub title: String,
    /// Which organization keeps it; empty where it does not say.
    pub source: String,
    /// The day that it was made, on its own calendar.
    pub made_on: Option<Date>,
    /// When the patient brought it.
    pub added_at: Time,
    /// Its size in bytes.
    pub size: i64,
    /// Whether it names another last name or date of birth than the chart: it may be about somebody else.
    pub may_be_of_another: bool,
}

/// A record from elsewhere with what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutsideRecordOpened {
    /// Which.
    pub record: OutsideRecordView,
    /// Whom it says that it is about.
    pub person: Option<OutsidePerson>,
    /// What it says, section by section, in its own words.
    pub sections: Vec<OutsideSection>,
    /// What of it could stand in the chart, entry by entry, and what staff made of it.
    pub entries: Vec<OutsideEntryView>,
    /// How many parts of it could not be read.
    pub unread: u64,
}

/// A section of a record from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutsideSection {
    /// Its heading.
    pub title: String,
    /// What it holds.
    pub blocks: Vec<ChartBlock>,
}

/// Whether a record names another last name or date of birth than the chart, or nobody. People change names, and clerks
/// mistype: it is a reason to ask, not to refuse. `fold` makes names comparable.
pub fn may_be_of_another(
    person: Option<&OutsidePerson>,
    family_name: &str,
    birth_date: Date,
    fold: impl Fn(&str) -> String,
) -> bool {
    person.is_none_or(|person| {
        fold(&person.family_name) != fold(family_name) || person.birth_date != Some(birth_date)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_or_birthday_or_none_is_a_reason_to_ask() {
        let born: Date = "1980-04-17".parse().unwrap();
        let person =
            OutsidePerson { name: "Anna LUND".into(), family_name: "LUND".into(), birth_date: Some(born) };
        let asks = |person: Option<&OutsidePerson>| {
            may_be_of_another(person, "Lund", born, |text| text.to_lowercase())
        };
        assert!(!asks(Some(&person)));
        assert!(asks(None));
        assert!(asks(Some(&OutsidePerson { family_name: "Holm".into(), ..person.clone() })));
        assert!(asks(Some(&OutsidePerson { birth_date: "1980-04-18".parse().ok(), ..person.clone() })));
        assert!(asks(Some(&OutsidePerson { birth_date: None, ..person })));
    }
}
