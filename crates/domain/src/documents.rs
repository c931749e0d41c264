//! Documents that the practice gives a patient: visit summaries, letters and the like (PHR-6). Staff attach one, written
//! or as a file; the patient sees it from its release on.

use serde::{Deserialize, Serialize};

use crate::{
    ids::DocumentId,
    problem::FieldError,
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;
/// The longest text, in characters.
pub const MAX_TEXT: usize = 20_000;
/// The longest reason for a withdrawal, in characters.
pub const MAX_WITHDRAWAL: usize = 500;

words! {
    /// What a document is.
    DocumentKind {
        /// What happened at a visit, and what to do now.
        VisitSummary = "visit_summary",
        /// A letter to the patient, or about the patient to somebody else.
        Letter = "letter",
        /// What an examination showed.
        Report = "report",
        /// A form to fill in, or one that was filled in.
        Form = "form",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// Where a document stands.
    DocumentState {
        /// Staff prepare it; nowhere that the patient can reach.
        Unreleased = "unreleased",
        /// The patient sees it.
        Released = "released",
        /// It was released, and taken back.
        Withdrawn = "withdrawn",
    }
}

/// A document to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// What it is called; 1 to 120 characters.
    pub title: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The day that it is about: of the visit, on the letter. Not in the future.
    pub date: Date,
    /// What it says, in lines; may be empty when a file follows. At most 20,000 characters.
    #[serde(default)]
    pub text: String,
}

impl NewDocument {
    /// The document with its texts cleaned; or everything that is wrong with it. `today` is the day at the practice.
    pub fn check(mut self, today: Date) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        match text::required("title", &self.title, MAX_TITLE, Lines::One) {
            Ok(title) => self.title = title,
            Err(error) => errors.push(error),
        }
        match text::clean("text", &self.text, MAX_TEXT, Lines::Many) {
            Ok(text) => self.text = text,
            Err(error) => errors.push(error),
        }
        if self.date > today {
            errors.push(FieldError::new("date", "date_in_future", "Give a day that is not in the future."));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// Takes a released document back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DocumentWithdrawal {
    /// Why, for colleagues; 1 to 500 characters. The patient never sees it.
    pub reason: String,
}

impl DocumentWithdrawal {
    /// The same with its reason cleaned.
    pub fn check(&self) -> Result<Self, FieldError> {
        let reason = text::required("reason", &self.reason, MAX_WITHDRAWAL, Lines::Many)?;
        Ok(Self { reason })
    }
}

/// The file of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentFile {
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentView {
    /// The id.
    pub id: DocumentId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The day that it is about.
    pub date: Date,
    /// What it says; empty when it is all in the file. Empty in lists.
    pub text: String,
    /// Its file, where it has one.
    pub file: Option<DocumentFile>,
    /// Who attached it.
    pub author: String,
    /// When it was attached.
    pub created_at: Time,
    /// Where it stands.
    pub state: DocumentState,
    /// Since when the patient sees it.
    pub released_at: Option<Time>,
    /// When the patient first opened it.
    pub read_at: Option<Time>,
    /// For staff: what was done about it after its release.
    pub withdrawal: Option<WithdrawalView>,
    /// Send it as `If-Match` to decide about it.
    pub version: i64,
}

/// Why and when a document was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WithdrawalView {
    /// When.
    pub at: Time,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn new() -> NewDocument {
        NewDocument {
            title: "  After your visit ".into(),
            kind: DocumentKind::VisitSummary,
            date: day("2026-10-05"),
            text: " Drink more water.\nWalk daily. ".into(),
        }
    }

    #[test]
    fn a_document_of_today_is_fine_and_its_texts_are_cleaned() {
        let fine = new().check(day("2026-10-05")).unwrap();
        assert_eq!(
            (fine.title.as_str(), fine.text.as_str()),
            ("After your visit", "Drink more water.\nWalk daily.")
        );
        assert!(NewDocument { text: String::new(), ..new() }.check(day("2026-10-05")).is_ok());
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let wrong = NewDocument {
            title: " ".into(),
            text: "x".repeat(MAX_TEXT + 1),
            date: day("2026-10-06"),
            ..new()
        };
        let fields: Vec<_> =
            wrong.check(day("2026-10-05")).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["title", "text", "date"]);
        assert!(NewDocument { title: "a\nb".into(), ..new() }.check(day("2026-10-05")).is_err());
    }

    #[test]
    fn a_withdrawal_has_a_reason() {
        assert!(DocumentWithdrawal { reason: " \n".into() }.check().is_err());
        assert_eq!(
            DocumentWithdrawal { reason: " wrong chart ".into() }.check().unwrap().reason,
            "wrong chart"
        );
    }
}
