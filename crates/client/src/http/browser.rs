//! Through the browser's fetch, which sends the session's cookie along.

use gloo_net::http::RequestBuilder;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::{Answer, Error, Method, Request, Result};

/// What an answer brings: a page downloads files by links, not through here.
pub(crate) type Body = String;

pub(crate) fn parse<T: DeserializeOwned>(body: &str) -> serde_json::Result<T> {
    serde_json::from_str(body)
}

pub(crate) fn text(body: Body) -> Result<String> {
    Ok(body)
}

/// Most that a body may weigh to be sent even when its page goes away, in bytes. Browsers allow 64 KiB for all such
/// requests that are under way together (Fetch, 4.6 "HTTP-network-or-cache fetch").
const OUTLIVES_ITS_PAGE: usize = 16 * 1024;

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
        let keepalive = request.body.as_ref().is_some_and(|body| body.len() <= OUTLIVES_ITS_PAGE);
        let unreachable = |why: gloo_net::Error| Error::Network(why.to_string());
        let call = match request.body {
            Some(body) => call.body(js_sys::Uint8Array::from(body.as_slice())),
            None => call.build(),
        };
        let mut call = call.map_err(unreachable)?;
        if keepalive {
            call = outliving(call).map_err(|why| Error::Network(format!("{why:?}")))?;
        }
        let answer = call.send().await.map_err(unreachable)?;
        Ok(Answer { status: answer.status(), body: answer.text().await.map_err(unreachable)? })
    }
}

/// The request with the mark that it is finished even when its page goes away: what was typed last is still saved.
fn outliving(request: gloo_net::http::Request) -> std::result::Result<gloo_net::http::Request, JsValue> {
    let init = web_sys::RequestInit::new();
    js_sys::Reflect::set(&init, &"keepalive".into(), &true.into())?;
    let request = web_sys::Request::from(request);
    Ok(web_sys::Request::new_with_request_and_init(&request, &init)?.into())
}
