//! Requests and answers, whatever carries them.

use portal_domain::problem::Problem;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

#[cfg_attr(target_arch = "wasm32", path = "http/browser.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "http/native.rs")]
mod transport;

/// What can go wrong with a call.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// No answer came: offline, or the server is away. The call may or may not have been carried out.
    #[error("no answer from the portal: {0}")]
    Network(String),
    /// The portal said no, and why.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// An answer came that this client does not understand (an older or newer portal).
    #[error("an answer that this client does not understand: {0}")]
    Decode(String),
}

/// The answer to a call.
pub type Result<T> = std::result::Result<T, Error>;

/// A portal, and whoever is signed in to it through this client (the session lives in a cookie).
#[derive(Clone, Debug)]
pub struct Portal {
    transport: transport::Transport,
    bearer: Option<String>,
    unattended: bool,
}

/// A request before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Path and query, from the root.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// An answer before it is understood.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: transport::Body,
}

impl Request {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::Post, path)
    }

    pub(crate) fn put(path: impl Into<String>) -> Self {
        Self::new(Method::Put, path)
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::Delete, path)
    }

    /// With these as query parameters; absent ones are left out.
    pub(crate) fn query(mut self, query: &impl Serialize) -> Result<Self> {
        let query = serde_urlencoded::to_string(query).map_err(|why| Error::Decode(why.to_string()))?;
        if !query.is_empty() {
            self.path = format!("{}?{query}", self.path);
        }
        Ok(self)
    }

    /// With this as JSON body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        self.body = Some(serde_json::to_vec(body).map_err(|why| Error::Decode(why.to_string()))?);
        self.headers.push(("Content-Type", "application/json".into()));
        Ok(self)
    }

    /// With these bytes as body.
    pub(crate) fn bytes(mut self, body: Vec<u8>, content_type: &str) -> Self {
        self.body = Some(body);
        self.headers.push(("Content-Type", content_type.into()));
        self
    }

    /// With this as form body (`application/x-www-form-urlencoded`).
    pub(crate) fn form(mut self, body: &impl Serialize) -> Result<Self> {
        let form = serde_urlencoded::to_string(body).map_err(|why| Error::Decode(why.to_string()))?;
        self.body = Some(form.into_bytes());
        self.headers.push(("Content-Type", "application/x-www-form-urlencoded".into()));
        Ok(self)
    }

    /// With a key by which the portal knows a repeat of the same act.
    pub(crate) fn key(mut self, key: Uuid) -> Self {
        self.headers.push(("Idempotency-Key", key.to_string()));
        self
    }

    /// Only if the thing still has this version.
    pub(crate) fn if_match(mut self, version: i64) -> Self {
        self.headers.push(("If-Match", format!("\"{version}\"")));
        self
    }
}

impl Portal {
    /// The portal at `base`, such as `https://portal.example.org`; in the browser `""` is the page's own.
    pub fn at(base: &str) -> Self {
        Self {
            transport: transport::Transport::new(base.trim_end_matches('/')),
            bearer: None,
            unattended: false,
        }
    }

    /// The same portal, with an access token in place of a session (integrators, API-2).
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { bearer: Some(token.into()), ..self.clone() }
    }

    /// The same portal, asked by a program that no person is at just now: it does not keep the session alive (SEC-3).
    #[must_use]
    pub fn unattended(&self) -> Self {
        Self { unattended: true, ..self.clone() }
    }

    pub(crate) async fn send(&self, mut request: Request) -> Result<Answer> {
        if let Some(token) = &self.bearer {
            request.headers.push(("Authorization", format!("Bearer {token}")));
        }
        if self.unattended {
            request.headers.push(("Portal-Unattended", "1".into()));
        }
        let answer = self.transport.send(request).await?;
        if answer.status < 400 {
            return Ok(answer);
        }
        match transport::parse(&answer.body) {
            Ok(problem) => Err(Error::Problem(Box::new(problem))),
            // A proxy in between answers for a portal that is away.
            Err(_) if answer.status >= 502 => Err(Error::Network(format!("status {}", answer.status))),
            Err(why) => Err(Error::Decode(format!("status {}: {why}", answer.status))),
        }
    }

    pub(crate) async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let answer = self.send(request).await?;
        transport::parse(&answer.body).map_err(|why| Error::Decode(why.to_string()))
    }

    /// The answer as text, whatever it is about.
    pub(crate) async fn text(&self, request: Request) -> Result<String> {
        transport::text(self.send(request).await?.body)
    }

    pub(crate) async fn done(&self, request: Request) -> Result<()> {
        self.send(request).await.map(|_| ())
    }
}
