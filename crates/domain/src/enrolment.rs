//! Enrolment tokens and temporary credentials: how a person with a chart gets an account (ENR-1, ENR-2).

use serde::{Deserialize, Serialize};

use crate::{
    accounts::{AccountState, DeskReset, check_password, parse_email, parse_username},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    time::{Date, Time},
};

/// The 32 symbols of a token: digits and letters without the look-alikes I, L, O and U.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols in a token: 16 of 5 bits hold 80 random bits.
pub const SYMBOLS: usize = 16;
/// A wrong date of birth or name as often as this burns the token.
pub const MAX_FAILURES: u32 = 5;

/// The token of 10 random bytes, as people read it: `7K3M-Q2XV-91BD-E8RT`.
pub fn spell_token(random: [u8; 10]) -> String {
    let bits = random.iter().fold(0u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let mut token = String::with_capacity(SYMBOLS + 3);
    for position in 0..SYMBOLS {
        if position > 0 && position % 4 == 0 {
            token.push('-');
        }
        let index = (bits >> (5 * (SYMBOLS - 1 - position))) & 31;
        token.push(char::from(ALPHABET[index as usize]));
    }
    token
}

/// A typed token in its one form: spaces, dashes and case don't count, look-alikes are forgiven.
/// None when it can't be a token.
pub fn normalize_token(typed: &str) -> Option<String> {
    normalize(typed, SYMBOLS)
}

/// So many symbols of [`ALPHABET`] in their one form, however they were typed.
pub(crate) fn normalize(typed: &str, symbols: usize) -> Option<String> {
    let mut token = String::with_capacity(symbols);
    for symbol in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '_' | '.'))
    {
        let symbol = match symbol.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !symbol.is_ascii() || !ALPHABET.contains(&(symbol as u8)) || token.len() == symbols {
            return None;
        }
        token.push(symbol);
    }
    (token.len() == symbols).then_some(token)
}

/// Whether a patient born then is 12 to 17 years old, and so may not enrol with the address of an adult (ENR-5).
pub fn needs_own_address(born: Date, today: Date) -> bool {
    today.years_since(born).is_some_and(|age| (12..18).contains(&age))
}

/// The temporary username of four random bytes (ENR-2): `temp-7K3MQ2`. It is no secret.
pub fn spell_temporary_username(random: [u8; 4]) -> String {
    let bits = u32::from_be_bytes(random);
    let symbol = |position: u32| char::from(ALPHABET[(bits >> (5 * position) & 31) as usize]);
    let name: String = (0..6).map(symbol).collect();
    format!("temp-{name}")
}

/// What a person must know to enrol: the token and two facts of the chart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// As printed on the letter, or the temporary password (ENR-2); spaces, dashes and case don't count.
    pub token: String,
    /// The patient's date of birth.
    pub birth_date: Date,
    /// The patient's last name; case does not count.
    pub family_name: String,
}

/// The answer to a right token, date and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityConfirmed {
    /// For the greeting.
    pub given_name: String,
    /// Until when the token may be used.
    pub expires_at: Time,
    /// The address that was given at check-in (ENR-2), for filling in; null when there was none.
    pub email: Option<String>,
}

/// CREATE ACCOUNT.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The token and the facts that go with it.
    pub identity: Identity,
    /// 6 to 50 characters, not case sensitive (SEC-1).
    pub username: String,
    /// 8 to 200 characters by the rules of SEC-1.
    pub password: String,
    /// Optional (ENR-3); it counts once the link that is mailed there was opened.
    #[serde(default)]
    pub email: Option<String>,
    /// The version of the terms of use that the person read and accepts (ENR-6).
    pub accepted_terms_version: i64,
}

/// A [`NewAccount`] whose fields keep the rules.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckedAccount {
    /// In its one form.
    pub username: String,
    /// In its one form; none when none was given.
    pub email: Option<String>,
}

impl NewAccount {
    /// Checks username, password, e-mail and terms; the identity is the server's to check. `easily_guessed` is the
    /// verdict on the password, where there is one: see [`crate::accounts::password_rules`].
    pub fn check(&self, terms_version: i64, easily_guessed: Option<bool>) -> Result<CheckedAccount, Problem> {
        let mut errors = Vec::new();
        let mut keep = |result: Result<String, FieldError>| result.map_err(|error| errors.push(error)).ok();
        let username = keep(parse_username("username", &self.username));
        let typed = self.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        let email = typed.and_then(|email| keep(parse_email("email", email)));
        errors.extend(check_password("password", &self.password, &self.username, easily_guessed));
        if self.accepted_terms_version != terms_version {
            errors.push(FieldError::new(
                "accepted_terms_version",
                "terms_changed",
                "Read and accept the present terms of use.",
            ));
        }
        match username {
            Some(username) if errors.is_empty() => Ok(CheckedAccount { username, email }),
            _ => Err(Problem::invalid(errors)),
        }
    }
}

/// Temporary credentials to be mailed to a patient at check-in (ENR-2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemporaryCredentials {
    /// The address that the patient gave.
    pub email: String,
}

/// Temporary credentials are on their way. The password stands in the mail alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CredentialsMailed {
    /// The temporary username.
    pub username: String,
    /// Where the mail goes.
    pub email: String,
    /// Until when they may be used.
    pub expires_at: Time,
}

/// A new enrolment token. It is shown this once; only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedToken {
    /// As people read it: `7K3M-Q2XV-91BD-E8RT`.
    pub token: String,
    /// Until when it may be used.
    pub expires_at: Time,
    /// The enrolment page with the token in its fragment, which browsers don't send to servers.
    pub enrol_url: String,
    /// The same address as a QR code (SVG).
    pub qr_svg: String,
    /// Whose it is.
    pub patient: PatientSummary,
}

/// Where a patient stands with enrolment, for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentState {
    /// The account, once there is one.
    pub account: Option<EnrolledAccount>,
    /// The token that may still be used.
    pub token: Option<OpenToken>,
}

/// The account of a patient, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolledAccount {
    /// As chosen.
    pub username: String,
    /// Since when.
    pub enrolled_at: Time,
    /// Whether an e-mail address is verified, so that the person can recover alone (SEC-6).
    pub has_email: bool,
    /// How the account stands.
    pub state: AccountState,
    /// The reset token of the desk that may still be used.
    pub reset: Option<DeskReset>,
}

/// A token that may still be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenToken {
    /// When it was handed out.
    pub issued_at: Time,
    /// Who handed it out.
    pub issued_by: String,
    /// Until when it may be used.
    pub expires_at: Time,
    /// Where it was mailed as temporary credentials (ENR-2); null for a printed token.
    pub mailed_to: Option<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_survives_how_people_type_it(random in any::<[u8; 10]>()) {
            let token = spell_token(random);
            let bare = token.replace('-', "");
            prop_assert_eq!(bare.len(), SYMBOLS);
            prop_assert_eq!(normalize_token(&token), Some(bare.clone()));
            prop_assert_eq!(normalize_token(&format!(" {} ", token.to_lowercase().replace('-', " - "))), Some(bare.clone()));
            prop_assert_eq!(normalize_token(&bare.replace('0', "o").replace('1', "l")), Some(bare));
        }

        #[test]
        fn different_random_bytes_are_different_tokens(a in any::<[u8; 10]>(), b in any::<[u8; 10]>()) {
            prop_assert_eq!(a == b, spell_token(a) == spell_token(b));
        }

        #[test]
        fn any_text_is_a_token_or_is_not(text in ".*") {
            let _ = normalize_token(&text);
        }
    }

    #[test]
    fn an_address_of_ones_own_is_needed_from_the_12th_to_the_18th_birthday() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let needs = |today: &str| needs_own_address(day("2012-02-29"), day(today));
        assert!(!needs("2024-02-28") && needs("2024-02-29"), "the 12th birthday");
        assert!(needs("2030-02-28") && !needs("2030-03-01"), "the 18th, in a year without a 29 February");
        assert!(!needs("2011-01-01"), "before the birth");
    }

    #[test]
    fn a_token_one_symbol_short_or_long_is_none() {
        assert_eq!(normalize_token("7K3M-Q2XV-91BD-E8R"), None);
        assert_eq!(normalize_token("7K3M-Q2XV-91BD-E8RTT"), None);
        assert_eq!(normalize_token("7K3M-Q2XV-91BD-E8RU"), None);
    }
}
