//! Requests to correct the record: what a patient says is wrong, and the practice's answer (PHR-6, 45 CFR 164.526).

use serde::{Deserialize, Serialize};

use crate::{
    ids::AmendmentId,
    patients::PatientSummary,
    problem::{Code, FieldError, Problem},
    record::Section,
    text::{self, Lines},
    time::Time,
    words::words,
};

/// Within so many days a request is to be acted on (45 CFR 164.526(b)(2)(i)).
pub const DUE_DAYS: i64 = 60;
/// The longest name of an entry, in characters.
pub const MAX_ENTRY: usize = 200;
/// The longest of the other texts, in characters.
pub const MAX_WORDS: usize = 1_000;
/// At most so many requests of a patient wait at a time.
pub const MOST_WAITING: usize = 100;

words! {
    /// Where a request stands.
    AmendmentState {
        /// It waits for an answer.
        Pending = "pending",
        /// The practice corrects its record.
        Accepted = "accepted",
        /// The practice leaves its record as it is, for a reason.
        Denied = "denied",
        /// The patient took it back.
        Withdrawn = "withdrawn",
    }
}

impl AmendmentState {
    /// Fails unless an answer is awaited, and names the state: whoever lost a race learns who won it.
    pub fn must_wait(self) -> Result<(), Problem> {
        match self {
            Self::Pending => Ok(()),
            _ => Err(Problem::new(Code::WrongState).detail(format!("Its state is {self}."))),
        }
    }
}

words! {
    /// Why a request may be denied: there are no other reasons (45 CFR 164.526(a)(2)).
    AmendmentDenial {
        /// Somebody else made the entry, who can be asked.
        NotOurs = "not_ours",
        /// The entry is no part of the record that patients have a right to.
        NotOfTheRecord = "not_of_the_record",
        /// Patients may not see that entry.
        NotForInspection = "not_for_inspection",
        /// The entry is accurate and complete.
        AccurateAndComplete = "accurate_and_complete",
    }
}

/// What a patient says is wrong in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAmendment {
    /// In which part of the record.
    pub section: Section,
    /// Which entry, in words, 1 to 200 characters.
    pub entry: String,
    /// What is wrong with it, 1 to 1,000 characters.
    pub wrong: String,
    /// What would be right, and why, 1 to 1,000 characters.
    pub right: String,
}

fn needed(field: &str, says: &str, max: usize, lines: Lines, errors: &mut Vec<FieldError>) -> String {
    text::required(field, says, max, lines).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    })
}

impl NewAmendment {
    /// The request with its texts cleaned, or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        self.entry = needed("entry", &self.entry, MAX_ENTRY, Lines::One, &mut errors);
        self.wrong = needed("wrong", &self.wrong, MAX_WORDS, Lines::Many, &mut errors);
        self.right = needed("right", &self.right, MAX_WORDS, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

/// The practice's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmendmentAnswer {
    /// Why the record stays as it is; none to accept the request.
    #[serde(default)]
    pub denial: Option<AmendmentDenial>,
    /// What was done, or why not, in plain words, 1 to 1,000 characters.
    pub words: String,
}

impl AmendmentAnswer {
    /// The answer with its text cleaned, or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        self.words = needed("words", &self.words, MAX_WORDS, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    /// The state that it leads to.
    pub const fn state(&self) -> AmendmentState {
        if self.denial.is_some() { AmendmentState::Denied } else { AmendmentState::Accepted }
    }
}

/// A request to correct the record, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AmendmentView {
    /// The id.
    pub id: AmendmentId,
    /// Whose record.
    pub patient: PatientSummary,
    /// Where it stands.
    pub state: AmendmentState,
    /// In which part of the record.
    pub section: Section,
    /// Which entry, in the patient's words.
    pub entry: String,
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub right: String,
    /// When it was sent.
    pub requested_at: Time,
    /// By when the practice must have acted: 60 days later.
    pub due_at: Time,
    /// Whether that time is over and it still waits.
    pub is_overdue: bool,
    /// Why the record stays as it is.
    pub denial: Option<AmendmentDenial>,
    /// What the practice wrote; empty until then.
    pub words: String,
    /// When it was answered or taken back.
    pub closed_at: Option<Time>,
    /// Who answered, by name.
    pub closed_by: Option<String>,
    /// Raised at each change; `If-Match` on the answer.
    pub version: i64,
}

/// Which of the practice's requests staff ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct AmendmentQueueQuery {
    /// `pending` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AmendmentState>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(problem: &Problem) -> Vec<(&str, &str)> {
        problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
    }

    #[test]
    fn a_request_says_which_entry_what_is_wrong_and_what_would_be_right() {
        let empty = NewAmendment {
            section: Section::Conditions,
            entry: " ".into(),
            wrong: String::new(),
            right: "x".repeat(1_001),
        };
        let problem = empty.check().unwrap_err();
        assert_eq!(found(&problem), [("entry", "required"), ("wrong", "required"), ("right", "too_long")]);
    }

    #[test]
    fn every_answer_has_words_and_a_no_has_one_of_the_lawful_reasons() {
        for denial in AmendmentDenial::ALL.iter().copied().map(Some).chain([None]) {
            let answer = |words: &str| AmendmentAnswer { denial, words: words.into() };
            assert_eq!(found(&answer(" ").check().unwrap_err()), [("words", "required")]);
            let state = answer("It is right.").check().unwrap().state();
            assert_eq!(state == AmendmentState::Denied, denial.is_some());
        }
    }

    proptest! {
        #[test]
        fn only_what_waits_is_answered(state in proptest::sample::select(AmendmentState::ALL)) {
            prop_assert_eq!(state.must_wait().is_ok(), state == AmendmentState::Pending);
        }

        #[test]
        fn a_request_that_passes_passes_again(entry in ".{1,250}", wrong in ".{0,50}", right in ".{0,50}") {
            let new = NewAmendment { section: Section::Results, entry, wrong, right };
            if let Ok(clean) = new.check() {
                prop_assert_eq!(clean.clone().check().unwrap(), clean);
            }
        }
    }
}
