//! Secure messages between patients and care teams (MSG-1 to MSG-8): threads, and who may still write in them.

mod cohort;
mod draft;
mod queue;
mod team;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use cohort::{CONFIRM_ABOVE, CohortMessageView, CohortRecipient, MOST_PATIENTS, NewCohortMessage};
pub use draft::{AttachmentView, DraftText, DraftView, MAX_BODY, MAX_DRAFTS, MAX_SUBJECT, Sending, Subject};
pub use queue::{
    Assignment, BulkOutcome, Closing, NewNote, QueueEntry, QueueFolder, QueueList, QueueQuery, Rerouting,
    Selected, StaffThread, TeamCounts, due_at, is_overdue,
};
pub use team::{
    CareTeamView, CoverView, NewCover, StaffName, TeamCategory, TeamChoice, TeamEdit, TemplateText,
    TemplateView,
};

use crate::{
    access::Category,
    education::EducationSummary,
    ids::{MessageId, ThreadId},
    time::Time,
    words::words,
};

/// Without a new message for so long a thread takes no answer any more (MSG-4).
pub const STALE_AFTER: TimeDelta = TimeDelta::days(45);

words! {
    /// Who wrote a message.
    Side {
        /// The patient, or who acts for the patient.
        Patient = "patient",
        /// A member of the care team.
        Staff = "staff",
        /// A member of staff, for staff only: no patient ever sees it (MSG-7).
        Note = "note",
    }
}

words! {
    /// Where a thread stands.
    ThreadState {
        /// Messages go back and forth.
        Open = "open",
        /// The care team ended it.
        Closed = "closed",
    }
}

words! {
    /// Why a thread takes no message any more (MSG-4).
    NoReply {
        /// Nobody wrote for 45 days.
        Stale = "stale",
        /// The care team ended it.
        Closed = "closed",
        /// The care team takes no messages any more.
        TeamGone = "team_gone",
    }
}

words! {
    /// What a thread is about, when it began on the page of something.
    TopicKind {
        /// A result.
        Result = "result",
        /// A medication of the chart.
        Medication = "medication",
        /// An appointment.
        Appointment = "appointment",
        /// An item of the education library.
        Education = "education",
        /// Something of a bill that the patient questions (PAY-4). Such a thread begins by questioning it, and never otherwise.
        Dispute = "dispute",
    }
}

/// Whose leave a thread takes of whoever acts for the patient: one about a bill is of the bills, and no other is.
pub const fn category_of(topic: Option<TopicKind>) -> Category {
    match topic {
        Some(TopicKind::Dispute) => Category::Billing,
        _ => Category::Messages,
    }
}

/// What a thread is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The kind of thing.
    pub kind: TopicKind,
    /// Its id.
    pub id: Uuid,
}

/// What decides whether a thread takes another message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadFacts {
    /// Where it stands.
    pub state: ThreadState,
    /// Whether its care team takes messages.
    pub team_is_open: bool,
    /// When somebody last wrote in it (notes don't count).
    pub last_at: Time,
}

/// Whether the patient may write in the thread now, or why not (MSG-4).
pub fn may_reply(thread: &ThreadFacts, now: Time) -> Result<(), NoReply> {
    if !thread.team_is_open {
        Err(NoReply::TeamGone)
    } else if thread.state == ThreadState::Closed {
        Err(NoReply::Closed)
    } else if now.since(thread.last_at) > STALE_AFTER {
        Err(NoReply::Stale)
    } else {
        Ok(())
    }
}

/// Whether the sender may still take a message back: until the other side has opened it (MSG-6).
pub const fn may_recall(side: Side, opened_at: Option<Time>, recalled_at: Option<Time>) -> bool {
    matches!(side, Side::Patient) && opened_at.is_none() && recalled_at.is_none()
}

/// One message of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// The id.
    pub id: MessageId,
    /// Who wrote it.
    pub side: Side,
    /// The writer's name.
    pub author: String,
    /// When it was sent.
    pub at: Time,
    /// Plain text; null when it was recalled, and for staff who have not opened it.
    pub text: Option<String>,
    /// The files that came with it; none when it was recalled.
    pub attachments: Vec<AttachmentView>,
    /// When the other side first opened it (MSG-8); null while it has not.
    pub opened_at: Option<Time>,
    /// When the patient took it back.
    pub recalled_at: Option<Time>,
    /// Whether the reader may take it back now (MSG-6).
    pub can_recall: bool,
    /// Items of the education library that came with it and stand there still.
    pub education: Vec<EducationSummary>,
}

/// A thread as its patient sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThreadView {
    /// The id.
    pub id: ThreadId,
    /// The subject; null when its first message was recalled.
    pub subject: Option<String>,
    /// The care team that answers.
    pub team: TeamChoice,
    /// What it is about, when it began on the page of something.
    pub topic: Option<Topic>,
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Whether the patient may write in it now (MSG-4).
    pub can_reply: bool,
    /// Why not.
    pub reason: Option<NoReply>,
    /// The patient's own unsent answer, if there is one.
    pub draft: Option<DraftView>,
    /// Whether something in it is unread.
    pub unread: bool,
}

/// A thread's line in Sent Items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentThread {
    /// The thread.
    pub thread_id: ThreadId,
    /// The patient's newest message in it.
    pub message_id: MessageId,
    /// The subject; null when it was recalled.
    pub subject: Option<String>,
    /// To which care team.
    pub team: String,
    /// When the care team opened that message (MSG-8).
    pub opened_at: Option<Time>,
    /// When the patient took that message back.
    pub recalled_at: Option<Time>,
    /// Whether that message can still be taken back.
    pub can_recall: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> Time {
        Time::from_micros(1_790_000_000_000_000).unwrap().plus(TimeDelta::days(days))
    }

    #[test]
    fn a_thread_takes_answers_for_45_days_from_its_open_team() {
        let thread = ThreadFacts { state: ThreadState::Open, team_is_open: true, last_at: at(0) };
        assert_eq!(may_reply(&thread, at(45)), Ok(()));
        assert_eq!(may_reply(&thread, at(45).plus(TimeDelta::microseconds(1))), Err(NoReply::Stale));
        let closed = ThreadFacts { state: ThreadState::Closed, ..thread };
        assert_eq!(may_reply(&closed, at(0)), Err(NoReply::Closed));
        let gone = ThreadFacts { team_is_open: false, ..closed };
        assert_eq!(may_reply(&gone, at(0)), Err(NoReply::TeamGone));
    }

    #[test]
    fn a_patients_message_is_recalled_until_it_was_opened() {
        assert!(may_recall(Side::Patient, None, None));
        assert!(!may_recall(Side::Patient, Some(at(0)), None));
        assert!(!may_recall(Side::Patient, None, Some(at(0))));
        assert!(!may_recall(Side::Staff, None, None));
        assert!(!may_recall(Side::Note, None, None));
    }
}
