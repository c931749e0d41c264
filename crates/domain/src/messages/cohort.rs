//! One message to a cohort: each of its patients gets a conversation of their own (MSG-7).

use serde::{Deserialize, Serialize};

use super::{MAX_BODY, MAX_SUBJECT};
use crate::{
    audience::Audience,
    ids::{CohortMessageId, TeamId, ThreadId},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::Time,
};

/// Above so many patients the sender confirms how many there are.
pub const CONFIRM_ABOVE: i64 = 100;
/// Most patients that one message goes to.
pub const MOST_PATIENTS: i64 = 20_000;

/// A message to write to each patient of a cohort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCohortMessage {
    /// In whose name: a team of the sender's that takes messages. It gets the answers.
    pub team_id: TeamId,
    /// 1 to 120 characters.
    pub subject: String,
    /// Plain text, 1 to 10,000 characters.
    pub text: String,
    /// To whom: whoever belongs to it when it is sent.
    pub audience: Audience,
    /// How many patients the sender saw that it goes to. Above 100 it is needed and must be right.
    #[serde(default)]
    pub confirmed_patients: Option<i64>,
}

impl NewCohortMessage {
    /// The same, cleaned; or every field at fault.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = self.audience.check("audience");
        match text::required("subject", &self.subject, MAX_SUBJECT, Lines::One) {
            Ok(subject) => self.subject = subject,
            Err(error) => errors.push(error),
        }
        match text::required("text", &self.text, MAX_BODY, Lines::Many) {
            Ok(text) => self.text = text,
            Err(error) => errors.push(error),
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    /// Whether it may go to so many patients; nobody, too many and more than the sender knows of are refused.
    pub fn check_reach(&self, patients: i64) -> Result<(), Problem> {
        let refuse = |field: &str, code: &str, message: &str| {
            Err(Problem::invalid(vec![FieldError::new(field, code, message)]))
        };
        if patients == 0 {
            return refuse("audience", "nobody", "No patient belongs to this group.");
        }
        if patients > MOST_PATIENTS {
            return refuse("audience", "too_many_patients", "Choose a group of 20,000 patients or fewer.");
        }
        let is_needed = patients > CONFIRM_ABOVE || self.confirmed_patients.is_some();
        if is_needed && self.confirmed_patients != Some(patients) {
            let message = "Count the patients again and confirm how many there are.";
            return refuse("confirmed_patients", "not_confirmed", message);
        }
        Ok(())
    }
}

/// A message to a cohort as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortMessageView {
    /// The id.
    pub id: CohortMessageId,
    /// The team's name.
    pub team: String,
    /// The subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// To whom it was sent.
    pub audience: Audience,
    /// Who sent it.
    pub sent_by: String,
    /// When.
    pub sent_at: Time,
    /// To how many patients it goes.
    pub patients: i64,
    /// How many of them have it by now.
    pub delivered: i64,
    /// How many of these opened it.
    pub opened: i64,
}

/// One patient to whom a cohort's message goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortRecipient {
    /// Who.
    pub patient: PatientSummary,
    /// The conversation; null until it is delivered.
    pub thread_id: Option<ThreadId>,
    /// When it came into the inbox; null until then.
    pub delivered_at: Option<Time>,
    /// When the patient first opened it; null until then.
    pub opened_at: Option<Time>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn to(confirmed_patients: Option<i64>) -> NewCohortMessage {
        NewCohortMessage {
            team_id: TeamId(Uuid::nil()),
            subject: " Flu shots ".into(),
            text: "Come in.".into(),
            audience: Audience::default(),
            confirmed_patients,
        }
    }

    fn code(message: &NewCohortMessage, patients: i64) -> Option<String> {
        message.check_reach(patients).err().map(|problem| problem.errors[0].code.clone())
    }

    #[test]
    fn many_patients_are_confirmed_by_their_number() {
        assert_eq!(code(&to(None), 100), None);
        assert_eq!(code(&to(None), 101).as_deref(), Some("not_confirmed"));
        assert_eq!(code(&to(Some(100)), 101).as_deref(), Some("not_confirmed"), "one came in between");
        assert_eq!(code(&to(Some(101)), 101), None);
        assert_eq!(code(&to(Some(3)), 4).as_deref(), Some("not_confirmed"), "what is said must be right");
        assert_eq!(code(&to(Some(0)), 0).as_deref(), Some("nobody"));
        assert_eq!(code(&to(Some(20_001)), 20_001).as_deref(), Some("too_many_patients"));
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let empty = NewCohortMessage {
            subject: " ".into(),
            text: String::new(),
            audience: Audience { min_age: Some(200), ..Audience::default() },
            ..to(None)
        };
        let errors = empty.check().unwrap_err().errors;
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["audience.min_age", "subject", "text"]);
        assert_eq!(to(None).check().unwrap().subject, "Flu shots");
    }
}
