//! Writes that ride on a session cookie must come from the portal's own pages (SEC: cross-site requests).

use actix_web::{
    HttpRequest,
    http::{Method, header},
};
use portal_domain::problem::Code;

use crate::error::Result;

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
