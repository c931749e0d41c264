//! What the owner of an account is mailed. No link: whoever reads such a mail should open the portal as always.

use portal_domain::{accounts::AccountEvent, outbox::MailKind};

use crate::platform::outbox::Letter;

/// The mail that tells an event, with its kind.
pub fn about(event: AccountEvent, label: &str) -> (MailKind, Letter) {
    use AccountEvent as E;
    let (subject, says) = match event {
        E::NewDevice => {
            ("New sign-in to your account", "Somebody signed in to your account from a new device.")
        }
        E::PasswordChanged => ("Your password was changed", "The password of your account was changed."),
        E::PasswordReset => (
            "Your password was reset",
            "The password of your account was reset. All devices were signed out.",
        ),
        E::UsernameChanged => ("Your username was changed", "The username of your account was changed."),
        E::EmailChanged => {
            ("Your e-mail address was changed", "Your account uses another e-mail address from now on.")
        }
        E::EmailRemoved => {
            ("Your e-mail address was removed", "Your account has no e-mail address any more.")
        }
        E::TotpOn => (
            "Two-step verification is on",
            "From now on signing in asks for a code of your authenticator app.",
        ),
        E::TotpOff => ("Two-step verification is off", "Signing in does not ask for a code any more."),
        E::SecondStepReset => (
            "Your second step was reset",
            "Our staff reset the second step of your account, as for a lost device.",
        ),
        E::RecoveryCodesMade => {
            ("New recovery codes", "New recovery codes were made. The old ones work no more.")
        }
        E::RecoveryCodeUsed => ("A recovery code was used", "Somebody used a recovery code of your account."),
        E::PasskeyAdded => ("A passkey was added", "A passkey was added to your account."),
        E::PasskeyRemoved => ("A passkey was removed", "A passkey was removed from your account."),
        E::ResetTokenIssued => {
            ("A reset token was handed out", "Our staff handed out a token that resets your password.")
        }
        E::Unlocked => {
            ("Your account was unlocked", "Our staff opened your account after too many failed sign-ins.")
        }
        E::ProxyAdded | E::ProxyChanged | E::ProxyEnded | E::ProxyChangesSoon => (
            "Who may act for you",
            "There is news about who may act for you in our patient portal. The portal says what.",
        ),
        E::DependentAdded
        | E::DependentChanged
        | E::DependentEnded
        | E::DependentChangesSoon
        | E::DependentDenied => (
            "For whom you may act",
            "There is news about whom you look after in our patient portal. The portal says what.",
        ),
        E::EmergencyAccess => (
            "A record was opened in an emergency",
            "A member of staff opened a record of another location. The portal says who and why.",
        ),
    };
    let kind = if event == E::NewDevice { MailKind::NewDevice } else { MailKind::AccountChanged };
    let letter = Letter::about(subject).says(says);
    let letter = match event {
        E::NewDevice => letter.shows("Device", label),
        _ => letter,
    };
    // It happened to somebody else's record.
    if event == E::EmergencyAccess {
        return (kind, letter);
    }
    (kind, letter.adds("If this was not you, reset your password and call us."))
}
