//! Each queue of the board at a glance.

use portal_domain::{
    appointments::{QueueQuery, State},
    billing::DisputeQuery,
    dependents::DependentQueueQuery,
    page::{MAX_LIMIT, Page, PageQuery},
    petitions::PetitionQueueQuery,
    proposals::ProposalQueueQuery,
    refills::RefillQueueQuery,
    results::{ReleaseQueueQuery, WaitingShown},
    time::Time,
};

use crate::{
    api::{ApiError, ask},
    shared::{
        intl::{self, Style},
        practice::Practice,
    },
    staff::{parts::age, petitions::Desk},
    text::{t_count, t_with},
};

type Asked = Result<Waiting, ApiError>;

/// A queue at a glance.
#[derive(Clone)]
pub struct Waiting {
    pub count: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The one that comes first, in words.
    pub first: Option<String>,
    /// What can't wait, in words.
    pub urgent: Option<String>,
}

impl Waiting {
    fn of<T>(page: &Page<T>, first: Option<String>) -> Self {
        Self { count: page.items.len(), more: page.next.is_some(), first, urgent: None }
    }

    /// A queue whose first item waits since then.
    fn since<T>(page: &Page<T>, since: impl Fn(&T) -> Time) -> Self {
        let first = page.items.first().map(|first| t_with("board.longest", &[("age", &age(since(first)))]));
        Self::of(page, first)
    }

    /// A queue whose items are due, the first one first.
    fn due<T>(page: &Page<T>, practice: Practice, due: impl Fn(&T) -> (Time, bool)) -> Self {
        let zone = practice.zone();
        let first = page.items.first().map(|first| intl::format(due(first).0, Style::Date, &zone));
        let first = first.map(|date| t_with("board.first_due", &[("date", &date)]));
        let overdue = page.items.iter().filter(|item| due(item).1).count();
        Self { urgent: some(overdue, |count| t_count("board.overdue", count)), ..Self::of(page, first) }
    }
}

/// So many of them, in words; none when there is none.
fn some(count: usize, words: impl Fn(i64) -> String) -> Option<String> {
    (count > 0).then(|| words(i64::try_from(count).unwrap_or(i64::MAX)))
}

const ALL: PageQuery = PageQuery { limit: Some(MAX_LIMIT), cursor: None };

pub async fn appointments() -> Asked {
    let query = QueueQuery { state: Some(State::Requested), limit: Some(MAX_LIMIT), ..Default::default() };
    let page = ask(async |portal| portal.appointment_queue(&query).await).await?;
    Ok(Waiting::since(&page, |one| one.requested_at))
}

pub async fn refills() -> Asked {
    let query = RefillQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
    let page = ask(async |portal| portal.medication_request_queue(&query).await).await?;
    Ok(Waiting::since(&page, |one| one.requested_at))
}

pub async fn dependents() -> Asked {
    let query = DependentQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
    let page = ask(async |portal| portal.dependent_queue(&query).await).await?;
    Ok(Waiting::since(&page, |one| one.requested_at))
}

pub async fn proposals() -> Asked {
    let query = ProposalQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
    let page = ask(async |portal| portal.proposal_queue(&query).await).await?;
    let longest = page.items.iter().map(|item| item.proposed_at).min();
    let first = longest.map(|at| t_with("board.longest", &[("age", &age(at))]));
    let urgent = page.items.iter().filter(|item| item.is_urgent()).count();
    Ok(Waiting { urgent: some(urgent, |count| t_count("board.urgent", count)), ..Waiting::of(&page, first) })
}

pub async fn petitions<D: Desk>(practice: Practice) -> Asked {
    let page = D::queue(PetitionQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() }).await?;
    Ok(Waiting::due(&page, practice, |item| {
        let asked = D::petitioned(item);
        (asked.due_at, asked.is_overdue)
    }))
}

pub async fn releases(practice: Practice) -> Asked {
    let all = ReleaseQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
    let page = ask(async |portal| portal.unreleased_results(&all).await).await?;
    let late = ReleaseQueueQuery { show: Some(WaitingShown::Overdue), ..all };
    let late = ask(async |portal| portal.unreleased_results(&late).await).await?;
    let zone = practice.zone();
    let date = |at| intl::format(at, Style::Date, &zone);
    let oldest = page.items.first().map(|first| date(first.result.reported_at));
    let first = oldest.map(|oldest| t_with("board.oldest", &[("date", &oldest)]));
    let urgent = some(late.items.len(), |count| t_count("board.overdue", count));
    Ok(Waiting { urgent, ..Waiting::of(&page, first) })
}

pub async fn write_offs() -> Asked {
    let page = ask(async |portal| portal.write_offs(&ALL).await).await?;
    Ok(Waiting::since(&page, |one| one.asked_at))
}

pub async fn disputes(practice: Practice) -> Asked {
    let query = DisputeQuery { limit: Some(MAX_LIMIT), ..Default::default() };
    let page = ask(async |portal| portal.dispute_queue(&query).await).await?;
    Ok(Waiting::due(&page, practice, |one| (one.due_at, one.is_overdue)))
}

pub async fn failed_refunds() -> Asked {
    let page = ask(async |portal| portal.failed_refunds(&ALL).await).await?;
    Ok(Waiting::of(&page, None))
}
