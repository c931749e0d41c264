//! Stripe as the portal meets it: Checkout and idempotency keys by Stripe's documentation, which localstripe has not, before
//! a localstripe that does the rest. And a Stripe in trouble: it refuses, stalls, or does a thing and loses the answer.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use portal_api::platform::{clock::Clock, gateway::stripe::StripeSettings};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::{intents::Intents, local::LocalStripe};

/// What messages are signed with.
pub const SECRET: &str = "whsec_of_the_tests";

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It is answered with this status, and not done.
    Refuse(u16),
    /// It is not answered, and not done.
    Stall,
    /// It is done, and the answer is lost on the way.
    Lose,
}

/// How somebody pays on Stripe's page.
#[derive(Clone, Copy, Debug)]
pub enum Pays {
    /// By a card of this number.
    Card(&'static str),
    /// By a bank that answers half a second later.
    Bank,
}

/// A card that pays.
pub const GOOD: Pays = Pays::Card("4242424242424242");
/// One that the bank declines.
pub const DECLINED: Pays = Pays::Card("4000000000000341");
/// One whose bank asks its owner first.
pub const ASKING: Pays = Pays::Card("4000000000003220");

/// A message as Stripe sends it.
#[derive(Clone, Debug)]
pub struct Message {
    pub signature: String,
    pub body: String,
}

/// The server. It ends with this.
pub struct Front {
    pub base: String,
    pub(super) inside: web::Data<Inside>,
    messages: mpsc::UnboundedReceiver<Message>,
}

pub(super) struct Inside {
    pub(super) behind: LocalStripe,
    pub(super) clock: Clock,
    pub(super) state: Mutex<State>,
    faults: std::sync::Mutex<VecDeque<Option<Fault>>>,
    told: mpsc::UnboundedSender<Message>,
}

#[derive(Default)]
pub(super) struct State {
    sessions: BTreeMap<String, Session>,
    pub(super) intents: Intents,
    /// Their ids, the oldest first.
    order: Vec<String>,
    /// What was asked with a key, and what was answered.
    done: HashMap<String, (String, u16, Value)>,
    /// How refunds end: localstripe's are given back at once.
    refunds: Option<&'static str>,
}

#[derive(Clone)]
pub struct Session {
    form: HashMap<String, String>,
    created: i64,
    status: &'static str,
    intent: Option<String>,
    /// The card that a set-up keeps.
    kept: Option<String>,
}

impl Session {
    fn field(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    /// The portal's payment.
    pub fn payment(&self) -> &str {
        self.field("metadata[portal_payment]")
    }

    pub fn amount(&self) -> i64 {
        self.field("line_items[0][price_data][unit_amount]").parse().unwrap_or(0)
    }

    fn is_setup(&self) -> bool {
        self.field("mode") == "setup"
    }
}

impl Front {
    /// None where the tests' Python is not installed (on CI that fails).
    pub async fn open(clock: Clock) -> Option<Self> {
        let (told, messages) = mpsc::unbounded_channel();
        let (state, faults) = Default::default();
        let inside =
            web::Data::from(Arc::new(Inside { behind: LocalStripe::open()?, clock, state, faults, told }));
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", socket.local_addr().unwrap());
        let shared = inside.clone();
        let app = move || {
            App::new()
                .app_data(shared.clone())
                .route("/told", web::post().to(heard))
                .default_service(web::to(asked))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().listen(socket).unwrap().run();
        actix_web::rt::spawn(server);
        inside.behind.tell(&format!("{base}/told"), SECRET).await;
        Some(Self { base, inside, messages })
    }

    /// How a portal reaches it; it waits a second for an answer.
    pub fn settings(&self) -> StripeSettings {
        StripeSettings {
            key: "sk_test_of_the_tests".into(),
            webhook_secret: SECRET.into(),
            base: self.base.clone(),
            patience: Duration::from_secs(1),
        }
    }

    /// What goes wrong with the next request.
    pub fn fault(&self, fault: Fault) {
        self.inside.faults.lock().unwrap().push_back(Some(fault));
    }

    /// One request goes well, and the second does not.
    pub fn fault_second(&self, fault: Fault) {
        self.inside.faults.lock().unwrap().extend([None, Some(fault)]);
    }

    /// Two requests go well, and the third does not.
    pub fn fault_third(&self, fault: Fault) {
        self.inside.faults.lock().unwrap().extend([None, None, Some(fault)]);
    }

    /// From now on this is the status of every refund.
    pub async fn refunds_are(&self, status: &'static str) {
        self.inside.state.lock().await.refunds = Some(status);
    }

    /// Somebody gives money back in Stripe's dashboard.
    pub async fn give_back(&self, reference: &str, cents: i64) {
        let state = self.inside.state.lock().await;
        let intent = state.sessions[reference].intent.clone().unwrap();
        let form = [("payment_intent", intent.as_str()), ("amount", &cents.to_string())];
        let (status, _) = self.inside.behind.ask(Method::POST, "/v1/refunds", &form).await;
        assert_eq!(status, 200);
    }

    /// A day has passed.
    pub async fn forget_keys(&self) {
        self.inside.state.lock().await.done.clear();
    }

    /// The next message that Stripe sends, which the test carries to the portal or not.
    pub async fn message(&mut self) -> Message {
        let next = tokio::time::timeout(Duration::from_secs(20), self.messages.recv()).await;
        next.expect("Stripe sends a message").unwrap()
    }

    /// The messages that were sent so far.
    pub fn messages(&mut self) -> Vec<Message> {
        std::iter::from_fn(|| self.messages.try_recv().ok()).collect()
    }

    /// Pays on the page of a session; answers whether the page was open and it was paid.
    pub async fn pay(&self, reference: &str, how: Pays) -> bool {
        let mut state = self.inside.state.lock().await;
        let session = state.sessions.get_mut(reference).expect("a session");
        if session.status != "open" {
            return false;
        }
        let behind = &self.inside.behind;
        let method = match how {
            Pays::Card(number) => vec![
                ("type", "card"),
                ("card[number]", number),
                ("card[exp_month]", "12"),
                ("card[exp_year]", "2040"),
                ("card[cvc]", "123"),
            ],
            Pays::Bank => vec![("type", "sepa_debit"), ("sepa_debit[iban]", "DE89370400440532013000")],
        };
        let (_, method) = behind.ask(Method::POST, "/v1/payment_methods", &method).await;
        let metadata = "payment_intent_data[metadata][portal_payment]";
        let form = [
            ("amount", session.field("line_items[0][price_data][unit_amount]")),
            ("currency", session.field("line_items[0][price_data][currency]")),
            ("metadata[portal_payment]", session.field(metadata)),
            ("payment_method", method["id"].as_str().unwrap()),
        ];
        let mut form = form.to_vec();
        let customer = session.field("customer").to_owned();
        if !customer.is_empty() {
            assert_eq!(session.field("payment_intent_data[setup_future_usage]"), "off_session");
            form.push(("customer", &customer));
        }
        let (_, intent) = behind.ask(Method::POST, "/v1/payment_intents", &form).await;
        let path = format!("/v1/payment_intents/{}", intent["id"].as_str().unwrap());
        let (mut status, confirmed) = behind.ask(Method::POST, &format!("{path}/confirm"), &[]).await;
        if confirmed["status"] == "requires_action" {
            let secret = [("client_secret", intent["client_secret"].as_str().unwrap()), ("success", "true")];
            (status, _) = behind.ask(Method::POST, &format!("{path}/_authenticate"), &secret).await;
        }
        session.intent = Some(intent["id"].as_str().unwrap().to_owned());
        if status == 200 && !customer.is_empty() {
            let path = format!("/v1/payment_methods/{}/attach", method["id"].as_str().unwrap());
            behind.ask(Method::POST, &path, &[("customer", &customer)]).await;
        }
        if status == 200 {
            session.status = "complete";
        }
        status == 200
    }

    /// Gives a card on the page of a set-up, with its last year; answers whether the page was open and the card is kept.
    pub async fn give_card(&self, reference: &str, number: &str, year: &str) -> bool {
        let mut state = self.inside.state.lock().await;
        let session = state.sessions.get_mut(reference).expect("a session");
        assert!(session.is_setup());
        if session.status != "open" {
            return false;
        }
        let behind = &self.inside.behind;
        let card = [
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", year),
            ("card[cvc]", "123"),
        ];
        let (_, method) = behind.ask(Method::POST, "/v1/payment_methods", &card).await;
        let id = method["id"].as_str().unwrap().to_owned();
        let customer = [("customer", session.field("customer"))];
        let (status, _) =
            behind.ask(Method::POST, &format!("/v1/payment_methods/{id}/attach"), &customer).await;
        if status == 200 {
            (session.status, session.kept) = ("complete", Some(id));
        }
        status == 200
    }

    /// Every session that was ever made to pay something.
    pub async fn sessions(&self) -> Vec<Session> {
        let state = self.inside.state.lock().await;
        state.sessions.values().filter(|session| !session.is_setup()).cloned().collect()
    }

    /// What Stripe has of a session: what was paid and what went back.
    pub async fn taken(&self, session: &Session) -> (i64, i64) {
        let Some(intent) = &session.intent else { return (0, 0) };
        let path = format!("/v1/payment_intents/{intent}");
        let (_, whole) = self.inside.behind.ask(Method::GET, &path, &[]).await;
        if whole["status"] != "succeeded" {
            return (0, 0);
        }
        let query = [("payment_intent", intent.as_str()), ("limit", "100")];
        let (_, refunds) = self.inside.behind.ask(Method::GET, "/v1/refunds", &query).await;
        let back =
            refunds["data"].as_array().unwrap().iter().map(|one| one["amount"].as_i64().unwrap()).sum();
        (whole["amount"].as_i64().unwrap(), back)
    }
}

/// A message as Stripe would sign it at a time, with any secret.
pub fn message(secret: &str, at: i64, kind: &str, object: Value) -> Message {
    let body = json!({ "id": "evt_1", "type": kind, "data": { "object": object } }).to_string();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let mac = ring::hmac::sign(&key, format!("{at}.{body}").as_bytes());
    let mac: String = mac.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Message { signature: format!("t={at},v1={mac}"), body }
}

async fn heard(inside: web::Data<Inside>, request: HttpRequest, body: String) -> HttpResponse {
    let signature = request.headers().get("Stripe-Signature").unwrap().to_str().unwrap().to_owned();
    drop(inside.told.send(Message { signature, body }));
    HttpResponse::Ok().finish()
}

async fn asked(inside: web::Data<Inside>, request: HttpRequest, body: String) -> HttpResponse {
    let fault = inside.faults.lock().unwrap().pop_front().flatten();
    match fault {
        Some(Fault::Refuse(status)) => return answer(status, &json!({})),
        Some(Fault::Stall) => return std::future::pending().await,
        Some(Fault::Lose) | None => {}
    }
    let (status, value) = inside.once(&request, &body).await;
    if fault.is_some() { answer(502, &json!({})) } else { answer(status, &value) }
}

fn answer(status: u16, value: &Value) -> HttpResponse {
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).json(value)
}

pub(super) fn refusal(kind: &str, code: &str) -> (u16, Value) {
    (400, json!({ "error": { "type": kind, "code": code } }))
}

impl Inside {
    /// What has a key is done once; the same key with something else is refused.
    async fn once(&self, request: &HttpRequest, body: &str) -> (u16, Value) {
        let header =
            |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !header("Authorization").starts_with("Bearer sk_test_") {
            return (401, json!({ "error": { "type": "invalid_request_error" } }));
        }
        let (key, asked) = (header("Idempotency-Key"), format!("{} {body}", request.path()));
        let mut state = self.state.lock().await;
        match state.done.get(key) {
            Some((earlier, status, value)) if *earlier == asked => return (*status, value.clone()),
            Some(_) => return refusal("idempotency_error", "idempotency_key_reused"),
            None => {}
        }
        let (status, value) = self.act(&mut state, request, body).await;
        if !key.is_empty() {
            state.done.insert(key.to_owned(), (asked, status, value.clone()));
        }
        (status, value)
    }

    async fn act(&self, state: &mut State, request: &HttpRequest, body: &str) -> (u16, Value) {
        let text = if request.method() == "GET" { request.query_string() } else { body };
        let form: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let parts: Vec<&str> = request.path().split('/').skip(2).collect();
        match (request.method().as_str(), parts.as_slice()) {
            ("POST", ["checkout", "sessions"]) => self.make(state, form.into_iter().collect()).await,
            ("GET", ["checkout", "sessions"]) => self.list(state, &form.into_iter().collect()).await,
            ("GET", ["checkout", "sessions", id]) => self.shown(state, id).await,
            ("POST", ["checkout", "sessions", id, "expire"]) => match state.sessions.get_mut(*id) {
                Some(session) if session.status == "open" => {
                    session.status = "expired";
                    self.shown(state, id).await
                }
                Some(_) => refusal("invalid_request_error", "checkout_session_not_open"),
                None => (404, json!({})),
            },
            ("GET", ["payment_intents"]) => self.intents(state, &form.into_iter().collect()).await,
            ("GET", ["payment_intents", id]) => self.intent(state, id).await,
            ("POST", ["payment_intents"]) => self.charge(state, form).await,
            (method, _) => {
                let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let (status, mut value) =
                    self.behind.ask(method.parse().unwrap(), request.path(), &form).await;
                if let (Some(ending), ["refunds", ..]) = (state.refunds, parts.as_slice()) {
                    let listed = value["data"].as_array_mut().map(Vec::as_mut_slice);
                    for refund in listed.unwrap_or_default() {
                        refund["status"] = ending.into();
                    }
                    value["status"] = ending.into();
                }
                (status, value)
            }
        }
    }

    /// Stripe's rules for a session that is paid once, of those that the portal could break.
    async fn make(&self, state: &mut State, form: HashMap<String, String>) -> (u16, Value) {
        let created = self.clock.now().utc().timestamp();
        let session = Session { form, created, status: "open", intent: None, kept: None };
        let stays = session.field("expires_at").parse::<i64>().unwrap() - created;
        let is_right = session.field("success_url").starts_with("http")
            && (30 * 60..=24 * 3600).contains(&stays)
            && match session.field("mode") {
                "payment" => session.amount() >= 50,
                "setup" => session.field("customer").starts_with("cus_"),
                _ => false,
            };
        if !is_right {
            return refusal("invalid_request_error", "parameter_invalid");
        }
        let id = format!("cs_test_{}", Uuid::new_v4().simple());
        state.order.push(id.clone());
        state.sessions.insert(id.clone(), session);
        self.shown(state, &id).await
    }

    /// The newest first, as Stripe does it, two a page so that pages are turned.
    async fn list(&self, state: &State, query: &HashMap<String, String>) -> (u16, Value) {
        let bound = |name: &str| query[name].parse::<i64>().unwrap();
        let span = bound("created[gte]")..bound("created[lt]");
        let mut found: Vec<&String> = state.order.iter().rev().collect();
        found.retain(|id| span.contains(&state.sessions[*id].created));
        if let Some(after) = query.get("starting_after") {
            let at = found.iter().position(|id| *id == after).unwrap();
            found.drain(..=at);
        }
        let mut data = Vec::new();
        for id in found.iter().take(2) {
            data.push(self.shown(state, id).await.1);
        }
        (200, json!({ "object": "list", "has_more": found.len() > 2, "data": data }))
    }

    async fn shown(&self, state: &State, id: &str) -> (u16, Value) {
        let Some(session) = state.sessions.get(id) else {
            return (404, json!({ "error": { "code": "resource_missing" } }));
        };
        let mut intent = Value::Null;
        if let Some(known) = &session.intent {
            let whole = [("expand[]", "payment_method")];
            (_, intent) = self.behind.ask(Method::GET, &format!("/v1/payment_intents/{known}"), &whole).await;
        }
        let mut setup = Value::Null;
        if let Some(card) = &session.kept {
            let (_, card) = self.behind.ask(Method::GET, &format!("/v1/payment_methods/{card}"), &[]).await;
            setup = json!({ "id": "seti_1", "status": "succeeded", "payment_method": card });
        }
        let paid = match (session.is_setup(), intent["status"] == "succeeded") {
            (true, _) => "no_payment_required",
            (_, true) => "paid",
            _ => "unpaid",
        };
        let value = json!({
            "id": id, "object": "checkout.session", "status": session.status, "payment_status": paid,
            "amount_total": session.amount(), "currency": session.field("line_items[0][price_data][currency]"),
            "metadata": { "portal_payment": session.payment() }, "created": session.created,
            "url": format!("https://checkout.stripe.com/c/pay/{id}"), "payment_intent": intent,
            "mode": session.field("mode"), "setup_intent": setup,
        });
        (200, value)
    }
}
