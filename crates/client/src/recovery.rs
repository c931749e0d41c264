//! E-mail addresses and getting back in (ENR-3, SEC-6).

use portal_domain::accounts::{
    AccountView, EmailChange, EmailProof, EmailProven, ForgottenPassword, ForgottenUsername, PasswordReset,
    ResetDone,
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Asks for a link to another address, which counts once the link was opened.
    pub async fn change_email(&self, change: &EmailChange) -> Result<AccountView> {
        self.call(Request::put("/api/v1/account/email").json(change)?).await
    }

    /// Takes the own address away.
    pub async fn remove_email(&self) -> Result<AccountView> {
        self.call(Request::delete("/api/v1/account/email")).await
    }

    /// Proves an address by the token of the mailed link.
    pub async fn prove_email(&self, proof: &EmailProof) -> Result<EmailProven> {
        self.call(Request::post("/api/v1/recovery/email").json(proof)?).await
    }

    /// Has the username mailed, if an account has this address.
    pub async fn forgot_username(&self, forgotten: &ForgottenUsername) -> Result<()> {
        self.done(Request::post("/api/v1/recovery/username").json(forgotten)?).await
    }

    /// Has a reset link mailed, if the account has a verified address.
    pub async fn forgot_password(&self, forgotten: &ForgottenPassword) -> Result<()> {
        self.done(Request::post("/api/v1/recovery/password").json(forgotten)?).await
    }

    /// Sets a new password by a mailed link or a token from the desk; every session ends.
    pub async fn reset_password(&self, reset: &PasswordReset) -> Result<ResetDone> {
        self.call(Request::post("/api/v1/recovery/reset").json(reset)?).await
    }
}
