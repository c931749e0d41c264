//! What is owed, paid in instalments by a kept card (PAY-1). A plan never takes more than is owed on the day, and never more
//! in all than was agreed (decision 0045).

use chrono::{Datelike, Days, Months};
use serde::{Deserialize, Serialize};

use super::{
    money::{Currency, Money},
    payments::{PaymentFailure, check_payment},
};
use crate::{
    ids::{PaymentId, PaymentMethodId, PaymentPlanId},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

/// One instalment is a payment.
pub const FEWEST_INSTALMENTS: i64 = 2;
/// A year: what lasts longer needs a talk with the billing office, and in many places a credit agreement.
pub const MOST_INSTALMENTS: i64 = 12;
/// The patient hears of an instalment so many days before it is taken.
pub const REMINDER_DAYS: u64 = 3;
/// A declined instalment is tried again so many days after it was tried first; after the last the plan pauses.
const TRIED_AGAIN_AFTER: [u64; 2] = [3, 7];
/// The longest reason of staff, in characters.
const MAX_REASON: usize = 200;

/// The smallest instalment, in minor units: 20 of the main unit (2,000 yen). Below it a card's fee and a reminder cost more
/// than waiting.
pub const fn least_instalment(currency: Currency) -> i64 {
    match currency {
        Currency::Jpy => 2_000,
        _ => 20 * 10_i64.pow(currency.digits()),
    }
}

/// The most instalments in which an amount can be paid; less than [`FEWEST_INSTALMENTS`] when in none.
pub fn most_instalments(amount: Money) -> i64 {
    (amount.amount / least_instalment(amount.currency)).min(MOST_INSTALMENTS)
}

words! {
    /// Where a payment plan stands.
    PlanState {
        /// It takes its instalments as they fall due.
        Running = "running",
        /// It takes nothing until the patient does something.
        Paused = "paused",
        /// The patient or staff ended it.
        Ended = "ended",
        /// Nothing is owed any more, or everything agreed was taken.
        Completed = "completed",
    }
}

impl PlanState {
    /// Whether it is over.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Completed)
    }
}

words! {
    /// Why a plan takes nothing.
    PauseReason {
        /// An instalment was declined three times.
        Declined = "declined",
        /// The card was taken away by its owner.
        CardRemoved = "card_removed",
        /// Whose card it is may not pay for the patient any more.
        NotAllowed = "not_allowed",
    }
}

words! {
    /// Where an instalment stands.
    InstalmentState {
        /// It waits for its day, or for another try.
        Waiting = "waiting",
        /// The gateway is being asked for it.
        Charging = "charging",
        /// Its payer is paying it just now, without waiting for its day.
        Paying = "paying",
        /// It was paid.
        Paid = "paid",
        /// It is not needed any more: so much is not owed, or the plan ended.
        Dropped = "dropped",
    }
}

/// An instalment of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// On which day of the practice's calendar.
    pub on: Date,
    /// How much, in minor units.
    pub amount: i64,
}

/// The day of this month, or the month's last when it is shorter.
fn in_month(of: Date, day: u32) -> Date {
    (1..=day).rev().find_map(|day| of.with_day(day)).unwrap_or(of)
}

/// The days on which instalments fall: the first after `today`, then month by month.
pub fn due_days(day: u32, today: Date) -> impl Iterator<Item = Date> {
    let first = in_month(today, day);
    let skipped = u32::from(first <= today);
    let begin = today.with_day(1).unwrap_or(today);
    (skipped..).map_while(move |months| Some(in_month(begin.checked_add_months(Months::new(months))?, day)))
}

/// Equal instalments, of which the last takes what does not divide; together exactly the total.
pub fn schedule(total: i64, count: i64, day: u32, today: Date) -> Vec<Due> {
    let each = total / count;
    let amounts = (1..=count).map(|number| if number == count { total - each * (count - 1) } else { each });
    due_days(day, today).zip(amounts).map(|(on, amount)| Due { on, amount }).collect()
}

/// What each of the instalments that are not paid yet will take when nothing else changes: as agreed, the earliest first,
/// until nothing is owed.
pub fn takes(waiting: &[i64], owed: i64) -> Vec<i64> {
    let mut left = owed.max(0);
    let one = |agreed: &i64| {
        let takes = (*agreed).min(left);
        left -= takes;
        takes
    };
    waiting.iter().map(one).collect()
}

/// When an instalment that was declined is tried again; none: the plan pauses. `tries` so far, the first on `first_tried`.
pub fn next_try(first_tried: Date, tries: i64) -> Option<Date> {
    let after = usize::try_from(tries - 1).ok().and_then(|place| TRIED_AGAIN_AFTER.get(place))?;
    first_tried.checked_add_days(Days::new(*after))
}

/// Whether the patient is to be reminded of an instalment today.
pub fn is_reminded(due: Date, today: Date) -> bool {
    today < due && due <= today + Days::new(REMINDER_DAYS)
}

/// What a patient agrees to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// How much of what is payable.
    pub amount: Money,
    /// In how many instalments, 2 to 12.
    pub instalments: i64,
    /// On which day of the month, 1 to 31; a shorter month's last day instead.
    pub day: i64,
    /// With which kept card of the own login.
    pub method: PaymentMethodId,
    /// The first day of the schedule that was shown: a schedule that came out otherwise is refused.
    #[serde(with = "crate::time::iso_date")]
    pub first_due: Date,
    /// That the patient read the schedule and agrees to it.
    pub agreed: bool,
}

impl NewPlan {
    /// The schedule, unless something is not right. `payable` is what is owed and not being paid already.
    pub fn check(self, payable: Money, today: Date) -> Result<Vec<Due>, Problem> {
        check_payment("amount", self.amount, payable, None)?;
        let mut errors = Vec::new();
        let most = most_instalments(self.amount);
        let least = Money::new(least_instalment(self.amount.currency), self.amount.currency);
        if !(FEWEST_INSTALMENTS..=MOST_INSTALMENTS).contains(&self.instalments) {
            let message = format!("Choose {FEWEST_INSTALMENTS} to {MOST_INSTALMENTS} payments.");
            errors.push(FieldError::new("instalments", "out_of_range", message));
        } else if self.instalments > most {
            let message = format!("Each payment must be at least {}.", least.shown());
            errors.push(FieldError::new("instalments", "below_least", message));
        }
        let day = u32::try_from(self.day).ok().filter(|day| (1..=31).contains(day));
        if day.is_none() {
            errors.push(FieldError::new("day", "out_of_range", "Choose a day from 1 to 31."));
        }
        if !self.agreed {
            errors.push(FieldError::new("agreed", "required", "Read the plan, then agree to it."));
        }
        let (Some(day), true) = (day, errors.is_empty()) else { return Err(Problem::invalid(errors)) };
        let schedule = schedule(self.amount.amount, self.instalments, day, today);
        if schedule.first().map(|first| first.on) != Some(self.first_due) {
            let message = "The days have changed. Look at the plan again.";
            return Err(Problem::field("first_due", "schedule_changed", message));
        }
        Ok(schedule)
    }
}

/// Another card for a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlanCard {
    /// A kept card of the own login.
    pub method: PaymentMethodId,
}

/// Why staff end a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StopPlan {
    /// Why, at most 200 characters; the patient reads it.
    pub reason: String,
}

impl StopPlan {
    /// With its reason cleaned.
    pub fn check(mut self) -> Result<Self, Problem> {
        self.reason = text::required("reason", &self.reason, MAX_REASON, Lines::One)
            .map_err(|error| Problem::invalid(vec![error]))?;
        Ok(self)
    }
}

/// An instalment of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstalmentView {
    /// Its place, from 1.
    pub number: i64,
    /// Its day.
    #[serde(with = "crate::time::iso_date")]
    pub due_on: Date,
    /// What was agreed.
    pub agreed: Money,
    /// What was taken, or will be when nothing else changes.
    pub takes: Money,
    /// Where it stands.
    pub state: InstalmentState,
    /// Its payment, once there is one.
    pub payment: Option<PaymentId>,
    /// Why it did not go through when it was tried last.
    pub failure: Option<PaymentFailure>,
    /// When it is tried again.
    pub next_try_on: Option<Date>,
}

/// A payment plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentPlanView {
    /// The id.
    pub id: PaymentPlanId,
    /// Where it stands.
    pub state: PlanState,
    /// Why it takes nothing.
    pub pause: Option<PauseReason>,
    /// What was agreed to be paid.
    pub total: Money,
    /// What was paid of it by its instalments.
    pub paid: Money,
    /// What it will still take when nothing else changes.
    pub left: Money,
    /// The day of the month.
    pub day: i64,
    /// The card it pays with, as a receipt names it; empty when it has none.
    pub card: String,
    /// Whether that is a card of the reader's own login.
    pub is_own_card: bool,
    /// Its instalments, the first first.
    pub instalments: Vec<InstalmentView>,
    /// When it was agreed to.
    pub agreed_at: Time,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// Why staff ended it; empty else.
    pub end_reason: String,
}

impl PaymentPlanView {
    /// The instalment that comes next.
    pub fn next(&self) -> Option<&InstalmentView> {
        let comes = |one: &&InstalmentView| one.state == InstalmentState::Waiting && one.takes.is_positive();
        self.instalments.iter().find(comes)
    }
}

/// Which plans of the practice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct PlanQuery {
    /// Only those in this state; running and paused ones when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PlanState>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// A plan in the staff's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanSummary {
    /// Whose account.
    pub patient: PatientSummary,
    /// The plan.
    pub plan: PaymentPlanView,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn days(day_of_month: u32, today: &str) -> Vec<String> {
        due_days(day_of_month, day(today)).take(4).map(|on| on.to_string()).collect()
    }

    #[test]
    fn a_short_month_has_its_last_day_instead() {
        assert_eq!(days(31, "2027-01-15"), ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]);
        assert_eq!(days(29, "2027-12-29"), ["2028-01-29", "2028-02-29", "2028-03-29", "2028-04-29"]);
        assert_eq!(days(30, "2026-02-28"), ["2026-03-30", "2026-04-30", "2026-05-30", "2026-06-30"]);
        assert_eq!(days(5, "2026-10-05"), ["2026-11-05", "2026-12-05", "2027-01-05", "2027-02-05"]);
        assert_eq!(days(6, "2026-10-05")[0], "2026-10-06");
    }

    proptest! {
        #[test]
        fn a_schedule_is_the_whole_amount_month_by_month(
            total in 4_000i64..100_000_000, count in 2i64..=12, on in 1u32..=31, offset in 0u64..4_000,
        ) {
            let today = day("2026-01-01") + Days::new(offset);
            let schedule = schedule(total, count, on, today);
            prop_assert_eq!(schedule.len() as i64, count);
            prop_assert_eq!(schedule.iter().map(|due| due.amount).sum::<i64>(), total);
            let (first, last) = (schedule[0].amount, schedule[count as usize - 1].amount);
            prop_assert!(schedule[..count as usize - 1].iter().all(|due| due.amount == first));
            prop_assert!(last >= first && last < first + count);
            prop_assert!(schedule[0].on > today);
            for pair in schedule.windows(2) {
                let months = |on: Date| i64::from(on.year()) * 12 + i64::from(on.month());
                prop_assert_eq!(months(pair[1].on), months(pair[0].on) + 1);
            }
            for due in &schedule {
                let is_last = (due.on + Days::new(1)).month() != due.on.month();
                prop_assert!(due.on.day() == on || (is_last && due.on.day() < on));
            }
        }

        #[test]
        fn what_is_taken_is_never_more_than_agreed_nor_than_is_owed(
            agreed in proptest::collection::vec(1i64..10_000, 0..12), owed in -5_000i64..100_000,
        ) {
            let taken = takes(&agreed, owed);
            prop_assert!(taken.iter().zip(&agreed).all(|(taken, agreed)| (0..=*agreed).contains(taken)));
            prop_assert_eq!(taken.iter().sum::<i64>(), agreed.iter().sum::<i64>().min(owed.max(0)));
            // It is the end that falls away.
            let short = taken.iter().zip(&agreed).position(|(taken, agreed)| taken < agreed);
            prop_assert!(short.is_none_or(|at| taken[at + 1..].iter().all(|taken| *taken == 0)));
        }
    }

    #[test]
    fn a_declined_instalment_is_tried_after_three_and_seven_days_and_no_more() {
        let first = day("2026-10-30");
        assert_eq!(next_try(first, 1), Some(day("2026-11-02")));
        assert_eq!(next_try(first, 2), Some(day("2026-11-06")));
        assert_eq!((next_try(first, 3), next_try(first, 0)), (None, None));
    }

    #[test]
    fn a_reminder_comes_in_the_three_days_before() {
        let due = day("2026-11-05");
        let reminded: Vec<_> = ["2026-11-01", "2026-11-02", "2026-11-04", "2026-11-05", "2026-11-06"]
            .map(|today| is_reminded(due, day(today)))
            .into();
        assert_eq!(reminded, [false, true, true, false, false]);
    }

    fn code(change: impl FnOnce(&mut NewPlan)) -> Option<(String, String)> {
        let mut new = NewPlan {
            amount: Money::new(9_001, Currency::Usd),
            instalments: 4,
            day: 31,
            method: PaymentMethodId(Uuid::nil()),
            first_due: day("2026-10-31"),
            agreed: true,
        };
        change(&mut new);
        let refused = new.check(Money::new(9_001, Currency::Usd), day("2026-10-05")).err()?;
        Some((refused.errors[0].field.clone(), refused.errors[0].code.clone()))
    }

    #[test]
    fn a_plan_is_agreed_to_as_it_was_shown_within_the_practices_bounds() {
        assert_eq!(code(|_| ()), None);
        let refused = |field: &str, code: &str| Some((field.to_owned(), code.to_owned()));
        assert_eq!(code(|new| new.amount.amount = 9_002), refused("amount", "over_payment"));
        for count in [-1, 0, 1, 13] {
            assert_eq!(code(|new| new.instalments = count), refused("instalments", "out_of_range"));
        }
        assert_eq!(code(|new| new.instalments = 5), refused("instalments", "below_least"));
        for on in [-1, 0, 32, i64::MAX] {
            assert_eq!(code(|new| new.day = on), refused("day", "out_of_range"));
        }
        assert_eq!(code(|new| new.agreed = false), refused("agreed", "required"));
        assert_eq!(code(|new| new.day = 30), refused("first_due", "schedule_changed"));
        assert_eq!(most_instalments(Money::new(3_999, Currency::Usd)), 1);
        assert_eq!(most_instalments(Money::new(1_000_000, Currency::Jpy)), 12);
    }
}
