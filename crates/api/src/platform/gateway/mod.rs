//! Payment gateways behind one trait (PAY-2). What a gateway says counts only when it was asked for it: its messages are a
//! reason to ask, whatever they say themselves. So a message that is late, doubled or out of order does no harm, and one
//! that is forged comes to nothing (decision 0041).

pub mod sandbox;

use std::{future::Future, net::SocketAddr, pin::Pin};

use portal_domain::{
    billing::{Money, PaymentFailure},
    ids::{PaymentId, RefundId},
    time::Time,
};

use crate::error::Result;

/// Which gateway takes payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewaySettings {
    /// None: the practice takes no payments online.
    None,
    /// The built-in one, which moves no money; its card page listens here, or on any free port when none was asked for.
    Sandbox(Option<SocketAddr>),
}

/// What is to be paid.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// The payment; the gateway knows a repeat by it.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// The page of the portal to which the gateway sends people back.
    pub return_to: String,
}

/// What the gateway made of it.
#[derive(Clone, Debug)]
pub struct Begun {
    /// What the gateway calls it.
    pub reference: String,
    /// Its page where the card is asked for.
    pub pay_at: String,
}

/// Where a payment stands with the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has paid yet.
    Open,
    /// The bank has not answered yet.
    Processing,
    /// The gateway has the money.
    Paid {
        /// How much.
        amount: Money,
        /// With what, in words.
        method: String,
    },
    /// It was refused.
    Failed(PaymentFailure),
    /// It can't be paid any more.
    Cancelled,
}

/// What a gateway answers, in its time.
pub type Answer<'g, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'g>>;

/// Whoever takes cards. No card number passes through this trait.
pub trait Gateway: Send + Sync {
    /// The name that is kept with a payment.
    fn name(&self) -> &'static str;
    /// Begins a payment; a repeat of the same payment gets the same answer.
    fn begin(&self, checkout: Checkout) -> Answer<'_, Begun>;
    /// Where it stands.
    fn look(&self, reference: String) -> Answer<'_, Standing>;
    /// Makes sure that it can't be paid any more, unless it was paid already; answers where it stands then.
    fn cancel(&self, reference: String) -> Answer<'_, Standing>;
    /// Gives money back; a repeat of the same refund is done once.
    fn refund(&self, reference: String, refund: RefundId, amount: Money) -> Answer<'_, ()>;
    /// The reference that a message of the gateway is about; none when the gateway did not sign it just now.
    fn heard(&self, signature: &str, body: &[u8], now: Time) -> Option<String>;
}
