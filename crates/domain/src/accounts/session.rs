//! Sign-in and the session.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::second_step::SecondStep;
use crate::{
    access::Role,
    ids::{AccountId, PatientId, ProviderId},
    patients::PatientSummary,
    time::Time,
    words::words,
};

/// How long a password or passkey counts as just given (SEC-5).
pub const PROOF_LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// How long a person has between the password and the second step.
pub const STEP_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// How long a session lives (SEC-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Ends when nothing was asked for this long.
    pub idle: TimeDelta,
    /// Ends at the latest after this.
    pub absolute: TimeDelta,
}

impl SessionPolicy {
    /// So many minutes idle, as the practice says; 12 hours in all.
    pub const fn idle_minutes(minutes: i64) -> Self {
        Self { idle: TimeDelta::minutes(minutes), absolute: TimeDelta::hours(12) }
    }

    /// When a session ends that was begun at `begun` and last used at `seen`.
    pub fn end(self, begun: Time, seen: Time) -> Time {
        seen.plus(self.idle).min(begun.plus(self.absolute))
    }
}

/// A sign-in with a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Not case sensitive. A temporary username (ENR-2) goes here as well.
    pub username: String,
    /// As chosen, or the temporary password.
    pub password: String,
}

/// What came of a sign-in: the session, or what is needed before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SignInAnswer {
    /// Signed in.
    SignedIn {
        /// The session, whose cookie came along.
        session: Box<SessionView>,
    },
    /// The password is right; a second step is switched on (SEC-2). A cookie remembers the first step.
    SecondStep {
        /// What the person may use for it.
        methods: Vec<SecondStep>,
        /// Until when; then the password is asked again.
        expires_at: Time,
    },
    /// These were temporary credentials (ENR-2): go on to enrolment, with the temporary password as token.
    ChooseOwn {
        /// Until when they may be used.
        expires_at: Time,
    },
}

impl SignInAnswer {
    /// The session, when there is one.
    pub fn session(self) -> Option<SessionView> {
        match self {
            Self::SignedIn { session } => Some(*session),
            _ => None,
        }
    }
}

/// A password given again, for what asks for one just given (SEC-5). A passkey will do as well: see the passkey's
/// operations.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// As chosen.
    pub password: String,
}

words! {
    /// What an account must do before anything else.
    Duty {
        /// Read and accept the present terms of use (ENR-6).
        AcceptTerms = "accept_terms",
        /// Switch a second step on, because the practice asks it of staff (SEC-2).
        SetUpSecondStep = "set_up_second_step",
    }
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
    /// What the account must do first; until then every operation but those of the own account is refused.
    pub duties: Vec<Duty>,
    /// After so many seconds without use the session ends (SEC-3).
    pub idle_seconds: i64,
    /// When the session ends if nothing more is asked.
    pub ends_at: Time,
    /// Until when the password or passkey counts as just given (SEC-5).
    pub proven_until: Time,
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

    #[test]
    fn a_session_ends_idle_or_after_12_hours() {
        let begun: Time = "2026-10-03T08:00:00Z".parse().unwrap();
        let policy = SessionPolicy::idle_minutes(15);
        assert_eq!(policy.end(begun, begun), begun.plus(TimeDelta::minutes(15)));
        let late = begun.plus(TimeDelta::minutes(715));
        assert_eq!(policy.end(begun, late), begun.plus(TimeDelta::hours(12)));
    }

    #[test]
    fn an_answer_says_its_outcome_by_name() {
        let answer = SignInAnswer::ChooseOwn { expires_at: "2026-10-03T08:00:00Z".parse().unwrap() };
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["outcome"], "choose_own");
        assert_eq!(serde_json::from_value::<SignInAnswer>(json).unwrap(), answer);
    }
}
