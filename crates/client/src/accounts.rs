//! Sign-in, the session and the own account.

use portal_domain::{
    accounts::{
        AccountEventView, AccountView, CurrentSession, DeviceSession, PasswordChange, Preferences, Proof,
        RecoveryCodes, SecondStepCode, SecondStepOff, SecondStepView, SessionView, SignIn, SignInAnswer,
        TermsAccepted, TotpCode, TotpSetup, UsernameChange,
    },
    ids::SessionId,
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Who is signed in.
    pub async fn session(&self) -> Result<CurrentSession> {
        self.call(Request::get("/api/v1/session")).await
    }

    /// Signs in with a password; the session's cookie, or that of the first step, stays with this client.
    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<SignInAnswer> {
        self.call(Request::post("/api/v1/session").json(sign_in)?).await
    }

    /// The second step of a sign-in by a typed code (SEC-2).
    pub async fn second_step(&self, code: &SecondStepCode) -> Result<SessionView> {
        self.call(Request::post("/api/v1/session/second-step").json(code)?).await
    }

    /// Gives the password again (SEC-5).
    pub async fn prove(&self, proof: &Proof) -> Result<SessionView> {
        self.call(Request::post("/api/v1/session/proof").json(proof)?).await
    }

    /// Signs out.
    pub async fn sign_out(&self) -> Result<()> {
        self.done(Request::delete("/api/v1/session")).await
    }

    /// The own account.
    pub async fn account(&self) -> Result<AccountView> {
        self.call(Request::get("/api/v1/account")).await
    }

    /// Changes the username, which is free once.
    pub async fn change_username(&self, change: &UsernameChange) -> Result<AccountView> {
        self.call(Request::put("/api/v1/account/username").json(change)?).await
    }

    /// Changes the password; every other session ends.
    pub async fn change_password(&self, change: &PasswordChange) -> Result<SessionView> {
        self.call(Request::put("/api/v1/account/password").json(change)?).await
    }

    /// Changes language and notices.
    pub async fn change_preferences(&self, preferences: &Preferences) -> Result<AccountView> {
        self.call(Request::put("/api/v1/account/preferences").json(preferences)?).await
    }

    /// Accepts the present terms of use (ENR-6).
    pub async fn accept_terms(&self, terms: &TermsAccepted) -> Result<SessionView> {
        self.call(Request::post("/api/v1/account/terms").json(terms)?).await
    }

    /// What happened to the own account, newest first.
    pub async fn account_events(&self) -> Result<Vec<AccountEventView>> {
        self.call(Request::get("/api/v1/account/events")).await
    }

    /// The own open sessions, the present one first (SEC-7).
    pub async fn sessions(&self) -> Result<Vec<DeviceSession>> {
        self.call(Request::get("/api/v1/account/sessions")).await
    }

    /// Ends one of the own sessions.
    pub async fn end_session(&self, session: SessionId) -> Result<()> {
        self.done(Request::delete(format!("/api/v1/account/sessions/{session}"))).await
    }

    /// Ends every own session but the present one.
    pub async fn end_other_sessions(&self) -> Result<()> {
        self.done(Request::delete("/api/v1/account/sessions")).await
    }

    /// How the own second step stands.
    pub async fn second_step_state(&self) -> Result<SecondStepView> {
        self.call(Request::get("/api/v1/account/second-step")).await
    }

    /// Makes a new authenticator secret, which works after one right code.
    pub async fn set_up_totp(&self) -> Result<TotpSetup> {
        self.call(Request::post("/api/v1/account/totp")).await
    }

    /// Switches the authenticator app on.
    pub async fn confirm_totp(&self, code: &TotpCode) -> Result<RecoveryCodes> {
        self.call(Request::post("/api/v1/account/totp/confirmation").json(code)?).await
    }

    /// Switches the authenticator app off.
    pub async fn remove_totp(&self, off: &SecondStepOff) -> Result<()> {
        self.done(Request::post("/api/v1/account/totp/removal").json(off)?).await
    }

    /// Makes new recovery codes; those of before work no more.
    pub async fn make_recovery_codes(&self) -> Result<RecoveryCodes> {
        self.call(Request::post("/api/v1/account/recovery-codes")).await
    }
}
