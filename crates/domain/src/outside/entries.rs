//! The entries of a record from elsewhere that could stand in the chart, and what staff make of each.

use serde::{Deserialize, Serialize};

use crate::{
    access::Category,
    ids::{ChartItemId, OutsideRecordId},
    problem::{FieldError, Problem},
    record::ChartFact,
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

/// The longest word to the patient with a dismissal, in characters.
pub const MAX_DISMISSAL: usize = 500;

words! {
    /// What of a record from elsewhere can go into the chart.
    OutsideEntryKind {
        /// An allergy, or the statement that there is none.
        Allergy = "allergy",
        /// What the patient takes.
        Medication = "medication",
        /// A problem or diagnosis.
        Condition = "condition",
        /// A vaccination.
        Immunization = "immunization",
    }
}

impl OutsideEntryKind {
    /// Whose leave it needs besides that for records from elsewhere, once it stands in the chart.
    pub const fn category(self) -> Category {
        match self {
            Self::Medication => Category::Medications,
            Self::Allergy | Self::Condition | Self::Immunization => Category::Chart,
        }
    }
}

words! {
    /// What became of an entry.
    OutsideEntryState {
        /// Nobody decided, or the decision was undone.
        Open = "open",
        /// The chart says so now.
        Accepted = "accepted",
        /// The chart stays as it was, for a reason.
        Dismissed = "dismissed",
    }
}

impl OutsideEntryState {
    /// Fails unless it is in this state, and names the one that it is in: whoever lost a race learns who won it.
    pub fn must_be(self, wanted: impl FnOnce(Self) -> bool) -> Result<(), Problem> {
        if wanted(self) {
            return Ok(());
        }
        Err(Problem::new(crate::problem::Code::WrongState).detail(format!("Its state is {self}.")))
    }
}

words! {
    /// Why an entry stays out of the chart.
    OutsideDismissReason {
        /// The chart says so already.
        AlreadyThere = "already_there",
        /// It is not true any more.
        Outdated = "outdated",
        /// The practice could not confirm it.
        NotConfirmed = "not_confirmed",
        /// It is about somebody else.
        AnotherPerson = "another_person",
        /// Something else, told in words.
        Other = "other",
    }
}

/// Leaves an entry out of the chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OutsideDismissal {
    /// Why.
    pub reason: OutsideDismissReason,
    /// A word to the patient, at most 500 characters; required when the reason is `other`.
    #[serde(default)]
    pub words: String,
}

impl OutsideDismissal {
    /// The dismissal with its words cleaned, or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Problem> {
        self.words = text::clean("words", &self.words, MAX_DISMISSAL, Lines::Many)
            .map_err(|error| Problem::invalid(vec![error]))?;
        if self.reason == OutsideDismissReason::Other && self.words.is_empty() {
            let missing = FieldError::new("words", "required", "Tell the patient why in words.");
            return Err(Problem::invalid(vec![missing]));
        }
        Ok(self)
    }
}

/// One entry of a record from elsewhere, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutsideEntryView {
    /// Its place in the file, which names it there.
    pub entry: String,
    /// What it is.
    pub kind: OutsideEntryKind,
    /// What it is called.
    pub name: String,
    /// What the chart would say of it beside its name.
    pub facts: Vec<ChartFact>,
    /// Its code with the name of the code's system (`RxNorm 860975`); none where it came in words only.
    pub code: Option<String>,
    /// For staff: entries of the chart that may be the same.
    pub in_chart: Vec<String>,
    /// For staff: what of the chart speaks against it, such as an allergy to what is taken (MED-3).
    pub conflicts: Vec<String>,
    /// What became of it.
    pub state: OutsideEntryState,
    /// Why it was left out.
    pub reason: Option<OutsideDismissReason>,
    /// What the practice wrote to it; may be empty.
    pub words: String,
    /// Who decided last, by name.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Time>,
    /// Counts the decisions; goes as `If-Match` on the next one. 0 when there was none.
    pub version: i64,
}

/// An entry of the chart that came from elsewhere, with its origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecidedEntry {
    /// The entry of the chart.
    pub item: ChartItemId,
    /// What it is.
    pub kind: OutsideEntryKind,
    /// What it is called.
    pub name: String,
    /// The record that it was taken from. The patient may have removed it since.
    pub record: OutsideRecordId,
    /// Its place in the file of that record.
    pub entry: String,
    /// Whether the record is still there.
    pub is_kept: bool,
    /// Which organization kept the record; empty where it did not say.
    pub source: String,
    /// What the record called itself; may be empty.
    pub title: String,
    /// The day that the record was made.
    pub made_on: Option<Date>,
    /// Who took it over, by name.
    pub decided_by: String,
    /// When.
    pub decided_at: Time,
    /// Goes as `If-Match` when it is undone.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reason_needs_words_and_every_reason_may_have_some() {
        let with = |reason, words: &str| OutsideDismissal { reason, words: words.into() }.check();
        for reason in OutsideDismissReason::ALL {
            let is_other = *reason == OutsideDismissReason::Other;
            assert_eq!(with(*reason, " ").is_err(), is_other, "{reason}");
            assert_eq!(with(*reason, " Ask us. ").unwrap().words, "Ask us.");
        }
        assert_eq!(
            with(OutsideDismissReason::Outdated, &"x".repeat(501)).unwrap_err().errors[0].code,
            "too_long"
        );
    }
}
