//! The ledger: every transaction moves money from one account to another, so that all entries sum to zero (PAY-1).
//!
//! What a patient owes is the sum of the entries of one account, and nothing that is kept beside them.

use serde::{Deserialize, Serialize};

use super::money::{MOST_MONEY, Money, NotMoney};
use crate::words::words;

words! {
    /// An account of the ledger. A positive entry is a debit.
    LedgerAccount {
        /// What the patient owes.
        Receivable = "receivable",
        /// What an insurer has not decided yet; never payable by the patient.
        InsurancePending = "insurance_pending",
        /// What the practice earned.
        Revenue = "revenue",
        /// What insurers paid.
        Insurance = "insurance",
        /// What the payment gateway holds for the practice.
        Gateway = "gateway",
        /// Cash and checks taken at the desk.
        Desk = "desk",
        /// What was agreed not to be charged.
        Adjustments = "adjustments",
        /// What the practice gave up.
        WriteOffs = "write_offs",
    }
}

words! {
    /// What a transaction is.
    TransactionKind {
        /// A service that the patient pays.
        Charge = "charge",
        /// A service that waits for an insurer.
        InsurancePending = "insurance_pending",
        /// An insurer paid.
        InsurancePayment = "insurance_payment",
        /// What an insurer leaves to the patient.
        PatientShare = "patient_share",
        /// Less than was charged to the patient.
        Adjustment = "adjustment",
        /// Less than was charged to the insurer.
        InsuranceAdjustment = "insurance_adjustment",
        /// The patient paid online.
        Payment = "payment",
        /// The patient paid at the desk.
        DeskPayment = "desk_payment",
        /// Money went back to the patient's card.
        Refund = "refund",
        /// Money that was to go back did not arrive: the practice has it still.
        RefundFailed = "refund_failed",
        /// A payment at the desk was entered by mistake.
        Void = "void",
        /// The practice gave up a part of what is owed.
        WriteOff = "write_off",
    }
}

impl TransactionKind {
    /// The accounts that it moves money between: debit, then credit. A void turns around a payment at the desk, a failure a
    /// refund.
    pub const fn accounts(self) -> (LedgerAccount, LedgerAccount) {
        use LedgerAccount as A;
        match self {
            Self::Charge => (A::Receivable, A::Revenue),
            Self::InsurancePending => (A::InsurancePending, A::Revenue),
            Self::InsurancePayment => (A::Insurance, A::InsurancePending),
            Self::PatientShare => (A::Receivable, A::InsurancePending),
            Self::Adjustment => (A::Adjustments, A::Receivable),
            Self::InsuranceAdjustment => (A::Adjustments, A::InsurancePending),
            Self::Payment | Self::RefundFailed => (A::Gateway, A::Receivable),
            Self::DeskPayment => (A::Desk, A::Receivable),
            Self::Refund => (A::Receivable, A::Gateway),
            Self::Void => (A::Receivable, A::Desk),
            Self::WriteOff => (A::WriteOffs, A::Receivable),
        }
    }

    /// What it does to what the patient owes.
    pub fn owed(self, amount: Money) -> Result<Money, NotMoney> {
        match self.accounts() {
            (LedgerAccount::Receivable, _) => Ok(amount),
            (_, LedgerAccount::Receivable) => amount.negated(),
            _ => Ok(Money::zero(amount.currency)),
        }
    }

    /// Whether the practice's billing system sends it; the portal makes the others itself.
    pub const fn is_from_outside(self) -> bool {
        matches!(
            self,
            Self::Charge
                | Self::InsurancePending
                | Self::InsurancePayment
                | Self::PatientShare
                | Self::Adjustment
                | Self::InsuranceAdjustment
        )
    }
}

/// One line of a transaction: an account and what goes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which account.
    pub account: LedgerAccount,
    /// Positive into it, negative out of it.
    pub amount: Money,
}

/// Why an amount can't be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPostable {
    /// Zero or less.
    #[error("an amount must be more than zero")]
    NotPositive,
    /// More than one transaction may move.
    #[error("the amount is too large")]
    TooLarge,
}

/// The entries of one transaction. It can only be made balanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting([Entry; 2]);

impl Posting {
    /// What a transaction of this kind writes.
    pub fn of(kind: TransactionKind, amount: Money) -> Result<Self, NotPostable> {
        if !amount.is_positive() {
            return Err(NotPostable::NotPositive);
        }
        if amount.amount > MOST_MONEY {
            return Err(NotPostable::TooLarge);
        }
        let (debit, credit) = kind.accounts();
        let back = amount.negated().map_err(|_| NotPostable::TooLarge)?;
        Ok(Self([Entry { account: debit, amount }, Entry { account: credit, amount: back }]))
    }

    /// Its entries, which sum to zero.
    pub const fn entries(&self) -> &[Entry] {
        &self.0
    }
}

/// The two sums that patients are told, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// What the patient owes; less than zero when the practice owes the patient.
    pub receivable: i64,
    /// What waits for insurers.
    pub insurance_pending: i64,
}

impl Balances {
    /// With one more entry. A ledger that overflows 64 bits is broken; the sum stays at its end then, and is noticed.
    #[must_use]
    pub fn with(mut self, account: LedgerAccount, amount: i64) -> Self {
        match account {
            LedgerAccount::Receivable => self.receivable = self.receivable.saturating_add(amount),
            LedgerAccount::InsurancePending => {
                self.insurance_pending = self.insurance_pending.saturating_add(amount);
            }
            _ => {}
        }
        self
    }
}

/// What is open of each statement, oldest first, when `owed` was billed by each and `credit` was paid without naming one.
/// What one has too much counts for the oldest of the others.
pub fn open_amounts(owed: &[i64], credit: i64) -> Vec<i64> {
    let surplus: i64 = owed.iter().filter(|owed| **owed < 0).sum();
    let mut credit = credit.saturating_sub(surplus).max(0);
    let open = |owed: &i64| {
        let owed = (*owed).max(0);
        let paid = owed.min(credit);
        credit -= paid;
        owed - paid
    };
    owed.iter().map(open).collect()
}

/// What the ledger may be asked of a transaction when it is shown: whether a void is possible.
pub const fn can_be_voided(kind: TransactionKind, is_reversed: bool) -> bool {
    matches!(kind, TransactionKind::DeskPayment) && !is_reversed
}

/// How money was taken at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeskMethod {
    /// Notes and coins.
    Cash,
    /// A check.
    Check,
}

impl DeskMethod {
    /// In words, for receipts and tables.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Cash => "Cash",
            Self::Check => "Check",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::billing::Currency;

    fn transaction() -> impl Strategy<Value = (TransactionKind, i64)> {
        (select(TransactionKind::ALL), 1..=MOST_MONEY)
    }

    proptest! {
        #[test]
        fn every_transaction_sums_to_zero_and_tells_what_it_does_to_the_balance((kind, amount) in transaction()) {
            let amount = Money::new(amount, Currency::Usd);
            let posting = Posting::of(kind, amount).unwrap();
            prop_assert_eq!(posting.entries().iter().map(|entry| entry.amount.amount).sum::<i64>(), 0);
            let owed: i64 = posting.entries().iter()
                .filter(|entry| entry.account == LedgerAccount::Receivable)
                .map(|entry| entry.amount.amount)
                .sum();
            prop_assert_eq!(kind.owed(amount).unwrap().amount, owed);
        }

        #[test]
        fn balances_do_not_depend_on_the_order_of_transactions(
            (all, shuffled) in vec(transaction(), 0..20).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        ) {
            let fold = |all: &[(TransactionKind, i64)]| all.iter().fold(Balances::default(), |sum, (kind, amount)| {
                let posting = Posting::of(*kind, Money::new(*amount, Currency::Usd)).unwrap();
                posting.entries().iter().fold(sum, |sum, entry| sum.with(entry.account, entry.amount.amount))
            });
            prop_assert_eq!(fold(&all), fold(&shuffled));
        }

        #[test]
        fn what_is_open_of_the_statements_is_what_is_owed_in_all(
            owed in vec(-500i64..1_000, 0..8), credit in 0i64..3_000,
        ) {
            let open = open_amounts(&owed, credit);
            let total = owed.iter().sum::<i64>() - credit;
            prop_assert_eq!(open.iter().sum::<i64>(), total.max(0));
            for (open, owed) in open.iter().zip(&owed) {
                prop_assert!(*open >= 0 && *open <= (*owed).max(0));
            }
        }
    }

    #[test]
    fn nothing_negative_and_nothing_beyond_the_limit_is_posted() {
        let post = |amount| Posting::of(TransactionKind::Charge, Money::new(amount, Currency::Usd));
        assert_eq!(post(0), Err(NotPostable::NotPositive));
        assert_eq!(post(-1), Err(NotPostable::NotPositive));
        assert_eq!(post(1_000_000_000_000_000_000), Err(NotPostable::TooLarge));
        assert!(post(MOST_MONEY).is_ok());
    }

    #[test]
    fn the_oldest_statement_is_paid_first() {
        assert_eq!(open_amounts(&[100, 200, 50], 150), [0, 150, 50]);
        assert_eq!(open_amounts(&[100, -30, 50], 0), [70, 0, 50]);
    }
}
