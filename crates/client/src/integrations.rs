//! What integrators call (API-2, API-3).

use portal_domain::integrations::ImportView;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

/// The answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct AccessToken {
    /// A signed token (JWT).
    pub access_token: String,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds until it ends.
    pub expires_in: u64,
    /// The scopes granted, parted by spaces.
    pub scope: String,
}

/// A key that signs access tokens (RFC 7517, RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SigningKey {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// `EdDSA`.
    pub alg: String,
    /// The key's id, which a token's header names.
    pub kid: String,
    /// The public key, base64url.
    pub x: String,
}

/// The keys in use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct KeySet {
    /// Newest first.
    pub keys: Vec<SigningKey>,
}

impl Portal {
    /// The keys that sign access tokens; needs no sign-in.
    pub async fn signing_keys(&self) -> Result<KeySet> {
        self.call(Request::get("/.well-known/jwks.json")).await
    }

    /// Trades a client id and secret for an access token (RFC 6749, section 4.4).
    pub async fn access_token(
        &self,
        client_id: &str,
        client_secret: &str,
        scope: &str,
    ) -> Result<AccessToken> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", client_secret),
            ("scope", scope),
        ];
        self.call(Request::post("/oauth/token").form(&form)?).await
    }

    /// Imports a FHIR R4 bundle, whole or not at all. `bundle` is its JSON; it is sent as it is, because a
    /// decimal's digits have a meaning in FHIR.
    pub async fn import_bundle(&self, bundle: String, key: Uuid) -> Result<ImportView> {
        self.call(
            Request::post("/api/v1/fhir/bundles")
                .bytes(bundle.into_bytes(), "application/fhir+json")
                .key(key),
        )
        .await
    }
}
