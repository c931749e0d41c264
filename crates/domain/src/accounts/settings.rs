//! What the owner of an account sees and changes in the account's settings.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{notifications::NotificationChoices, time::Time, words::words};

words! {
    /// When "you have something new" is mailed (NTF-2). Security notices always are, at once.
    NoticeChoice {
        /// At once.
        Now = "now",
        /// Once a day, in the morning.
        Daily = "daily",
        /// Never.
        Off = "off",
    }
}

#[expect(clippy::derivable_impls, reason = "the enum is written by a macro")]
impl Default for NoticeChoice {
    fn default() -> Self {
        Self::Now
    }
}

/// The own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// As chosen.
    pub username: String,
    /// Whether the one free change of the username is still to be had.
    pub can_change_username: bool,
    /// When the password was last changed; null while it is the first.
    pub password_changed_at: Option<Time>,
    /// The verified address; null when there is none (ENR-3).
    pub email: Option<String>,
    /// An address that waits for its link to be opened.
    pub unverified_email: Option<String>,
    /// BCP 47, such as `en`.
    pub language: String,
    /// When news is mailed.
    pub notices: NotificationChoices,
}

/// Another username.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UsernameChange {
    /// 6 to 50 characters, not case sensitive (SEC-1).
    pub username: String,
}

/// Another password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub current_password: String,
    /// 8 to 200 characters by the rules of SEC-1.
    pub new_password: String,
}

/// What the owner prefers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// BCP 47, such as `en`; one of [`crate::language::OFFERED`], in which notices and articles come where
    /// the practice wrote them.
    pub language: String,
    /// When news is mailed.
    pub notices: NotificationChoices,
}

/// The terms of use that the person read and accepts (ENR-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TermsAccepted {
    /// The present version.
    pub version: i64,
}

words! {
    /// What the owner of an account is told: by e-mail when an address is verified, in the inbox and in the account's
    /// settings in any case (SEC-7).
    AccountEvent {
        /// Somebody signed in from a browser that was not seen before.
        NewDevice = "new_device",
        /// The password was changed by its owner.
        PasswordChanged = "password_changed",
        /// The password was reset by a link or a token from the desk.
        PasswordReset = "password_reset",
        /// The username was changed.
        UsernameChanged = "username_changed",
        /// Another e-mail address counts now.
        EmailChanged = "email_changed",
        /// The e-mail address was taken away.
        EmailRemoved = "email_removed",
        /// The authenticator app was switched on.
        TotpOn = "totp_on",
        /// The authenticator app was switched off by its owner.
        TotpOff = "totp_off",
        /// Staff took the second step away because a device was lost.
        SecondStepReset = "second_step_reset",
        /// New recovery codes were made.
        RecoveryCodesMade = "recovery_codes_made",
        /// A recovery code was used to sign in.
        RecoveryCodeUsed = "recovery_code_used",
        /// A passkey was added.
        PasskeyAdded = "passkey_added",
        /// A passkey was removed.
        PasskeyRemoved = "passkey_removed",
        /// Staff handed out a token that resets the password.
        ResetTokenIssued = "reset_token_issued",
        /// Staff opened the account to sign-ins again after too many failures.
        Unlocked = "unlocked",
        /// Somebody may look after the owner from now on (PRX-1).
        ProxyAdded = "proxy_added",
        /// What somebody may do for the owner was changed.
        ProxyChanged = "proxy_changed",
        /// Somebody may not look after the owner any more.
        ProxyEnded = "proxy_ended",
        /// The owner may look after somebody from now on.
        DependentAdded = "dependent_added",
        /// What the owner may do for somebody was changed.
        DependentChanged = "dependent_changed",
        /// The owner may not look after somebody any more.
        DependentEnded = "dependent_ended",
        /// A birthday will soon change what somebody may do for the owner (PRX-3).
        ProxyChangesSoon = "proxy_changes_soon",
        /// A birthday will soon change what the owner may do for somebody.
        DependentChangesSoon = "dependent_changes_soon",
        /// Staff declined the owner's request to look after somebody.
        DependentDenied = "dependent_denied",
        /// For the privacy officer: a member of staff opened a record in an emergency (ADM-6).
        EmergencyAccess = "emergency_access",
    }
}

/// Something that happened to the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountEventView {
    /// The id.
    pub id: Uuid,
    /// What happened.
    pub event: AccountEvent,
    /// When.
    pub at: Time,
    /// The device, the address or the name that it is about; may be empty.
    pub label: String,
}
