//! Versions: `ETag`, `If-Match`, `If-None-Match` (RFC 9110, section 13).

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use portal_domain::problem::{Code, Problem};

use crate::error::{Error, Result};

/// The version that the caller saw, from `If-Match`; required on decisions.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(i64);

impl IfMatch {
    /// The version seen by a caller inside the server.
    pub fn of(version: i64) -> Self {
        Self(version)
    }

    /// 412 when the thing has moved on since.
    pub fn check(self, version: i64) -> Result<()> {
        if self.0 == version { Ok(()) } else { Err(Code::StaleVersion.into()) }
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.headers().get(header::IF_MATCH) {
            None => Err(Code::VersionRequired.into()),
            Some(value) => value.to_str().ok().and_then(one_tag).ok_or_else(|| {
                Problem::field("If-Match", "invalid", "Send one ETag of this thing, in its quotes.").into()
            }),
        })
    }
}

/// The version that one quoted tag names; a tag that we never gave names one that never is.
fn one_tag(text: &str) -> Option<IfMatch> {
    let tag = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    if tag.contains('"') {
        return None;
    }
    Some(IfMatch(tag.parse().unwrap_or(i64::MIN)))
}

/// The `ETag` of a version.
pub fn tag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// The versions that the caller holds already (`If-None-Match`).
#[derive(Clone, Debug)]
pub struct Held(String);

impl Held {
    /// Those of a request.
    pub fn of(request: &HttpRequest) -> Self {
        let held = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        Self(held.unwrap_or_default().to_owned())
    }

    /// Whether this tag is among them. A proxy that compressed the answer marks the tag as weak.
    pub fn has(&self, tag: &str) -> bool {
        self.0.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
    }
}
