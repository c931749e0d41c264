//! Who is asking: a person by session cookie, an integrator by access token.

mod bearer;
mod cookie;
mod device;
mod session;

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web};
use portal_domain::{
    access::Who,
    accounts::Duty,
    audit::ActorKind,
    ids::{AccountId, ClientId},
    problem::Code,
    time::Time,
};
use uuid::Uuid;

pub use bearer::{AccessClaims, TOKEN_SECONDS};
pub use cookie::Kind as CookieKind;
pub use device::{Browser, Recognised};
pub use session::{
    OpenSession, Opened, SessionRef, duties, end, end_all, end_one, end_presented, forget_old,
    has_second_step, must_have_second_step, new_token, open, open_ones, renew, second_steps, still_stands,
    terms,
};

use super::{audit_trail::request_id_or_new, live, origin};
use crate::{
    app::App,
    error::{Error, Result},
};

/// Whoever makes a request. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Actor(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ActorKind,
    id: Option<Uuid>,
    who: Option<Who>,
    session: Option<SessionRef>,
    duties: Vec<Duty>,
    request_id: Uuid,
}

impl Actor {
    fn new(kind: ActorKind, id: Option<Uuid>, who: Option<Who>, session: Option<SessionRef>) -> Self {
        let duties = Vec::new();
        Self(Arc::new(Inner { kind, id, who, session, duties, request_id: request_id_or_new() }))
    }

    /// Somebody who is not signed in.
    pub fn nobody() -> Self {
        Self::new(ActorKind::Nobody, None, None, None)
    }

    /// The operator at the command line.
    pub fn operator() -> Self {
        Self::new(ActorKind::Operator, None, None, None)
    }

    /// The portal itself, carrying out a policy of the practice.
    pub fn policy() -> Self {
        Self::new(ActorKind::Policy, None, None, None)
    }

    /// An account in a session of its own.
    pub fn account(id: AccountId, who: Who, session: Option<SessionRef>) -> Self {
        let kind = if matches!(who, Who::Staff(_)) { ActorKind::Staff } else { ActorKind::Patient };
        Self::new(kind, Some(id.0), Some(who), session)
    }

    /// The same account, which must do this before anything else.
    fn owing(self, duties: Vec<Duty>) -> Self {
        if duties.is_empty() {
            return self;
        }
        Self(Arc::new(Inner { duties, ..(*self.0).clone() }))
    }

    fn client(id: ClientId, who: Who) -> Self {
        Self::new(ActorKind::Client, Some(id.0), Some(who), None)
    }

    /// What the access decision needs to know; none for nobody and for the operator.
    pub fn who(&self) -> Option<&Who> {
        self.0.who.as_ref()
    }

    /// For the audit trail.
    pub fn kind(&self) -> ActorKind {
        self.0.kind
    }

    /// Whether this is the operator at the command line.
    pub fn is_operator(&self) -> bool {
        self.0.kind == ActorKind::Operator
    }

    /// Whether this is the portal itself, carrying out a policy of the practice.
    pub fn is_policy(&self) -> bool {
        self.0.kind == ActorKind::Policy
    }

    /// Whether this is a member of staff.
    pub fn is_staff(&self) -> bool {
        self.0.kind == ActorKind::Staff
    }

    /// The account's or client's id.
    pub fn id(&self) -> Option<Uuid> {
        self.0.id
    }

    /// The account's id; an integrator and nobody have none and are refused.
    pub fn account_id(&self) -> Result<AccountId> {
        match self.0.kind {
            ActorKind::Patient | ActorKind::Staff => {
                self.0.id.map(AccountId).ok_or(Error::from(Code::SignInRequired))
            }
            _ => Err(Code::RoleRequired.into()),
        }
    }

    /// The integrator's id.
    pub fn client_id(&self) -> Option<ClientId> {
        if self.0.kind == ActorKind::Client { self.0.id.map(ClientId) } else { None }
    }

    /// The session that the request rides on.
    pub fn session(&self) -> Option<&SessionRef> {
        self.0.session.as_ref()
    }

    /// What the account must do before anything else.
    pub fn duties(&self) -> &[Duty] {
        &self.0.duties
    }

    /// Refuses unless a password or passkey was given within the last five minutes (SEC-5).
    pub fn must_be_proven(&self, now: Time) -> Result<()> {
        match self.session() {
            Some(session) if now < session.proven_until() => Ok(()),
            Some(_) => Err(Code::ProofRequired.into()),
            None => Err(Code::RoleRequired.into()),
        }
    }

    /// Refuses while the account has something to do first (ENR-6, SEC-2).
    fn must_owe_nothing(self) -> Result<Self> {
        match self.0.duties.first() {
            None => Ok(self),
            Some(Duty::AcceptTerms) => Err(Code::TermsChanged.into()),
            Some(Duty::SetUpSecondStep) => Err(Code::SecondStepRequired.into()),
        }
    }

    /// The request at hand.
    pub fn request_id(&self) -> Uuid {
        self.0.request_id
    }
}

impl FromRequest for Actor {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let actor = identified(&request).await?.ok_or_else(|| Error::from(Code::SignInRequired))?;
            actor.must_owe_nothing()
        })
    }
}

/// Whoever makes the request, even with something to do first: for the operations that do it.
pub struct Owing(pub Actor);

impl FromRequest for Owing {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(
            async move { identified(&request).await?.map(Self).ok_or_else(|| Code::SignInRequired.into()) },
        )
    }
}

/// Whoever makes the request, or nobody: for the few operations that answer both.
pub struct MaybeActor(pub Option<Actor>);

impl FromRequest for MaybeActor {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identified(&request).await.map(Self) })
    }
}

/// What the limits found out before the handler asks.
struct Identified(Result<Option<Actor>>);

/// The id of whoever makes the request; the handler's extractor is handed the same finding.
pub(super) async fn identify_once(request: &HttpRequest) -> Option<Uuid> {
    let found = identify(request).await;
    let id = found.as_ref().ok().and_then(Option::as_ref).and_then(Actor::id);
    request.extensions_mut().insert(Identified(found));
    id
}

async fn identified(request: &HttpRequest) -> Result<Option<Actor>> {
    let earlier = request.extensions_mut().remove::<Identified>();
    match earlier {
        Some(Identified(found)) => found,
        None => identify(request).await,
    }
}

async fn identify(request: &HttpRequest) -> Result<Option<Actor>> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("the app is not set up"))?;
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        return bearer::identify(app, token.ok_or(Code::InvalidToken)?).await.map(Some);
    }
    let Some(cookie) = request.cookie(CookieKind::Session.name(&app.settings)) else { return Ok(None) };
    origin::check(request, &app.settings.public_url)?;
    // A page that watches by itself is no person at work (SEC-3).
    let counts = request.path() != live::PATH && !request.headers().contains_key(live::UNATTENDED);
    session::identify(app, cookie.value(), counts).await
}
