//! An account's e-mail address (ENR-3, ENR-4): optional, and counting only once a link proved it.

use serde::{Deserialize, Serialize};

use crate::{problem::FieldError, text};

/// The longest address (RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets).
pub const EMAIL_LENGTH: usize = 254;

/// The address in its one form, or why it can't be one. Whether it is somebody's mailbox only a mail can tell.
pub fn parse_email(field: &str, typed: &str) -> Result<String, FieldError> {
    let wrong = || {
        FieldError::new(
            field,
            "not_an_email",
            "Enter an e-mail address in the correct format, such as name@example.org.",
        )
    };
    let email = text::required(field, typed, EMAIL_LENGTH, text::Lines::One)?;
    let (local, host) = email.rsplit_once('@').ok_or_else(wrong)?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()<>[]\\,;:\"".contains(c);
    let labels: Vec<&str> = host.split('.').collect();
    let label = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fine = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(|c| plain(c) && c != '@')
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && labels.len() >= 2
        && labels.iter().all(label);
    if !fine || email.len() > EMAIL_LENGTH {
        return Err(wrong());
    }
    Ok(format!("{local}@{}", host.to_lowercase()))
}

/// Another address for the account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailChange {
    /// A link is mailed there; the address counts once it was opened.
    pub email: String,
}

/// The token of a link that was mailed to prove an address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailProof {
    /// From the link's fragment.
    pub token: String,
}

/// An address counts now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailProven {
    /// The address.
    pub email: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_people_are_taken_in_one_form() {
        for (typed, email) in [
            (" anna.lund@Example.ORG ", "anna.lund@example.org"),
            ("Anna+clinic@mail.example.org", "Anna+clinic@mail.example.org"),
            ("o'neil_1@ex-ample.co", "o'neil_1@ex-ample.co"),
            ("josé@bücher.example", "josé@bücher.example"),
        ] {
            assert_eq!(parse_email("email", typed).unwrap(), email);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "anna",
            "anna@",
            "@example.org",
            "anna@example",
            "anna@@example.org",
            "anna lund@example.org",
            "anna@exa mple.org",
            "anna@example..org",
            ".anna@example.org",
            "anna@-example.org",
            "anna@example.org,berta@example.org",
            "<anna@example.org>",
            "\"a\"@example.org",
        ] {
            assert_eq!(parse_email("email", typed).unwrap_err().code, "not_an_email", "{typed}");
        }
        assert!(parse_email("email", "anna@example.org\r\nBcc: x@example.org").is_err());
        assert!(parse_email("email", &format!("{}@example.org", "a".repeat(300))).is_err());
    }

    proptest! {
        #[test]
        fn an_address_never_spans_lines_and_parses_to_itself(typed in ".{0,80}") {
            if let Ok(email) = parse_email("email", &typed) {
                prop_assert!(!email.contains(char::is_control));
                prop_assert_eq!(parse_email("email", &email).unwrap(), email);
            }
        }
    }
}
