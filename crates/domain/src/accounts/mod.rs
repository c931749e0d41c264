//! Accounts: usernames and passwords, and what stands in the files beside this one.

mod device;
mod email;
#[cfg(feature = "common-passwords")]
mod guess;
mod recovery;
mod second_step;
mod session;
mod settings;
mod staff;

use chrono::TimeDelta;

use crate::{problem::FieldError, text, words::words};

pub use device::{DeviceSession, device_label};
pub use email::{EMAIL_LENGTH, EmailChange, EmailProof, EmailProven, parse_email};
#[cfg(feature = "common-passwords")]
pub use guess::is_easily_guessed;
pub use recovery::{
    DESK_RESET_LIFETIME, DeskReset, ForgottenPassword, ForgottenUsername, IssuedReset, MAX_TOKEN_FAILURES,
    PasswordReset, RESET_LINK_LIFETIME, ResetDone, TokenPurpose, VERIFY_EMAIL_LIFETIME,
};
pub use second_step::{
    CEREMONY_LIFETIME, CeremonyOptions, MOST_PASSKEYS, NewPasskey, PasskeyAnswer, PasskeyName,
    PasskeyPurpose, PasskeyRequest, PasskeyView, RECOVERY_CODES, RecoveryCodes, SecondStep, SecondStepCode,
    SecondStepOff, SecondStepView, TotpCode, TotpSetup, normalize_recovery_code, parse_passkey_name,
    spell_recovery_code,
};
pub use session::{
    CurrentSession, Duty, PROOF_LIFETIME, Proof, STEP_LIFETIME, SessionPolicy, SessionView, SignIn,
    SignInAnswer,
};
pub use settings::{
    AccountEvent, AccountEventView, AccountView, NoticeChoice, PasswordChange, Preferences, TermsAccepted,
    UsernameChange,
};
pub use staff::{AccountState, MOST_LOCATIONS, StaffAccount, StaffLocations};

/// A username has 6 to 50 characters (SEC-1).
pub const USERNAME_LENGTH: std::ops::RangeInclusive<usize> = 6..=50;
/// A password has 8 to 200 characters (SEC-1).
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=200;

/// Memory of one password hash (argon2id, one lane), in KiB; with [`PASSWORD_HASH_PASSES`] OWASP's first recommendation.
pub const PASSWORD_HASH_KIB: u32 = 19 * 1024;
/// Passes of one password hash over its memory.
pub const PASSWORD_HASH_PASSES: u32 = 2;

/// The username in NFC, or why it is refused: 6 to 50 letters, digits and special characters,
/// without spaces (SEC-1).
pub fn parse_username(field: &str, username: &str) -> Result<String, FieldError> {
    let username = text::required(field, username, *USERNAME_LENGTH.end(), text::Lines::One)?;
    if username.chars().count() < *USERNAME_LENGTH.start() {
        return Err(FieldError::new(field, "too_short", "Use 6 characters or more."));
    }
    if username.chars().any(char::is_whitespace) {
        return Err(FieldError::new(field, "spaces", "Leave out the spaces."));
    }
    Ok(username)
}

words! {
    /// A rule that a password must keep (SEC-1). The page shows a cross or a check mark for each.
    PasswordRule {
        /// 8 to 200 characters.
        Length = "length",
        /// An upper-case letter.
        UpperCase = "upper_case",
        /// A lower-case letter.
        LowerCase = "lower_case",
        /// A digit.
        Digit = "digit",
        /// A character that is neither letter nor digit nor white space.
        Special = "special",
        /// The username does not stand inside the password.
        NotUsername = "not_username",
        /// Not among those that guessers try first, such as `Summer2026!`.
        NotCommon = "not_common",
    }
}

/// Which rules this password keeps, in the order of [`PasswordRule::ALL`]. The browser and the server
/// run this same function (SEC-1). `easily_guessed` is the verdict of `is_easily_guessed` on this password, whose lists
/// weigh more than everything else here; while there is none, nothing is known of [`PasswordRule::NotCommon`].
pub fn password_rules(
    password: &str,
    username: &str,
    easily_guessed: Option<bool>,
) -> [(PasswordRule, Option<bool>); 7] {
    let any = |test: fn(char) -> bool| password.chars().any(test);
    let username = username.trim().to_lowercase();
    let names_user = !username.is_empty() && password.to_lowercase().contains(&username);
    let known = [
        (PasswordRule::Length, PASSWORD_LENGTH.contains(&password.chars().count())),
        (PasswordRule::UpperCase, any(char::is_uppercase)),
        (PasswordRule::LowerCase, any(char::is_lowercase)),
        (PasswordRule::Digit, any(|c| c.is_numeric())),
        (PasswordRule::Special, any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control())),
        (PasswordRule::NotUsername, !password.is_empty() && !names_user),
    ];
    let [length, upper, lower, digit, special, not_username] = known.map(|(rule, kept)| (rule, Some(kept)));
    let not_common = (PasswordRule::NotCommon, easily_guessed.map(|guessed| !guessed));
    [length, upper, lower, digit, special, not_username, not_common]
}

/// The rules that this password is known to break, as errors at `field`; see [`password_rules`].
pub fn check_password(
    field: &str,
    password: &str,
    username: &str,
    easily_guessed: Option<bool>,
) -> Vec<FieldError> {
    let rules = password_rules(password, username, easily_guessed).into_iter();
    rules
        .filter(|(_, kept)| *kept == Some(false))
        .map(|(rule, _)| {
            let message = match rule {
                PasswordRule::Length => "Use 8 to 200 characters.",
                PasswordRule::UpperCase => "Add an upper-case letter.",
                PasswordRule::LowerCase => "Add a lower-case letter.",
                PasswordRule::Digit => "Add a digit.",
                PasswordRule::Special => "Add a special character, such as ! or ?.",
                PasswordRule::NotUsername => "Leave your username out of the password.",
                PasswordRule::NotCommon => {
                    "This password is easy to guess. Use several words that don't go together."
                }
            };
            FieldError::new(field, rule.as_str(), message)
        })
        .collect()
}

/// How long the next try must wait after so many failures in a row (SEC-4): the wait grows and a
/// closed account opens again after a day.
pub fn wait_after(failures: u32) -> TimeDelta {
    match failures {
        0 => TimeDelta::zero(),
        1..3 => TimeDelta::seconds(1),
        3..9 => TimeDelta::seconds(3),
        9..25 => TimeDelta::seconds(5),
        25..100 => TimeDelta::seconds(10),
        _ => TimeDelta::days(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(password: &str, username: &str) -> Vec<String> {
        check_password("password", password, username, None).into_iter().map(|error| error.code).collect()
    }

    #[test]
    fn a_good_password_breaks_no_rule() {
        assert!(broken("Correct-Horse-7", "anna.lund").is_empty());
        assert!(broken("Überraschung!7", "anna.lund").is_empty());
    }

    #[test]
    fn each_missing_kind_of_character_is_named() {
        assert_eq!(broken("short!A", "anna.lund"), ["length", "digit"]);
        assert_eq!(broken("all-lower-7", "anna.lund"), ["upper_case"]);
        assert_eq!(broken("ALL-UPPER-7", "anna.lund"), ["lower_case"]);
        assert_eq!(broken("NoSpecial7", "anna.lund"), ["special"]);
        assert_eq!(broken(&format!("aA1!{}", "x".repeat(197)), "anna.lund"), ["length"]);
    }

    #[test]
    fn the_username_may_not_stand_in_the_password() {
        assert_eq!(broken("My-ANNA.lund-7", "anna.Lund"), ["not_username"]);
    }

    #[test]
    fn a_password_is_common_by_the_verdict_alone_and_unknown_without_one() {
        let not_common = |verdict| password_rules("Correct-Horse-7", "anna.lund", verdict)[6];
        assert_eq!(not_common(None), (PasswordRule::NotCommon, None));
        assert_eq!(not_common(Some(false)), (PasswordRule::NotCommon, Some(true)));
        let errors = check_password("password", "Correct-Horse-7", "anna.lund", Some(true));
        assert_eq!(errors.into_iter().map(|error| error.code).collect::<Vec<_>>(), ["not_common"]);
    }

    #[test]
    fn the_rules_stand_in_the_order_of_the_list() {
        assert_eq!(password_rules("", "", None).map(|(rule, _)| rule), *PasswordRule::ALL);
    }

    #[test]
    fn usernames_have_6_to_50_characters_without_spaces() {
        assert_eq!(parse_username("username", " anna.lund ").unwrap(), "anna.lund");
        assert_eq!(parse_username("username", "anna").unwrap_err().code, "too_short");
        assert_eq!(parse_username("username", "anna lund").unwrap_err().code, "spaces");
        assert_eq!(parse_username("username", &"a".repeat(51)).unwrap_err().code, "too_long");
    }

    #[test]
    fn the_wait_never_shrinks_with_more_failures() {
        assert!((0..200).all(|n| wait_after(n) <= wait_after(n + 1)));
    }
}
