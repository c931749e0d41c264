//! Cards that a gateway keeps for a login (PAY-2). What is known of one is what its owner needs to tell it from another; its
//! number is the gateway's (decision 0045).

use serde::{Deserialize, Serialize};

use crate::{
    ids::PaymentMethodId,
    problem::{Code, Problem},
    time::{Date, Time},
    words::words,
};

/// A login keeps at most so many cards: more is no wallet, but somebody who tries out numbers.
pub const MOST_METHODS: usize = 10;

words! {
    /// Where a kept card stands.
    MethodState {
        /// The gateway's page asks for it; it can't pay yet.
        Adding = "adding",
        /// The gateway keeps it.
        Kept = "kept",
        /// Its owner took it away, and the gateway has not heard yet. It can't pay any more.
        Removing = "removing",
        /// It is gone, or never came to be.
        Removed = "removed",
    }
}

/// A card of the own login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentMethodView {
    /// The id.
    pub id: PaymentMethodId,
    /// Where it stands.
    pub state: MethodState,
    /// Whose card it is, in words: `Visa`; empty until the gateway keeps it.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Its last month, 1 to 12; null until the gateway keeps it.
    pub expires_month: Option<i64>,
    /// The year of its last month.
    pub expires_year: Option<i64>,
    /// Whether its last month is over.
    pub is_expired: bool,
    /// Whether it can pay: the gateway keeps it, it has not expired, and the practice still takes payments by that gateway.
    pub can_pay: bool,
    /// Whether a payment plan that is not over pays with it.
    pub in_plan: bool,
    /// Where the card is asked for; null once it is kept. It is the gateway's own site.
    pub add_at: Option<String>,
    /// Since when it is kept.
    pub kept_at: Option<Time>,
}

impl PaymentMethodView {
    /// As a receipt names it.
    pub fn label(&self) -> String {
        method_label(&self.brand, &self.last4)
    }
}

/// `Visa ending in 4242`.
pub fn method_label(brand: &str, last4: &str) -> String {
    format!("{brand} ending in {last4}")
}

/// Whether the last month of a card is over.
pub fn is_expired(month: i64, year: i64, today: Date) -> bool {
    use chrono::Datelike;
    (year, month) < (i64::from(today.year()), i64::from(today.month()))
}

/// What is asked of a card that is taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct RemoveMethodQuery {
    /// Whether payment plans that use it may pause; without this a card in use is 409 `card_in_use`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pause_plans: bool,
}

/// Refuses to take a card away that plans pay with, unless they may pause.
pub fn may_remove(in_plan: bool, query: RemoveMethodQuery) -> Result<(), Problem> {
    if in_plan && !query.pause_plans { Err(Problem::new(Code::CardInUse)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_good_until_the_end_of_its_last_month() {
        let on = |day: &str| is_expired(11, 2026, day.parse().unwrap());
        assert!(!on("2026-11-30") && !on("2025-12-31"));
        assert!(on("2026-12-01") && on("2027-01-01"));
    }

    #[test]
    fn a_card_in_use_is_taken_away_only_when_its_plans_may_pause() {
        let refused = may_remove(true, RemoveMethodQuery::default()).unwrap_err();
        assert_eq!(refused.code, Code::CardInUse);
        assert!(may_remove(true, RemoveMethodQuery { pause_plans: true }).is_ok());
        assert!(may_remove(false, RemoveMethodQuery::default()).is_ok());
    }
}
