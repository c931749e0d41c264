//! Families and access (PRX-1 to PRX-3): who looks after whom, how that begins and how it ends. What a grant allows is
//! [`crate::access`]'s to say.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    access::{AgePolicy, AgePreset, Basis, Level, NoAccess, Share, check_shares},
    accounts::parse_email,
    enrolment::Identity,
    ids::{DependentRequestId, PatientId, ProxyGrantId, ProxyInviteId},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::{Date, Time, is_plausible},
    words::words,
};

/// How long an invitation may be accepted.
pub const INVITE_LIFETIME: TimeDelta = TimeDelta::days(7);
/// The longest reason of a request or an answer, in characters.
pub const MAX_REASON: usize = 1_000;
/// The longest name, in characters.
pub const MAX_NAME: usize = 100;
/// Invitations of one patient that may be open at once.
pub const MOST_INVITES: i64 = 10;
/// Invitations of one patient that leave by e-mail within 24 hours.
pub const MOST_MAILED_A_DAY: i64 = 10;
/// Requests of one account that may wait at once.
pub const MOST_REQUESTS: i64 = 10;

words! {
    /// What somebody is to the patient.
    Relationship {
        /// Mother or father.
        Parent = "parent",
        /// By decision of a court, or by the like.
        Guardian = "guardian",
        /// Wife, husband, partner.
        Spouse = "spouse",
        /// Daughter or son.
        Child = "child",
        /// Another relative.
        Relative = "relative",
        /// Cares for the patient, by vocation or as a friend.
        Caregiver = "caregiver",
    }
}

words! {
    /// How a grant came about.
    GrantSource {
        /// By the patient's own enrolment token.
        Token = "token",
        /// Staff approved a request.
        Request = "request",
        /// The patient invited.
        Invite = "invite",
    }
}

words! {
    /// Where a request to look after somebody stands.
    DependentRequestState {
        /// It waits for staff.
        Open = "open",
        /// Staff approved it.
        Approved = "approved",
        /// Staff said no.
        Denied = "denied",
    }
}

/// Somebody whom the account looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DependentView {
    /// The grant.
    pub id: ProxyGrantId,
    /// Whom.
    pub patient: PatientSummary,
    /// What the account's owner is to them.
    pub relationship: Relationship,
    /// As it was given.
    pub level: Level,
    /// What it gives today, category by category; empty while it gives nothing.
    pub shares: Vec<Share>,
    /// Why it gives nothing today; null when it does.
    pub why_not: Option<NoAccess>,
    /// The first day.
    #[serde(with = "crate::time::iso_date")]
    pub starts_on: Date,
    /// The last day; null: until it is revoked.
    pub ends_on: Option<Date>,
    /// Whether the patient has an account of their own.
    pub has_account: bool,
}

/// Somebody who looks after the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProxyView {
    /// The grant.
    pub id: ProxyGrantId,
    /// Raised with each edit; for If-Match.
    pub version: i64,
    /// Who.
    pub name: String,
    /// What they are to the patient.
    pub relationship: Relationship,
    /// On what it rests.
    pub basis: Basis,
    /// How it came about.
    pub source: GrantSource,
    /// As it was given.
    pub level: Level,
    /// What was given, for a limited one.
    pub given: Vec<Share>,
    /// What it gives today, category by category.
    pub shares: Vec<Share>,
    /// Why it gives nothing today; null when it does.
    pub why_not: Option<NoAccess>,
    /// The first day.
    #[serde(with = "crate::time::iso_date")]
    pub starts_on: Date,
    /// The last day; null: until it is revoked.
    pub ends_on: Option<Date>,
    /// When the young patient agreed.
    pub assented_on: Option<Date>,
    /// Since when.
    pub granted_at: Time,
    /// Who approved it, by name.
    pub approved_by: String,
}

/// Everybody who looks after a patient, and who is invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProxiesView {
    /// Whether the patient is grown up and so decides alone; else staff do.
    pub is_adult: bool,
    /// Who does.
    pub proxies: Vec<ProxyView>,
    /// Who was asked to and has not accepted yet.
    pub invites: Vec<ProxyInviteView>,
}

/// An invitation that may still be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProxyInviteView {
    /// The id.
    pub id: ProxyInviteId,
    /// What the invited is to the patient.
    pub relationship: Relationship,
    /// What it gives.
    pub level: Level,
    /// What that is, for a limited one.
    pub shares: Vec<Share>,
    /// Where it went by e-mail; null for one that is told as a code.
    pub email: Option<String>,
    /// The last name of whom it is for, as the patient wrote it; null for one that is told as a code.
    pub family_name: Option<String>,
    /// Until when it may be accepted.
    pub expires_at: Time,
}

/// How much is given, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GrantTerms {
    /// How much.
    pub level: Level,
    /// What that is, for `limited`; empty otherwise.
    #[serde(default)]
    pub shares: Vec<Share>,
    /// The last day, on the practice's calendar; null: until it is revoked.
    #[serde(default)]
    pub ends_on: Option<Date>,
}

impl GrantTerms {
    /// What is wrong with them.
    pub fn check(&self, today: Date) -> Vec<FieldError> {
        let late = self.ends_on.filter(|last| *last < today || !is_plausible(*last));
        let late = late.map(|_| FieldError::new("ends_on", "past", "Give a last day that is not past."));
        check_shares("shares", self.level, &self.shares).into_iter().chain(late).collect()
    }
}

/// Adds somebody by the enrolment token that a location handed out for them (PRX-1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDependent {
    /// The token and the two facts that go with it.
    pub identity: Identity,
    /// What the account's owner is to them.
    pub relationship: Relationship,
}

/// Asks staff to be allowed to look after somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDependentRequest {
    /// Their given name.
    pub given_name: String,
    /// Their family name.
    pub family_name: String,
    /// Their date of birth.
    #[serde(with = "crate::time::iso_date")]
    pub birth_date: Date,
    /// What the account's owner is to them.
    pub relationship: Relationship,
    /// Why, in the owner's words.
    #[serde(default)]
    pub reason: String,
}

impl NewDependentRequest {
    /// Cleaned, or what is wrong with it.
    pub fn check(self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let mut keep = |result: Result<String, FieldError>| {
            result.map_err(|error| errors.push(error)).unwrap_or_default()
        };
        let given_name = keep(text::required("given_name", &self.given_name, MAX_NAME, Lines::One));
        let family_name = keep(text::required("family_name", &self.family_name, MAX_NAME, Lines::One));
        let reason = keep(text::clean("reason", &self.reason, MAX_REASON, Lines::Many));
        if !is_plausible(self.birth_date) {
            errors.push(FieldError::new("birth_date", "out_of_range", "Give a date between 1900 and 2200."));
        }
        match errors.is_empty() {
            true => Ok(Self { given_name, family_name, reason, ..self }),
            false => Err(Problem::invalid(errors)),
        }
    }
}

/// A request to look after somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DependentRequestView {
    /// The id.
    pub id: DependentRequestId,
    /// Raised with each decision; for If-Match.
    pub version: i64,
    /// Where it stands.
    pub state: DependentRequestState,
    /// Who asks.
    pub asked_by: PatientSummary,
    /// Whom they would look after, as they wrote it.
    pub given_name: String,
    /// As they wrote it.
    pub family_name: String,
    /// As they wrote it.
    #[serde(with = "crate::time::iso_date")]
    pub birth_date: Date,
    /// What they are to them.
    pub relationship: Relationship,
    /// Why, in their words.
    pub reason: String,
    /// When they asked.
    pub requested_at: Time,
    /// When staff should have answered.
    pub due_at: Time,
    /// Whether that has passed.
    pub is_overdue: bool,
    /// What staff said with their answer.
    pub answer: String,
}

/// Which requests are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct DependentQueueQuery {
    /// In this state; `open` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DependentRequestState>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// Staff approve a request, for the chart that they found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DependentApproval {
    /// Whose chart it is.
    pub dependent: PatientId,
    /// How much, and for how long.
    pub terms: GrantTerms,
    /// Whether the young patient agrees, here and now.
    #[serde(default)]
    pub has_assent: bool,
}

/// Staff say no to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DependentDenial {
    /// Why, in words that the person reads.
    pub reason: String,
}

impl DependentDenial {
    /// Cleaned, or what is wrong with it.
    pub fn check(&self) -> Result<String, FieldError> {
        text::required("reason", &self.reason, MAX_REASON, Lines::Many)
    }
}

/// Changes what somebody may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProxyChange {
    /// How much, and for how long.
    pub terms: GrantTerms,
    /// Whether the young patient agrees, here and now; only staff say so.
    #[serde(default)]
    pub has_assent: bool,
}

/// A grown patient invites somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProxyInvite {
    /// What the invited is to the patient.
    pub relationship: Relationship,
    /// How much, and for how long.
    pub terms: GrantTerms,
    /// To whom a link goes by e-mail; null for a code that the patient tells.
    #[serde(default)]
    pub mail: Option<MailedInvite>,
}

/// Whom an invitation by e-mail is for. The mailbox alone proves too little: an address is mistyped, a mail is passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MailedInvite {
    /// The address.
    pub email: String,
    /// The last name in the chart of whoever may accept, 1 to 100 characters; case and accents don't count.
    pub family_name: String,
}

impl MailedInvite {
    /// Cleaned, or what is wrong with it.
    pub fn check(self) -> Result<Self, Problem> {
        let email = parse_email("mail.email", &self.email);
        let family_name = text::required("mail.family_name", &self.family_name, MAX_NAME, Lines::One);
        match (email, family_name) {
            (Ok(email), Ok(family_name)) => Ok(Self { email, family_name }),
            (email, family_name) => {
                Err(Problem::invalid([email.err(), family_name.err()].into_iter().flatten().collect()))
            }
        }
    }
}

/// An invitation just made. Its code is shown this once; only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedProxyInvite {
    /// The id.
    pub id: ProxyInviteId,
    /// To be told to whom it is meant for, and to nobody else; null when it went by e-mail.
    pub code: Option<String>,
    /// Until when it may be accepted.
    pub expires_at: Time,
}

/// Accepts an invitation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InviteAcceptance {
    /// As it was told; spaces, dashes and case don't count.
    pub code: String,
}

/// The practice's policy for minors (PRX-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgePolicyView {
    /// Raised with each change; for If-Match.
    pub version: i64,
    /// The preset that it is; null for one of the practice's own.
    pub preset: Option<AgePreset>,
    /// As it holds.
    pub policy: AgePolicy,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Category, Depth};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn terms_list_what_is_shared_when_they_are_limited_and_only_then() {
        let share = Share { category: Category::Results, depth: Depth::View };
        let codes = |level, shares: &[Share]| -> Vec<String> {
            let terms = GrantTerms { level, shares: shares.to_vec(), ends_on: None };
            terms.check(day("2026-10-05")).into_iter().map(|error| error.code).collect()
        };
        assert!(codes(Level::Full, &[]).is_empty() && codes(Level::Limited, &[share]).is_empty());
        assert_eq!(codes(Level::Limited, &[]), ["shares_missing"]);
        assert_eq!(codes(Level::ViewOnly, &[share]), ["shares_unused"]);
        let account = Share { category: Category::Account, ..share };
        assert_eq!(codes(Level::Limited, &[account]), ["not_shareable"]);
    }

    #[test]
    fn a_last_day_may_be_today_but_not_past() {
        let errors = |last: &str| {
            GrantTerms { level: Level::Full, shares: vec![], ends_on: Some(day(last)) }
                .check(day("2026-10-05"))
        };
        assert!(errors("2026-10-05").is_empty());
        assert_eq!(errors("2026-10-04")[0].code, "past");
    }

    #[test]
    fn a_request_names_somebody() {
        let request = NewDependentRequest {
            given_name: " ".into(),
            family_name: "Lund".into(),
            birth_date: day("1850-01-01"),
            relationship: Relationship::Parent,
            reason: "x".repeat(MAX_REASON + 1),
        };
        let fields: Vec<String> =
            request.check().unwrap_err().errors.into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["given_name", "reason", "birth_date"]);
    }
}
