//! Sign-in and the session.

use portal_domain::accounts::{CurrentSession, SessionView, SignIn};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Who is signed in.
    pub async fn session(&self) -> Result<CurrentSession> {
        self.call(Request::get("/api/v1/session")).await
    }

    /// Signs in; the session's cookie stays with this client.
    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<SessionView> {
        self.call(Request::post("/api/v1/session").json(sign_in)?).await
    }

    /// Signs out.
    pub async fn sign_out(&self) -> Result<()> {
        self.done(Request::delete("/api/v1/session")).await
    }
}
