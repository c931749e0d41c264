//! The list, soonest due first: what is urgent is due within hours.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::{Action, Category},
    live::LiveKind,
    page::Page as Items,
    proposals::{ProposalOrigin, ProposalQueueQuery, ProposalSummary},
};

use crate::{
    api::ask,
    news::News,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        live::live,
        load::Load,
        page::Page,
        practice::Practice,
        proposal::asks,
    },
    staff::parts::{KeysHint, for_role, queue_keys},
    text::{t, t_with},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The proposals that wait.
    pub list: Load<Items<ProposalSummary>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
}

/// The queue without an open item.
pub const ROOT: &str = "/staff/corrections/proposals";

/// Where an item of the queue opens.
pub fn href(item: &ProposalSummary) -> String {
    format!("{ROOT}/{}/{}", item.patient.id, item.id)
}

/// `/staff/corrections/proposals`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::View, Category::Proposals, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let list = load_rows(|| {
        |page| {
            let query = ProposalQueueQuery { state: None, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.proposal_queue(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    provide_context(Queue { list, done });
    queue_keys("proposals");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.proposals").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=t("staff.nav.proposals")>
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("board.no_proposals") /> }.into_any(),
                        move || view! { <Rows load=list id="proposals" row=row /> }.into_any(),
                    )}
                </section>
                <section class="staff-split__item" aria-label=t("queue.item")>
                    <Outlet />
                </section>
            </div>
        </Page>
    }
    .into_any()
}

fn row(item: ProposalSummary) -> AnyView {
    let path = use_location().pathname;
    let to = href(&item);
    let here = to.clone();
    let due = intl::format(item.due_at, Style::Short, &Practice::here().zone());
    let tag = |class: &'static str, text: &'static str| view! { <strong class=class>{text}</strong> };
    let urgent = item.is_urgent().then(|| tag("nhsuk-tag nhsuk-tag--red", t("proposals.urgent")));
    let overdue = item.is_overdue.then(|| tag("nhsuk-tag nhsuk-tag--red", t("refills.overdue")));
    let feed =
        (item.origin == ProposalOrigin::Feed).then(|| tag("nhsuk-tag nhsuk-tag--blue", t("proposals.feed")));
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{item.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">{t_with("proposals.due_at", &[("date", &due)])}</p>
            <p class="app-row__text">
                {asks(&item)}
                ": "
                <bdi>{item.name.clone()}</bdi>
            </p>
            <div class="app-row__side app-cluster">{urgent} {overdue} {feed}</div>
        </li>
    }
    .into_any()
}
