//! Every way the API says no: one table, one sentence each (RFC 9457).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $spelling:literal, $status:literal, $title:literal;)+) => {
        /// What went wrong, stable for programs; people read the title.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[doc = $title] #[serde(rename = $spelling)] $name,)+
        }

        #[cfg(feature = "openapi")]
        crate::words::described!(
            Code,
            concat!("What went wrong, stable for programs; people read the title." $(, "\n`", $spelling, "`: ", $title)+),
            [$($spelling),+]
        );

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The spelling that programs match on.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $spelling),+ }
            }

            /// The HTTP status that carries it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// One plain sentence that says what to do.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    BadRequest = "bad_request", 400, "The request can't be read. Check its syntax.";
    SignInRequired = "sign_in_required", 401, "Sign in first.";
    SignInFailed = "sign_in_failed", 401, "The username or password is not right.";
    StepExpired = "step_expired", 401, "This sign-in took too long or was used before. Begin again with your password.";
    SecondStepFailed = "second_step_failed", 401, "This code is not right or was used before. Wait for the next code.";
    PasskeyFailed = "passkey_failed", 401, "This passkey did not work. Try again or sign in another way.";
    InvalidClient = "invalid_client", 401, "The client id or secret is not right.";
    InvalidToken = "invalid_token", 401, "The access token is not valid. Ask for a new one.";
    CrossSite = "cross_site", 403, "This request came from another site and was refused.";
    SignatureRefused = "signature_refused", 403, "The payment gateway did not sign this message.";
    ProofRequired = "proof_required", 403, "Confirm that it is you: give your password or passkey again.";
    TermsChanged = "terms_changed", 403, "The terms of use changed. Read and accept them first.";
    SecondStepRequired = "second_step_required", 403, "Your practice asks staff for a second step. Switch it on first.";
    RoleRequired = "role_required", 403, "Your role may not do this.";
    ScopeRequired = "scope_required", 403, "The access token lacks the scope for this.";
    EmergencyAccessRequired = "emergency_access_required", 403, "This record is not open to you. Give a reason to open it.";
    NotFound = "not_found", 404, "There is nothing here that you may see.";
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take that method.";
    BodyTooSlow = "body_too_slow", 408, "The request took too long to arrive. Send it again.";
    WrongState = "wrong_state", 409, "Something changed meanwhile. Look at the present state.";
    SlotTaken = "slot_taken", 409, "This provider has another appointment at that time.";
    CallToCancel = "call_to_cancel", 409, "A booked appointment can't be cancelled online. Please call the location.";
    UsernameTaken = "username_taken", 409, "This username is taken. Choose another.";
    AlreadyEnrolled = "already_enrolled", 409, "This patient has an account already.";
    NotEnrolled = "not_enrolled", 409, "This patient has no account yet.";
    UsernameChangeUsed = "username_change_used", 409, "The username was changed once already. Contact any of our locations.";
    SecondStepNeeded = "second_step_needed", 409, "Your practice asks staff for a second step. Add another one before you remove this.";
    PasskeysUnavailable = "passkeys_unavailable", 409, "Passkeys work only when the portal is reached by its name.";
    TooManyPasskeys = "too_many_passkeys", 409, "You have 20 passkeys, the most there can be. Remove one first.";
    NoReply = "no_reply", 409, "This conversation takes no more messages. Write a new one.";
    MessageOpened = "message_opened", 409, "The care team opened this message, so it can't be taken back.";
    AlreadyClaimed = "already_claimed", 409, "A colleague claimed this just now.";
    TooManyDrafts = "too_many_drafts", 409, "You have 50 drafts, the most there can be. Send or delete one first.";
    RecordsNotOffered = "records_not_offered", 409, "This practice doesn't offer health records online. Ask any of our locations for yours.";
    RecordNotReady = "record_not_ready", 409, "This health record has no files to download: it is not ready yet, or they were thrown away.";
    AlreadyReleased = "already_released", 409, "This result was released already.";
    ResultHeld = "result_held", 409, "This result is held back. Read why, and lift the hold first.";
    OpenFirst = "open_first", 409, "A value of this result is far outside the usual range. Open it before you release it.";
    PaymentsUnavailable = "payments_unavailable", 409, "This practice takes no payments online. Please call any of our locations.";
    AlreadyDisputed = "already_disputed", 409, "This is being questioned already. Write in that conversation.";
    GatewayRefused = "gateway_refused", 409, "The payment service did not take this payment, and nothing was charged. Try another amount or call us.";
    CardInUse = "card_in_use", 409, "A payment plan pays with this card. Choose another card for the plan first, or let the plan pause.";
    CardUnusable = "card_unusable", 409, "This card can't pay any more. Choose another one.";
    TooManyCards = "too_many_cards", 409, "You keep 10 cards, the most there can be. Remove one first.";
    SecondPerson = "second_person", 409, "You asked for this yourself. Somebody else must decide it.";
    StaleVersion = "stale_version", 412, "Somebody changed this meanwhile. Load it again.";
    PayloadTooLarge = "payload_too_large", 413, "The request is too large.";
    UnsupportedMediaType = "unsupported_media_type", 415, "Send the body as JSON.";
    Invalid = "invalid", 422, "Some of what was sent is not right. See the list of errors.";
    EnrolmentRefused = "enrolment_refused", 422, "These details don't match. Contact any of our locations for help.";
    ResetRefused = "reset_refused", 422, "This link or token does not work. Ask for a new one or contact any of our locations.";
    LinkRefused = "link_refused", 422, "This link does not work any more. Ask for a new one in your account settings.";
    TransmissionRefused = "transmission_refused", 422, "This link and pass code don't open anything. Ask who sent you the link.";
    BundleRefused = "bundle_refused", 422, "Nothing was imported. See the list of errors.";
    FileInfected = "file_infected", 422, "The virus scanner refused this file. It was not kept.";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key was used for another request.";
    VersionRequired = "version_required", 428, "Send If-Match with the version that you saw.";
    TooManyRequests = "too_many_requests", 429, "Too many tries. Wait a little and try again.";
    Internal = "internal", 500, "Something failed on our side. Your data is safe; try again.";
    Unavailable = "unavailable", 503, "The portal is busy. Your data is safe; try again in a moment.";
    ScanUnavailable = "scan_unavailable", 503, "Files can't be checked for viruses just now. Try again later.";
}

/// One field that is not right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where: a JSON path such as `preferred[0].date`, or an entry of a bundle.
    pub field: String,
    /// What is wrong, for programs.
    pub code: String,
    /// What is wrong and what to do, for people; never the value that was sent.
    pub message: String,
}

impl FieldError {
    /// An error at `field`.
    pub fn new(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

/// An answer that says no (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{status} {code:?}: {title}")]
pub struct Problem {
    /// `urn:portal:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stable code.
    pub code: Code,
    /// One plain sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// More about this one case, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Quote this when you ask for help; it stands in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Uuid>,
}

impl Problem {
    /// The problem of a code.
    pub fn new(code: Code) -> Self {
        Self {
            kind: format!("urn:portal:problem:{}", code.as_str()),
            code,
            title: code.title().into(),
            status: code.status(),
            detail: None,
            errors: Vec::new(),
            request_id: None,
        }
    }

    /// The same with a sentence about this one case.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// [`Code::Invalid`] with the fields at fault.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::Invalid) }
    }

    /// [`Code::Invalid`] with one field at fault.
    pub fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, code, message)])
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_spelled_once_and_fit_their_status() {
        for code in Code::ALL {
            assert_eq!(Code::ALL.iter().filter(|other| other.as_str() == code.as_str()).count(), 1);
            assert!((400..=599).contains(&code.status()));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
