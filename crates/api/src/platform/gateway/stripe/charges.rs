//! Payments by a card that Stripe keeps: a payment intent that is confirmed as it is made.

use portal_domain::{
    billing::{Booked, PaymentFailure},
    ids::PaymentId,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    PAYMENT, Stripe,
    api::Answered,
    plain,
    session::{Expandable, Method, Refusal, failure, taken},
};
use crate::{
    error::{Error, Result},
    platform::gateway::{Charge, Charged, Standing},
};

/// Marks a payment by a kept card in Stripe's metadata, apart from those of a page.
const CHARGE: &str = "portal_charge";
/// How much earlier than the payment its intent may seem to be, in seconds: two clocks.
const CLOCKS: i64 = 600;

/// Whether a reference is that of a payment by a kept card.
pub fn is_charge(reference: &str) -> bool {
    reference.starts_with("pi_")
}

#[derive(Deserialize)]
struct Intents {
    data: Vec<Value>,
    has_more: bool,
}

#[derive(Deserialize)]
struct Intent {
    id: String,
    status: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    payment_method: Option<Expandable<Method>>,
    #[serde(default)]
    last_payment_error: Option<Refusal>,
    #[serde(default)]
    next_action: Option<NextAction>,
    #[serde(default)]
    latest_charge: Option<Expandable<Taken>>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct NextAction {
    #[serde(default)]
    redirect_to_url: Option<Redirect>,
}

#[derive(Deserialize)]
struct Redirect {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Deserialize)]
struct Taken {
    amount_refunded: i64,
}

/// Whether an intent is one of the portal's by a kept card.
fn is_ours(intent: &Value) -> bool {
    intent["metadata"][CHARGE].is_string()
}

impl Intent {
    fn charged(self) -> Result<Charged> {
        let method = self.payment_method.as_ref().and_then(Expandable::whole);
        let standing = match self.status.as_str() {
            "succeeded" => Standing::Paid {
                amount: taken(&self.id, self.amount, &self.currency)?,
                method: method.map_or_else(|| "Card".into(), Method::label),
            },
            "processing" => Standing::Processing,
            "canceled" => Standing::Cancelled,
            // Nobody but the portal could try another card with it.
            "requires_payment_method" => Standing::Failed(failure(self.last_payment_error.as_ref())),
            _ => Standing::Open,
        };
        let page = self.next_action.and_then(|next| next.redirect_to_url).and_then(|to| to.url);
        let pay_at = page.filter(|_| standing == Standing::Open);
        Ok(Charged { reference: Some(self.id), pay_at, standing })
    }

    fn booked(&self) -> Option<Booked> {
        self.metadata[CHARGE].as_str()?;
        let payment: PaymentId = self.metadata[PAYMENT].as_str()?.parse().ok()?;
        let refunded = self.latest_charge.as_ref()?.whole()?.amount_refunded;
        (self.status == "succeeded").then_some(Booked { payment, paid: self.amount, refunded })
    }
}

impl Stripe {
    /// What is known of it counts; only what Stripe does not know is asked for. Two askers at once have the same key.
    pub(super) async fn charged(&self, charge: Charge) -> Result<Charged> {
        if let Some(known) = self.found(&charge).await? {
            return Ok(known);
        }
        let (payment, amount) = (charge.payment.to_string(), charge.amount.amount.to_string());
        let currency = charge.amount.currency.as_str().to_lowercase();
        let (named, marked) = (format!("metadata[{PAYMENT}]"), format!("metadata[{CHARGE}]"));
        let mut form = vec![
            ("amount", amount.as_str()),
            ("currency", &currency),
            ("customer", &charge.customer),
            ("payment_method", &charge.token),
            ("payment_method_types[]", "card"),
            ("confirm", "true"),
            (&named, &payment),
            (&marked, "1"),
            ("expand[]", "payment_method"),
        ];
        form.push(match &charge.return_to {
            Some(back) => ("return_url", back.as_str()),
            None => ("off_session", "true"),
        });
        match self.0.post::<Intent>("/v1/payment_intents", &form, Some(&payment)).await? {
            Answered::Yes(intent) => intent.charged(),
            Answered::No(why) => {
                tracing::info!(why, %payment, "Stripe refused a payment by a kept card");
                let standing = Standing::Failed(PaymentFailure::Declined);
                let refused = Charged { reference: None, pay_at: None, standing };
                // A refusal names its intent only in the error: it is looked up.
                Ok(self.found(&charge).await?.unwrap_or(refused))
            }
        }
    }

    /// By the customer's intents, which Stripe lists as soon as they are made, with the portal's id in the metadata.
    pub(super) async fn found(&self, charge: &Charge) -> Result<Option<Charged>> {
        let payment = charge.payment.to_string();
        let since = (charge.begun_at.utc().timestamp() - CLOCKS).to_string();
        let of = [("customer", charge.customer.as_str()), ("created[gte]", &since)];
        let is_of =
            |intent: &Value| is_ours(intent) && intent["metadata"][PAYMENT].as_str() == Some(&payment);
        let known = self.intents(&of, "data.payment_method", is_of).await?;
        known.into_iter().next().map(Intent::charged).transpose()
    }

    pub(super) async fn charge_of(&self, reference: &str) -> Result<Charged> {
        let path = format!("/v1/payment_intents/{}", plain(reference)?);
        self.0.get::<Intent>(&path, &[("expand[]", "payment_method")]).await?.charged()
    }

    pub(super) async fn charge_cancelled(&self, reference: &str) -> Result<Standing> {
        let path = format!("/v1/payment_intents/{}/cancel", plain(reference)?);
        // A no means that it was paid or ended meanwhile; what it is now is looked up either way.
        self.0.post::<Value>(&path, &[], None).await?;
        Ok(self.charge_of(reference).await?.standing)
    }

    pub(super) async fn charges_taken(&self, from: &str, to: &str) -> Result<Vec<Booked>> {
        let of = [("created[gte]", from), ("created[lt]", to)];
        let all = self.intents(&of, "data.latest_charge", is_ours).await?;
        Ok(all.iter().filter_map(Intent::booked).collect())
    }

    /// Page by page. The account may be a shop's, too, whose intents are as they like; one of the portal's that can't be read
    /// is an error: it may have been paid.
    async fn intents(
        &self,
        of: &[(&str, &str)],
        whole: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Vec<Intent>> {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut query = of.to_vec();
            query.extend([("limit", "100"), ("expand[]", whole)]);
            query.extend(after.as_deref().map(|after| ("starting_after", after)));
            // Stripe knows no such customer: nothing was ever asked for.
            let Some(page) = self.0.get_known::<Intents>("/v1/payment_intents", &query).await? else {
                return Ok(found);
            };
            let last = page.data.last().and_then(|last| last["id"].as_str().map(str::to_owned));
            for one in page.data.into_iter().filter(&wanted) {
                let read = serde_json::from_value(one);
                found.push(read.map_err(|why| Error::internal(format!("Stripe's payment intent: {why}")))?);
            }
            match last {
                Some(last) if page.has_more => after = Some(last),
                _ => return Ok(found),
            }
        }
    }
}
