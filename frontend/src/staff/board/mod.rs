//! The first page of staff: what waits, and for how long.

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};
use portal_domain::{
    access::{Action, Category},
    appointments::{QueueQuery, State},
    billing::DisputeQuery,
    dependents::DependentQueueQuery,
    live::LiveKind,
    messages::TeamCounts,
    page::{MAX_LIMIT, Page as Items, PageQuery},
    petitions::{Petition, PetitionQueueQuery},
    proposals::ProposalQueueQuery,
    refills::RefillQueueQuery,
    results::{ReleaseQueueQuery, WaitingShown},
};

use super::{
    StaffPage, open,
    parts::age,
    petitions::{Desk, amendments::Amendments, restrictions::Restrictions},
};
use crate::{
    api::ask,
    news::News,
    session::Session,
    shared::{
        intl::{self, Style},
        load::{Load, load, load_keeping, loaded},
        page::Page,
        practice::Practice,
        section::lazy,
    },
    text::{t, t_count, t_with},
};

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/staff") view=lazy(|| open(StaffPage::Board)) /> }
        .into_inner()
        .into_any_nested_route()
}

/// A queue at a glance.
#[derive(Clone)]
struct Waiting {
    count: usize,
    /// Whether there are more than were counted.
    more: bool,
    /// The one that comes first, in words.
    first: Option<String>,
    /// What can't wait, in words.
    urgent: Option<String>,
}

impl Waiting {
    fn of<T>(page: &Items<T>, first: Option<String>) -> Self {
        Self { count: page.items.len(), more: page.next.is_some(), first, urgent: None }
    }
}

/// So many of them, in words; none when there is none.
fn some(count: usize, words: impl Fn(i64) -> String) -> Option<String> {
    (count > 0).then(|| words(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// `/staff`
#[component]
pub fn BoardPage() -> AnyView {
    let session = Session::here();
    let requests = session.may(Action::View, Category::Appointments).then(|| {
        let queue = load(|| async {
            let query =
                QueueQuery { state: Some(State::Requested), limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.appointment_queue(&query).await).await?;
            let first =
                page.items.first().map(|first| t_with("board.longest", &[("age", &age(first.requested_at))]));
            Ok(Waiting::of(&page, first))
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/queue/appointments"
                title=t("staff.nav.appointments")
                none=t("board.no_requests")
                what=t("what.queue")
                queue
            />
        }
    });
    let refills = session.may(Action::View, Category::Medications).then(|| {
        let queue = load(|| async {
            let query = RefillQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.medication_request_queue(&query).await).await?;
            let first =
                page.items.first().map(|first| t_with("board.longest", &[("age", &age(first.requested_at))]));
            Ok(Waiting::of(&page, first))
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/refills"
                title=t("staff.nav.refills")
                none=t("board.no_refills")
                what=t("what.queue")
                queue
            />
        }
    });
    let dependents = session.may(Action::View, Category::Proxies).then(|| {
        let queue = load(|| async {
            let query = DependentQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.dependent_queue(&query).await).await?;
            let first =
                page.items.first().map(|first| t_with("board.longest", &[("age", &age(first.requested_at))]));
            Ok(Waiting::of(&page, first))
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/dependents"
                title=t("staff.nav.dependents")
                none=t("board.no_dependents")
                what=t("what.queue")
                queue
            />
        }
    });
    let proposals = session.may(Action::View, Category::Proposals).then(|| {
        let queue = load(|| async {
            let query = ProposalQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.proposal_queue(&query).await).await?;
            let longest = page.items.iter().map(|item| item.proposed_at).min();
            let first = longest.map(|at| t_with("board.longest", &[("age", &age(at))]));
            let urgent = some(page.items.iter().filter(|item| item.is_urgent()).count(), |count| {
                t_count("board.urgent", count)
            });
            Ok(Waiting { urgent, ..Waiting::of(&page, first) })
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/corrections/proposals"
                title=t("staff.nav.proposals")
                none=t("board.no_proposals")
                what=t("what.queue")
                queue
            />
        }
    });
    let amendments = petitions::<Amendments>();
    let restrictions = petitions::<Restrictions>();
    let releases = session.may(Action::Release, Category::Results).then(|| {
        let practice = Practice::here();
        let queue = load(move || async move {
            let all = ReleaseQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.unreleased_results(&all).await).await?;
            let late = ReleaseQueueQuery { show: Some(WaitingShown::Overdue), ..all };
            let late = ask(async |portal| portal.unreleased_results(&late).await).await?;
            let zone = practice.zone();
            let date = |at| intl::format(at, Style::Date, &zone);
            let oldest = page.items.first().map(|first| date(first.result.reported_at));
            let first = oldest.map(|oldest| t_with("board.oldest", &[("date", &oldest)]));
            Ok(Waiting {
                urgent: some(late.items.len(), |count| t_count("board.overdue", count)),
                ..Waiting::of(&page, first)
            })
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/queue/releases"
                title=t("staff.nav.releases")
                none=t("board.no_releases")
                what=t("what.queue")
                queue
            />
        }
    });
    let write_offs = session.may(Action::Decide, Category::Billing).then(|| {
        let queue = load(|| async {
            let all = PageQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.write_offs(&all).await).await?;
            let first =
                page.items.first().map(|first| t_with("board.longest", &[("age", &age(first.asked_at))]));
            Ok(Waiting::of(&page, first))
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/billing/queue/write-offs"
                title=t("staff.nav.write_offs")
                none=t("board.no_write_offs")
                what=t("what.queue")
                queue
            />
        }
    });
    let disputes = session.may(Action::View, Category::Billing).then(|| {
        let practice = Practice::here();
        let queue = load(move || async move {
            let all = DisputeQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.dispute_queue(&all).await).await?;
            let zone = practice.zone();
            let due = page.items.first().map(|first| intl::format(first.due_at, Style::Date, &zone));
            let first = due.map(|due| t_with("board.first_due", &[("date", &due)]));
            let overdue = page.items.iter().filter(|one| one.is_overdue).count();
            let urgent = some(overdue, |count| t_count("board.overdue", count));
            Ok(Waiting { urgent, ..Waiting::of(&page, first) })
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/billing/queue/disputes"
                title=t("staff.nav.disputes")
                none=t("board.no_disputes")
                what=t("what.queue")
                queue
            />
        }
    });
    let failed_refunds = session.may(Action::View, Category::Billing).then(|| {
        let queue = load(|| async {
            let all = PageQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            let page = ask(async |portal| portal.failed_refunds(&all).await).await?;
            Ok(Waiting::of(&page, None))
        });
        News::here().on(LiveKind::Queue, move || queue.again());
        view! {
            <Card
                href="/staff/billing/queue/failed-refunds"
                title=t("staff.nav.failed_refunds")
                none=t("board.no_failed_refunds")
                what=t("what.queue")
                queue
            />
        }
    });
    let messages = session.may(Action::View, Category::Messages).then(|| view! { <Teams /> });
    let nothing = messages.is_none()
        && requests.is_none()
        && refills.is_none()
        && dependents.is_none()
        && proposals.is_none()
        && amendments.is_none()
        && restrictions.is_none()
        && releases.is_none()
        && write_offs.is_none()
        && disputes.is_none()
        && failed_refunds.is_none();
    view! {
        <Page title=t("staff.nav.board").to_string() section=t("shell.staff_portal")>
            <ul class="app-grid app-plain-list">
                {messages} {requests} {proposals} {refills} {amendments} {restrictions} {dependents} {releases} {write_offs} {disputes} {failed_refunds} <li class="nhsuk-card nhsuk-card--clickable">
                    <div class="nhsuk-card__content">
                        <h2 class="nhsuk-card__heading nhsuk-heading-s">
                            <a class="nhsuk-card__link" href="/staff/patients">
                                {t("board.find_patient")}
                            </a>
                        </h2>
                        <p class="nhsuk-card__description">{t("board.find_patient_text")}</p>
                    </div>
                </li>
            </ul>
            {nothing.then(|| view! { <p>{t("board.no_queue")}</p> })}
        </Page>
    }
    .into_any()
}

/// The queue of one kind of request, for who answers it.
fn petitions<D: Desk>() -> Option<AnyView> {
    if !Session::here().may(Action::Decide, <D::Of as Petition>::CATEGORY) {
        return None;
    }
    let practice = Practice::here();
    let queue = load(move || async move {
        let page = D::queue(PetitionQueueQuery { limit: Some(MAX_LIMIT), ..Default::default() }).await?;
        let zone = practice.zone();
        let due =
            page.items.first().map(|first| intl::format(D::petitioned(first).due_at, Style::Date, &zone));
        let first = due.map(|due| t_with("board.first_due", &[("date", &due)]));
        let overdue = page.items.iter().filter(|item| D::petitioned(item).is_overdue).count();
        let urgent = some(overdue, |count| t_count("board.overdue", count));
        Ok(Waiting { urgent, ..Waiting::of(&page, first) })
    });
    News::here().on(LiveKind::Queue, move || queue.again());
    Some(
        view! { <Card href=D::ROOT title=D::title() none=D::none() what=t("what.queue") queue /> }.into_any(),
    )
}

/// The queues of the reader's care teams: how many wait in each, and how many too long.
#[component]
fn Teams() -> impl IntoView {
    let teams = load_keeping(|| ask(async |portal| portal.message_teams().await));
    News::here().on(LiveKind::Queue, move || teams.again());
    let team = |counts: TeamCounts| {
        let href = format!("/staff/messages?folder=waiting&team={}", counts.team.id);
        let overdue = (counts.overdue > 0).then(|| {
            view! { <strong class="nhsuk-tag nhsuk-tag--red">{t_count("board.overdue", counts.overdue)}</strong> }
        });
        view! {
            <li class="app-cluster nhsuk-u-margin-bottom-2">
                <a href=href>
                    <bdi>{counts.team.name}</bdi>
                </a>
                <span>{t_count("board.waiting", counts.waiting)}</span>
                {overdue}
            </li>
        }
        .into_any()
    };
    view! {
        <li class="nhsuk-card">
            <div class="nhsuk-card__content">
                <h2 class="nhsuk-card__heading nhsuk-heading-s">{t("staff.nav.messages")}</h2>
                {loaded(
                    teams,
                    t("what.queue"),
                    move |teams| {
                        if teams.is_empty() {
                            return view! { <p class="nhsuk-card__description">{t("board.no_team")}</p> }.into_any();
                        }
                        view! { <ul class="app-plain-list">{teams.into_iter().map(team).collect_view()}</ul> }.into_any()
                    },
                )}
            </div>
        </li>
    }
    .into_any()
}

/// A queue as a card: how many wait, and how long the first one.
#[component]
fn Card(
    href: &'static str,
    title: &'static str,
    none: &'static str,
    what: &'static str,
    queue: Load<Waiting>,
) -> impl IntoView {
    view! {
        <li class="nhsuk-card nhsuk-card--clickable">
            <div class="nhsuk-card__content">
                <h2 class="nhsuk-card__heading nhsuk-heading-s">
                    <a class="nhsuk-card__link" href=href>
                        {title}
                    </a>
                </h2>
                {loaded(
                    queue,
                    what,
                    move |waiting| {
                        if waiting.count == 0 {
                            return view! { <p class="nhsuk-card__description">{none}</p> }.into_any();
                        }
                        let count = if waiting.more {
                            t_with("board.or_more", &[("count", &waiting.count.to_string())])
                        } else {
                            waiting.count.to_string()
                        };
                        view! {
                            <p class="app-value">{count}</p>
                            {waiting
                                .urgent
                                .map(|urgent| {
                                    view! {
                                        <p class="nhsuk-u-margin-bottom-2">
                                            <strong class="nhsuk-tag nhsuk-tag--red">{urgent}</strong>
                                        </p>
                                    }
                                })}
                            {waiting.first.map(|first| view! { <p class="nhsuk-card__description">{first}</p> })}
                        }
                            .into_any()
                    },
                )}
            </div>
        </li>
    }
    .into_any()
}
