//! Paying online, and what staff do with money (PAY-2 to PAY-4).

use serde::{Deserialize, Serialize};

use super::{intake::check_amount, ledger::DeskMethod, money::Money};
use crate::{
    ids::{PaymentId, PaymentMethodId, StatementId, WriteOffId},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;
/// The longest number of a check, in characters.
pub const MAX_CHECK: usize = 60;
/// A payment that was begun holds its amount for so many minutes; then the gateway is asked and it is given up.
pub const HOLD_MINUTES: i64 = 30;

words! {
    /// Where a payment stands.
    PaymentState {
        /// Begun; the gateway has not said anything yet. Its amount is held, so that it can't be paid twice.
        Pending = "pending",
        /// The gateway has the money, and the ledger says so.
        Succeeded = "succeeded",
        /// The gateway refused it; nothing was paid.
        Failed = "failed",
        /// It was given up; nothing was paid.
        Cancelled = "cancelled",
    }
}

words! {
    /// Why a payment failed.
    PaymentFailure {
        /// The bank said no.
        Declined = "declined",
        /// The card is past its last month.
        CardExpired = "card_expired",
        /// The bank could not make sure that it was the card's owner.
        NotConfirmed = "not_confirmed",
        /// The bank wants the card's owner to confirm, and nobody was there: a kept card that was charged by itself.
        ConfirmationNeeded = "confirmation_needed",
    }
}

/// What a patient pays now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// How much: all that is payable, what is open of a statement, or a part.
    pub amount: Money,
    /// Which statement; absent: the oldest first.
    #[serde(default)]
    pub statement: Option<StatementId>,
    /// With which kept card of the own login; absent: the gateway's page asks for a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethodId>,
    /// Whether the gateway shall keep the card that its page asks for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
}

impl NewPayment {
    /// So much, by a card that the gateway's page asks for and nobody keeps.
    pub const fn new(amount: Money, statement: Option<StatementId>) -> Self {
        Self { amount, statement, method: None, keep: false }
    }

    /// A card that is kept already can't be kept.
    pub fn check_card(self) -> Result<(), Problem> {
        if self.keep && self.method.is_some() {
            return Err(Problem::field("keep", "kept_already", "This card is kept already."));
        }
        Ok(())
    }

    /// Not less than the gateway takes.
    pub fn check_least(&self, least: Money) -> Result<(), Problem> {
        if self.amount.is_positive()
            && self.amount.currency == least.currency
            && self.amount.amount < least.amount
        {
            let message = format!("The least that can be paid online is {}.", least.shown());
            return Err(Problem::field("amount", "below_least", message));
        }
        Ok(())
    }

    /// Refuses what can't be paid. `payable` is what is owed and not being paid already; `open` the same of the statement.
    pub fn check(self, payable: Money, open: Option<Money>) -> Result<(), Problem> {
        check_payment("amount", self.amount, payable, open)
    }
}

pub(super) fn check_payment(
    field: &str,
    amount: Money,
    payable: Money,
    open: Option<Money>,
) -> Result<(), Problem> {
    check_amount(field, amount, payable.currency).map_err(|error| Problem::invalid(vec![error]))?;
    let most = open.map_or(payable.amount, |open| open.amount.min(payable.amount));
    if amount.amount > most {
        let most = Money::new(most.max(0), payable.currency).shown();
        let message = format!("You can pay up to {most} now.");
        return Err(Problem::field(field, "over_payment", message));
    }
    Ok(())
}

/// A payment of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentView {
    /// The id.
    pub id: PaymentId,
    /// Where it stands.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// The number of the statement that it is for.
    pub statement: Option<String>,
    /// When it was begun.
    pub begun_at: Time,
    /// When it was paid, failed or was given up.
    pub settled_at: Option<Time>,
    /// Where the card is asked for; null once it is settled. It is the gateway's own site.
    pub pay_at: Option<String>,
    /// Why it failed.
    pub failure: Option<PaymentFailure>,
    /// With what it was paid, as the gateway says: `Visa ending in 4242`; empty before.
    pub method: String,
    /// How much of it went back.
    pub refunded: Money,
    /// The short number on its receipt.
    pub receipt: String,
}

/// What a refund gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRefund {
    /// How much of the payment.
    pub amount: Money,
    /// Why, at most 200 characters; the patient reads it.
    pub reason: String,
}

impl NewRefund {
    /// With its reason cleaned. `left` is what was paid and not given back yet.
    pub fn check(mut self, left: Money) -> Result<Self, Problem> {
        self.reason = reason(&self.reason)?;
        check_amount("amount", self.amount, left.currency).map_err(|error| Problem::invalid(vec![error]))?;
        if self.amount.amount > left.amount {
            let message = format!("{} of this payment are left.", left.shown());
            return Err(Problem::field("amount", "over_refund", message));
        }
        Ok(self)
    }
}

/// A refund that failed stands in the list of staff for so many days, unless something is given back in its place.
pub const FAILED_REFUND_DAYS: i64 = 30;

/// Money that was to go back and did not arrive, for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailedRefund {
    /// Of which payment.
    pub payment: PaymentId,
    /// Whose account.
    pub patient: PatientSummary,
    /// How much.
    pub amount: Money,
    /// Why it was to go back.
    pub reason: String,
    /// When the gateway said that it failed.
    pub failed_at: Time,
}

fn reason(text: &str) -> Result<String, Problem> {
    text::required("reason", text, MAX_REASON, Lines::One).map_err(|error| Problem::invalid(vec![error]))
}

/// Money that was taken at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDeskPayment {
    /// How much.
    pub amount: Money,
    /// Cash or check.
    pub method: DeskMethod,
    /// The number of the check, at most 60 characters.
    #[serde(default)]
    pub check_number: String,
}

impl NewDeskPayment {
    /// With its texts cleaned; `payable` is what is owed and not being paid already.
    pub fn check(mut self, payable: Money) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        match text::clean("check_number", &self.check_number, MAX_CHECK, Lines::One) {
            Ok(number) => self.check_number = number,
            Err(error) => errors.push(error),
        }
        if self.method == DeskMethod::Check && self.check_number.is_empty() {
            errors.push(FieldError::new("check_number", "required", "Write down the check's number."));
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        check_payment("amount", self.amount, payable, None)?;
        Ok(self)
    }

    /// As the ledger describes it.
    pub fn described(&self) -> String {
        match self.check_number.as_str() {
            "" => self.method.text().into(),
            number => format!("{} {number}", self.method.text()),
        }
    }
}

/// Why a payment at the desk is taken back out of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVoid {
    /// Why, at most 200 characters.
    pub reason: String,
}

impl NewVoid {
    /// With its reason cleaned.
    pub fn check(mut self) -> Result<Self, Problem> {
        self.reason = reason(&self.reason)?;
        Ok(self)
    }
}

words! {
    /// Where a write-off stands.
    WriteOffState {
        /// Waits for a second person.
        Waiting = "waiting",
        /// A second person agreed, and the ledger says so.
        Approved = "approved",
        /// A second person said no.
        Declined = "declined",
    }
}

/// What the practice would give up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWriteOff {
    /// How much of what is owed.
    pub amount: Money,
    /// Why, at most 200 characters.
    pub reason: String,
}

impl NewWriteOff {
    /// With its reason cleaned; `payable` is what is owed and not being paid already.
    pub fn check(mut self, payable: Money) -> Result<Self, Problem> {
        self.reason = reason(&self.reason)?;
        check_payment("amount", self.amount, payable, None)?;
        Ok(self)
    }
}

/// What a second person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteOffDecision {
    /// Yes or no.
    pub approve: bool,
}

/// A write-off, for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WriteOffView {
    /// The id.
    pub id: WriteOffId,
    /// Whose account.
    pub patient: PatientSummary,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: WriteOffState,
    /// Who asked for it.
    pub asked_by: String,
    /// When.
    pub asked_at: Time,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Whether the reader may decide: somebody else asked.
    pub can_decide: bool,
}

/// Which day's money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct CloseQuery {
    /// The day on the practice's calendar (ISO 8601); today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// What was posted on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DailyClose {
    /// The day on the practice's calendar.
    #[serde(with = "crate::time::iso_date")]
    pub day: Date,
    /// Sums by kind, in the order of the kinds; those with nothing are left out.
    pub sums: Vec<CloseSum>,
    /// Cash and checks, less what was voided.
    pub desk: Money,
    /// Cards by the gateway, less what was refunded.
    pub gateway: Money,
}

/// What was posted of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseSum {
    /// The kind.
    pub kind: super::ledger::TransactionKind,
    /// How many transactions.
    pub count: i64,
    /// Their amounts together.
    pub amount: Money,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Currency;

    fn usd(amount: i64) -> Money {
        Money::new(amount, Currency::Usd)
    }

    fn code(amount: Money, payable: i64, open: Option<i64>) -> Option<String> {
        let refused = NewPayment::new(amount, None).check(usd(payable), open.map(usd));
        refused.err().map(|problem| problem.errors[0].code.clone())
    }

    #[test]
    fn only_what_is_owed_can_be_paid() {
        assert_eq!(code(usd(100), 100, None), None);
        assert_eq!(code(usd(1), 100, Some(50)), None);
        assert_eq!(code(usd(101), 100, None).as_deref(), Some("over_payment"));
        assert_eq!(code(usd(51), 100, Some(50)).as_deref(), Some("over_payment"));
        assert_eq!(code(usd(51), 50, Some(100)).as_deref(), Some("over_payment"));
        assert_eq!(code(usd(1), -100, None).as_deref(), Some("over_payment"));
        assert_eq!(code(usd(0), 100, None).as_deref(), Some("not_positive"));
        assert_eq!(code(usd(-5), 100, None).as_deref(), Some("not_positive"));
        assert_eq!(code(usd(i64::MIN), 100, None).as_deref(), Some("not_positive"));
        assert_eq!(code(usd(1_000_000_000_000_000_000), 100, None).as_deref(), Some("too_large"));
        assert_eq!(code(Money::new(5, Currency::Eur), 100, None).as_deref(), Some("foreign_currency"));
    }

    #[test]
    fn what_is_less_than_the_gateway_takes_is_refused() {
        let pay = |amount| NewPayment::new(amount, None).check_least(usd(50));
        assert!(pay(usd(50)).is_ok());
        let refused = pay(usd(49)).unwrap_err();
        assert_eq!(refused.errors[0].code, "below_least");
        assert!(refused.errors[0].message.contains("$0.50"), "{refused:?}");
    }

    #[test]
    fn a_check_has_a_number_and_a_reason_is_given() {
        let desk =
            |method, number: &str| NewDeskPayment { amount: usd(5), method, check_number: number.into() };
        assert!(desk(DeskMethod::Check, " ").check(usd(10)).is_err());
        assert_eq!(desk(DeskMethod::Check, "77").check(usd(10)).unwrap().described(), "Check 77");
        assert!(NewVoid { reason: " ".into() }.check().is_err());
        let refund = |amount| NewRefund { amount: usd(amount), reason: "Paid twice".into() }.check(usd(10));
        assert!(refund(10).is_ok() && refund(11).is_err() && refund(0).is_err());
    }
}
