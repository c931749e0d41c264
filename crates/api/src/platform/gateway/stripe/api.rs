//! Stripe's API over HTTPS: forms in, JSON out, and its refusals.

use https::{Client, Method, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use url::form_urlencoded;

use super::StripeSettings;
use crate::error::{Error, Result};

/// The version of the API that is spoken, whatever the account's own is.
const VERSION: &str = "2024-06-20";

/// A form's fields.
pub type Form<'a> = &'a [(&'a str, &'a str)];

/// The API.
pub struct Api {
    http: Client,
    settings: StripeSettings,
}

/// Why Stripe refused something; nothing of what was sent.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: Reason,
}

#[derive(Debug, Default, Deserialize)]
struct Reason {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

/// An answer, or that what was asked is not possible as things stand (400).
pub enum Answered<T> {
    Yes(T),
    No(String),
}

impl<T> Answered<T> {
    /// The answer; a no is an error.
    pub fn expected(self) -> Result<T> {
        match self {
            Self::Yes(answer) => Ok(answer),
            Self::No(why) => Err(Error::internal(format!("Stripe refused: {why}"))),
        }
    }
}

impl Api {
    pub fn new(settings: StripeSettings) -> Result<Self> {
        // The HTTP client takes its cryptography from the process; another one that stands already will do.
        drop(rustls::crypto::ring::default_provider().install_default());
        let here = settings.base.starts_with("http://");
        let mut http = Client::builder()
            .timeout(settings.patience)
            .redirect(https::redirect::Policy::none())
            .https_only(!here);
        if here {
            http = http.no_proxy();
        }
        Ok(Self { http: http.build().map_err(Error::internal)?, settings })
    }

    pub fn settings(&self) -> &StripeSettings {
        &self.settings
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: Form<'_>) -> Result<T> {
        let path = format!("{path}?{}", encoded(query));
        self.send(Method::GET, &path, None, None).await?.expected()
    }

    /// The same; none when the query names something that Stripe does not have (`resource_missing`).
    pub async fn get_known<T: DeserializeOwned>(&self, path: &str, query: Form<'_>) -> Result<Option<T>> {
        let path = format!("{path}?{}", encoded(query));
        match self.send(Method::GET, &path, None, None).await? {
            Answered::No(why) if why.ends_with("resource_missing") => Ok(None),
            other => other.expected().map(Some),
        }
    }

    /// Asks for an act. Stripe does what has the same key once, for at least a day.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: Form<'_>,
        key: Option<&str>,
    ) -> Result<Answered<T>> {
        self.send(Method::POST, path, Some(encoded(form)), key).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        form: Option<String>,
        key: Option<&str>,
    ) -> Result<Answered<T>> {
        let address = format!("{}{path}", self.settings.base);
        let mut request = self.http.request(method, address).bearer_auth(&self.settings.key);
        request = request.header("Stripe-Version", VERSION);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(form) = form {
            request = request.header("Content-Type", "application/x-www-form-urlencoded").body(form);
        }
        let answer = request.send().await.map_err(away)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(away)?;
        if status.is_success() {
            let read = serde_json::from_slice(&body);
            return read.map(Answered::Yes).map_err(|why| Error::internal(format!("Stripe's answer: {why}")));
        }
        let Reason { kind, code } = serde_json::from_slice::<Refusal>(&body).unwrap_or_default().error;
        let why = format!("{status} {} {}", kind.unwrap_or_default(), code.unwrap_or_default());
        match status {
            StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED => Ok(Answered::No(why)),
            StatusCode::NOT_FOUND => Err(Error::internal(format!("Stripe does not know it: {why}"))),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                tracing::error!(why, "Stripe does not take PORTAL_STRIPE_KEY");
                Err(Error::Unavailable)
            }
            // Another request with the same key is under way (409), too many (429), or Stripe is in trouble.
            _ => {
                tracing::warn!(why, "Stripe could not answer");
                Err(Error::Unavailable)
            }
        }
    }
}

fn encoded(fields: Form<'_>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// No answer in time: it may have been done.
fn away(why: https::Error) -> Error {
    tracing::warn!(why = %why.without_url(), "Stripe does not answer");
    Error::Unavailable
}
