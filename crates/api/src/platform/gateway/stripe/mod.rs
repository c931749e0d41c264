//! Stripe: cards are typed on its own page (Checkout), never here. It knows a payment by the portal's id, in the metadata of
//! the session and of the payment intent, and by the idempotency key; a refund likewise (decision 0043).

mod api;
mod cards;
mod charges;
mod session;
mod settings;
mod signature;

use portal_domain::{
    billing::{Booked, Currency, Money},
    ids::{AccountId, RefundId},
    problem::Code,
    time::Time,
};
use serde::Deserialize;
use serde_json::Value;

pub use settings::StripeSettings;

use self::{
    api::{Answered, Api},
    session::Session,
};
use super::{About, Adding, Answer, Begun, Charge, Charged, Checkout, Gateway, Keeping, Returned, Standing};
use crate::error::{Error, Result};

/// What it is called.
pub const NAME: &str = "stripe";
/// The header that signs a message.
pub const SIGNATURE: &str = "Stripe-Signature";
/// Under this name the portal's ids stand in Stripe's metadata.
const PAYMENT: &str = "portal_payment";
const REFUND: &str = "portal_refund";
/// Stripe's page stays open for so long after the amount is no longer held, in seconds: it wants at least half an hour from
/// when it is asked, and it may be asked until the hold ends. At that end the portal closes the page itself.
const PAGE_STAYS: i64 = 31 * 60;

/// Stripe.
pub struct Stripe(Api);

impl Stripe {
    /// Stripe as the settings say. It is not asked anything yet.
    pub fn new(settings: StripeSettings) -> Result<Self> {
        Api::new(settings).map(Self)
    }

    async fn session(&self, reference: &str) -> Result<Session> {
        let whole = [("expand[]", "payment_intent.payment_method")];
        self.0.get(&format!("/v1/checkout/sessions/{}", plain(reference)?), &whole).await
    }

    async fn begun(&self, checkout: Checkout) -> Result<Begun> {
        let (payment, back) = (checkout.payment.to_string(), checkout.return_to);
        let amount = checkout.amount.amount.to_string();
        let currency = checkout.amount.currency.as_str().to_lowercase();
        let expires = (checkout.held_until.utc().timestamp() + PAGE_STAYS).to_string();
        // No name, no address and nothing about the bill: whose payment it is, is the portal's to know.
        let (named, named_in_intent) =
            (format!("metadata[{PAYMENT}]"), format!("payment_intent_data[metadata][{PAYMENT}]"));
        let mut form = vec![
            ("mode", "payment"),
            ("submit_type", "pay"),
            ("payment_method_types[]", "card"),
            ("adaptive_pricing[enabled]", "false"),
            ("client_reference_id", &payment),
            (&named, &payment),
            (&named_in_intent, &payment),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &currency),
            ("line_items[0][price_data][unit_amount]", &amount),
            ("line_items[0][price_data][product_data][name]", "Patient balance"),
            ("success_url", &back),
            ("cancel_url", &back),
            ("expires_at", &expires),
        ];
        if let Some(customer) = &checkout.keep_for {
            form.extend([
                ("customer", customer.as_str()),
                ("payment_intent_data[setup_future_usage]", "off_session"),
            ]);
        }
        let session = match self.0.post::<Session>("/v1/checkout/sessions", &form, Some(&payment)).await? {
            Answered::Yes(session) => session,
            Answered::No(why) => {
                tracing::error!(why, payment, "Stripe refused to begin a payment");
                return Err(Code::GatewayRefused.into());
            }
        };
        let pay_at = session.url.ok_or_else(|| Error::internal("Stripe named no page to pay at"))?;
        Ok(Begun { reference: session.id, pay_at })
    }

    async fn cancelled(&self, reference: &str) -> Result<Standing> {
        if charges::is_charge(reference) {
            return self.charge_cancelled(reference).await;
        }
        let mut session = self.session(reference).await?;
        if session.is_open() {
            let path = format!("/v1/checkout/sessions/{}/expire", session.id);
            // A no means that it was paid or ended meanwhile; what it is now is looked up either way.
            self.0.post::<Session>(&path, &[], None).await?;
            session = self.session(reference).await?;
        }
        session.standing()
    }

    /// Idempotency keys are forgotten after a day; the metadata of earlier refunds are not.
    async fn refunded(&self, reference: &str, refund: RefundId, amount: Money) -> Result<Returned> {
        let intent = self.intent_of(reference).await?;
        let intent = intent.as_str();
        let refund = refund.to_string();
        if let Some(given) = self.given(intent, &refund).await?
            && given.returned() != Returned::Refused
        {
            return Ok(given.returned());
        }
        let amount = amount.amount.to_string();
        let named = format!("metadata[{REFUND}]");
        let form = [("payment_intent", intent), ("amount", &amount), (&named, &refund)];
        Ok(match self.0.post::<Refund>("/v1/refunds", &form, Some(&refund)).await? {
            Answered::Yes(given) => given.returned(),
            Answered::No(why) => {
                tracing::warn!(why, %refund, "Stripe refused a refund");
                Returned::Refused
            }
        })
    }

    /// What it has of a refund.
    async fn given(&self, intent: &str, refund: &str) -> Result<Option<Refund>> {
        let given: Refunds =
            self.0.get("/v1/refunds", &[("payment_intent", intent), ("limit", "100")]).await?;
        Ok(given.data.into_iter().find(|given| given.is_of(refund)))
    }

    async fn refund_standing(&self, reference: &str, refund: RefundId) -> Result<Returned> {
        let intent = self.intent_of(reference).await?;
        let given = self.given(&intent, &refund.to_string()).await?;
        given.map(|given| given.returned()).ok_or_else(|| Error::internal("Stripe does not know the refund"))
    }
}

impl Stripe {
    /// Page by page. A page may be made anew until the hold ends, so that its session is younger than the payment.
    async fn taken(&self, from: Time, to: Time) -> Result<Vec<Booked>> {
        let (from, to) =
            (from.utc().timestamp().to_string(), (to.utc().timestamp() + PAGE_STAYS).to_string());
        let (mut taken, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut query = vec![
                ("created[gte]", from.as_str()),
                ("created[lt]", &to),
                ("limit", "100"),
                ("expand[]", "data.payment_intent.latest_charge"),
            ];
            query.extend(after.as_deref().map(|after| ("starting_after", after)));
            let page: Sessions = self.0.get("/v1/checkout/sessions", &query).await?;
            let last = page.data.last().and_then(|last| last["id"].as_str().map(str::to_owned));
            // The account may be a shop's, too: what is not as the portal's sessions are is none of them.
            let sessions =
                page.data.into_iter().filter_map(|one| serde_json::from_value::<Session>(one).ok());
            taken.extend(sessions.filter_map(|session| session.booked()));
            match last {
                Some(last) if page.has_more => after = Some(last),
                _ => break,
            }
        }
        taken.extend(self.charges_taken(&from, &to).await?);
        Ok(taken)
    }

    /// The payment intent of a payment.
    async fn intent_of(&self, reference: &str) -> Result<String> {
        if charges::is_charge(reference) {
            return Ok(plain(reference)?.to_owned());
        }
        let session = self.session(reference).await?;
        let intent = session.intent().map(str::to_owned);
        intent.ok_or_else(|| Error::internal("nothing was paid of what is refunded"))
    }

    async fn standing(&self, reference: &str) -> Result<Standing> {
        match charges::is_charge(reference) {
            true => Ok(self.charge_of(reference).await?.standing),
            false => self.session(reference).await?.standing(),
        }
    }
}

impl Gateway for Stripe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn signature_header(&self) -> &'static str {
        SIGNATURE
    }

    fn least(&self, currency: Currency) -> i64 {
        if currency == Currency::Gbp { 30 } else { 50 }
    }

    fn begin(&self, checkout: Checkout) -> Answer<'_, Begun> {
        Box::pin(self.begun(checkout))
    }

    fn look(&self, reference: String) -> Answer<'_, Standing> {
        Box::pin(async move { self.standing(&reference).await })
    }

    fn cancel(&self, reference: String) -> Answer<'_, Standing> {
        Box::pin(async move { self.cancelled(&reference).await })
    }

    fn refund(&self, reference: String, refund: RefundId, amount: Money) -> Answer<'_, Returned> {
        Box::pin(async move { self.refunded(&reference, refund, amount).await })
    }

    fn look_at_refund(&self, reference: String, refund: RefundId) -> Answer<'_, Returned> {
        Box::pin(async move { self.refund_standing(&reference, refund).await })
    }

    fn books(&self, from: Time, to: Time) -> Answer<'_, Vec<Booked>> {
        Box::pin(self.taken(from, to))
    }

    fn customer(&self, account: AccountId) -> Answer<'_, String> {
        Box::pin(self.customer_of(account))
    }

    fn add_card(&self, adding: Adding) -> Answer<'_, Begun> {
        Box::pin(self.adding_begun(adding))
    }

    fn kept(&self, reference: String) -> Answer<'_, Keeping> {
        Box::pin(async move { self.keeping(&reference).await })
    }

    fn end_adding(&self, reference: String) -> Answer<'_, Keeping> {
        Box::pin(async move { self.adding_ended(&reference).await })
    }

    fn forget_card(&self, token: String) -> Answer<'_, ()> {
        Box::pin(async move { self.forgotten(&token).await })
    }

    fn charge(&self, charge: Charge) -> Answer<'_, Charged> {
        Box::pin(self.charged(charge))
    }

    fn find_charge(&self, charge: Charge) -> Answer<'_, Option<Charged>> {
        Box::pin(async move { self.found(&charge).await })
    }

    fn heard(&self, signature: &str, body: &[u8], now: Time) -> Option<About> {
        if !signature::is_genuine(&self.0.settings().webhook_secret, signature, body, now) {
            return None;
        }
        let event: Value = serde_json::from_slice(body).ok()?;
        Some(about(&event).unwrap_or(About::Else))
    }
}

/// Which payment or refund a message is about. What it says of amounts and states is not read.
fn about(event: &Value) -> Option<About> {
    let object = event.pointer("/data/object")?;
    match event["type"].as_str()?.split('.').next()? {
        "checkout" => Some(About::Reference(object["id"].as_str()?.to_owned())),
        "payment_intent" => object["metadata"][PAYMENT].as_str()?.parse().ok().map(About::Payment),
        // `refund.failed`, `refund.updated`, `charge.refund.updated`. A charge itself names no refund.
        "refund" | "charge" => object["metadata"][REFUND].as_str()?.parse().ok().map(About::Refund),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Sessions {
    data: Vec<Value>,
    has_more: bool,
}

#[derive(Deserialize)]
struct Refunds {
    data: Vec<Refund>,
}

#[derive(Deserialize)]
struct Refund {
    status: String,
    #[serde(default)]
    metadata: Value,
}

impl Refund {
    fn is_of(&self, refund: &str) -> bool {
        self.metadata[REFUND].as_str() == Some(refund)
    }

    fn returned(&self) -> Returned {
        match self.status.as_str() {
            "succeeded" => Returned::Done,
            "failed" | "canceled" => Returned::Refused,
            _ => Returned::Pending,
        }
    }
}

/// A reference as Stripe makes them, which may stand in an address.
fn plain(reference: &str) -> Result<&str> {
    let is_plain = reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain { Ok(reference) } else { Err(Error::internal("this is no reference of Stripe's")) }
}
