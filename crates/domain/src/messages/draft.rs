//! Drafts: what is being written, by patients and by staff, until it is sent (MSG-2), with the files that go with it (MSG-3).

use serde::{Deserialize, Serialize};

use super::{Topic, TopicKind};
use crate::{
    ids::{AttachmentId, DraftId, EducationId, TeamId, ThreadId},
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::Time,
};

/// The longest message, in characters.
pub const MAX_BODY: usize = 10_000;
/// The longest subject, in characters.
pub const MAX_SUBJECT: usize = 120;
/// Most drafts of one account about one patient.
pub const MAX_DRAFTS: i64 = 50;
/// Most education items with one message.
const MAX_EDUCATION: usize = 10;

/// A subject as typed.
pub type Subject = String;

/// What a draft holds. Everything may still be missing: a draft is kept as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DraftText {
    /// The thread that it answers; null for a new one.
    #[serde(default)]
    pub thread_id: Option<ThreadId>,
    /// To which care team (patients), or in whose name (staff). An answer goes to its thread's team.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// Up to 120 characters; not used by an answer.
    #[serde(default)]
    pub subject: Subject,
    /// Plain text, up to 10,000 characters.
    #[serde(default)]
    pub text: String,
    /// What it is about.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Items of the education library that go with it: for staff only, at most 10.
    #[serde(default)]
    pub education: Vec<EducationId>,
}

impl DraftText {
    /// The same, cleaned of control characters; or every field that is too long. White space stays: somebody is typing.
    pub fn check(self) -> Result<Self, Problem> {
        let errors: Vec<FieldError> = [
            text::clean("subject", &self.subject, MAX_SUBJECT, Lines::One).err(),
            text::clean("text", &self.text, MAX_BODY, Lines::Many).err(),
            (self.education.len() > MAX_EDUCATION)
                .then(|| FieldError::new("education", "too_many", "Add 10 items or fewer.")),
            self.topic
                .as_ref()
                .is_some_and(|topic| topic.kind == TopicKind::Dispute)
                .then(|| FieldError::new("topic", "unknown", "Question the bill itself.")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.subject.trim().is_empty() && self.text.trim().is_empty() && self.education.is_empty()
    }
}

/// What is sent: a draft that lacks nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The thread that it answers, or what begins a new one.
    pub to: Result<ThreadId, (TeamId, String)>,
    /// The text.
    pub text: String,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Items of the education library.
    pub education: Vec<EducationId>,
}

impl Sending {
    /// The draft as it is sent, or every field that is missing or too long. The page asks the same before it sends.
    pub fn check(draft: DraftText, has_files: bool) -> Result<Self, Problem> {
        let mut errors = draft.clone().check().err().map(|problem| problem.errors).unwrap_or_default();
        let body = draft.text.trim();
        if body.is_empty() && !has_files && draft.education.is_empty() {
            errors.push(FieldError::new("text", "required", "Write your message."));
        }
        let to = match (draft.thread_id, draft.team_id) {
            (Some(thread), _) => Some(Ok(thread)),
            (None, team) => {
                let subject = draft.subject.trim();
                if team.is_none() {
                    errors.push(FieldError::new(
                        "team_id",
                        "required",
                        "Choose who should get this message.",
                    ));
                }
                if subject.is_empty() {
                    errors.push(FieldError::new(
                        "subject",
                        "required",
                        "Say in a few words what it is about.",
                    ));
                }
                team.map(|team| Err((team, subject.to_owned())))
            }
        };
        match to {
            Some(to) if errors.is_empty() => {
                Ok(Self { to, text: body.to_owned(), topic: draft.topic, education: draft.education })
            }
            _ => Err(Problem::invalid(errors)),
        }
    }
}

/// A draft as its writer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftView {
    /// The id.
    pub id: DraftId,
    /// For If-Match: two pages on one draft don't overwrite each other.
    pub version: i64,
    /// What it holds.
    #[serde(flatten)]
    pub content: DraftText,
    /// The care team's name, when one is chosen.
    pub team: Option<String>,
    /// The subject of the thread that it answers.
    pub thread_subject: Option<String>,
    /// The files that will go with it.
    pub attachments: Vec<AttachmentView>,
    /// When it was last saved.
    pub saved_at: Time,
}

/// A file of a draft or of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// The id.
    pub id: AttachmentId,
    /// As the sender called it.
    pub name: String,
    /// Of the content, as it was found: `application/pdf`.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_draft_keeps_what_is_half_written_and_is_sent_only_when_whole() {
        let half = DraftText { text: "  I have ".into(), ..DraftText::default() };
        assert_eq!(half.clone().check().unwrap(), half);
        let errors = Sending::check(half, false).unwrap_err().errors;
        assert_eq!(
            errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
            ["team_id", "subject"]
        );

        let team = TeamId(Uuid::nil());
        let whole = DraftText {
            team_id: Some(team),
            subject: " Rash ".into(),
            text: " It itches. ".into(),
            ..DraftText::default()
        };
        let sending = Sending::check(whole, false).unwrap();
        assert_eq!((sending.to, sending.text.as_str()), (Err((team, "Rash".into())), "It itches."));
        let answer = DraftText { thread_id: Some(ThreadId(Uuid::nil())), ..DraftText::default() };
        assert!(Sending::check(answer.clone(), false).is_err());
        assert!(Sending::check(answer, true).is_ok());
    }
}
