//! Through reqwest.

use serde::de::DeserializeOwned;

use super::{Answer, Error, Method, Request, Result};

/// What an answer brings: perhaps a file.
pub(crate) type Body = Vec<u8>;

pub(crate) fn parse<T: DeserializeOwned>(body: &Body) -> serde_json::Result<T> {
    serde_json::from_slice(body)
}

pub(crate) fn text(body: Body) -> Result<String> {
    String::from_utf8(body).map_err(|why| Error::Decode(why.to_string()))
}

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    base: String,
    client: reqwest::Client,
}

impl Transport {
    pub(crate) fn new(base: &str) -> Self {
        let client = reqwest::Client::builder().cookie_store(true).no_proxy().build();
        // Building fails only where the TLS backend can't start; every call then says so.
        Self { base: base.into(), client: client.unwrap_or_default() }
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Answer> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut call = self.client.request(method, format!("{}{}", self.base, request.path));
        // What a browser adds by itself, and what the portal asks of every write that rides on a cookie.
        call = call.header("Origin", &self.base);
        for (name, value) in request.headers {
            call = call.header(name, value);
        }
        if let Some(body) = request.body {
            call = call.body(body);
        }
        let unreachable = |why: reqwest::Error| Error::Network(why.to_string());
        let answer = call.send().await.map_err(unreachable)?;
        let status = answer.status().as_u16();
        Ok(Answer { status, body: answer.bytes().await.map_err(unreachable)?.into() })
    }
}
