//! Getting back in (SEC-6): the username and the password by e-mail, or a reset token from the desk.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{time::Time, words::words};

words! {
    /// What a token of an account is good for. Each works once and only for this.
    TokenPurpose {
        /// Proves an e-mail address (ENR-3).
        VerifyEmail = "verify_email",
        /// Resets the password, by a mailed link (SEC-6).
        ResetLink = "reset_link",
        /// Resets the password, handed out at the desk (SEC-6).
        DeskReset = "desk_reset",
        /// Remembers a right password until the second step is done (SEC-2).
        SecondStep = "second_step",
    }
}

/// A wrong username, or a wrong code, as often as this burns the token that it came with.
pub const MAX_TOKEN_FAILURES: u32 = 5;
/// How long a link lives that proves an e-mail address.
pub const VERIFY_EMAIL_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// How long a mailed reset link lives.
pub const RESET_LINK_LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// How long a reset token from the desk lives.
pub const DESK_RESET_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Somebody forgot the username.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForgottenUsername {
    /// The username is mailed there, if an account has this verified address.
    pub email: String,
}

/// Somebody forgot the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForgottenPassword {
    /// The username, or the verified e-mail address, of the account.
    pub username_or_email: String,
}

/// A new password by a mailed link or a token from the desk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// From the link's fragment, or as the desk handed it out; then spaces, dashes and case don't count.
    pub token: String,
    /// The account's username. It must be given with a token from the desk; a link knows it.
    pub username: Option<String>,
    /// 8 to 200 characters by the rules of SEC-1.
    pub new_password: String,
}

/// The password is reset; every session ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetDone {
    /// To sign in with.
    pub username: String,
}

/// A reset token of the desk as staff hand it out. It is shown this once; only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedReset {
    /// As people read it: `7K3M-Q2XV-91BD-E8RT`.
    pub token: String,
    /// The account's username, which goes with it.
    pub username: String,
    /// Until when it may be used.
    pub expires_at: Time,
    /// The page for it, with the token in its fragment, which browsers don't send to servers.
    pub reset_url: String,
    /// The same address as a QR code (SVG).
    pub qr_svg: String,
}

/// A reset token of the desk that may still be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskReset {
    /// When it was handed out.
    pub issued_at: Time,
    /// Until when it may be used.
    pub expires_at: Time,
}
