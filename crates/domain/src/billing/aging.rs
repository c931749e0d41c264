//! What the practice is owed in all (PAY-4): how old it is, and how it came about month by month. Sums, about nobody.

use serde::{Deserialize, Serialize};

use super::{ledger::TransactionKind, money::Money};
use crate::{ids::StatementId, time::Date, words::words};

/// So many months are told, this one among them.
pub const MONTHS: usize = 12;

words! {
    /// How old a debt is, in days.
    AgeBucket {
        /// 30 days and less.
        UpTo30 = "up_to_30",
        /// 31 to 60 days.
        UpTo60 = "up_to_60",
        /// 61 to 90 days.
        UpTo90 = "up_to_90",
        /// 91 days and more.
        Over90 = "over_90",
    }
}

impl AgeBucket {
    /// That of a debt of `day`; one of a day to come is new.
    pub fn of(day: Date, today: Date) -> Self {
        match today.signed_duration_since(day).num_days() {
            ..=30 => Self::UpTo30,
            31..=60 => Self::UpTo60,
            61..=90 => Self::UpTo90,
            _ => Self::Over90,
        }
    }
}

/// A transaction of an account, as far as it matters for the age of what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgedLine {
    /// The day that it is about.
    pub day: Date,
    /// The statement that it names.
    pub statement: Option<StatementId>,
    /// What it is.
    pub kind: TransactionKind,
    /// What it does to what is owed, in minor units.
    pub owed: i64,
}

/// What is open of one account, with the day of each part. What was paid for a statement pays its lines, the oldest first;
/// what names none, and what a statement has too much, pays the oldest line of all. Money that went back makes a payment
/// smaller; where more went back than was paid, it is owed since then. The parts sum to the balance, unless that is less than
/// zero: then nothing is open.
pub fn open_parts(lines: &[AgedLine]) -> Vec<(Date, i64)> {
    let mut statements: Vec<Option<StatementId>> = lines.iter().map(|line| line.statement).collect();
    statements.sort_unstable();
    statements.dedup();
    let (mut open, mut credit) = (Vec::new(), 0_i64);
    for statement in statements.into_iter().filter(Option::is_some) {
        let of_one: Vec<AgedLine> =
            lines.iter().filter(|line| line.statement == statement).copied().collect();
        let (parts, left) = paid_off(debts(&of_one), credits(&of_one));
        open.extend(parts);
        credit = credit.saturating_add(left);
    }
    let unnamed: Vec<AgedLine> = lines.iter().filter(|line| line.statement.is_none()).copied().collect();
    open.extend(debts(&unnamed));
    paid_off(open, credit.saturating_add(credits(&unnamed))).0
}

/// What was charged, line by line; and as one more what went back beyond what was paid.
fn debts(lines: &[AgedLine]) -> Vec<(Date, i64)> {
    let charged = lines.iter().filter(|line| is_charge(line)).map(|line| (line.day, line.owed));
    let mut debts: Vec<(Date, i64)> = charged.collect();
    let paid = net_paid(lines);
    let went_back = lines.iter().filter(|line| !is_charge(line) && line.owed > 0).map(|line| line.day).max();
    if let (..0, Some(day)) = (paid, went_back) {
        debts.push((day, -paid));
    }
    debts
}

fn credits(lines: &[AgedLine]) -> i64 {
    net_paid(lines).max(0)
}

fn is_charge(line: &AgedLine) -> bool {
    line.owed > 0 && line.kind.is_from_outside()
}

/// What was paid or taken off, less what went back.
fn net_paid(lines: &[AgedLine]) -> i64 {
    lines.iter().filter(|line| !is_charge(line)).map(|line| -line.owed).sum()
}

/// What a credit leaves open of debts, and what is left of the credit.
fn paid_off(mut debts: Vec<(Date, i64)>, mut credit: i64) -> (Vec<(Date, i64)>, i64) {
    debts.sort_unstable();
    for (_, amount) in &mut debts {
        let paid = (*amount).min(credit);
        *amount -= paid;
        credit -= paid;
    }
    debts.retain(|(_, amount)| *amount > 0);
    (debts, credit)
}

/// What is owed of one age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgedSum {
    /// How old.
    pub age: AgeBucket,
    /// How much is open.
    pub open: Money,
}

/// What changed in a month of the practice's calendar, by when it was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthSums {
    /// Its first day.
    #[serde(with = "crate::time::iso_date")]
    pub month: Date,
    /// Charged to patients, with what insurers left to them.
    pub charged: Money,
    /// Paid by patients, online and at the desk, less payments at the desk that were taken back.
    pub paid: Money,
    /// Taken off: adjustments and write-offs.
    pub adjusted: Money,
    /// Given back, less what did not arrive.
    pub refunded: Money,
    /// What patients owed in all at its end, or owe now.
    pub owed: Money,
}

/// In which column of a month a transaction counts, and whether it counts against it; none for what patients don't owe.
pub const fn month_column(kind: TransactionKind) -> Option<(MonthColumn, bool)> {
    use {MonthColumn as C, TransactionKind as K};
    match kind {
        K::Charge | K::PatientShare => Some((C::Charged, false)),
        K::Payment | K::DeskPayment => Some((C::Paid, false)),
        K::Void => Some((C::Paid, true)),
        K::Adjustment | K::WriteOff => Some((C::Adjusted, false)),
        K::Refund => Some((C::Refunded, false)),
        K::RefundFailed => Some((C::Refunded, true)),
        K::InsurancePending | K::InsurancePayment | K::InsuranceAdjustment => None,
    }
}

/// A column of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthColumn {
    /// Owed more.
    Charged,
    /// Owed less.
    Paid,
    /// Owed less.
    Adjusted,
    /// Owed more.
    Refunded,
}

/// What the practice's patients owe in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receivables {
    /// The day on the practice's calendar.
    #[serde(with = "crate::time::iso_date")]
    pub day: Date,
    /// What is open, by its age: every age, the newest first.
    pub aging: Vec<AgedSum>,
    /// What the practice owes patients who paid too much.
    pub credit: Money,
    /// What is open less that credit: the sum of all balances.
    pub owed: Money,
    /// The last twelve months, the oldest first.
    pub months: Vec<MonthSums>,
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};
    use uuid::Uuid;

    use super::*;
    use crate::billing::Currency;

    fn day(n: u64) -> Date {
        Date::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n)
    }

    fn line(at: u64, statement: u128, kind: TransactionKind, amount: i64) -> AgedLine {
        let owed = kind.owed(Money::new(amount, Currency::Usd)).unwrap().amount;
        let statement = (statement > 0).then(|| StatementId(Uuid::from_u128(statement)));
        AgedLine { day: day(at), statement, kind, owed }
    }

    fn any_line() -> impl Strategy<Value = AgedLine> {
        (0u64..400, 0u128..4, select(TransactionKind::ALL), 1i64..5_000)
            .prop_map(|(at, statement, kind, amount)| line(at, statement, kind, amount))
    }

    proptest! {
        #[test]
        fn what_is_open_sums_to_the_balance_and_is_nothing_of_a_credit(lines in vec(any_line(), 0..25)) {
            let balance: i64 = lines.iter().map(|line| line.owed).sum();
            let open = open_parts(&lines);
            prop_assert_eq!(open.iter().map(|(_, amount)| amount).sum::<i64>(), balance.max(0));
            prop_assert!(open.iter().all(|(_, amount)| *amount > 0));
            let mut turned = lines;
            turned.reverse();
            prop_assert_eq!(open_parts(&turned), open);
        }

        #[test]
        fn the_columns_of_a_month_tell_what_a_transaction_does_to_what_is_owed(
            kind in select(TransactionKind::ALL), amount in 1i64..5_000,
        ) {
            let owed = kind.owed(Money::new(amount, Currency::Usd)).unwrap().amount;
            let told = month_column(kind).map_or(0, |(column, against)| {
                let more = matches!(column, MonthColumn::Charged | MonthColumn::Refunded);
                if more == against { -amount } else { amount }
            });
            prop_assert_eq!(told, owed);
        }
    }

    #[test]
    fn the_oldest_is_paid_first_but_a_statement_that_is_named_before() {
        use TransactionKind as K;
        let bills = [line(0, 1, K::Charge, 100), line(50, 2, K::Charge, 200), line(80, 0, K::Charge, 50)];
        let with = |more: AgedLine| open_parts(&[&bills[..], &[more]].concat());
        assert_eq!(with(line(90, 0, K::DeskPayment, 150)), [(day(50), 150), (day(80), 50)]);
        assert_eq!(with(line(90, 2, K::Payment, 150)), [(day(0), 100), (day(50), 50), (day(80), 50)]);
        // Too much for that one: the rest pays the oldest.
        assert_eq!(with(line(90, 2, K::Payment, 260)), [(day(0), 40), (day(80), 50)]);
        // Money that came back makes old what was paid with it.
        let paid = [line(0, 0, K::Charge, 100), line(10, 0, K::Payment, 100), line(95, 0, K::Refund, 30)];
        assert_eq!(open_parts(&paid), [(day(0), 30)]);
    }

    #[test]
    fn ages_end_where_they_say() {
        for (days, age) in [
            (0, AgeBucket::UpTo30),
            (30, AgeBucket::UpTo30),
            (31, AgeBucket::UpTo60),
            (60, AgeBucket::UpTo60),
            (61, AgeBucket::UpTo90),
            (90, AgeBucket::UpTo90),
            (91, AgeBucket::Over90),
        ] {
            assert_eq!(AgeBucket::of(day(0), day(days)), age, "{days}");
        }
        assert_eq!(AgeBucket::of(day(9), day(0)), AgeBucket::UpTo30);
    }
}
