//! The sandbox gateway: it behaves as gateways do and moves no money. Its card page is an origin of its own, served by a
//! second listener; documented test cards say what happens. It keeps its own books, apart from the practice's.

mod books;
mod pages;
mod wallet;

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, OnceLock},
    time::Duration,
};

use portal_domain::{
    billing::{Booked, Money, PaymentFailure},
    ids::{AccountId, RefundId},
    time::Time,
};
use uuid::Uuid;

use super::{About, Adding, Answer, Begun, Charge, Charged, Checkout, Gateway, Keeping, Returned, Standing};
use crate::{
    error::{Error, Result},
    platform::{
        clock::Clock,
        db::Db,
        secret::{MacKey, same},
    },
};

pub use pages::{Listening, listen};
pub use wallet::give;

/// What it is called.
pub const NAME: &str = "sandbox";
/// How old a message may be, in seconds, in either direction.
const TOLERANCE: i64 = 300;
/// How long the bank of the "late" card takes.
const LATE: Duration = Duration::from_secs(3);
/// Where the portal hears of a payment.
pub const EVENTS_PATH: &str = "/gateway/sandbox/events";
/// The header that signs a message: `t=SECONDS,v1=HEX` over `SECONDS.BODY`, as Stripe does it.
pub const SIGNATURE: &str = "Gateway-Signature";

/// What a test card does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Pays.
    Pays,
    /// The bank says no.
    Declined,
    /// The bank asks its customer first.
    Asks,
    /// It is past its last month.
    Expired,
    /// The bank can't be reached.
    Unreachable,
    /// The bank answers a little later.
    Late,
    /// Pays while its number is typed, and is declined when it is a kept card.
    DeclinedLater,
}

/// The test cards (docs/payments.md).
pub const CARDS: [(&str, Card, &str); 7] = [
    ("4242424242424242", Card::Pays, "pays"),
    ("4000000000000002", Card::Declined, "is declined"),
    ("4000000000003220", Card::Asks, "asks you to confirm (3-D Secure)"),
    ("4000000000000069", Card::Expired, "has expired"),
    ("4000000000000119", Card::Unreachable, "meets a bank that does not answer"),
    ("4000000000000077", Card::Late, "is answered a few seconds later"),
    ("4000000000000341", Card::DeclinedLater, "pays now, and is declined once it is kept"),
];

/// The sandbox. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    key: MacKey,
    /// Known once it listens.
    base: OnceLock<String>,
    portal: String,
    http: reqwest::Client,
}

impl Sandbox {
    /// A sandbox for the portal at this address.
    pub fn new(db: Db, clock: Clock, secret: &str, portal: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .no_proxy()
            .build()
            .map_err(Error::internal)?;
        let key = MacKey::new(secret, "sandbox gateway")?;
        Ok(Self(Arc::new(Inner { db, clock, key, base: OnceLock::new(), portal: portal.into(), http })))
    }

    /// Where its card page is reached.
    pub fn base(&self) -> Result<&str> {
        self.0.base.get().map(String::as_str).ok_or(Error::Unavailable)
    }

    /// A message about a payment, with its signature.
    pub fn message(&self, reference: &str) -> (String, String) {
        let body = serde_json::json!({ "reference": reference }).to_string();
        let at = self.0.clock.now().utc().timestamp();
        (self.signature(at, body.as_bytes()), body)
    }

    fn signature(&self, at: i64, body: &[u8]) -> String {
        let signed = [at.to_string().as_bytes(), b".", body].concat();
        let mac: String = self.0.key.mac(&signed).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={at},v1={mac}")
    }

    /// Pays as the card page does, without a page (tests).
    pub async fn pay(&self, reference: &str, card: Card) -> Result<Standing> {
        let id = Uuid::parse_str(reference).map_err(Error::internal)?;
        books::submit(self, id, card, wallet::FAR).await?;
        self.look(reference.to_owned()).await
    }

    /// What the card page does with a card that ends with this month, and what the bank's page does with an answer (tests).
    pub async fn keep(&self, reference: &str, card: Card, expires: (i64, i64)) -> Result<()> {
        let id = Uuid::parse_str(reference).map_err(Error::internal)?;
        books::submit(self, id, card, expires).await?;
        books::confirm(self, id, true).await?;
        Ok(())
    }

    /// Tells the portal that something happened, until it has heard: three times at most. What it misses it asks for.
    fn tell(&self, id: Uuid, after: Duration) {
        let sandbox = self.clone();
        actix_web::rt::spawn(async move {
            tokio::time::sleep(after).await;
            for _ in 0..3 {
                let (signature, body) = sandbox.message(&id.to_string());
                let to = format!("{}{EVENTS_PATH}", sandbox.0.portal);
                let sent = sandbox.0.http.post(to).header(SIGNATURE, signature);
                let sent = sent.header("Content-Type", "application/json").body(body).send().await;
                if sent.is_ok_and(|answer| answer.status().is_success()) {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            tracing::debug!("the sandbox could not tell the portal of a payment");
        });
    }
}

impl Gateway for Sandbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn signature_header(&self) -> &'static str {
        SIGNATURE
    }

    fn begin(&self, checkout: Checkout) -> Answer<'_, Begun> {
        Box::pin(async move {
            let pay_at = format!("{}/pay/{}", self.base()?, checkout.payment);
            let reference = checkout.payment.to_string();
            books::begin(self, checkout).await?;
            Ok(Begun { reference, pay_at })
        })
    }

    fn look(&self, reference: String) -> Answer<'_, Standing> {
        Box::pin(async move {
            let id = Uuid::parse_str(&reference).map_err(Error::internal)?;
            books::look(self, id).await
        })
    }

    fn cancel(&self, reference: String) -> Answer<'_, Standing> {
        Box::pin(async move {
            let id = Uuid::parse_str(&reference).map_err(Error::internal)?;
            books::cancel(self, id).await
        })
    }

    fn refund(&self, reference: String, refund: RefundId, amount: Money) -> Answer<'_, Returned> {
        Box::pin(async move {
            let id = Uuid::parse_str(&reference).map_err(Error::internal)?;
            books::refund(self, id, refund.0, amount).await?;
            Ok(Returned::Done)
        })
    }

    fn look_at_refund(&self, _: String, _: RefundId) -> Answer<'_, Returned> {
        Box::pin(async { Ok(Returned::Done) })
    }

    fn books(&self, from: Time, to: Time) -> Answer<'_, Vec<Booked>> {
        Box::pin(async move { books::taken(self, from, to).await })
    }

    fn customer(&self, account: AccountId) -> Answer<'_, String> {
        Box::pin(async move { Ok(account.to_string()) })
    }

    fn add_card(&self, adding: Adding) -> Answer<'_, Begun> {
        Box::pin(async move {
            let pay_at = format!("{}/pay/{}", self.base()?, adding.method);
            let reference = adding.method.to_string();
            wallet::begin(self, adding).await?;
            Ok(Begun { reference, pay_at })
        })
    }

    fn kept(&self, reference: String) -> Answer<'_, Keeping> {
        Box::pin(
            async move { wallet::kept(self, Uuid::parse_str(&reference).map_err(Error::internal)?).await },
        )
    }

    fn end_adding(&self, reference: String) -> Answer<'_, Keeping> {
        Box::pin(async move {
            let id = Uuid::parse_str(&reference).map_err(Error::internal)?;
            books::cancel(self, id).await?;
            wallet::kept(self, id).await
        })
    }

    fn forget_card(&self, token: String) -> Answer<'_, ()> {
        Box::pin(async move { wallet::forget(self, Uuid::parse_str(&token).map_err(Error::internal)?).await })
    }

    fn charge(&self, charge: Charge) -> Answer<'_, Charged> {
        Box::pin(wallet::charge(self, charge))
    }

    fn find_charge(&self, charge: Charge) -> Answer<'_, Option<Charged>> {
        Box::pin(async move { wallet::find(self, charge.payment.0).await })
    }

    fn heard(&self, signature: &str, body: &[u8], now: Time) -> Option<About> {
        let at: i64 = signature.strip_prefix("t=")?.split_once(',')?.0.parse().ok()?;
        let is_recent = (now.utc().timestamp().checked_sub(at)?).checked_abs()? <= TOLERANCE;
        if !is_recent || !same(self.signature(at, body).as_bytes(), signature.as_bytes()) {
            return None;
        }
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        Some(About::Reference(body.get("reference")?.as_str()?.to_owned()))
    }
}

/// Binds the card page's address; any free port where none was asked for and the one after the portal's is taken.
pub fn bind(wanted: Option<SocketAddr>, portal: SocketAddr) -> Result<TcpListener> {
    if let Some(address) = wanted {
        return Ok(TcpListener::bind(address)?);
    }
    let next = portal.port().checked_add(1).filter(|_| portal.port() != 0).unwrap_or(0);
    let beside = SocketAddr::new(portal.ip(), next);
    Ok(TcpListener::bind(beside).or_else(|_| TcpListener::bind(SocketAddr::new(portal.ip(), 0)))?)
}

/// What a failed checkout failed of.
const fn failure(card: Card) -> Option<PaymentFailure> {
    match card {
        Card::Declined => Some(PaymentFailure::Declined),
        Card::Expired => Some(PaymentFailure::CardExpired),
        _ => None,
    }
}
