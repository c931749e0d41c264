//! A device that holds a passkey, with the browser before it: software that follows WebAuthn level 3 and CTAP 2, by
//! other people than the server's.

use std::pin::Pin;

use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData},
    crypto::rust_crypto::RustCryptoBackend,
    types::{
        Passkey,
        ctap2::{Aaguid, Ctap2Error},
        webauthn::{CredentialCreationOptions, CredentialRequestOptions},
    },
};
use portal_domain::accounts::CeremonyOptions;
use serde_json::{Value, json};

/// A phone with room for one passkey.
#[derive(Clone, Default)]
pub struct Device {
    passkey: Option<Passkey>,
    /// Whether it counts its signatures, as security keys do and phones don't.
    counts: bool,
}

impl Device {
    /// A device that counts its signatures.
    pub fn that_counts() -> Self {
        Self { counts: true, ..Self::default() }
    }

    /// The same device with its count put back: what a copy of it shows.
    pub fn put_back(&mut self, counter: u32) {
        self.passkey.as_mut().expect("a passkey").counter = Some(counter);
    }

    /// Makes a passkey on the page of `origin`: `RegistrationResponseJSON`.
    pub async fn make(&mut self, origin: &str, options: &CeremonyOptions) -> Value {
        let options: CredentialCreationOptions =
            serde_json::from_value(json!({ "publicKey": options.public_key })).unwrap();
        let mut authenticator = self.authenticator();
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        let mut browser = Client::new(authenticator).allows_insecure_localhost(true);
        let made = browser.register(&origin.parse().unwrap(), options, DefaultClientData).await.unwrap();
        self.passkey = browser.authenticator().store().clone();
        serde_json::to_value(made).unwrap()
    }

    /// Gives its passkey on the page of `origin`: `AuthenticationResponseJSON`.
    pub async fn give(&mut self, origin: &str, options: &CeremonyOptions) -> Value {
        self.give_for(origin, &options.public_key).await
    }

    /// The same for options that were tampered with.
    pub async fn give_for(&mut self, origin: &str, options: &Value) -> Value {
        let options: CredentialRequestOptions =
            serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let mut browser = Client::new(self.authenticator()).allows_insecure_localhost(true);
        let given = browser.authenticate(&origin.parse().unwrap(), options, DefaultClientData).await.unwrap();
        self.passkey = browser.authenticator().store().clone();
        serde_json::to_value(given).unwrap()
    }

    fn authenticator(&self) -> Authenticator<Option<Passkey>, Finger, RustCryptoBackend> {
        Authenticator::new(Aaguid::new_empty(), self.passkey.clone(), Finger, RustCryptoBackend)
    }
}

/// A `RegistrationResponseJSON` of the right shape, and no more.
pub fn made() -> Value {
    json!({
        "id": "AA", "rawId": "AA", "type": "public-key",
        "response": { "attestationObject": "AA", "clientDataJSON": "AA" },
    })
}

/// An `AuthenticationResponseJSON` of the right shape, and no more.
pub fn given() -> Value {
    json!({
        "id": "AA", "rawId": "AA", "type": "public-key",
        "response": { "authenticatorData": "AA", "clientDataJSON": "AA", "signature": "AA", "userHandle": null },
    })
}

/// The owner's finger, there whenever it is asked for.
struct Finger;

impl UserValidationMethod for Finger {
    type PasskeyItem = Passkey;

    fn check_user<'h, 's, 'r>(
        &'s self,
        _: UiHint<'h, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Pin<Box<dyn Future<Output = Result<UserCheck, Ctap2Error>> + Send + 'r>>
    where
        'h: 'r,
        's: 'r,
        Self: 'r,
    {
        Box::pin(std::future::ready(Ok(UserCheck { presence, verification })))
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}
