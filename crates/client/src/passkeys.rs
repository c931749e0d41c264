//! Passkeys (WebAuthn).

use portal_domain::{
    accounts::{
        CeremonyOptions, NewPasskey, PasskeyAnswer, PasskeyName, PasskeyRequest, PasskeyView, SessionView,
    },
    ids::PasskeyId,
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// What the browser needs to ask for a passkey.
    pub async fn passkey_options(&self, request: &PasskeyRequest) -> Result<CeremonyOptions> {
        self.call(Request::post("/api/v1/session/passkey-options").json(request)?).await
    }

    /// Signs in, does the second step or gives proof with a passkey, as the options were for.
    pub async fn answer_with_passkey(&self, answer: &PasskeyAnswer) -> Result<SessionView> {
        self.call(Request::post("/api/v1/session/passkey").json(answer)?).await
    }

    /// The own passkeys.
    pub async fn passkeys(&self) -> Result<Vec<PasskeyView>> {
        self.call(Request::get("/api/v1/account/passkeys")).await
    }

    /// What the browser needs to make a passkey.
    pub async fn new_passkey_options(&self) -> Result<CeremonyOptions> {
        self.call(Request::post("/api/v1/account/passkey-options")).await
    }

    /// Registers a passkey.
    pub async fn add_passkey(&self, passkey: &NewPasskey) -> Result<PasskeyView> {
        self.call(Request::post("/api/v1/account/passkeys").json(passkey)?).await
    }

    /// Gives a passkey another name.
    pub async fn rename_passkey(&self, passkey: PasskeyId, name: &PasskeyName) -> Result<PasskeyView> {
        self.call(Request::put(format!("/api/v1/account/passkeys/{passkey}")).json(name)?).await
    }

    /// Removes a passkey.
    pub async fn remove_passkey(&self, passkey: PasskeyId) -> Result<()> {
        self.done(Request::delete(format!("/api/v1/account/passkeys/{passkey}"))).await
    }
}
