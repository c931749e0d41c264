//! How Stripe is reached.

use std::{fmt, time::Duration};

/// `PORTAL_STRIPE_*`.
#[derive(Clone, PartialEq, Eq)]
pub struct StripeSettings {
    /// The secret or restricted key.
    pub key: String,
    /// What Stripe signs its messages with.
    pub webhook_secret: String,
    /// The address of the API, without a slash at its end.
    pub base: String,
    /// How long it may take for one answer.
    pub patience: Duration,
}

impl StripeSettings {
    /// Whether it moves no money: a key of Stripe's test mode.
    pub fn is_test(&self) -> bool {
        self.key.contains("_test_")
    }
}

/// In words, without the keys.
impl fmt::Display for StripeSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.is_test() { ", in test mode, which moves no money" } else { "" };
        write!(f, "Stripe at {}{mode}", self.base)
    }
}

impl fmt::Debug for StripeSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
