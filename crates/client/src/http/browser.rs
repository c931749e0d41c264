//! Through the browser's fetch, which sends the session's cookie along.

use gloo_net::http::RequestBuilder;

use super::{Answer, Error, Method, Request, Result};

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    base: String,
}

impl Transport {
    pub(crate) fn new(base: &str) -> Self {
        Self { base: base.into() }
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Answer> {
        let method = match request.method {
            Method::Get => gloo_net::http::Method::GET,
            Method::Post => gloo_net::http::Method::POST,
            Method::Put => gloo_net::http::Method::PUT,
            Method::Delete => gloo_net::http::Method::DELETE,
        };
        let mut call = RequestBuilder::new(&format!("{}{}", self.base, request.path)).method(method);
        for (name, value) in request.headers {
            call = call.header(name, &value);
        }
        let unreachable = |why: gloo_net::Error| Error::Network(why.to_string());
        let call = match request.body {
            Some(body) => call.body(js_sys::Uint8Array::from(body.as_slice())),
            None => call.build(),
        };
        let answer = call.map_err(unreachable)?.send().await.map_err(unreachable)?;
        Ok(Answer { status: answer.status(), body: answer.text().await.map_err(unreachable)? })
    }
}
