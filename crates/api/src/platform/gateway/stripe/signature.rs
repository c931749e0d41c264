//! Whether Stripe signed a message just now: `t=SECONDS,v1=HEX,v1=HEX..`, HMAC-SHA256 over `SECONDS.BODY`.

use portal_domain::time::Time;
use ring::hmac;

/// How far the time of a signature may be from ours, in seconds, in either direction.
const TOLERANCE: u64 = 300;

/// While Stripe changes the secret there are two signatures; one that fits is enough. Other schemes (`v0`) say nothing.
pub fn is_genuine(secret: &str, header: &str, body: &[u8], now: Time) -> bool {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let mut times = parts().filter(|(name, _)| *name == "t").map(|(_, value)| value);
    let (Some(time), None) = (times.next(), times.next()) else { return false };
    let Ok(at) = time.parse::<i64>() else { return false };
    if now.utc().timestamp().abs_diff(at) > TOLERANCE {
        return false;
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signed = [time.as_bytes(), b".", body].concat();
    parts()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, value)| bytes(value))
        .any(|given| hmac::verify(&key, &signed, &given).is_ok())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_of_a_test";
    const BODY: &[u8] = br#"{"type":"checkout.session.completed"}"#;

    fn now() -> Time {
        "2026-10-05T14:00:00Z".parse().unwrap()
    }

    fn mac(secret: &str, time: &str, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signed = [time.as_bytes(), b".", body].concat();
        hmac::sign(&key, &signed).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn seconds(ago: i64) -> String {
        (now().utc().timestamp() - ago).to_string()
    }

    #[test]
    fn one_fitting_signature_of_now_is_enough() {
        let at = seconds(0);
        let good = mac(SECRET, &at, BODY);
        for header in [
            format!("t={at},v1={good}"),
            format!("t={at},v1={},v1={good},v0=00", mac("another", &at, BODY)),
            format!("t={at}, v1={}", good.to_uppercase()),
        ] {
            assert!(is_genuine(SECRET, &header, BODY, now()), "{header}");
        }
        for ago in [-300, 300] {
            let at = seconds(ago);
            assert!(is_genuine(SECRET, &format!("t={at},v1={}", mac(SECRET, &at, BODY)), BODY, now()));
        }
    }

    #[test]
    fn whatever_does_not_fit_is_refused() {
        let at = seconds(0);
        let good = mac(SECRET, &at, BODY);
        for header in [
            String::new(),
            format!("t={at}"),
            format!("v1={good}"),
            format!("t={at},v0={good}"),
            format!("t={at},v1={}", &good[1..]),
            format!("t={at},v1={}", mac("another", &at, BODY)),
            format!("t={},v1={good}", seconds(1)),
            format!("t={at},t={},v1={good}", seconds(1)),
            format!("t={at},v1=é{good}"),
            format!("t=-9223372036854775808,v1={good}"),
        ] {
            assert!(!is_genuine(SECRET, &header, BODY, now()), "{header}");
        }
        assert!(!is_genuine(SECRET, &format!("t={at},v1={good}"), b"{}", now()));
        for ago in [-301, 301] {
            let at = seconds(ago);
            assert!(!is_genuine(SECRET, &format!("t={at},v1={}", mac(SECRET, &at, BODY)), BODY, now()));
        }
    }
}
