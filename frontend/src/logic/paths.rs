//! Addresses within the portal.

use std::fmt::Display;

use portal_domain::messages::TopicKind;

/// Where to go after sign-in: `next` when it is a path of this same host, else none.
///
/// Browsers read `//host`, `/\host` and control characters inside as another host, so all of these are refused.
pub fn safe_next(next: &str) -> Option<&str> {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    let plain = next.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '\\');
    // To come back to the sign-in page would go round in circles.
    let loops = ["/sign-in", "/session-ended", "/enrol", "/forgot", "/reset", "/duty"]
        .iter()
        .any(|page| next.starts_with(page));
    (inside && plain && !loops).then_some(next)
}

/// For whom a page acts, by its path: the id in `/for/ID/...`.
pub fn acting_in(path: &str) -> Option<&str> {
    path.strip_prefix("/for/")?.split('/').next().filter(|id| !id.is_empty())
}

/// What the fragment of a link holds, `#token=7K3M-Q2XV-91BD-E8RT` or `#invite=...`, and whether it is an invitation's code.
pub fn secret_in(fragment: &str) -> Option<(bool, &str)> {
    let (name, secret) = fragment.strip_prefix('#').unwrap_or(fragment).split_once('=')?;
    let is_invite = name == "invite";
    ((is_invite || name == "token") && !secret.is_empty()).then_some((is_invite, secret))
}

/// A phone number as `tel:` wants it: digits and a leading plus.
pub fn tel(phone: &str) -> String {
    let number: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{number}")
}

/// Text as one part of a query string (RFC 3986): everything but letters, digits and `-._~/` is escaped.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Where a message about something begins: the thing by kind and id, and its name for the subject.
pub fn compose_href(kind: TopicKind, id: impl Display, title: &str) -> String {
    format!("/mail/new?about={}:{id}&title={}", kind.as_str(), encode(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_host_are_followed_after_sign_in() {
        assert_eq!(safe_next("/chart/results?show=40"), Some("/chart/results?show=40"));
        let outside = [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "",
            "/\t/evil.example",
            "/a\\b",
        ];
        assert!(outside.iter().all(|next| safe_next(next).is_none()));
        assert_eq!(safe_next("/sign-in?next=/home"), None);
    }

    #[test]
    fn a_path_says_for_whom_it_acts() {
        assert_eq!(acting_in("/for/0199-a/chart/results"), Some("0199-a"));
        assert_eq!(acting_in("/for/0199-a"), Some("0199-a"));
        assert!(
            ["/for/", "/for", "/forgot", "/chart/for/x", "/"].iter().all(|path| acting_in(path).is_none())
        );
    }

    #[test]
    fn what_a_link_holds_is_read_from_the_fragment_alone() {
        assert_eq!(secret_in("#token=7K3M-Q2XV-91BD-E8RT"), Some((false, "7K3M-Q2XV-91BD-E8RT")));
        assert_eq!(secret_in("#invite=7K3M-Q2XV-91BD-E8RT"), Some((true, "7K3M-Q2XV-91BD-E8RT")));
        assert!(["#token=", "#invite=", "#other=X", "#", ""].iter().all(|none| secret_in(none).is_none()));
    }

    #[test]
    fn a_phone_number_is_dialled_without_its_spaces() {
        assert_eq!(tel("+1 (555) 010-2000"), "tel:+15550102000");
    }

    #[test]
    fn a_query_value_survives_its_journey() {
        assert_eq!(encode("/chart/results?show=40&x=ä"), "/chart/results%3Fshow%3D40%26x%3D%C3%A4");
    }
}
