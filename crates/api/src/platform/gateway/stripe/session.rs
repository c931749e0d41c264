//! What Stripe tells of a Checkout Session, and what that means for a payment.

use portal_domain::{
    billing::{Booked, Currency, Money, PaymentFailure, method_label},
    ids::PaymentId,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{KeptCard, Standing},
    PAYMENT,
};
use crate::error::{Error, Result};

/// A Checkout Session, with its payment intent where it was asked for.
#[derive(Debug, Deserialize)]
pub struct Session {
    pub id: String,
    #[serde(default)]
    pub url: Option<String>,
    /// `open`, `complete` or `expired`.
    status: String,
    /// `paid`, `unpaid` or `no_payment_required`.
    payment_status: String,
    amount_total: i64,
    currency: String,
    #[serde(default)]
    payment_intent: Option<Expandable<Intent>>,
    #[serde(default)]
    metadata: Value,
}

/// A part of an answer: whole when it was asked for, else its id.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    Whole(T),
    Id(String),
}

impl<T> Expandable<T> {
    pub const fn whole(&self) -> Option<&T> {
        match self {
            Self::Whole(whole) => Some(whole),
            Self::Id(_) => None,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Intent {
    id: String,
    status: String,
    #[serde(default)]
    payment_method: Option<Expandable<Method>>,
    #[serde(default)]
    last_payment_error: Option<Refusal>,
    #[serde(default)]
    latest_charge: Option<Expandable<Charge>>,
}

#[derive(Debug, Deserialize)]
struct Charge {
    amount_refunded: i64,
}

/// A payment method.
#[derive(Debug, Deserialize)]
pub struct Method {
    pub id: String,
    #[serde(default)]
    card: Option<Card>,
}

#[derive(Debug, Deserialize)]
struct Card {
    brand: String,
    last4: String,
    #[serde(default)]
    exp_month: i64,
    #[serde(default)]
    exp_year: i64,
}

impl Method {
    /// As a receipt names it.
    pub fn label(&self) -> String {
        match &self.card {
            Some(card) => method_label(brand(&card.brand), &card.last4),
            None => "Card".into(),
        }
    }

    /// The card, to be kept.
    pub fn kept(&self) -> Option<KeptCard> {
        let card = self.card.as_ref()?;
        Some(KeptCard {
            token: self.id.clone(),
            brand: brand(&card.brand).into(),
            last4: card.last4.clone(),
            expires_month: card.exp_month,
            expires_year: card.exp_year,
        })
    }
}

/// Why a card was refused.
#[derive(Debug, Deserialize)]
pub struct Refusal {
    #[serde(default)]
    code: Option<String>,
}

/// Why a payment failed, by Stripe's code.
pub fn failure(why: Option<&Refusal>) -> PaymentFailure {
    match why.and_then(|why| why.code.as_deref()) {
        Some("expired_card") => PaymentFailure::CardExpired,
        Some("payment_intent_authentication_failure") => PaymentFailure::NotConfirmed,
        Some("authentication_required") => PaymentFailure::ConfirmationNeeded,
        _ => PaymentFailure::Declined,
    }
}

impl Session {
    /// The payment intent's id; none until somebody has tried to pay.
    pub fn intent(&self) -> Option<&str> {
        self.payment_intent.as_ref().map(|intent| match intent {
            Expandable::Whole(intent) => intent.id.as_str(),
            Expandable::Id(id) => id,
        })
    }

    /// Whether it can still be paid.
    pub fn is_open(&self) -> bool {
        self.status == "open" && self.payment_status == "unpaid"
    }

    /// Where the payment stands. A card that was declined leaves the session open: Stripe's page asks for another one.
    pub fn standing(&self) -> Result<Standing> {
        let intent = self.payment_intent.as_ref().and_then(Expandable::whole);
        Ok(match (self.payment_status.as_str(), self.status.as_str()) {
            ("paid", _) => Standing::Paid { amount: self.amount()?, method: self.method() },
            (_, "open") => Standing::Open,
            (_, "expired") => Standing::Cancelled,
            // The bank answers later than the page was sent back.
            _ => match intent.map(|intent| intent.status.as_str()) {
                Some("requires_payment_method") => Standing::Failed(self.failure()),
                Some("canceled") => Standing::Cancelled,
                _ => Standing::Processing,
            },
        })
    }

    /// What was taken of a payment of the portal's, with its charge asked for; none when nothing was, or when the session is
    /// another shop's.
    pub fn booked(&self) -> Option<Booked> {
        let payment: PaymentId = self.metadata[PAYMENT].as_str()?.parse().ok()?;
        let intent = self.payment_intent.as_ref()?.whole()?;
        let refunded = intent.latest_charge.as_ref()?.whole()?.amount_refunded;
        (self.payment_status == "paid").then_some(Booked { payment, paid: self.amount_total, refunded })
    }

    /// The card with which it was paid.
    pub fn card(&self) -> Option<&Method> {
        self.payment_intent.as_ref()?.whole()?.payment_method.as_ref()?.whole()
    }

    fn amount(&self) -> Result<Money> {
        taken(&self.id, self.amount_total, &self.currency)
    }

    fn failure(&self) -> PaymentFailure {
        let intent = self.payment_intent.as_ref().and_then(Expandable::whole);
        failure(intent.and_then(|intent| intent.last_payment_error.as_ref()))
    }

    fn method(&self) -> String {
        let intent = self.payment_intent.as_ref().and_then(Expandable::whole);
        let method = intent.and_then(|intent| intent.payment_method.as_ref()?.whole());
        method.map_or_else(|| "Card".into(), Method::label)
    }
}

/// What Stripe took, as an amount.
pub fn taken(id: &str, amount: i64, currency: &str) -> Result<Money> {
    let currency: Currency = currency
        .to_uppercase()
        .parse()
        .map_err(|_| Error::internal(format!("{id}: Stripe took a foreign currency")))?;
    Ok(Money::new(amount, currency))
}

fn brand(name: &str) -> &'static str {
    match name {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        "diners" => "Diners Club",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        _ => "Card",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn session(status: &str, paid: &str, intent: Value) -> Session {
        serde_json::from_value(json!({
            "id": "cs_1", "status": status, "payment_status": paid, "amount_total": 1250, "currency": "usd",
            "payment_intent": intent, "more": "than we read",
        }))
        .unwrap()
    }

    #[test]
    fn paid_is_what_stripe_has_the_money_for() {
        let card = json!({"id": "pm_1", "card": {"brand": "amex", "last4": "0005"}});
        let paid =
            session("complete", "paid", json!({"id": "pi_1", "status": "succeeded", "payment_method": card}));
        let amount = Money::new(1250, Currency::Usd);
        let method = "American Express ending in 0005".into();
        assert_eq!(paid.standing().unwrap(), Standing::Paid { amount, method });
        assert_eq!(paid.intent(), Some("pi_1"));
        let unnamed = session("complete", "paid", json!("pi_1"));
        assert_eq!(unnamed.standing().unwrap(), Standing::Paid { amount, method: "Card".into() });
        // An expired session that was paid in its last second is paid.
        assert!(matches!(
            session("expired", "paid", json!("pi_1")).standing().unwrap(),
            Standing::Paid { .. }
        ));
        let foreign = Session { currency: "xau".into(), ..session("complete", "paid", json!("pi_1")) };
        assert!(foreign.standing().is_err());
    }

    #[test]
    fn what_is_not_paid_is_open_under_way_refused_or_given_up() {
        let standing = |status, intent| session(status, "unpaid", intent).standing().unwrap();
        let declined = |code: &str| json!({"id": "pi_1", "status": "requires_payment_method", "last_payment_error": {"code": code}});
        assert_eq!(standing("open", Value::Null), Standing::Open);
        assert_eq!(standing("open", declined("card_declined")), Standing::Open);
        assert_eq!(standing("expired", declined("card_declined")), Standing::Cancelled);
        assert_eq!(standing("complete", json!({"id": "pi_1", "status": "processing"})), Standing::Processing);
        assert_eq!(standing("complete", json!("pi_1")), Standing::Processing);
        assert_eq!(standing("complete", json!({"id": "pi_1", "status": "canceled"})), Standing::Cancelled);
        for (code, why) in [
            ("card_declined", PaymentFailure::Declined),
            ("expired_card", PaymentFailure::CardExpired),
            ("payment_intent_authentication_failure", PaymentFailure::NotConfirmed),
            ("authentication_required", PaymentFailure::ConfirmationNeeded),
        ] {
            assert_eq!(standing("complete", declined(code)), Standing::Failed(why));
        }
    }
}
