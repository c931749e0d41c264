//! The words of the audit trail (AUD-1), and how people read it: patients who was at their record, staff the report.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Action, Category, Level, Role},
    dependents::Relationship,
    ids::{PatientId, ProxyGrantId},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    time::{Date, Time, is_plausible},
    words::words,
};

words! {
    /// What kind of actor did it.
    ActorKind {
        /// A patient's account.
        Patient = "patient",
        /// A member of staff.
        Staff = "staff",
        /// An integrator.
        Client = "client",
        /// Somebody not signed in (a failed sign-in, an enrolment).
        Nobody = "nobody",
        /// The command line, run by the operator of the server.
        Operator = "operator",
        /// A policy of the practice, carried out by the portal itself (LAB-2).
        Policy = "policy",
    }
}

words! {
    /// How it ended.
    Outcome {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}

/// The longest period of the staff's report, in days.
pub const MAX_DAYS: i64 = 92;
/// The period of the staff's report where none is asked for, in days.
pub const DEFAULT_DAYS: i64 = 30;
/// Most rows of a table for spreadsheets.
pub const MAX_TABLE: i64 = 20_000;

/// What leaves the portal (the accounting of disclosures): copies that are taken and copies that are sent.
pub const LEAVES: &[Action] = &[Action::Export, Action::Transmit];

/// What was done, in words for whoever reads the trail as a table.
pub const fn action_in_words(action: Action) -> &'static str {
    match action {
        Action::View => "Looked at",
        Action::Act => "Did something with",
        Action::Decide => "Decided about",
        Action::Release => "Released",
        Action::Issue => "Handed out",
        Action::Export => "Took a copy of",
        Action::Transmit => "Sent a copy of",
        Action::Import => "Received from another system",
        Action::SignIn => "Signed in",
        Action::SignOut => "Signed out",
        Action::Enrol => "Made an account",
        Action::Change => "Changed",
    }
}

/// What it was done with, in words for whoever reads the trail as a table.
pub const fn category_in_words(category: Category) -> &'static str {
    match category {
        Category::Demographics => "Name, date of birth, contact data",
        Category::Enrolment => "Enrolment",
        Category::Account => "Account and sign-in",
        Category::Results => "Test results",
        Category::Conditions => "Health conditions",
        Category::Appointments => "Appointments",
        Category::Mail => "Inbox",
        Category::Chart => "Health record",
        Category::Staff => "Staff accounts",
        Category::Messages => "Messages",
        Category::Settings => "The practice's settings",
        Category::Notices => "Notices of the practice",
        Category::Library => "Health library",
        Category::Medications => "Medications",
        Category::Documents => "Documents",
        Category::OutsideRecords => "Records from other clinics",
        Category::Proposals => "What the patient tells about the chart",
        Category::Amendments => "Corrections of the record",
        Category::Restrictions => "Limits on sharing and use",
        Category::Education => "Reading that was assigned",
        Category::Audit => "Who looked at the record",
        Category::Proxies => "Who may act for the patient",
        Category::EmergencyAccess => "Emergency access",
        Category::RestrictedAccess => "To whom the record is restricted",
        Category::Sensitivity => "What is kept from those who act for the patient",
        Category::Billing => "Bills and payments",
        Category::Receivables => "What the practice is owed, in sums",
    }
}

/// Whoever did it, as people are named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessPerson {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The account or client; null for nobody and for the operator.
    pub id: Option<Uuid>,
    /// The name; empty where there is none.
    pub name: String,
    /// As what a member of staff works.
    pub roles: Vec<Role>,
}

/// By which grant somebody acted for the patient (PRX-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActedBy {
    /// The grant.
    pub grant: ProxyGrantId,
    /// What they are to the patient.
    pub relationship: Relationship,
    /// How much it gives.
    pub level: Level,
}

/// A line of "who looked at my record".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessView {
    /// The row of the trail.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// Who.
    pub by: AccessPerson,
    /// What was done.
    pub action: Action,
    /// With what.
    pub category: Category,
    /// Whether it was done under an emergency access (ADM-6).
    pub emergency: bool,
    /// By which grant it was done on behalf of the patient; null for the patient's own acts and those of others.
    pub on_behalf: Option<ActedBy>,
}

/// Somebody who was at a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessCount {
    /// Who.
    pub by: AccessPerson,
    /// How often.
    pub count: i64,
}

/// Which lines of "who looked at my record" are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct AccessQuery {
    /// From this day on, in the practice's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Up to this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Only by this account or client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
    /// With what the patient did; without it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<bool>,
    /// Only what left the portal: copies that were taken or sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<bool>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// A row of the staff's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntryView {
    /// The row of the trail.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// Who.
    pub by: AccessPerson,
    /// Whose data; null where it was nobody's or there is no such patient.
    pub patient: Option<PatientSummary>,
    /// What was done.
    pub action: Action,
    /// With what.
    pub category: Category,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it was done under an emergency access (ADM-6).
    pub emergency: bool,
    /// The request, as it stands in the logs.
    pub request_id: Uuid,
}

/// Which rows of the trail staff ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// From this day on, in the practice's zone; when absent, so that the period has 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Up to this day, at most 92 days in all; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Only by this account or client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
    /// Only with this patient's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// Only this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// Only with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Only what ended so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Only what was done under an emergency access (ADM-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<bool>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// What the report counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditSummary {
    /// Each day of the period, the first one first.
    pub days: Vec<AuditDay>,
    /// Who did most of it, at most 100.
    pub people: Vec<AccessCount>,
}

/// A day of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditDay {
    /// The day in the practice's zone.
    #[serde(with = "crate::time::iso_date")]
    pub date: Date,
    /// How many acts were done.
    pub done: i64,
    /// How many were refused.
    pub refused: i64,
}

/// The first and the last day of a report, or the fields at fault.
pub fn period(from: Option<Date>, to: Option<Date>, today: Date) -> Result<(Date, Date), Problem> {
    let plausible = |field: &str, date: Option<Date>| {
        let fine = date.is_none_or(is_plausible);
        (!fine).then(|| FieldError::new(field, "out_of_range", "Choose a day between 1900 and 2200."))
    };
    let mut errors: Vec<FieldError> =
        [plausible("from", from), plausible("to", to)].into_iter().flatten().collect();
    let last = to.unwrap_or(today);
    let first = from.unwrap_or(last - TimeDelta::days(DEFAULT_DAYS - 1));
    if errors.is_empty() {
        if first > last {
            errors.push(FieldError::new(
                "to",
                "before_from",
                "Choose a day that is not before the first one.",
            ));
        } else if (last - first).num_days() >= MAX_DAYS {
            errors.push(FieldError::new("from", "too_long", "Choose a period of 92 days or fewer."));
        }
    }
    if errors.is_empty() { Ok((first, last)) } else { Err(Problem::invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_a_month_unless_it_is_chosen_and_a_quarter_at_most() {
        let today = day("2026-11-30");
        assert_eq!(period(None, None, today).unwrap(), (day("2026-11-01"), today));
        let (first, last) = (day("2026-08-31"), today);
        assert_eq!(period(Some(first), None, today).unwrap(), (first, last));
        let refused = |from: &str, to: &str| {
            let problem = period(Some(day(from)), Some(day(to)), today).unwrap_err();
            (problem.errors[0].field.clone(), problem.errors[0].code.clone())
        };
        assert_eq!(refused("2026-08-30", "2026-11-30"), ("from".into(), "too_long".into()));
        assert_eq!(refused("2026-11-30", "2026-11-29"), ("to".into(), "before_from".into()));
        assert_eq!(refused("1600-01-01", "2026-11-29"), ("from".into(), "out_of_range".into()));
    }
}
