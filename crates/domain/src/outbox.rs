//! E-mail on its way out: what it is about and where it stands (NTF-3). The mailbox inside the portal is [`crate::mail`].

use crate::words::words;

words! {
    /// What an e-mail is about.
    MailKind {
        /// A link that proves an address (ENR-3).
        VerifyEmail = "verify_email",
        /// Somebody gave this address, which an account has already (ENR-4).
        EmailInUse = "email_in_use",
        /// A temporary username and password (ENR-2).
        TemporaryCredentials = "temporary_credentials",
        /// A link to choose a new password (SEC-6).
        PasswordReset = "password_reset",
        /// The username, for who forgot it (SEC-6).
        UsernameReminder = "username_reminder",
        /// A sign-in from a device that was not seen before (SEC-7).
        NewDevice = "new_device",
        /// The password, the second step or the address was changed.
        AccountChanged = "account_changed",
        /// Something new waits in the portal (NTF-1).
        SomethingNew = "something_new",
        /// A link to a copy of a health record, or the copy itself, for whom the patient named.
        RecordShared = "record_shared",
        /// A link to look after a patient, who invited (PRX-1).
        ProxyInvite = "proxy_invite",
    }
}

words! {
    /// Where an e-mail stands.
    MailState {
        /// It waits for its next try.
        Queued = "queued",
        /// A process is handing it over.
        Sending = "sending",
        /// A mail server, or the folder that stands for one, has it.
        Sent = "sent",
        /// It was given up; the reason says why.
        Failed = "failed",
        /// It was not sent on purpose; the reason says why.
        Suppressed = "suppressed",
    }
}
