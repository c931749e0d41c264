//! Payment intents that are confirmed as they are made, with a kept card, by Stripe's documentation where localstripe differs:
//! the page of the bank, who may be asked, which card is whose, and lists.

use std::collections::{HashMap, HashSet};

use reqwest::Method;
use serde_json::{Value, json};

use super::front::{Front, Inside, State, refusal};

/// What Stripe knows beyond localstripe.
#[derive(Default)]
pub struct Intents {
    /// When each was made, in seconds.
    created: HashMap<String, i64>,
    /// Those whose bank wanted to ask somebody, and nobody was there.
    unattended: HashSet<String>,
}

impl Front {
    /// What was taken by kept cards: the portal's payment with what was paid, each intent for itself.
    pub async fn charged(&self) -> Vec<(String, i64)> {
        self.charges().await.into_iter().map(|(payment, amount, _)| (payment, amount)).collect()
    }

    /// The same with what went back.
    pub async fn charges(&self) -> Vec<(String, i64, i64)> {
        let all = self.inside.all().await;
        let paid =
            all.iter().filter(|one| one["metadata"]["portal_charge"] == "1" && one["status"] == "succeeded");
        let mut charges = Vec::new();
        for one in paid {
            let query = [("payment_intent", one["id"].as_str().unwrap()), ("limit", "100")];
            let (_, refunds) = self.inside.behind.ask(Method::GET, "/v1/refunds", &query).await;
            let back =
                refunds["data"].as_array().unwrap().iter().map(|one| one["amount"].as_i64().unwrap()).sum();
            let payment = one["metadata"]["portal_payment"].as_str().unwrap().to_owned();
            charges.push((payment, one["amount"].as_i64().unwrap(), back));
        }
        charges
    }

    /// What the card's owner answers on the bank's page.
    pub async fn answer_bank(&self, intent: &str, is_me: bool) {
        let path = format!("/v1/payment_intents/{intent}");
        let (_, whole) = self.inside.behind.ask(Method::GET, &path, &[]).await;
        let secret = whole["client_secret"].as_str().unwrap();
        let form = [("client_secret", secret), ("success", if is_me { "true" } else { "false" })];
        self.inside.behind.ask(Method::POST, &format!("{path}/_authenticate"), &form).await;
    }

    /// The cards that Stripe keeps.
    pub async fn kept_cards(&self) -> usize {
        let (_, all) = self.inside.behind.ask(Method::GET, "/v1/customers", &[("limit", "100")]).await;
        let mut count = 0;
        for customer in all["data"].as_array().unwrap() {
            let of = [("customer", customer["id"].as_str().unwrap()), ("type", "card"), ("limit", "100")];
            let (_, cards) = self.inside.behind.ask(Method::GET, "/v1/payment_methods", &of).await;
            count += cards["data"].as_array().unwrap().len();
        }
        count
    }
}

impl Inside {
    /// Every intent, the oldest first.
    async fn all(&self) -> Vec<Value> {
        let (_, all) = self.behind.ask(Method::GET, "/v1/payment_intents", &[("limit", "1000")]).await;
        all["data"].as_array().unwrap().clone()
    }

    pub async fn intent(&self, state: &State, id: &str) -> (u16, Value) {
        let whole = [("expand[]", "payment_method")];
        let (status, mut intent) =
            self.behind.ask(Method::GET, &format!("/v1/payment_intents/{id}"), &whole).await;
        if intent["status"] == "requires_action" {
            let url = format!("https://hooks.stripe.com/3d_secure_2/{id}");
            intent["next_action"] = json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url } });
        }
        if state.intents.unattended.contains(id) {
            intent["last_payment_error"] = json!({ "code": "authentication_required" });
        }
        if let Some(created) = state.intents.created.get(id) {
            intent["created"] = json!(created);
        }
        (status, intent)
    }

    /// The newest first, two a page so that pages are turned.
    pub async fn intents(&self, state: &State, query: &HashMap<String, String>) -> (u16, Value) {
        let bound = |name: &str, or: i64| query.get(name).map_or(or, |text| text.parse().unwrap());
        let span = bound("created[gte]", 0)..bound("created[lt]", i64::MAX);
        let customer = query.get("customer").map(String::as_str);
        let mut found = Vec::new();
        for one in self.all().await.iter().rev() {
            let (_, one) = self.intent(state, one["id"].as_str().unwrap()).await;
            let is_theirs = customer.is_none_or(|customer| one["customer"] == customer);
            if is_theirs && span.contains(&one["created"].as_i64().unwrap()) {
                found.push(one);
            }
        }
        if let Some(after) = query.get("starting_after") {
            let at = found.iter().position(|one| one["id"] == after.as_str()).unwrap();
            found.drain(..=at);
        }
        let has_more = found.len() > 2;
        found.truncate(2);
        (200, json!({ "object": "list", "has_more": has_more, "data": found }))
    }

    /// A payment by a kept card.
    pub async fn charge(&self, state: &mut State, form: Vec<(String, String)>) -> (u16, Value) {
        let field = |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
        let (customer, card) = (field("customer"), field("payment_method"));
        let (_, method) = self.behind.ask(Method::GET, &format!("/v1/payment_methods/{card}"), &[]).await;
        let is_there = field("off_session").is_empty();
        let is_right = field("confirm") == "true"
            && is_there != field("return_url").is_empty()
            && field("amount").parse::<i64>().is_ok_and(|amount| amount >= 50);
        if !is_right || method["customer"] != customer {
            return refusal("invalid_request_error", "payment_method_unexpected_state");
        }
        let known = |name: &str| !matches!(name, "return_url" | "off_session" | "payment_method_types[]");
        let form: Vec<_> = form
            .iter()
            .filter(|(name, _)| known(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let (status, refused) = self.behind.ask(Method::POST, "/v1/payment_intents", &form).await;
        // A refusal does not name the intent that it left behind: the newest.
        let all = self.all().await;
        let id = all.last().and_then(|last| last["id"].as_str()).unwrap().to_owned();
        state.intents.created.insert(id.clone(), self.clock.now().utc().timestamp());
        if status != 200 {
            return (status, refused);
        }
        let (_, intent) = self.intent(state, &id).await;
        if intent["status"] == "requires_action" && !is_there {
            let form = [("client_secret", intent["client_secret"].as_str().unwrap()), ("success", "false")];
            self.behind.ask(Method::POST, &format!("/v1/payment_intents/{id}/_authenticate"), &form).await;
            state.intents.unattended.insert(id);
            return (402, json!({ "error": { "type": "card_error", "code": "authentication_required" } }));
        }
        self.intent(state, &id).await
    }
}
