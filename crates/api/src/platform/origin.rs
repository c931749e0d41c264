//! Writes that ride on a session cookie must come from the portal's own pages (SEC: cross-site requests).

use std::net::IpAddr;

use actix_web::{
    HttpRequest,
    http::{Method, header},
};
use portal_domain::problem::Code;

use crate::{config::Settings, error::Result};

/// Refuses a write with a cookie whose `Origin` or `Sec-Fetch-Site` does not show our own site.
pub fn check(request: &HttpRequest, own: &str) -> Result<()> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let value = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let same = match (value("sec-fetch-site"), value(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == own,
        (None, None) => false,
    };
    if same { Ok(()) } else { Err(Code::CrossSite.into()) }
}

/// The network address that a request comes from: the peer's, or what the trusted proxy says of its own peer.
pub fn address(request: &HttpRequest, settings: &Settings) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let forwarded = || {
        let last = request.headers().get_all("x-forwarded-for").last()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    Some(if settings.trusted_proxy == Some(peer) { forwarded().unwrap_or(peer) } else { peer })
}

/// The same as text, for counting tries.
pub fn address_text(request: &HttpRequest, settings: &Settings) -> String {
    address(request, settings).map_or_else(|| "unknown".into(), |address| address.to_string())
}
