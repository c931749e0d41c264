//! Balances and payments (PAY-1 to PAY-4): money, the ledger, what comes in from the billing system, and what is paid.

mod aging;
mod disputes;
mod intake;
mod ledger;
mod methods;
mod money;
mod payments;
mod plans;
mod reconcile;
mod year;

pub use aging::{
    AgeBucket, AgedLine, AgedSum, MONTHS as RECEIVABLE_MONTHS, MonthColumn, MonthSums, Receivables,
    month_column, open_parts,
};
pub use disputes::{
    DUE_DAYS as DISPUTE_DUE_DAYS, DisputeAbout, DisputeDecision, DisputeOutcome, DisputeQuery, DisputeReason,
    DisputeState, DisputeSubject, DisputeView, Disputed, MAX_WORDS as MAX_DISPUTE,
    MOST_OPEN as MOST_DISPUTES, NewDispute,
};
pub use intake::{
    BilledPerson, BillingImport, BillingLine, COLUMNS, LineOutcome, LineResult, MAX_FILE, MOST_LINES,
    NewBillingLines, ReadLine, read_file,
};
pub use ledger::{
    Balances, DeskMethod, Entry, LedgerAccount, NotPostable, Posting, TransactionKind, can_be_voided,
    open_amounts,
};
pub use methods::{
    MOST_METHODS, MethodState, PaymentMethodView, RemoveMethodQuery, is_expired, may_remove, method_label,
};
pub use money::{Currency, MOST_MONEY, Money, NotMoney};
pub use payments::{
    CloseQuery, CloseSum, DailyClose, FAILED_REFUND_DAYS, FailedRefund, HOLD_MINUTES, MAX_CHECK, MAX_REASON,
    NewDeskPayment, NewPayment, NewRefund, NewVoid, NewWriteOff, PaymentFailure, PaymentState, PaymentView,
    WriteOffDecision, WriteOffState, WriteOffView,
};
pub use plans::{
    Due, FEWEST_INSTALMENTS, InstalmentState, InstalmentView, MOST_INSTALMENTS, NewPlan, NewPlanCard,
    PauseReason, PaymentPlanView, PlanQuery, PlanState, PlanSummary, REMINDER_DAYS, StopPlan, due_days,
    is_reminded, least_instalment, most_instalments, next_try, schedule, takes,
};
pub use reconcile::{Booked, Difference, DifferenceKind, Differing, Reconciliation, differences};
pub use year::YearView;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{LedgerTransactionId, StatementId},
    patients::PatientSummary,
    time::{Date, Time},
};

/// What a patient owes, at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BillingView {
    /// What the patient owes; less than zero: what the practice owes the patient.
    pub balance: Money,
    /// What is being paid just now and not settled yet.
    pub held: Money,
    /// What can be paid now.
    pub payable: Money,
    /// What insurers have not decided yet. It can't be paid.
    pub insurance_pending: Money,
    /// Statements, the newest first.
    pub statements: Vec<StatementSummary>,
    /// Whether the practice takes payments online.
    pub pays_online: bool,
    /// Whether some of the patient's own charges stand on somebody else's account.
    pub billed_elsewhere: bool,
}

/// A statement in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementSummary {
    /// The id.
    pub id: StatementId,
    /// Its number in the billing system.
    pub number: String,
    /// The date of its first line.
    #[serde(with = "crate::time::iso_date")]
    pub date: Date,
    /// What it bills the patient.
    pub billed: Money,
    /// What is still open of it.
    pub open: Money,
}

/// A statement with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementView {
    /// The statement.
    pub statement: StatementSummary,
    /// Who pays.
    pub payer: PatientSummary,
    /// Its lines, the oldest first.
    pub lines: Vec<LedgerLine>,
}

/// A transaction of a patient's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerLine {
    /// The id.
    pub id: LedgerTransactionId,
    /// When it was posted.
    pub at: Time,
    /// The day that it is about.
    #[serde(with = "crate::time::iso_date")]
    pub date: Date,
    /// What it is.
    pub kind: TransactionKind,
    /// How much, always more than zero.
    pub amount: Money,
    /// What it does to what the patient owes.
    pub owed: Money,
    /// What it is for; empty when it is about somebody whose bills the reader may not see.
    pub description: String,
    /// The given name of whom it is about, when that is not who pays.
    pub about: Option<String>,
    /// The number of its statement.
    pub statement: Option<String>,
    /// Whether it was taken back.
    pub is_reversed: bool,
}

/// Somebody's balance, for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BalanceView {
    /// Who pays.
    pub patient: PatientSummary,
    /// What is owed.
    pub balance: Money,
    /// What insurers have not decided yet.
    pub insurance_pending: Money,
    /// When something was posted last.
    pub changed_at: Time,
}
