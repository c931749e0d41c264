//! What patients ask the chart to become: entries to add, to change and to end, answered by staff (MED-1, MED-3).

#[cfg(not(target_arch = "wasm32"))]
mod chart;
mod fields;
#[cfg(not(target_arch = "wasm32"))]
mod matching;
#[cfg(not(target_arch = "wasm32"))]
mod standing;
#[cfg(test)]
mod tests;

#[cfg(not(target_arch = "wasm32"))]
pub use chart::{
    apply, fields_of, from_today, is_active_allergy, is_none_known, is_series, made, none_known, removed,
    stands_now,
};
pub use fields::{Difference, Fields, ProposalField, Takes, differences};
#[cfg(not(target_arch = "wasm32"))]
pub use matching::matches;
#[cfg(not(target_arch = "wasm32"))]
pub use standing::Standing;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ChartItemId, ProposalId},
    patients::PatientSummary,
    problem::{Code, FieldError, Problem},
    text::{self, Lines},
    time::Time,
    words::words,
};

/// The longest note or answer, in characters.
pub const MAX_NOTE: usize = 500;
/// At most so many proposals of a patient wait at a time.
pub const MOST_WAITING: usize = 100;
/// Within so many hours of working days a proposal is to be answered: two business days (APT-7).
pub const DUE_HOURS: i64 = 48;
/// Within so many hours of any day when the patient takes what the allergy is about (MED-3).
pub const URGENT_HOURS: i64 = 4;

words! {
    /// The part of the chart that a proposal is about.
    ProposalSubject {
        /// What the patient takes.
        Medication = "medication",
        /// What the patient is allergic to.
        Allergy = "allergy",
        /// Address and telephone numbers.
        Contact = "contact",
        /// Who pays.
        Insurance = "insurance",
        /// What runs in the family.
        FamilyHistory = "family_history",
        /// Smoking, work, housing and the like.
        SocialHistory = "social_history",
    }
}

words! {
    /// What the chart is asked to do.
    ProposalChange {
        /// Take up a new entry.
        Add = "add",
        /// Say something else about an entry.
        Change = "change",
        /// End an entry: a medication that is taken no longer, an allergy that is none.
        Remove = "remove",
        /// State that no allergy is known.
        NoneKnown = "none_known",
    }
}

words! {
    /// Where a proposal stands.
    ProposalState {
        /// It waits for an answer.
        Pending = "pending",
        /// The chart says so now.
        Accepted = "accepted",
        /// Staff corrected it, and the chart says that now.
        EditedAndAccepted = "edited_and_accepted",
        /// The chart stays as it was, for a reason.
        Declined = "declined",
        /// Whoever proposed it took it back.
        Withdrawn = "withdrawn",
    }
}

impl ProposalState {
    /// Fails unless an answer is awaited, and names the state: whoever lost a race learns who won it.
    pub fn must_wait(self) -> Result<(), Problem> {
        match self {
            Self::Pending => Ok(()),
            _ => Err(Problem::new(Code::WrongState).detail(format!("Its state is {self}."))),
        }
    }
}

words! {
    /// Who proposes.
    ProposalOrigin {
        /// The patient.
        Patient = "patient",
        /// A system that sends charts: it says something else than an accepted proposal.
        Feed = "feed",
    }
}

words! {
    /// Why the chart stays as it is.
    ProposalDeclineReason {
        /// It says so already.
        AlreadyThere = "already_there",
        /// The practice could not confirm it.
        NotConfirmed = "not_confirmed",
        /// The practice wants to talk about it first.
        TalkFirst = "talk_first",
        /// Whoever prescribed it decides.
        PrescriberDecides = "prescriber_decides",
        /// Something else, told in words.
        Other = "other",
    }
}

/// What a patient proposes (MED-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    /// About which part of the chart.
    pub about: ProposalSubject,
    /// To do what.
    pub change: ProposalChange,
    /// The entry to change or remove; none to add one, and none for contact data, of which there is one.
    #[serde(default)]
    pub item: Option<ChartItemId>,
    /// The entry as the patient saw it: what the chart says of it now, or 412. Empty to add one.
    #[serde(default)]
    pub seen: Fields,
    /// The whole entry as it should be; empty to remove one or to state that none is known.
    #[serde(default)]
    pub fields: Fields,
    /// Anything the care team should know, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

impl NewProposal {
    /// The proposal with its texts cleaned, or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        if !self.about.allows(self.change) {
            errors.push(FieldError::new("change", "not_offered", "This can't be proposed here."));
        }
        let names_one = matches!(self.change, ProposalChange::Change | ProposalChange::Remove)
            && self.about != ProposalSubject::Contact;
        match (names_one, self.item) {
            (true, None) => errors.push(FieldError::new("item", "required", "Say which entry it is about.")),
            (false, Some(_)) => errors.push(FieldError::new("item", "not_used", "Leave this out here.")),
            _ => {}
        }
        if matches!(self.change, ProposalChange::Add | ProposalChange::Change) {
            let before = errors.len();
            self.fields = self.fields.check(self.about, &mut errors);
            let is_same = self.change == ProposalChange::Change && self.fields == self.seen.clone().typed();
            if errors.len() == before && is_same {
                let first = self.about.fields().first().map_or("fields", |field| field.path());
                errors.push(FieldError::new(first, "nothing_changed", "Change something first."));
            }
        } else if !self.fields.is_empty() {
            errors.push(FieldError::new("fields", "not_used", "Leave this out here."));
        }
        self.note = cleaned("note", &self.note, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

fn cleaned(field: &str, text: &str, errors: &mut Vec<FieldError>) -> String {
    text::clean(field, text, MAX_NOTE, Lines::Many).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    })
}

words! {
    /// What staff make of a proposal.
    ProposalOutcome {
        /// The chart takes it up.
        Accept = "accept",
        /// The chart stays as it is.
        Decline = "decline",
    }
}

/// The answer of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposalAnswer {
    /// Yes or no.
    pub outcome: ProposalOutcome,
    /// What the chart said of the entry when staff decided: what it says now, or 412. Only needed to accept.
    #[serde(default)]
    pub chart: Fields,
    /// The entry as staff correct it; none to accept it as it was proposed.
    #[serde(default)]
    pub fields: Option<Fields>,
    /// Why not; with `decline`, and only there.
    #[serde(default)]
    pub reason: Option<ProposalDeclineReason>,
    /// A word to the patient, at most 500 characters; required when the reason is `other`.
    #[serde(default)]
    pub words: String,
}

impl ProposalAnswer {
    /// The answer with its texts cleaned, or what is wrong with it.
    pub fn check(mut self, about: ProposalSubject, change: ProposalChange) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let is_typed = matches!(change, ProposalChange::Add | ProposalChange::Change);
        match self.fields.take() {
            Some(fields) if is_typed && self.outcome == ProposalOutcome::Accept => {
                self.fields = Some(fields.check(about, &mut errors));
            }
            Some(_) => errors.push(FieldError::new("fields", "not_used", "Leave this out here.")),
            None => {}
        }
        match (self.outcome, self.reason) {
            (ProposalOutcome::Decline, None) => {
                errors.push(FieldError::new("reason", "required", "Say why not."));
            }
            (ProposalOutcome::Accept, Some(_)) => {
                errors.push(FieldError::new("reason", "not_used", "Give a reason only to say no."));
            }
            _ => {}
        }
        self.words = cleaned("words", &self.words, &mut errors);
        if self.reason == Some(ProposalDeclineReason::Other) && self.words.is_empty() {
            errors.push(FieldError::new("words", "required", "Tell the patient why in words."));
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    /// The state that this answer to `proposed` leads to.
    pub fn state(&self, proposed: &Fields) -> ProposalState {
        match (self.outcome, &self.fields) {
            (ProposalOutcome::Decline, _) => ProposalState::Declined,
            (ProposalOutcome::Accept, Some(fields)) if fields != proposed => ProposalState::EditedAndAccepted,
            (ProposalOutcome::Accept, _) => ProposalState::Accepted,
        }
    }
}

/// A proposal in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalSummary {
    /// The id.
    pub id: ProposalId,
    /// Whose chart.
    pub patient: PatientSummary,
    /// Who proposes.
    pub origin: ProposalOrigin,
    /// About which part of the chart.
    pub about: ProposalSubject,
    /// To do what.
    pub change: ProposalChange,
    /// The entry of the chart; none until a new one is accepted.
    pub item: Option<ChartItemId>,
    /// What the entry is called.
    pub name: String,
    /// Where it stands.
    pub state: ProposalState,
    /// What is proposed.
    pub fields: Fields,
    /// What of the chart speaks against waiting: drugs that the patient takes and that a proposed allergy is about, or
    /// allergies to a proposed drug (MED-3). Such a proposal is urgent.
    pub conflicts: Vec<String>,
    /// What whoever proposed it wrote; may be empty.
    pub note: String,
    /// When it was proposed.
    pub proposed_at: Time,
    /// By when an answer is due.
    pub due_at: Time,
    /// Whether that time is over and it still waits.
    pub is_overdue: bool,
    /// Why the chart stays as it is.
    pub reason: Option<ProposalDeclineReason>,
    /// What the practice wrote with its answer; may be empty.
    pub words: String,
    /// When it was answered or taken back.
    pub closed_at: Option<Time>,
    /// Raised at each change; `If-Match` on the answer.
    pub version: i64,
}

impl ProposalSummary {
    /// Whether it is to be answered at once (MED-3).
    pub fn is_urgent(&self) -> bool {
        !self.conflicts.is_empty()
    }
}

/// A proposal with what the chart says, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalView {
    /// The proposal.
    pub proposal: ProposalSummary,
    /// What the chart says of the entry: now while it waits, and before the answer afterwards.
    pub chart: Fields,
    /// The chart and the proposal side by side, with what stood there when it was proposed.
    pub differences: Vec<Difference>,
    /// Whether the chart's entry changed between the proposal and the answer.
    pub is_stale: bool,
    /// What the chart took up.
    pub accepted: Option<Fields>,
    /// Who proposed it, by name; none for a feed.
    pub proposed_by: Option<String>,
    /// Who answered, by name.
    pub closed_by: Option<String>,
}

/// An entry of the chart about which something may be proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChartEntryView {
    /// Of which part.
    pub about: ProposalSubject,
    /// The row; none for contact data.
    pub item: Option<ChartItemId>,
    /// What it is called; empty for contact data.
    pub name: String,
    /// What the chart says of it.
    pub fields: Fields,
    /// Whether it is true now, rather than in the past.
    pub is_current: bool,
    /// Whether it is the statement that no allergy is known (MED-3).
    pub is_none_known: bool,
    /// The patient's proposal about it that waits.
    pub proposal: Option<ProposalId>,
}

/// Which of a patient's proposals are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ProposalsQuery {
    /// About which part of the chart; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<ProposalSubject>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// Which of the practice's proposals staff ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ProposalQueueQuery {
    /// `pending` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ProposalState>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}
