//! Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds, as every authenticator app speaks them.

use portal_domain::time::Time;
use totp_rs::{Algorithm, Builder, Totp};

use crate::error::{Error, Result};

/// Bytes of a secret: as many as the hash has (RFC 4226, section 4, requirement 6).
pub const SECRET_BYTES: usize = 20;
const STEP_SECONDS: u64 = 30;
/// Steps before and after the present one whose codes work: clocks differ (RFC 6238, section 5.2).
const DRIFT: u16 = 1;

/// The authenticator of a secret. `issuer` and `account` are what the app shows.
pub fn authenticator(secret: &[u8], issuer: &str, account: &str) -> Result<Totp> {
    // A colon parts the two in the app's address.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP_SECONDS)
        .with_skew(DRIFT)
        .with_secret(secret.to_vec())
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .map_err(|why| Error::internal(format!("an authenticator can't be made: {why}")))
}

/// The time step whose code this is; none when it is no code of now.
pub fn matched_step(totp: &Totp, typed: &str, now: Time) -> Option<i64> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = u64::try_from(now.micros() / 1_000_000).ok()?;
    totp.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(seconds * 1_000_000).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of its eight digits.
        let totp = authenticator(b"12345678901234567890", "Infinity Health", "anna.lund").unwrap();
        for (seconds, code) in
            [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
        {
            assert_eq!(matched_step(&totp, code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_works_one_step_early_and_late_and_no_further() {
        let totp = authenticator(&[7; SECRET_BYTES], "Infinity Health", "anna.lund").unwrap();
        let now: Time = "2026-10-05T14:00:10Z".parse().unwrap();
        let code = totp.generate(u64::try_from(now.micros() / 1_000_000).unwrap()).to_string();
        for (late, works) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(
                matched_step(&totp, &code, now.plus(TimeDelta::seconds(late))).is_some(),
                works,
                "{late} s"
            );
        }
    }

    #[test]
    fn what_is_no_code_matches_nothing_and_spaces_dont_count() {
        let totp = authenticator(b"12345678901234567890", "Infinity: Health", "anna:lund").unwrap();
        assert_eq!(matched_step(&totp, "287 082", at(59)), Some(1));
        for typed in ["", "28708", "2870822", "28708a", "２８７０８２"] {
            assert_eq!(matched_step(&totp, typed, at(59)), None, "{typed}");
        }
        assert!(totp.to_url().unwrap().starts_with("otpauth://totp/Infinity%20%20Health:anna%20lund?"));
    }
}
