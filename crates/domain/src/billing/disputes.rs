//! Something of a bill that a patient questions (PAY-4): it opens a conversation with the billing team, and stays open until
//! staff decide or the patient takes it back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ledger::TransactionKind, money::Money};
use crate::{
    ids::{DisputeId, StatementId, ThreadId},
    messages::StaffName,
    patients::PatientSummary,
    problem::{Code, FieldError, Problem},
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

/// The longest text of either side, in characters.
pub const MAX_WORDS: usize = 2_000;
/// At most so many of a patient's are open at a time.
pub const MOST_OPEN: i64 = 20;
/// Within so many days staff should have decided.
pub const DUE_DAYS: i64 = 30;

words! {
    /// What is questioned.
    DisputeSubject {
        /// A transaction of the account that is no payment: a charge, a refund.
        Line = "line",
        /// A whole statement.
        Statement = "statement",
        /// A payment, online or at the desk, also one that came to nothing.
        Payment = "payment",
    }
}

words! {
    /// What the patient says is wrong.
    DisputeReason {
        /// It belongs to somebody else.
        NotMine = "not_mine",
        /// It was paid already.
        AlreadyPaid = "already_paid",
        /// An insurer should pay it.
        Insurance = "insurance",
        /// The amount is not right.
        WrongAmount = "wrong_amount",
        /// Something else, in words.
        Other = "other",
    }
}

words! {
    /// Where it stands.
    DisputeState {
        /// Staff have not decided.
        Open = "open",
        /// It was decided, or taken back.
        Resolved = "resolved",
    }
}

words! {
    /// How it ended.
    DisputeOutcome {
        /// The patient was right: less is owed now.
        Adjusted = "adjusted",
        /// The patient was right: money went back to the card.
        Refunded = "refunded",
        /// The patient was right: a payment at the desk was taken out of the ledger.
        Voided = "voided",
        /// The practice gave up what is owed.
        WrittenOff = "written_off",
        /// The patient was right: an insurer is asked to pay.
        ToInsurer = "to_insurer",
        /// The patient was right, and the billing system will send the correction.
        ToBeCorrected = "to_be_corrected",
        /// The bill is right as it is.
        Declined = "declined",
        /// The patient took it back.
        Withdrawn = "withdrawn",
    }
}

impl DisputeOutcome {
    /// Those that staff choose from.
    pub const OF_STAFF: [Self; 7] = [
        Self::Adjusted,
        Self::Refunded,
        Self::Voided,
        Self::WrittenOff,
        Self::ToInsurer,
        Self::ToBeCorrected,
        Self::Declined,
    ];

    /// What the ledger must hold before an answer may say so.
    pub const fn transaction(self) -> Option<TransactionKind> {
        match self {
            Self::Adjusted => Some(TransactionKind::Adjustment),
            Self::Refunded => Some(TransactionKind::Refund),
            Self::Voided => Some(TransactionKind::Void),
            Self::WrittenOff => Some(TransactionKind::WriteOff),
            Self::ToInsurer | Self::ToBeCorrected | Self::Declined | Self::Withdrawn => None,
        }
    }
}

impl DisputeState {
    /// Fails unless it is open, and names the state: whoever lost a race learns that somebody won it.
    pub fn must_be_open(self) -> Result<(), Problem> {
        match self {
            Self::Open => Ok(()),
            Self::Resolved => Err(Problem::new(Code::WrongState).detail(format!("Its state is {self}."))),
        }
    }
}

/// Which thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DisputeAbout {
    /// The kind of thing.
    pub kind: DisputeSubject,
    /// Its id. A payment that counted has the id of its line.
    pub id: Uuid,
}

/// What a patient questions, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDispute {
    /// What.
    pub about: DisputeAbout,
    /// Why, from the list.
    pub reason: DisputeReason,
    /// What is wrong, in the patient's words: 1 to 2,000 characters. It begins the conversation.
    pub text: String,
}

impl NewDispute {
    /// With its text cleaned.
    pub fn check(mut self) -> Result<Self, Problem> {
        self.text = words_of("text", &self.text)?;
        Ok(self)
    }
}

fn words_of(field: &str, says: &str) -> Result<String, Problem> {
    text::required(field, says, MAX_WORDS, Lines::Many).map_err(|error| Problem::invalid(vec![error]))
}

/// How staff decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DisputeDecision {
    /// Any but `withdrawn`. What says that the ledger was changed needs that change to stand there.
    pub outcome: DisputeOutcome,
    /// What the patient is told: 1 to 2,000 characters. It becomes a message of the conversation.
    pub answer: String,
}

impl DisputeDecision {
    /// With its answer cleaned. `posted` are the kinds of what was posted to the account since it was questioned.
    pub fn check(mut self, posted: &[TransactionKind]) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        match text::required("answer", &self.answer, MAX_WORDS, Lines::Many) {
            Ok(answer) => self.answer = answer,
            Err(error) => errors.push(error),
        }
        if self.outcome == DisputeOutcome::Withdrawn {
            errors.push(FieldError::new("outcome", "unknown", "Only the patient can take it back."));
        }
        if self.outcome.transaction().is_some_and(|kind| !posted.contains(&kind)) {
            let message = "The ledger has no such entry since this was questioned. Post it first.";
            errors.push(FieldError::new("outcome", "not_in_ledger", message));
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

/// The thing as it was when it was questioned: no words about what was done or for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disputed {
    /// Which.
    #[serde(flatten)]
    pub about: DisputeAbout,
    /// What a line is; null of statements and of payments.
    pub line: Option<TransactionKind>,
    /// How much; of a statement what it billed.
    pub amount: Money,
    /// Its day.
    #[serde(with = "crate::time::iso_date")]
    pub date: Date,
    /// The statement itself, or the one that a line stands on.
    pub statement_id: Option<StatementId>,
    /// The number of a statement; empty of everything else.
    pub number: String,
}

impl Disputed {
    /// What the conversation is called.
    pub fn subject(&self) -> String {
        let amount = self.amount.shown();
        match self.about.kind {
            DisputeSubject::Line => format!("Question about {amount} on the bill"),
            DisputeSubject::Statement => format!("Question about statement {}", self.number),
            DisputeSubject::Payment => format!("Question about the payment of {amount}"),
        }
    }
}

/// Something that is questioned, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DisputeView {
    /// The id.
    pub id: DisputeId,
    /// Whose account.
    pub patient: PatientSummary,
    /// What.
    pub disputed: Disputed,
    /// Why.
    pub reason: DisputeReason,
    /// Where it stands.
    pub state: DisputeState,
    /// The conversation about it.
    pub thread_id: ThreadId,
    /// When it was questioned.
    pub opened_at: Time,
    /// By when staff should have decided.
    pub due_at: Time,
    /// Whether that time is over and it is still open.
    pub is_overdue: bool,
    /// Who claimed the conversation.
    pub owner: Option<StaffName>,
    /// How it ended.
    pub outcome: Option<DisputeOutcome>,
    /// What the patient was told; empty until then.
    pub answer: String,
    /// When it ended.
    pub closed_at: Option<Time>,
    /// Who ended it, by name.
    pub closed_by: Option<String>,
}

/// Which of the practice's are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct DisputeQuery {
    /// `open` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DisputeState>,
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
    use super::*;

    fn decide(outcome: DisputeOutcome, posted: &[TransactionKind]) -> Option<String> {
        let decision = DisputeDecision { outcome, answer: " We looked. ".into() };
        decision.check(posted).err().map(|problem| problem.errors[0].code.clone())
    }

    #[test]
    fn an_answer_says_nothing_that_the_ledger_does_not() {
        for outcome in DisputeOutcome::OF_STAFF {
            let kind = outcome.transaction();
            let without = decide(outcome, &[TransactionKind::Charge]);
            assert_eq!(without.as_deref(), kind.map(|_| "not_in_ledger"), "{outcome}");
            assert_eq!(decide(outcome, &Vec::from_iter(kind)), None, "{outcome}");
        }
        assert_eq!(decide(DisputeOutcome::Withdrawn, &[]).as_deref(), Some("unknown"));
        let silent = DisputeDecision { outcome: DisputeOutcome::Declined, answer: " \n".into() };
        assert_eq!(silent.check(&[]).unwrap_err().errors[0].field, "answer");
    }

    #[test]
    fn staff_choose_everything_but_taking_it_back() {
        for outcome in DisputeOutcome::ALL {
            let is_of_staff = DisputeOutcome::OF_STAFF.contains(outcome);
            assert_eq!(is_of_staff, *outcome != DisputeOutcome::Withdrawn);
        }
    }
}
