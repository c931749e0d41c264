//! Usernames, passwords, sign-in and the session.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    ids::{AccountId, PatientId, ProviderId},
    patients::PatientSummary,
    problem::FieldError,
    text,
    time::Time,
    words::words,
};

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
    }
}

/// Which rules this password keeps, in the order of [`PasswordRule::ALL`]. The browser and the server
/// run this same function (SEC-1).
pub fn password_rules(password: &str, username: &str) -> [(PasswordRule, bool); 6] {
    let any = |test: fn(char) -> bool| password.chars().any(test);
    let username = username.trim().to_lowercase();
    let names_user = !username.is_empty() && password.to_lowercase().contains(&username);
    [
        (PasswordRule::Length, PASSWORD_LENGTH.contains(&password.chars().count())),
        (PasswordRule::UpperCase, any(char::is_uppercase)),
        (PasswordRule::LowerCase, any(char::is_lowercase)),
        (PasswordRule::Digit, any(|c| c.is_numeric())),
        (PasswordRule::Special, any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control())),
        (PasswordRule::NotUsername, !password.is_empty() && !names_user),
    ]
}

/// The rules that this password breaks, as errors at `field`.
pub fn check_password(field: &str, password: &str, username: &str) -> Vec<FieldError> {
    let broken = password_rules(password, username).into_iter().filter(|(_, kept)| !kept);
    broken
        .map(|(rule, _)| {
            let message = match rule {
                PasswordRule::Length => "Use 8 to 200 characters.",
                PasswordRule::UpperCase => "Add an upper-case letter.",
                PasswordRule::LowerCase => "Add a lower-case letter.",
                PasswordRule::Digit => "Add a digit.",
                PasswordRule::Special => "Add a special character, such as ! or ?.",
                PasswordRule::NotUsername => "Leave your username out of the password.",
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

/// How long a session lives (SEC-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Ends when nothing was asked for this long.
    pub idle: TimeDelta,
    /// Ends at the latest after this.
    pub absolute: TimeDelta,
}

impl SessionPolicy {
    /// 15 minutes idle for patients, 10 for staff; 12 hours in all.
    pub const fn of(staff: bool) -> Self {
        let minutes = if staff { 10 } else { 15 };
        Self { idle: TimeDelta::minutes(minutes), absolute: TimeDelta::hours(12) }
    }

    /// When a session ends that was begun at `begun` and last used at `seen`.
    pub fn end(self, begun: Time, seen: Time) -> Time {
        seen.plus(self.idle).min(begun.plus(self.absolute))
    }
}

/// A sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Not case sensitive.
    pub username: String,
    /// As chosen.
    pub password: String,
}

/// Who is signed in, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The account.
    pub account_id: AccountId,
    /// As chosen.
    pub username: String,
    /// What to call the person.
    pub display_name: String,
    /// The patient whose account this is; null for staff.
    pub patient: Option<PatientSummary>,
    /// The roles of a member of staff; empty for a patient.
    pub roles: Vec<Role>,
    /// The practitioner that a member of staff is.
    pub provider_id: Option<ProviderId>,
    /// When the session ends if nothing more is asked.
    pub ends_at: Time,
    /// The server's clock, for counting down on a device whose clock is wrong.
    pub now: Time,
}

impl SessionView {
    /// The own patient's id.
    pub fn patient_id(&self) -> Option<PatientId> {
        self.patient.as_ref().map(|patient| patient.id)
    }

    /// Whether the account is a member of staff's.
    pub fn is_staff(&self) -> bool {
        !self.roles.is_empty()
    }
}

/// The answer to "who is signed in": null when nobody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrentSession {
    /// Null when nobody is signed in.
    pub session: Option<SessionView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(password: &str, username: &str) -> Vec<String> {
        check_password("password", password, username).into_iter().map(|error| error.code).collect()
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

    #[test]
    fn a_session_ends_idle_or_after_12_hours() {
        let begun: Time = "2026-10-03T08:00:00Z".parse().unwrap();
        let policy = SessionPolicy::of(false);
        assert_eq!(policy.end(begun, begun), begun.plus(TimeDelta::minutes(15)));
        let late = begun.plus(TimeDelta::minutes(715));
        assert_eq!(policy.end(begun, late), begun.plus(TimeDelta::hours(12)));
    }
}
