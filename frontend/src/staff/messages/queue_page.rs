//! The list: who waits, since when and until when. Folder, team and words stand in the address.

use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_query_map},
};
use portal_domain::{
    access::{Action, Category},
    ids::ThreadId,
    live::LiveKind,
    messages::{QueueEntry, QueueFolder, QueueQuery, TeamCounts},
    page::Page as Items,
};

use super::bulk::{Bulk, Tick};
use crate::{
    api::ask,
    news::News,
    shared::{
        choice::{Choice, Select},
        done::Done,
        form::Form,
        handed::{Handed, take},
        intl,
        list::{Address, Empty, Rows, listing, load_rows},
        live::{follow, live},
        load::{Load, load_keeping},
        page::Page,
    },
    staff::parts::{KeysHint, age, for_role, queue_keys, span},
    text::{t, t_with, t_word},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The items shown.
    pub list: Load<Items<QueueEntry>>,
    /// The teams, with what waits there.
    pub teams: Load<Vec<TeamCounts>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
    /// What is ticked, as it was shown then.
    pub ticked: RwSignal<Vec<QueueEntry>>,
}

impl Queue {
    /// Something changed: list and counts are asked for again.
    pub fn again(self) {
        self.list.again();
        self.teams.again();
    }
}

/// The queue without an open item.
pub const ROOT: &str = "/staff/messages";

/// The queue without an open item, with the filters that it was opened with.
pub fn root(address: Address) -> String {
    format!("{ROOT}{}", address.query())
}

/// Where an item of the queue opens, without the filters.
pub fn href(item: &QueueEntry) -> String {
    format!("{ROOT}/{}/{}", item.patient.id, item.thread_id)
}

/// `/staff/messages?folder=&team=&q=`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::View, Category::Messages, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let filters = Memo::new(move |_| {
        let folder = address.get("folder").parse::<QueueFolder>().unwrap_or(QueueFolder::Waiting);
        (folder, address.get("team"), address.get("q"))
    });
    let list = load_rows(move || {
        let (folder, team, q) = filters.get();
        let (team, q) = (team.parse().ok(), Some(q).filter(|words| !words.is_empty()));
        move |page| {
            let query = QueueQuery {
                team,
                folder: Some(folder),
                q: q.clone(),
                cursor: page.cursor,
                limit: page.limit,
            };
            async move {
                let list = ask(async |portal| portal.message_queue(&query).await).await?;
                Ok(Items { items: list.items, next: list.next })
            }
        }
    });
    let teams = load_keeping(|| ask(async |portal| portal.message_teams().await));
    let sent = take(|handed| matches!(handed, Handed::Sent).then_some(()));
    let done = RwSignal::new(sent.map(|()| t("staff_compose.sent").to_string()).unwrap_or_default());
    let ticked = RwSignal::new(Vec::<QueueEntry>::new());
    let queue = Queue { list, teams, done, ticked };
    provide_context(queue);
    // What another filter shows is another choice; what is gone from the list can't be chosen.
    follow(move |first| {
        filters.track();
        if !first {
            ticked.set(Vec::new());
        }
    });
    follow(move |_| {
        let shown = list.read(|list| list.items.iter().map(|item| item.thread_id).collect::<Vec<ThreadId>>());
        let is_gone =
            |ticked: &QueueEntry| shown.as_ref().is_some_and(|shown| !shown.contains(&ticked.thread_id));
        if untrack(|| ticked.with(|ticked| ticked.iter().any(is_gone))) {
            ticked.update(|ticked| ticked.retain(|ticked| !is_gone(ticked)));
        }
    });
    News::here().on(LiveKind::Queue, move || queue.again());
    queue_keys("queue");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.messages").to_string() section=t("shell.staff_portal")>
            // Beside an open item it stands there, where the button was.
            {live(move || (!open.get()).then(|| view! { <Done said=done /> }))}
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list no-print" aria-label=t("staff.nav.messages")>
                    <p class="app-cluster">
                        <a href="/staff/patients">{t("staff_compose.from_queue")}</a>
                        <a href="/staff/cohort-messages">{t("cohort.from_queue")}</a>
                    </p>
                    <Filters teams />
                    <Bulk />
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("team_queue.none") /> }.into_any(),
                        move || view! { <Rows load=list id="queue" row=row /> }.into_any(),
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

#[component]
fn Filters(teams: Load<Vec<TeamCounts>>) -> impl IntoView {
    let address = Address::here();
    let form = Form::new();
    let or_default = |text: String| if text.is_empty() { QueueFolder::Waiting.as_str().into() } else { text };
    let folder = RwSignal::new(or_default(untrack(|| address.get("folder"))));
    let team = RwSignal::new(untrack(|| address.get("team")));
    let words = RwSignal::new(untrack(|| address.get("q")));
    let chosen = move || (or_default(address.get("folder")), address.get("team"));
    follow(move |first| {
        let (folder, team) = (folder.get(), team.get());
        if !first && untrack(chosen) != (folder.clone(), team.clone()) {
            address.set(&[("folder", &folder), ("team", &team), ("show", "")]);
        }
    });
    // A link may lead to the same page with other filters.
    follow(move |first| {
        let (now, q) = (chosen(), address.get("q"));
        if first {
            return;
        }
        if untrack(|| (folder.get(), team.get())) != now {
            folder.set(now.0);
            team.set(now.1);
        }
        if untrack(|| words.with(|words| words.trim() != q)) {
            words.set(q);
        }
    });
    let folders = QueueFolder::ALL
        .iter()
        .map(|folder| Choice::new(folder.as_str(), t_word("queue_folder", folder.as_str())))
        .collect::<Vec<_>>();
    let choices = move || {
        let one = |counts: TeamCounts| {
            let count = counts.waiting.to_string();
            Choice::new(
                counts.team.id.to_string(),
                t_with("team_queue.team", &[("team", &counts.team.name), ("count", &count)]),
            )
        };
        let all = teams.get().unwrap_or_default().into_iter().map(one);
        let choices =
            std::iter::once(Choice::new("", t("team_queue.every_team"))).chain(all).collect::<Vec<_>>();
        view! { <Select form name="team" label=t("team_queue.team_label") choices value=team /> }.into_any()
    };
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        address.set(&[("q", words.get_untracked().trim()), ("show", "")]);
    };
    view! {
        <div class="staff-toolbar staff-dense">
            <Select form name="folder" label=t("team_queue.folder") choices=folders value=folder />
            {live(choices)}
            <form role="search" on:submit=search>
                <label class="nhsuk-label" for="q">
                    {t("team_queue.search")}
                </label>
                <input
                    class="nhsuk-input"
                    id="q"
                    type="search"
                    autocomplete="off"
                    prop:value=move || words.get()
                    on:input=move |event| words.set(event_target_value(&event))
                />
            </form>
        </div>
    }
    .into_any()
}

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}

/// Until when an answer is due, in words with a colour.
pub fn due(item: &QueueEntry) -> Option<AnyView> {
    let (due, now) = (item.due_at?, intl::now()?);
    let (class, key) = match item.overdue {
        true => ("nhsuk-tag nhsuk-tag--red", t_with("team_queue.overdue", &[("age", &age(due))])),
        false => ("nhsuk-tag nhsuk-tag--blue", t_with("team_queue.due", &[("age", &span(due.since(now)))])),
    };
    Some(view! { <strong class=class>{key}</strong> }.into_any())
}

/// Who has an item.
pub fn owner(item: &QueueEntry) -> String {
    match (&item.owner, &item.covered_by) {
        (Some(owner), Some(cover)) => {
            t_with("team_queue.covered", &[("name", &owner.name), ("cover", &cover.name)])
        }
        (Some(owner), None) => t_with("team_queue.owner", &[("name", &owner.name)]),
        (None, _) => t("team_queue.nobody").into(),
    }
}

fn row(item: QueueEntry) -> AnyView {
    let path = use_location().pathname;
    let query = use_query_map();
    let to = href(&item);
    let here = to.clone();
    let to = move || format!("{to}{}", query.with(|query| query.to_query_string()));
    let waits = item.waiting_since.map(|since| t_with("staff.waits", &[("age", &age(since))]));
    let subject = item.subject.clone().unwrap_or_else(|| t("thread.no_subject").into());
    view! {
        <li class="app-row staff-tick-row">
            <Tick item=item.clone() />
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{item.patient.full_name()}</bdi>
                ": "
                <bdi>{subject}</bdi>
            </a>
            <p class="app-row__meta">
                <bdi>{item.team.clone()}</bdi>
                ", "
                {owner(&item)}
                {waits.map(|waits| format!(", {waits}"))}
            </p>
            <div class="app-row__side">{due(&item)}</div>
        </li>
    }
    .into_any()
}
