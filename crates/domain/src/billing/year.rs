//! A calendar year of a patient's account, for tax: what was paid, what came back, what was charged (PAY-1).

use serde::{Deserialize, Serialize};

use super::{
    LedgerLine,
    ledger::TransactionKind,
    money::{Currency, Money, NotMoney},
};
use crate::patients::PatientSummary;

/// One year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearView {
    /// The calendar year.
    pub year: i32,
    /// Who pays.
    pub payer: PatientSummary,
    /// Every year in which something was posted, the newest first.
    pub years: Vec<i32>,
    /// What the patient paid, online and at the desk, in this year.
    pub paid: Money,
    /// What came back in this year: refunds, less those that failed, and payments that were taken back.
    pub returned: Money,
    /// What is left of the one after the other: what the patient spent.
    pub spent: Money,
    /// What became due to the patient in this year, less what was adjusted.
    pub charged: Money,
    /// Payments and what came back, the oldest first.
    pub payments: Vec<LedgerLine>,
    /// Charges and adjustments, the oldest first.
    pub charges: Vec<LedgerLine>,
}

impl YearView {
    /// What the lines of a year, the oldest first, come to. What insurers paid or have not decided is no part of it.
    pub fn of(
        year: i32,
        payer: PatientSummary,
        years: Vec<i32>,
        lines: Vec<LedgerLine>,
        currency: Currency,
    ) -> Result<Self, NotMoney> {
        use TransactionKind as K;
        let nothing = Money::zero(currency);
        let (mut paid, mut returned, mut charged) = (nothing, nothing, nothing);
        let (mut payments, mut charges) = (vec![], vec![]);
        for line in lines {
            match line.kind {
                K::Payment | K::DeskPayment => paid = paid.plus(line.amount)?,
                K::Refund | K::Void => returned = returned.plus(line.amount)?,
                K::RefundFailed => returned = returned.minus(line.amount)?,
                K::Charge | K::PatientShare | K::Adjustment => charged = charged.plus(line.owed)?,
                K::InsurancePending | K::InsurancePayment | K::InsuranceAdjustment | K::WriteOff => continue,
            }
            let is_money =
                matches!(line.kind, K::Payment | K::DeskPayment | K::Refund | K::RefundFailed | K::Void);
            if is_money { &mut payments } else { &mut charges }.push(line);
        }
        let spent = paid.minus(returned)?;
        Ok(Self { year, payer, years, paid, returned, spent, charged, payments, charges })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::{LedgerTransactionId, PatientId},
        patients::Gender,
    };

    fn line(kind: TransactionKind, amount: i64) -> LedgerLine {
        let amount = Money::new(amount, Currency::Usd);
        LedgerLine {
            id: LedgerTransactionId(Uuid::from_u128(1)),
            at: "2026-10-05T14:00:00Z".parse().unwrap(),
            date: "2026-10-05".parse().unwrap(),
            kind,
            amount,
            owed: kind.owed(amount).unwrap(),
            description: String::new(),
            about: None,
            statement: None,
            is_reversed: false,
        }
    }

    #[test]
    fn what_was_spent_is_what_was_paid_less_what_came_back_and_nothing_of_the_insurers() {
        use TransactionKind as K;
        let payer = PatientSummary {
            id: PatientId(Uuid::from_u128(2)),
            mrn: "IH-1".into(),
            given_name: "Anna".into(),
            family_name: "Lund".into(),
            birth_date: "1980-02-29".parse().unwrap(),
            gender: Gender::Female,
        };
        let lines = [
            (K::Charge, 10_000),
            (K::PatientShare, 2_000),
            (K::Adjustment, 500),
            (K::Payment, 7_000),
            (K::DeskPayment, 300),
            (K::Void, 300),
            (K::Refund, 1_000),
            (K::WriteOff, 900),
            (K::InsurancePending, 5_000),
            (K::InsurancePayment, 3_000),
            (K::InsuranceAdjustment, 1),
        ];
        let lines = lines.map(|(kind, amount)| line(kind, amount)).into();
        let view = YearView::of(2026, payer, vec![2026], lines, Currency::Usd).unwrap();
        let sums = [view.paid, view.returned, view.spent, view.charged].map(|sum| sum.amount);
        assert_eq!(sums, [7_300, 1_300, 6_000, 11_500]);
        assert_eq!((view.payments.len(), view.charges.len()), (4, 3));
    }
}
