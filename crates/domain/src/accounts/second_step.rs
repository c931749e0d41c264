//! The second step of a sign-in (SEC-2): authenticator apps (RFC 6238), recovery codes and passkeys (WebAuthn).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    enrolment,
    ids::{CeremonyId, PasskeyId},
    problem::FieldError,
    text,
    time::Time,
    words::words,
};

/// So many recovery codes are handed out at a time.
pub const RECOVERY_CODES: usize = 10;
/// Symbols in a recovery code: 10 of 5 bits.
const RECOVERY_SYMBOLS: usize = 10;

words! {
    /// What a person may use as the second step.
    SecondStep {
        /// A code of an authenticator app.
        Totp = "totp",
        /// One of the ten codes that were handed out for a lost device.
        RecoveryCode = "recovery_code",
        /// A passkey.
        Passkey = "passkey",
    }
}

/// The second step by a typed code: the app's or a recovery code, not both.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondStepCode {
    /// Which kind of code it is: `totp` or `recovery_code`.
    pub method: SecondStep,
    /// 6 digits, or a recovery code; spaces, dashes and case don't count.
    pub code: String,
}

/// A code of the authenticator app, to switch it on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// 6 digits; spaces don't count.
    pub code: String,
}

/// What is needed to switch the authenticator app off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondStepOff {
    /// As chosen.
    pub password: String,
    /// Which kind of code it is: `totp` or `recovery_code`.
    pub method: SecondStep,
    /// A fresh code.
    pub code: String,
}

/// How an account's second step stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondStepView {
    /// Since when the authenticator app is switched on; null while it is off.
    pub totp_since: Option<Time>,
    /// Recovery codes that still work.
    pub recovery_codes_left: i64,
}

/// A new authenticator secret. It is shown this once, and works after one right code was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetup {
    /// Base 32 without padding, for typing.
    pub secret: String,
    /// For the app: `otpauth://totp/..`.
    pub otpauth_url: String,
    /// The same address as a QR code (SVG).
    pub qr_svg: String,
}

/// New recovery codes. They are shown this once; those of before work no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// As people read them: `7K3MQ-2XV91`.
    pub codes: Vec<String>,
}

/// The recovery code of 7 random bytes, as people read it: `7K3MQ-2XV91` (50 bits count).
pub fn spell_recovery_code(random: [u8; 7]) -> String {
    let bits = random.iter().fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let symbol = |position: usize| {
        let index = (bits >> (5 * position)) & 31;
        char::from(enrolment::ALPHABET[index as usize])
    };
    let (first, second): (String, String) =
        ((0..5).map(symbol).collect(), (5..RECOVERY_SYMBOLS).map(symbol).collect());
    format!("{first}-{second}")
}

/// A typed recovery code in its one form, forgiving as an enrolment token is. None when it can't be one.
pub fn normalize_recovery_code(typed: &str) -> Option<String> {
    enrolment::normalize(typed, RECOVERY_SYMBOLS)
}

/// How long a WebAuthn ceremony waits for its answer, as level 3 of the standard recommends.
pub const CEREMONY_LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// So many passkeys an account may have.
pub const MOST_PASSKEYS: usize = 20;

words! {
    /// What a passkey is asked for.
    PasskeyPurpose {
        /// To sign in without a password.
        SignIn = "sign_in",
        /// As the second step after a password.
        SecondStep = "second_step",
        /// To confirm that it is still the owner (SEC-5).
        Proof = "proof",
        /// To be registered.
        Register = "register",
    }
}

/// A passkey is about to be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyRequest {
    /// What for: `sign_in`, `second_step` or `proof`.
    pub purpose: PasskeyPurpose,
}

/// The options of a WebAuthn ceremony, for the browser's `navigator.credentials`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CeremonyOptions {
    /// Send it back with the browser's answer.
    pub ceremony_id: CeremonyId,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` (WebAuthn level 3).
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub public_key: serde_json::Value,
}

/// The browser's answer to a WebAuthn ceremony.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyAnswer {
    /// As the options had it.
    pub ceremony_id: CeremonyId,
    /// `AuthenticationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
}

/// A passkey to be registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// As the options had it.
    pub ceremony_id: CeremonyId,
    /// `RegistrationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
    /// What the owner calls it, 1 to 60 characters.
    pub name: String,
}

/// Another name for a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyName {
    /// 1 to 60 characters.
    pub name: String,
}

/// A registered passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyView {
    /// The id.
    pub id: PasskeyId,
    /// As the owner calls it.
    pub name: String,
    /// Since when.
    pub created_at: Time,
    /// When it last signed in; null when it never did.
    pub last_used_at: Option<Time>,
}

/// A passkey's name: 1 to 60 characters on one line.
pub fn parse_passkey_name(field: &str, name: &str) -> Result<String, FieldError> {
    text::required(field, name, 60, text::Lines::One)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_recovery_code_survives_how_people_type_it(random in any::<[u8; 7]>()) {
            let code = spell_recovery_code(random);
            let bare = code.replace('-', "");
            prop_assert_eq!(normalize_recovery_code(&code), Some(bare.clone()));
            prop_assert_eq!(normalize_recovery_code(&format!(" {} ", code.to_lowercase())), Some(bare));
        }
    }

    #[test]
    fn fifty_random_bits_make_the_code() {
        let zero = spell_recovery_code([0; 7]);
        assert_eq!(zero, "00000-00000");
        // The lowest 50 of the 56 bits count, each of them.
        for bit in 0..50 {
            let mut random = [0u8; 7];
            random[6 - bit / 8] |= 1 << (bit % 8);
            assert_ne!(spell_recovery_code(random), zero, "bit {bit}");
        }
    }
}
