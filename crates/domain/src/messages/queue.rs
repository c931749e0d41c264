//! The queue of a care team: whose turn it is, and by when (MSG-7, ADM-1).

use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::{MessageView, StaffName, TeamChoice, ThreadState, Topic};
use crate::{
    ids::{AccountId, TeamId, ThreadId},
    patients::PatientSummary,
    problem::Problem,
    text::{self, Lines},
    time::Time,
    words::words,
};

words! {
    /// Which items of a queue.
    QueueFolder {
        /// A patient waits for an answer: the oldest due time first.
        Waiting = "waiting",
        /// Those of them that nobody has claimed.
        Unclaimed = "unclaimed",
        /// Those of them that the reader claimed, or covers for a colleague who is away.
        Mine = "mine",
        /// Everything that is open, also when no patient waits: newest first.
        Open = "open",
        /// What was closed: newest first.
        Closed = "closed",
    }
}

/// Which items are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct QueueQuery {
    /// Of which team; of all the reader's teams when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Which of them; `waiting` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<QueueFolder>,
    /// Words that must occur, or begin a word that occurs, in the subject, the messages or the notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// One item of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueEntry {
    /// The thread.
    pub thread_id: ThreadId,
    /// For If-Match.
    pub version: i64,
    /// About whom.
    pub patient: PatientSummary,
    /// The subject; null when its first message was recalled.
    pub subject: Option<String>,
    /// The team's name.
    pub team: String,
    /// Where it stands.
    pub state: ThreadState,
    /// Who claimed it.
    pub owner: Option<StaffName>,
    /// Who looks after it, while the owner is away.
    pub covered_by: Option<StaffName>,
    /// Since when the patient waits; null when nobody waits.
    pub waiting_since: Option<Time>,
    /// By when an answer is due.
    pub due_at: Option<Time>,
    /// Whether that time has passed.
    pub overdue: bool,
    /// When somebody last wrote.
    pub last_at: Time,
}

/// A page of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueList {
    /// The items.
    pub items: Vec<QueueEntry>,
    /// Send this as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// What waits in one team's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamCounts {
    /// The team.
    pub team: TeamChoice,
    /// Patients who wait, at most 1,000 counted.
    pub waiting: i64,
    /// Of them, without an owner.
    pub unclaimed: i64,
    /// Of them, past their due time.
    pub overdue: i64,
}

/// A thread as the care team sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffThread {
    /// Its line in the queue.
    pub entry: QueueEntry,
    /// The team, with its members.
    pub team: super::CareTeamView,
    /// What it is about, when it began on the page of something.
    pub topic: Option<Topic>,
    /// Oldest first, notes among them.
    pub messages: Vec<MessageView>,
    /// Whether the patient may answer (MSG-4).
    pub patient_can_reply: bool,
    /// The reader's own unsent answer.
    pub draft: Option<super::DraftView>,
}

/// Whom to give an item to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// A member of its team; null gives it back to the queue.
    pub owner: Option<AccountId>,
}

/// Where to send an item, without a word to the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rerouting {
    /// The other team: open.
    pub team_id: TeamId,
    /// Why, for the colleagues: becomes a note when it is not empty; at most 10,000 characters.
    #[serde(default)]
    pub note: String,
}

/// A note for colleagues; no patient ever sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// Plain text, 1 to 10,000 characters.
    pub text: String,
}

impl NewNote {
    /// The text, cleaned.
    pub fn check(&self) -> Result<String, Problem> {
        text::required("text", &self.text, super::MAX_BODY, Lines::Many)
            .map_err(|error| Problem::invalid(vec![error]))
    }
}

/// One of several threads, with the version that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Selected {
    /// The thread.
    pub thread_id: ThreadId,
    /// As it was shown.
    pub version: i64,
}

/// Threads to close at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// 1 to 100 of them.
    pub threads: Vec<Selected>,
}

/// How one of several acts ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkOutcome {
    /// The thread.
    pub thread_id: ThreadId,
    /// Why nothing was done; null when it was.
    pub problem: Option<Problem>,
}

/// By when a message that came at `received` is due, when its team takes `hours` of working days. Saturdays and Sundays
/// of the location don't count; holidays do.
pub fn due_at<Z: TimeZone>(received: Time, hours: i64, zone: &Z) -> Time {
    let mut at = received.utc();
    let mut left = TimeDelta::hours(hours);
    while left > TimeDelta::zero() {
        let local = at.with_timezone(zone);
        let midnight = next_midnight(&local).max(at + TimeDelta::minutes(1));
        if matches!(local.weekday(), Weekday::Sat | Weekday::Sun) {
            at = midnight;
            continue;
        }
        let today = midnight - at;
        if left <= today {
            return Time::new(at + left).unwrap_or(received);
        }
        left -= today;
        at = midnight;
    }
    Time::new(at).unwrap_or(received)
}

/// The beginning of the next local day; where a clock change leaves it out, the first hour there is.
fn next_midnight<Z: TimeZone>(local: &DateTime<Z>) -> DateTime<Utc> {
    let day = local.date_naive().succ_opt().unwrap_or(local.date_naive());
    (0..3)
        .filter_map(|hour| day.and_hms_opt(hour, 0, 0))
        .find_map(|at| local.timezone().from_local_datetime(&at).earliest())
        .map_or_else(|| local.with_timezone(&Utc) + TimeDelta::days(1), |at| at.with_timezone(&Utc))
}

/// Whether an answer should have been given by now.
pub fn is_overdue(due_at: Option<Time>, now: Time) -> bool {
    due_at.is_some_and(|due| due < now)
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_of_the_location_do_not_count() {
        let boston = FixedOffset::west_opt(5 * 3600).unwrap();
        // Thursday noon, 24 hours: Friday noon.
        assert_eq!(due_at(time("2026-11-26T17:00:00Z"), 24, &boston), time("2026-11-27T17:00:00Z"));
        // Friday noon, 24 hours: Monday noon.
        assert_eq!(due_at(time("2026-11-27T17:00:00Z"), 24, &boston), time("2026-11-30T17:00:00Z"));
        // Saturday: counted from Monday's first minute.
        assert_eq!(due_at(time("2026-11-28T17:00:00Z"), 8, &boston), time("2026-11-30T13:00:00Z"));
        // Friday evening there is Saturday already in UTC.
        assert_eq!(due_at(time("2026-11-28T01:00:00Z"), 4, &boston), time("2026-11-28T05:00:00Z"));
    }

    proptest! {
        #[test]
        fn a_due_time_lies_after_its_message_and_later_hours_are_never_earlier(
            seconds in 0i64..200_000_000, hours in 1i64..=240, offset in -12i32..=14,
        ) {
            let zone = FixedOffset::east_opt(offset * 3600).unwrap();
            let received = Time::from_micros(1_790_000_000_000_000 + seconds * 1_000_000).unwrap();
            let due = due_at(received, hours, &zone);
            prop_assert!(due.since(received) >= TimeDelta::hours(hours));
            prop_assert!(due_at(received, hours + 1, &zone) >= due);
        }
    }
}
