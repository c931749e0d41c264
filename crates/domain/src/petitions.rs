//! Requests that the law gives patients: to correct the record ([`crate::amendments`]) and to limit what is done with it
//! ([`crate::restrictions`]). Each waits, with a day by which the practice should have acted, until it is answered in words or
//! taken back. What they have in common is here.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    access::Category,
    ids::PetitionId,
    mail::ItemKind,
    patients::PatientSummary,
    problem::{Code, FieldError, Problem},
    record::Section,
    text::{self, Lines},
    time::Time,
    words::words,
};

/// The longest text of one line, in characters.
pub const MAX_LINE: usize = 200;
/// The longest of the other texts, in characters.
pub const MAX_WORDS: usize = 1_000;
/// At most so many requests of one kind of a patient wait at a time.
pub const MOST_WAITING: usize = 100;

words! {
    /// What is asked for.
    PetitionKind {
        /// To correct the record (45 CFR 164.526).
        Amendment = "amendment",
        /// Not to share or use something (45 CFR 164.522(a)).
        Restriction = "restriction",
    }
}

words! {
    /// Where a request stands.
    PetitionState {
        /// It waits for an answer.
        Pending = "pending",
        /// The practice does what was asked.
        Accepted = "accepted",
        /// The practice does not, for a reason.
        Denied = "denied",
        /// The patient took it back.
        Withdrawn = "withdrawn",
        /// The practice did what was asked, until the patient ended that.
        Ended = "ended",
    }
}

impl PetitionState {
    /// Fails unless an answer is awaited, and names the state: whoever lost a race learns who won it.
    pub fn must_wait(self) -> Result<(), Problem> {
        match self {
            Self::Pending => Ok(()),
            _ => Err(Problem::new(Code::WrongState).detail(format!("Its state is {self}."))),
        }
    }
}

/// What is the same of every request, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Petitioned {
    /// The id.
    pub id: PetitionId,
    /// Whose record.
    pub patient: PatientSummary,
    /// Where it stands.
    pub state: PetitionState,
    /// When it was sent.
    pub requested_at: Time,
    /// By when the practice should have acted.
    pub due_at: Time,
    /// Whether that time is over and it still waits.
    pub is_overdue: bool,
    /// What the practice wrote; empty until then.
    pub words: String,
    /// When it was answered, taken back or ended.
    pub closed_at: Option<Time>,
    /// Who did, by name.
    pub closed_by: Option<String>,
    /// Raised at each change; `If-Match` on the answer.
    pub version: i64,
}

/// What an answer makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Why not, by the word of the kind's own list; none for yes.
    pub denial: Option<&'static str>,
    /// What was done, or why not, in plain words.
    pub words: String,
}

impl Decision {
    /// The state that it leads to.
    pub const fn state(&self) -> PetitionState {
        if self.denial.is_some() { PetitionState::Denied } else { PetitionState::Accepted }
    }
}

/// What is asked, and in what one kind of request differs from the other.
pub trait Petition: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its word.
    const KIND: PetitionKind;
    /// Whose leave it takes.
    const CATEGORY: Category;
    /// The inbox item that brings the answer.
    const ANSWERED: ItemKind;
    /// Within so many days the practice should have acted.
    const DUE_DAYS: i64;
    /// The field whose text names the request.
    const NAMED_BY: &'static str;
    /// What staff answer.
    type Answer: Clone + Send + Sync + 'static;
    /// What people are shown.
    type View: Serialize + DeserializeOwned + Send + 'static;

    /// With its texts cleaned, or what is wrong with it.
    fn check(self) -> Result<Self, Problem>;

    /// The text that names it.
    fn name(&self) -> &str;

    /// The part of the record that it is about, where it says so.
    fn section(&self) -> Option<Section>;

    /// What the answer makes of it, or what is wrong with the answer.
    fn decide(&self, answer: Self::Answer) -> Result<Decision, Problem>;

    /// What becomes of it when the patient takes it back, in this state.
    fn taken_back(state: PetitionState) -> Result<PetitionState, Problem> {
        state.must_wait().map(|()| PetitionState::Withdrawn)
    }

    /// With what is the same of every request, and the word of its denial.
    fn view(self, petitioned: Petitioned, denial: Option<&str>) -> Self::View;
}

/// A text that must not be empty; what is wrong with it goes to the others.
pub(crate) fn needed(
    field: &str,
    says: &str,
    max: usize,
    lines: Lines,
    errors: &mut Vec<FieldError>,
) -> String {
    text::required(field, says, max, lines).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    })
}

/// Which of the practice's requests staff ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct PetitionQueueQuery {
    /// `pending` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PetitionState>,
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

    proptest! {
        #[test]
        fn only_what_waits_is_answered(state in proptest::sample::select(PetitionState::ALL)) {
            prop_assert_eq!(state.must_wait().is_ok(), state == PetitionState::Pending);
        }
    }
}
