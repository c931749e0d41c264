//! Payment gateways behind one trait (PAY-2). What a gateway says counts only when it was asked for it: its messages are a
//! reason to ask, whatever they say themselves. So a message that is late, doubled or out of order does no harm, and one
//! that is forged comes to nothing (decision 0041).

mod cards;
pub mod sandbox;
pub mod stripe;

use std::{future::Future, net::SocketAddr, pin::Pin, sync::Arc};

use portal_domain::{
    billing::{Booked, Currency, Money, PaymentFailure},
    ids::{AccountId, PaymentId, RefundId},
    time::Time,
};

pub use cards::{Adding, Charge, Charged, Keeping, KeptCard};

use crate::error::Result;

/// Which gateway takes new payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewaySettings {
    /// None: the practice takes no payments online.
    None,
    /// The built-in one, which moves no money; its card page listens here, or on any free port when none was asked for.
    Sandbox(Option<SocketAddr>),
    /// Stripe, as [`stripe::StripeSettings`] say.
    Stripe,
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
    /// Until when the amount is held for it.
    pub held_until: Time,
    /// The customer for whom the gateway keeps the card; none: it forgets it.
    pub keep_for: Option<String>,
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

/// What became of money that was to go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// It went back.
    Done,
    /// The gateway accepted it, and the bank has not. It may still fail.
    Pending,
    /// The gateway won't: it gave it back already, say, or the card's bank took it.
    Refused,
}

/// What a genuine message of a gateway is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// What the gateway calls so.
    Reference(String),
    /// A payment that the gateway names as the portal does.
    Payment(PaymentId),
    /// A refund that the gateway names as the portal does.
    Refund(RefundId),
    /// Nothing that the portal asked for.
    Else,
}

/// What a gateway answers, in its time.
pub type Answer<'g, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'g>>;

/// Whoever takes cards. No card number passes through this trait. A gateway that does not answer in time is
/// [`Error::Unavailable`](crate::error::Error::Unavailable): what it was asked may have happened or not.
pub trait Gateway: Send + Sync {
    /// The name that is kept with a payment, and that its messages arrive under.
    fn name(&self) -> &'static str;
    /// The header that signs its messages.
    fn signature_header(&self) -> &'static str;
    /// The smallest payment that it takes, in minor units.
    fn least(&self, _: Currency) -> i64 {
        1
    }
    /// Begins a payment; a repeat of the same payment gets the same answer. [`GatewayRefused`](portal_domain::problem::Code::GatewayRefused) when it won't take it, now
    /// or later.
    fn begin(&self, checkout: Checkout) -> Answer<'_, Begun>;
    /// Where it stands.
    fn look(&self, reference: String) -> Answer<'_, Standing>;
    /// Makes sure that it can't be paid any more, unless it was paid already; answers where it stands then.
    fn cancel(&self, reference: String) -> Answer<'_, Standing>;
    /// Gives money back; a repeat of the same refund is done once.
    fn refund(&self, reference: String, refund: RefundId, amount: Money) -> Answer<'_, Returned>;
    /// What became of a refund that it accepted.
    fn look_at_refund(&self, reference: String, refund: RefundId) -> Answer<'_, Returned>;
    /// What it took of the portal's payments that it was asked for in this span of time, or somewhat later.
    fn books(&self, from: Time, to: Time) -> Answer<'_, Vec<Booked>>;
    /// What it calls a login, for which it keeps cards; the same each time.
    fn customer(&self, account: AccountId) -> Answer<'_, String>;
    /// Makes a page that asks for a card to be kept; a repeat of the same adding gets the same answer.
    fn add_card(&self, adding: Adding) -> Answer<'_, Begun>;
    /// What became of a card that was to be kept with this payment, or by this adding.
    fn kept(&self, reference: String) -> Answer<'_, Keeping>;
    /// Ends an adding, unless the card was given; answers what became of it then.
    fn end_adding(&self, reference: String) -> Answer<'_, Keeping>;
    /// Forgets a kept card; one that is forgotten already is no mistake.
    fn forget_card(&self, token: String) -> Answer<'_, ()>;
    /// Pays with a kept card. A repeat of the same payment gets the same answer, however much later.
    fn charge(&self, charge: Charge) -> Answer<'_, Charged>;
    /// What became of a charge of which no answer arrived, without asking for it again; none: the gateway knows of none.
    fn find_charge(&self, charge: Charge) -> Answer<'_, Option<Charged>>;
    /// What a message of the gateway is about; none when the gateway did not sign it just now.
    fn heard(&self, signature: &str, body: &[u8], now: Time) -> Option<About>;
}

/// The gateways that are set up. One may take new payments; each is asked about its own, so that a practice that changes
/// its gateway loses none that is under way.
#[derive(Clone, Default)]
pub struct Gateways {
    known: Vec<Arc<dyn Gateway>>,
    taking: Option<&'static str>,
}

impl Gateways {
    /// These, of which the one of this name takes new payments.
    pub fn new(known: Vec<Arc<dyn Gateway>>, taking: Option<&'static str>) -> Self {
        Self { known, taking }
    }

    /// Who takes new payments.
    pub fn taking(&self) -> Option<&dyn Gateway> {
        self.taking.and_then(|name| self.named(name))
    }

    /// The one of this name, whether it takes new payments or not.
    pub fn named(&self, name: &str) -> Option<&dyn Gateway> {
        self.all().find(|gateway| gateway.name() == name)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &dyn Gateway> {
        self.known.iter().map(|gateway| &**gateway)
    }
}
