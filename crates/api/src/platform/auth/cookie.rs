//! The cookies: session, step of a sign-in, sign-in by passkey, device. HttpOnly, same site, and bound to the host where there is TLS.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

use crate::{config::Settings, platform::secret};

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The session; goes with the browser's window.
    Session,
    /// A right password that waits for its second step.
    Step,
    /// Marks the browser that asked for a passkey to sign in with.
    Ceremony,
    /// Knows the browser again (SEC-4, SEC-7).
    Device,
}

/// As long as browsers keep a cookie at most (RFC 6265bis).
const DEVICE_DAYS: i64 = 400;

impl Kind {
    /// The name: bound to the host and to TLS, but for a portal on plain http (localhost).
    pub fn name(self, settings: &Settings) -> &'static str {
        match (self, settings.is_secure()) {
            (Self::Session, true) => "__Host-portal_session",
            (Self::Session, false) => "portal_session",
            (Self::Step, true) => "__Host-portal_step",
            (Self::Step, false) => "portal_step",
            (Self::Ceremony, true) => "__Host-portal_ceremony",
            (Self::Ceremony, false) => "portal_ceremony",
            (Self::Device, true) => "__Host-portal_device",
            (Self::Device, false) => "portal_device",
        }
    }

    /// The cookie that carries a token.
    pub fn cookie(self, settings: &Settings, token: String) -> Cookie<'static> {
        let cookie = Cookie::build(self.name(settings), token)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(settings.is_secure());
        match self {
            Self::Device => cookie.max_age(Duration::days(DEVICE_DAYS)).finish(),
            Self::Session | Self::Step | Self::Ceremony => cookie.finish(),
        }
    }

    /// The cookie that takes it away.
    pub fn end(self, settings: &Settings) -> Cookie<'static> {
        let mut cookie = self.cookie(settings, String::new());
        cookie.make_removal();
        cookie
    }

    /// The hash of the token that a request brings along.
    pub fn presented(self, request: &HttpRequest, settings: &Settings) -> Option<Vec<u8>> {
        let cookie = request.cookie(self.name(settings))?;
        Some(secret::hash(cookie.value().as_bytes()))
    }
}
