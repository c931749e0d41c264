//! The first page of staff: what waits, and for how long.

mod queues;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};
use portal_domain::{
    access::{Action, Category},
    live::LiveKind,
    messages::TeamCounts,
    petitions::Petition,
};

use self::queues::Waiting;
use super::{
    StaffPage, open,
    petitions::{Desk, amendments::Amendments, restrictions::Restrictions},
};
use crate::{
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
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

/// `/staff`
#[component]
pub fn BoardPage() -> AnyView {
    let session = Session::here();
    let sees = |category| session.may(Action::View, category);
    let decides = |category| session.may(Action::Decide, category);
    let practice = Practice::here();
    let cards: Vec<AnyView> = [
        sees(Category::Messages).then(|| view! { <Teams /> }.into_any()),
        sees(Category::Appointments).then(|| {
            let none = t("board.no_requests");
            card("/staff/queue/appointments", t("staff.nav.appointments"), none, queues::appointments)
        }),
        sees(Category::Proposals).then(|| {
            let none = t("board.no_proposals");
            card("/staff/corrections/proposals", t("staff.nav.proposals"), none, queues::proposals)
        }),
        sees(Category::Medications)
            .then(|| card("/staff/refills", t("staff.nav.refills"), t("board.no_refills"), queues::refills)),
        petitions::<Amendments>(session, practice),
        petitions::<Restrictions>(session, practice),
        sees(Category::Proxies).then(|| {
            let none = t("board.no_dependents");
            card("/staff/dependents", t("staff.nav.dependents"), none, queues::dependents)
        }),
        session.may(Action::Release, Category::Results).then(|| {
            let none = t("board.no_releases");
            card("/staff/queue/releases", t("staff.nav.releases"), none, move || queues::releases(practice))
        }),
        decides(Category::Billing).then(|| {
            let none = t("board.no_write_offs");
            card("/staff/billing/queue/write-offs", t("staff.nav.write_offs"), none, queues::write_offs)
        }),
        sees(Category::Billing).then(|| {
            let none = t("board.no_disputes");
            let ask = move || queues::disputes(practice);
            card("/staff/billing/queue/disputes", t("staff.nav.disputes"), none, ask)
        }),
        sees(Category::Billing).then(|| {
            let (title, none) = (t("staff.nav.failed_refunds"), t("board.no_failed_refunds"));
            card("/staff/billing/queue/failed-refunds", title, none, queues::failed_refunds)
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let nothing = cards.is_empty();
    view! {
        <Page title=t("staff.nav.board").to_string() section=t("shell.staff_portal")>
            <ul class="app-grid app-plain-list">
                {cards} <li class="nhsuk-card nhsuk-card--clickable">
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
fn petitions<D: Desk>(session: Session, practice: Practice) -> Option<AnyView> {
    session
        .may(Action::Decide, <D::Of as Petition>::CATEGORY)
        .then(|| card(D::ROOT, D::title(), D::none(), move || queues::petitions::<D>(practice)))
}

/// A card over a queue, which is asked again whenever one changes.
fn card<Asked>(
    href: &'static str,
    title: &'static str,
    none: &'static str,
    ask: impl Fn() -> Asked + 'static,
) -> AnyView
where
    Asked: Future<Output = Result<Waiting, ApiError>> + 'static,
{
    let queue = load(ask);
    News::here().on(LiveKind::Queue, move || queue.again());
    view! { <Card href title none queue /> }.into_any()
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
fn Card(href: &'static str, title: &'static str, none: &'static str, queue: Load<Waiting>) -> impl IntoView {
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
                    t("what.queue"),
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
