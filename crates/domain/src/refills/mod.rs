//! The medication list, and requests for refills and renewals, answered drug by drug (MED-2).

mod medication;

pub use medication::{MedicationView, OpenRequest, RequestKind, Supply, WhyNot, is_current};

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ChartItemId, MedicationRequestId, MedicationRequestItemId},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::Time,
    words::words,
};

/// At most so many medications are asked for at once.
pub const MOST_ITEMS: usize = 20;
/// The longest name of a pharmacy, in characters.
pub const MAX_PHARMACY: usize = 200;
/// The longest note, reason or message, in characters.
pub const MAX_NOTE: usize = 500;
/// Within so many hours of working days a request is to be answered: two business days (APT-7).
pub const DUE_HOURS: i64 = 48;

words! {
    /// Where a request stands.
    RequestState {
        /// Something of it waits for an answer.
        Open = "open",
        /// All that was not taken back is answered.
        Answered = "answered",
        /// The patient took all of it back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Where one medication of a request stands.
    ItemState {
        /// Waits for an answer.
        Waiting = "waiting",
        /// The practice says yes.
        Approved = "approved",
        /// The practice says no, with a reason.
        Declined = "declined",
        /// The practice wants to see the patient first.
        NeedsAppointment = "needs_appointment",
        /// The patient took it back.
        Withdrawn = "withdrawn",
    }
}

impl RequestState {
    /// The state of a request whose medications stand like this.
    pub fn of(items: impl IntoIterator<Item = ItemState>) -> Self {
        let mut state = Self::Withdrawn;
        for item in items {
            match item {
                ItemState::Waiting => return Self::Open,
                ItemState::Withdrawn => {}
                _ => state = Self::Answered,
            }
        }
        state
    }
}

words! {
    /// Why the practice says no.
    DeclineReason {
        /// The last fill has not run out yet.
        TooSoon = "too_soon",
        /// The pharmacy has refills left.
        AskPharmacy = "ask_pharmacy",
        /// Another practice prescribes it.
        PrescribedElsewhere = "prescribed_elsewhere",
        /// The patient is to take it no longer.
        NoLongerNeeded = "no_longer_needed",
        /// A test comes first.
        TestFirst = "test_first",
        /// Something else, told in words.
        Other = "other",
    }
}

/// One medication that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WantedMedication {
    /// The row of the chart.
    pub medication: ChartItemId,
    /// What is asked for: what the medication list offers now.
    pub kind: RequestKind,
}

/// A request for refills and renewals (MED-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMedicationRequest {
    /// One to 20 medications.
    pub items: Vec<WantedMedication>,
    /// To which pharmacy, in words, at most 200 characters; empty for the usual one.
    #[serde(default)]
    pub pharmacy: String,
    /// Anything the practice should know, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

fn counted(field: &str, count: usize, errors: &mut Vec<FieldError>) {
    if count == 0 {
        errors.push(FieldError::new(field, "required", "Choose at least one medication."));
    } else if count > MOST_ITEMS {
        errors.push(FieldError::new(field, "too_many", "Choose up to 20 medications at once."));
    }
}

impl NewMedicationRequest {
    /// The request with its texts cleaned, or what is wrong with it. `requestable` says what may be asked for of a
    /// medication now; none when the chart has no such medication.
    pub fn check(
        mut self,
        requestable: impl Fn(ChartItemId) -> Option<Result<RequestKind, WhyNot>>,
    ) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        counted("items", self.items.len(), &mut errors);
        let mut seen = HashSet::new();
        for (index, item) in self.items.iter().enumerate().take(MOST_ITEMS) {
            let place = |name: &str| format!("items[{index}].{name}");
            let error = match requestable(item.medication) {
                None => FieldError::new(place("medication"), "unknown", "Choose a medication of this chart."),
                Some(_) if !seen.insert(item.medication) => {
                    FieldError::new(place("medication"), "twice", "This medication is named twice.")
                }
                Some(Err(why)) => FieldError::new(place("kind"), why.as_str(), why.sentence()),
                Some(Ok(kind)) if kind == item.kind => continue,
                Some(Ok(RequestKind::Renewal)) => FieldError::new(
                    place("kind"),
                    "no_refills",
                    "No refill is left, or the prescription has expired. Ask for a renewal.",
                ),
                Some(Ok(RequestKind::Refill)) => FieldError::new(
                    place("kind"),
                    "has_refills",
                    "Refills are left on this prescription. Ask for a refill.",
                ),
            };
            errors.push(error);
        }
        self.pharmacy = cleaned("pharmacy", &self.pharmacy, MAX_PHARMACY, Lines::One, &mut errors);
        self.note = cleaned("note", &self.note, MAX_NOTE, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

fn cleaned(field: &str, text: &str, max: usize, lines: Lines, errors: &mut Vec<FieldError>) -> String {
    text::clean(field, text, max, lines).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    })
}

words! {
    /// What the practice says of one medication.
    ItemOutcome {
        /// Yes.
        Approved = "approved",
        /// No, with a reason.
        Declined = "declined",
        /// First the patient comes in.
        NeedsAppointment = "needs_appointment",
    }
}

impl ItemOutcome {
    /// The state that it leads to.
    pub const fn state(self) -> ItemState {
        match self {
            Self::Approved => ItemState::Approved,
            Self::Declined => ItemState::Declined,
            Self::NeedsAppointment => ItemState::NeedsAppointment,
        }
    }
}

/// The practice's answer for one medication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemAnswer {
    /// Which one of the request.
    pub item: MedicationRequestItemId,
    /// Yes, no, or come in first.
    pub outcome: ItemOutcome,
    /// Why not; with `declined`, and only there.
    #[serde(default)]
    pub reason: Option<DeclineReason>,
    /// More about this medication for the patient, at most 500 characters; required when the reason is `other`.
    #[serde(default)]
    pub words: String,
}

/// The practice's answer to a request, or to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefillAnswer {
    /// One or more medications that wait; the others wait on.
    pub items: Vec<ItemAnswer>,
    /// A word to the patient about all of these, at most 500 characters.
    #[serde(default)]
    pub message: String,
}

impl RefillAnswer {
    /// The answer with its texts cleaned, or what is wrong with it. `known` tells the medications of the request.
    pub fn check(mut self, known: impl Fn(MedicationRequestItemId) -> bool) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        counted("items", self.items.len(), &mut errors);
        let mut seen = HashSet::new();
        for (index, item) in self.items.iter_mut().enumerate().take(MOST_ITEMS) {
            let place = |name: &str| format!("items[{index}].{name}");
            if let Some(error) = unusable(place("item"), item.item, &known, &mut seen) {
                errors.push(error);
            }
            match (item.outcome, item.reason) {
                (ItemOutcome::Declined, None) => {
                    errors.push(FieldError::new(place("reason"), "required", "Say why not."));
                }
                (ItemOutcome::Approved | ItemOutcome::NeedsAppointment, Some(_)) => {
                    errors.push(FieldError::new(
                        place("reason"),
                        "not_used",
                        "Give a reason only to say no.",
                    ));
                }
                _ => {}
            }
            let is_needed = item.reason == Some(DeclineReason::Other);
            item.words = cleaned(&place("words"), &item.words, MAX_NOTE, Lines::Many, &mut errors);
            if is_needed && item.words.is_empty() {
                errors.push(FieldError::new(place("words"), "required", "Tell the patient why in words."));
            }
        }
        self.message = cleaned("message", &self.message, MAX_NOTE, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

fn unusable(
    field: String,
    item: MedicationRequestItemId,
    known: impl Fn(MedicationRequestItemId) -> bool,
    seen: &mut HashSet<MedicationRequestItemId>,
) -> Option<FieldError> {
    if !known(item) {
        return Some(FieldError::new(field, "unknown", "Choose a medication of this request."));
    }
    (!seen.insert(item)).then(|| FieldError::new(field, "twice", "This medication is named twice."))
}

/// What the patient takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// One or more medications of the request that wait for an answer.
    pub items: Vec<MedicationRequestItemId>,
}

impl Withdrawal {
    /// Whether it can be carried out, as far as it tells itself. `known` tells the medications of the request.
    pub fn check(&self, known: impl Fn(MedicationRequestItemId) -> bool) -> Result<(), Problem> {
        let mut errors = Vec::new();
        counted("items", self.items.len(), &mut errors);
        let mut seen = HashSet::new();
        for (index, item) in self.items.iter().enumerate().take(MOST_ITEMS) {
            errors.extend(unusable(format!("items[{index}]"), *item, &known, &mut seen));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }
}

/// A request for refills and renewals, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MedicationRequestView {
    /// The id.
    pub id: MedicationRequestId,
    /// Whose.
    pub patient: PatientSummary,
    /// Where it stands.
    pub state: RequestState,
    /// What was asked for, in the patient's order.
    pub items: Vec<RequestItemView>,
    /// To which pharmacy; empty for the usual one.
    pub pharmacy: String,
    /// What the patient wrote.
    pub note: String,
    /// When it was sent.
    pub requested_at: Time,
    /// By when an answer is due.
    pub due_at: Time,
    /// Whether that time is over and something still waits.
    pub is_overdue: bool,
    /// What the practice wrote with its answers, oldest first.
    pub answers: Vec<AnswerView>,
    /// Raised at each change; `If-Match` on answers.
    pub version: i64,
}

/// One medication of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestItemView {
    /// The id.
    pub id: MedicationRequestItemId,
    /// The row of the chart.
    pub medication_id: ChartItemId,
    /// The drug, as it was called when the patient asked.
    pub drug: String,
    /// What was asked for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: ItemState,
    /// Why the practice said no.
    pub reason: Option<DeclineReason>,
    /// What the practice wrote about it; may be empty.
    pub words: String,
    /// When it was answered or taken back.
    pub closed_at: Option<Time>,
}

/// An answer of the practice, apart from what it said of each medication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerView {
    /// When.
    pub at: Time,
    /// Who answered, by name.
    pub by: String,
    /// A word to the patient; may be empty.
    pub message: String,
}

/// Which of the practice's requests staff ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct RefillQueueQuery {
    /// `open` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RequestState>,
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
    use uuid::Uuid;

    use super::*;

    fn drug(n: u128) -> ChartItemId {
        ChartItemId(Uuid::from_u128(n))
    }

    fn item(n: u128) -> MedicationRequestItemId {
        MedicationRequestItemId(Uuid::from_u128(n))
    }

    fn found(problem: &Problem) -> Vec<(&str, &str)> {
        problem.errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect()
    }

    #[test]
    fn a_request_is_refused_with_every_medication_at_fault() {
        let wanted = |n, kind| WantedMedication { medication: drug(n), kind };
        let asked = NewMedicationRequest {
            items: vec![
                wanted(1, RequestKind::Refill),
                wanted(1, RequestKind::Refill),
                wanted(2, RequestKind::Refill),
                wanted(3, RequestKind::Renewal),
                wanted(4, RequestKind::Refill),
                wanted(9, RequestKind::Refill),
            ],
            pharmacy: "Corner\nShop".into(),
            note: "x".repeat(501),
        };
        let requestable = |id: ChartItemId| match id.0.as_u128() {
            1 | 3 => Some(Ok(RequestKind::Refill)),
            2 => Some(Ok(RequestKind::Renewal)),
            4 => Some(Err(WhyNot::Stopped)),
            _ => None,
        };
        assert_eq!(
            found(&asked.clone().check(requestable).unwrap_err()),
            [
                ("items[1].medication", "twice"),
                ("items[2].kind", "no_refills"),
                ("items[3].kind", "has_refills"),
                ("items[4].kind", "stopped"),
                ("items[5].medication", "unknown"),
                ("pharmacy", "control_characters"),
                ("note", "too_long"),
            ]
        );
        let none = NewMedicationRequest { items: vec![], pharmacy: String::new(), note: String::new() };
        assert_eq!(found(&none.clone().check(requestable).unwrap_err()), [("items", "required")]);
        let many = (100..121).map(|n| wanted(n, RequestKind::Refill)).collect();
        let many = NewMedicationRequest { items: many, ..none };
        let errors = many.check(|_| Some(Ok(RequestKind::Refill))).unwrap_err();
        assert_eq!(found(&errors), [("items", "too_many")]);
    }

    #[test]
    fn an_answer_says_no_only_with_a_reason_and_gives_one_only_to_say_no() {
        let answer = |n, outcome, reason| ItemAnswer { item: item(n), outcome, reason, words: " ".into() };
        let given = RefillAnswer {
            items: vec![
                answer(1, ItemOutcome::Declined, None),
                answer(2, ItemOutcome::Approved, Some(DeclineReason::TooSoon)),
                answer(3, ItemOutcome::Declined, Some(DeclineReason::Other)),
                answer(3, ItemOutcome::Declined, Some(DeclineReason::TooSoon)),
                answer(9, ItemOutcome::NeedsAppointment, None),
            ],
            message: String::new(),
        };
        assert_eq!(
            found(&given.check(|id| id.0.as_u128() < 5).unwrap_err()),
            [
                ("items[0].reason", "required"),
                ("items[1].reason", "not_used"),
                ("items[2].words", "required"),
                ("items[3].item", "twice"),
                ("items[4].item", "unknown"),
            ]
        );
        let none = RefillAnswer { items: vec![], message: "x".into() };
        assert_eq!(found(&none.check(|_| true).unwrap_err()), [("items", "required")]);
        let back = Withdrawal { items: vec![item(1), item(1), item(9)] };
        let errors = back.check(|id| id.0.as_u128() < 5).unwrap_err();
        assert_eq!(found(&errors), [("items[1]", "twice"), ("items[2]", "unknown")]);
    }

    #[test]
    fn a_request_is_open_until_every_medication_is_answered_or_taken_back() {
        use ItemState as I;
        assert_eq!(RequestState::of([I::Approved, I::Waiting, I::Withdrawn]), RequestState::Open);
        assert_eq!(RequestState::of([I::Withdrawn, I::Declined]), RequestState::Answered);
        assert_eq!(RequestState::of([I::NeedsAppointment]), RequestState::Answered);
        assert_eq!(RequestState::of([I::Withdrawn, I::Withdrawn]), RequestState::Withdrawn);
    }
}
