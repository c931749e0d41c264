//! Cards that a gateway keeps: the portal holds what the gateway calls one, and what people tell it by (decision 0045).

use portal_domain::{
    billing::Money,
    ids::{PaymentId, PaymentMethodId},
    time::Time,
};

use super::Standing;

/// A card as the gateway keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCard {
    /// What the gateway calls it.
    pub token: String,
    /// Whose card it is, in words: `Visa`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Its last month, 1 to 12.
    pub expires_month: i64,
    /// The year of its last month.
    pub expires_year: i64,
}

/// A card that is to be kept without a payment.
#[derive(Clone, Debug)]
pub struct Adding {
    /// What the portal calls the card; the gateway knows a repeat by it.
    pub method: PaymentMethodId,
    /// For whom it is kept.
    pub customer: String,
    /// The page of the portal to which the gateway sends people back.
    pub return_to: String,
    /// Until when the page is open, or somewhat longer.
    pub until: Time,
}

/// Where the keeping of a card stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Nobody has given a card yet, or the bank has not answered.
    Open,
    /// The gateway keeps it.
    Kept(KeptCard),
    /// No card was kept, and none will be.
    Gone,
}

/// What a kept card is to pay.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The payment; the gateway knows a repeat by it.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// For whom the card is kept.
    pub customer: String,
    /// What the gateway calls the card.
    pub token: String,
    /// The page of the portal to which the bank's page leads back; none: nobody is there, and the bank can't ask anybody.
    pub return_to: Option<String>,
    /// When the payment was begun.
    pub begun_at: Time,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    /// What the gateway calls it; none when it refused before it had a name.
    pub reference: Option<String>,
    /// The page where the bank asks the card's owner; none when it asks nothing.
    pub pay_at: Option<String>,
    /// Where it stands.
    pub standing: Standing,
}
