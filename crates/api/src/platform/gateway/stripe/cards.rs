//! Cards that Stripe keeps: a customer without a name, set-ups on its own page, and forgetting.

use portal_domain::{ids::AccountId, problem::Code};
use serde::Deserialize;

use super::{
    PAGE_STAYS, Stripe,
    api::Answered,
    plain,
    session::{Expandable, Method},
};
use crate::{
    error::{Error, Result},
    platform::gateway::{Adding, Begun, Keeping},
};

/// Under these names the portal's ids stand in Stripe's metadata.
const LOGIN: &str = "portal_login";
const METHOD: &str = "portal_method";

#[derive(Deserialize)]
struct Customer {
    id: String,
}

/// A Checkout Session that asks for a card to keep.
#[derive(Deserialize)]
struct Setup {
    id: String,
    #[serde(default)]
    url: Option<String>,
    status: String,
    /// `payment` when the card was kept while something was paid.
    mode: String,
    #[serde(default)]
    setup_intent: Option<Expandable<SetupIntent>>,
}

#[derive(Deserialize)]
struct SetupIntent {
    status: String,
    #[serde(default)]
    payment_method: Option<Expandable<Method>>,
}

impl Setup {
    fn keeping(&self) -> Keeping {
        let intent = self.setup_intent.as_ref().and_then(Expandable::whole);
        let method = intent.and_then(|intent| intent.payment_method.as_ref()?.whole());
        match (intent.map(|intent| intent.status.as_str()), self.status.as_str()) {
            (Some("succeeded"), _) => method.and_then(Method::kept).map_or(Keeping::Gone, Keeping::Kept),
            (Some("canceled"), _) | (_, "expired") => Keeping::Gone,
            _ => Keeping::Open,
        }
    }
}

impl Stripe {
    /// One customer a login. Stripe forgets the key after a day; a second customer without a card would do no harm.
    pub(super) async fn customer_of(&self, account: AccountId) -> Result<String> {
        let account = account.to_string();
        let (named, key) = (format!("metadata[{LOGIN}]"), format!("customer-{account}"));
        let made: Answered<Customer> =
            self.0.post("/v1/customers", &[(&named, &account)], Some(&key)).await?;
        Ok(made.expected()?.id)
    }

    pub(super) async fn adding_begun(&self, adding: Adding) -> Result<Begun> {
        let (method, back) = (adding.method.to_string(), adding.return_to);
        let expires = (adding.until.utc().timestamp() + PAGE_STAYS).to_string();
        let (named, named_in_intent) =
            (format!("metadata[{METHOD}]"), format!("setup_intent_data[metadata][{METHOD}]"));
        let form = [
            ("mode", "setup"),
            ("payment_method_types[]", "card"),
            ("customer", &adding.customer),
            ("client_reference_id", &method),
            (&named, &method),
            (&named_in_intent, &method),
            ("success_url", &back),
            ("cancel_url", &back),
            ("expires_at", &expires),
        ];
        let setup = match self.0.post::<Setup>("/v1/checkout/sessions", &form, Some(&method)).await? {
            Answered::Yes(setup) => setup,
            Answered::No(why) => {
                tracing::error!(why, method, "Stripe refused to keep a card");
                return Err(Code::GatewayRefused.into());
            }
        };
        let pay_at = setup.url.ok_or_else(|| Error::internal("Stripe named no page to give a card at"))?;
        Ok(Begun { reference: setup.id, pay_at })
    }

    async fn setup(&self, reference: &str) -> Result<Setup> {
        let whole = [("expand[]", "setup_intent.payment_method")];
        self.0.get(&format!("/v1/checkout/sessions/{}", plain(reference)?), &whole).await
    }

    /// A card is kept with a payment once that is paid.
    pub(super) async fn keeping(&self, reference: &str) -> Result<Keeping> {
        let setup = self.setup(reference).await?;
        if setup.mode != "payment" {
            return Ok(setup.keeping());
        }
        let session = self.session(reference).await?;
        Ok(match session.standing()? {
            super::Standing::Paid { .. } => {
                session.card().and_then(Method::kept).map_or(Keeping::Gone, Keeping::Kept)
            }
            super::Standing::Open | super::Standing::Processing => Keeping::Open,
            super::Standing::Failed(_) | super::Standing::Cancelled => Keeping::Gone,
        })
    }

    pub(super) async fn adding_ended(&self, reference: &str) -> Result<Keeping> {
        let setup = self.setup(reference).await?;
        if setup.status == "open" {
            let path = format!("/v1/checkout/sessions/{}/expire", setup.id);
            // A no means that a card was given or the page closed meanwhile; which, is looked up either way.
            self.0.post::<serde_json::Value>(&path, &[], None).await?;
        }
        Ok(self.setup(reference).await?.keeping())
    }

    pub(super) async fn forgotten(&self, token: &str) -> Result<()> {
        let path = format!("/v1/payment_methods/{}/detach", plain(token)?);
        match self.0.post::<serde_json::Value>(&path, &[], None).await? {
            Answered::Yes(_) => {}
            Answered::No(why) => tracing::debug!(why, "Stripe kept a card no more"),
        }
        Ok(())
    }
}
