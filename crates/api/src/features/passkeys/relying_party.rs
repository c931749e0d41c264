//! The portal as a WebAuthn relying party: what browsers are asked, and whether an answer is right (WebAuthn level 3).
//! It knows no database and no session. Whatever is wrong with an answer, the owner is told one thing.

use portal_domain::{
    accounts::CEREMONY_LIFETIME,
    ids::AccountId,
    problem::{Code, Problem},
};
use serde_json::Value;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::error::{Error, Result};

/// Nobody is told more than that an answer was refused; why stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// The portal under the name that browsers know it by.
pub struct RelyingParty(Webauthn);

/// Whose passkey is made.
pub struct Owner {
    /// The user handle: what a passkey gives back when nobody said who signs in.
    pub account: AccountId,
    /// Shown by the browser.
    pub username: String,
    /// Shown by the browser.
    pub display_name: String,
    /// The practice's name: whose portal it is, shown by some browsers.
    pub practice: String,
}

impl RelyingParty {
    /// The relying party of a portal at this address: its id is the host's name. An IP address can't be one
    /// ([`Code::PasskeysUnavailable`]).
    pub fn of(public_url: &str) -> Result<Self> {
        let origin = Url::parse(public_url).map_err(|_| Code::PasskeysUnavailable)?;
        let host = origin.domain().ok_or(Code::PasskeysUnavailable)?;
        let builder = WebauthnBuilder::new(host, &origin).map_err(Error::internal)?;
        // As long as browsers are told to wait: the builder takes no negative time.
        let lifetime = CEREMONY_LIFETIME.to_std().unwrap_or_default();
        builder.timeout(lifetime).build().map(Self).map_err(Error::internal)
    }

    /// Asks for a new passkey that none of `existing` is: `PublicKeyCredentialCreationOptionsJSON`, and what its answer
    /// is checked by.
    pub fn ask_new(&self, owner: &Owner, existing: &[Passkey]) -> Result<(Value, PasskeyRegistration)> {
        let exclude = existing.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let Owner { account, username, display_name, practice } = owner;
        let (mut options, state) = self
            .0
            .start_passkey_registration(account.0, username, display_name, Some(exclude))
            .map_err(Error::internal)?;
        options.public_key.rp.name.clone_from(practice);
        Ok((creation_options(options)?, state))
    }

    /// The passkey that the browser made. The user was verified by the device.
    pub fn register(&self, answer: &Registration, state: &PasskeyRegistration) -> Result<Passkey, Refused> {
        self.0.finish_passkey_registration(&answer.0, state).map_err(refused)
    }

    /// Asks for a passkey: `PublicKeyCredentialRequestOptionsJSON`, and what its answer is checked by. Without `listed`
    /// the browser offers whichever it has for this portal.
    pub fn ask(&self, listed: Option<&[Passkey]>) -> Result<(Value, DiscoverableAuthentication)> {
        let (mut options, state) = self.0.start_discoverable_authentication().map_err(Error::internal)?;
        if let Some(passkeys) = listed {
            // Only for the list. The state stays the one that knows no passkey: an answer is checked against what is
            // stored when it comes.
            let (with_list, _) = self.0.start_passkey_authentication(passkeys).map_err(Error::internal)?;
            options.public_key.allow_credentials = with_list.public_key.allow_credentials;
        }
        // How the browser mediates is the page's choice.
        Ok((serde_json::to_value(options.public_key)?, state))
    }

    /// Whether this passkey gave the answer, its user was verified, and its counter went on. Answers whether the passkey
    /// changed by that and is to be stored.
    pub fn check(
        &self,
        answer: &Assertion,
        state: DiscoverableAuthentication,
        passkey: &mut Passkey,
    ) -> Result<bool, Refused> {
        let checked = self.0.finish_discoverable_authentication_v2(&answer.0, state, &*passkey);
        let result = checked.map_err(refused)?;
        Ok(passkey.update_credential(&result).unwrap_or(false))
    }
}

/// An answer to [`RelyingParty::ask_new`], not checked yet.
pub struct Registration(RegisterPublicKeyCredential);

impl Registration {
    /// Reads `RegistrationResponseJSON`.
    pub fn read(credential: Value) -> Result<Self> {
        serde_json::from_value(credential).map(Self).map_err(|_| unreadable())
    }
}

/// An answer to [`RelyingParty::ask`], not checked yet.
pub struct Assertion(PublicKeyCredential);

impl Assertion {
    /// Reads `AuthenticationResponseJSON`.
    pub fn read(credential: Value) -> Result<Self> {
        serde_json::from_value(credential).map(Self).map_err(|_| unreadable())
    }

    /// The passkey that it says to come from.
    pub fn credential_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }

    /// The account that it says to be of, if it does: passkeys that were asked for by name may leave it out.
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.0.get_user_unique_id()
    }
}

/// A passkey must be found by the device when nobody says who signs in: that is what makes it one (WebAuthn level 3,
/// "discoverable credential"). The crate asks for less, for security keys without room.
fn creation_options(options: CreationChallengeResponse) -> Result<Value> {
    let mut options = serde_json::to_value(options.public_key)?;
    let selection = &mut options["authenticatorSelection"];
    selection["residentKey"] = "required".into();
    selection["requireResidentKey"] = true.into();
    Ok(options)
}

fn refused(why: WebauthnError) -> Refused {
    tracing::info!(%why, "a passkey was refused");
    Refused
}

fn unreadable() -> Error {
    let message = "Send what PublicKeyCredential.toJSON() gives.";
    Problem::field("credential", "invalid", message).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    const PUBLIC_URL: &str = "https://portal.example.org";

    #[test]
    fn a_portal_without_a_name_has_no_passkeys() {
        for nameless in ["http://127.0.0.1:8080", "https://[::1]", "https://192.0.2.7"] {
            let why = RelyingParty::of(nameless).err().map(|why| why.to_problem().code);
            assert_eq!(why, Some(Code::PasskeysUnavailable), "{nameless}");
        }
        for named in [PUBLIC_URL, "http://localhost:8080"] {
            assert!(RelyingParty::of(named).is_ok(), "{named}");
        }
    }

    #[test]
    fn a_new_passkey_is_asked_for_that_the_device_finds_and_verifies_the_user_for() {
        let owner = Owner {
            account: AccountId(Uuid::from_u128(7)),
            username: "anna.lund".into(),
            display_name: "Anna Lund".into(),
            practice: "Harbor Clinic".into(),
        };
        let (options, _) = RelyingParty::of(PUBLIC_URL).unwrap().ask_new(&owner, &[]).unwrap();
        assert_eq!(options["rp"], json!({ "id": "portal.example.org", "name": "Harbor Clinic" }));
        assert_eq!(
            options["user"],
            json!({ "id": "AAAAAAAAAAAAAAAAAAAABw", "name": "anna.lund", "displayName": "Anna Lund" })
        );
        let selection = &options["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["userVerification"]),
            (&"required".into(), &"required".into())
        );
        assert_eq!((&options["attestation"], &options["timeout"]), (&"none".into(), &300_000.into()));
    }

    #[test]
    fn no_challenge_comes_twice_and_a_sign_in_names_no_passkey() {
        let party = RelyingParty::of(PUBLIC_URL).unwrap();
        let asked = || party.ask(None).unwrap().0;
        let (first, second) = (asked(), asked());
        assert_ne!(first["challenge"], second["challenge"]);
        assert_eq!(first["allowCredentials"], json!([]));
        assert_eq!(first["userVerification"], "required");
    }

    #[test]
    fn what_no_browser_sends_is_told_by_field() {
        for wrong in [
            json!(null),
            json!({}),
            json!({ "id": "AA", "rawId": "!", "type": "public-key", "response": {} }),
        ] {
            let problems = [
                Assertion::read(wrong.clone()).err().map(|why| why.to_problem()),
                Registration::read(wrong).err().map(|why| why.to_problem()),
            ];
            for problem in problems.into_iter().map(Option::unwrap) {
                assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "credential"));
            }
        }
    }
}
