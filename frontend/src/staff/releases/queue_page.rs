//! The list, longest waiting first.

use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_query_map},
};
use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ResultId},
    live::LiveKind,
    page::Page as Items,
    results::{ReleaseQueueQuery, UnreleasedResult, WaitingShown},
};

use super::bulk::{Bulk, Tick};
use crate::{
    api::ask,
    news::News,
    shared::{
        choice::{Choice, Select},
        form::Form,
        intl::{self, Style},
        list::{Address, Empty, Rows, listing, load_rows},
        live::{follow, live},
        load::Load,
        page::Page,
        practice::Practice,
        result::FlagWords,
    },
    staff::parts::{KeysHint, for_role, queue_keys},
    text::{t, t_with, t_word},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The results that wait.
    pub list: Load<Items<UnreleasedResult>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
    /// Where the result that was just released is open; a mistake is noticed then.
    pub released: RwSignal<Option<String>>,
    /// What is chosen to be released together.
    pub ticked: RwSignal<Vec<UnreleasedResult>>,
}

const ROOT: &str = "/staff/queue/releases";

/// Where an item of the queue opens.
pub fn href(item: &UnreleasedResult) -> String {
    place(item.patient.id, item.result.id)
}

/// Where a result opens in the queue, released or not.
pub fn place(patient: PatientId, id: ResultId) -> String {
    format!("{ROOT}/{patient}/{id}")
}

/// `/staff/queue/releases`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::Release, Category::Results, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let part = Memo::new(move |_| address.get("part"));
    let list = load_rows(move || {
        let show = part.get().parse::<WaitingShown>().ok();
        move |page| {
            let query = ReleaseQueueQuery { show, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.unreleased_results(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    let released = RwSignal::new(None::<String>);
    let ticked = RwSignal::new(Vec::new());
    provide_context(Queue { list, done, released, ticked });
    // What is not shown any more is not released unseen.
    follow(move |first| {
        part.track();
        if !first {
            ticked.set(Vec::new());
        }
    });
    queue_keys("releases");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.releases").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            {live(move || {
                released.get().map(|href| view! { <p><a href=href>{t("take_back.open")}</a></p> })
            })}
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=t("staff.nav.releases")>
                    <Part part />
                    <Bulk />
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || {
                            let all = untrack(|| part.with(String::is_empty));
                            view! { <Empty text=if all { t("board.no_releases") } else { t("waiting.none") } /> }.into_any()
                        },
                        move || view! { <Rows load=list id="releases" row=row /> }.into_any(),
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

/// Which part of the queue is shown.
#[component]
fn Part(part: Memo<String>) -> impl IntoView {
    let (address, form) = (Address::here(), Form::new());
    let chosen = RwSignal::new(untrack(|| part.get()));
    follow(move |first| {
        let chosen = chosen.get();
        if !first && untrack(|| part.get()) != chosen {
            address.set(&[("part", &chosen), ("show", "")]);
        }
    });
    // A link may lead to the same page with another part.
    follow(move |first| {
        let now = part.get();
        if !first && untrack(|| chosen.with(|chosen| *chosen != now)) {
            chosen.set(now);
        }
    });
    let each = WaitingShown::ALL
        .iter()
        .map(|part| Choice::new(part.as_str(), t_word("waiting_shown", part.as_str())));
    let choices = std::iter::once(Choice::new("", t("waiting.all"))).chain(each).collect::<Vec<_>>();
    view! {
        <div class="staff-toolbar staff-dense">
            <Select form name="part" label=t("waiting.show") choices value=chosen />
        </div>
    }
    .into_any()
}

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}

fn row(item: UnreleasedResult) -> AnyView {
    let path = use_location().pathname;
    let query = use_query_map();
    let to = href(&item);
    let here = to.clone();
    let to = move || format!("{to}{}", query.with(|query| query.to_query_string()));
    let zone = Practice::here().zone();
    let date = |at| intl::format(at, Style::ShortDate, &zone);
    let reported = date(item.result.reported_at);
    let waiting = &item.waiting;
    let tag = match (&waiting.hold, waiting.releases_at) {
        (Some(hold), _) => {
            Some(("nhsuk-tag nhsuk-tag--yellow", t_with("waiting.held", &[("date", &date(hold.until))])))
        }
        (None, Some(at)) => {
            Some(("nhsuk-tag nhsuk-tag--blue", t_with("waiting.policy_tag", &[("date", &date(at))])))
        }
        (None, None) => {
            waiting.overdue.then(|| ("nhsuk-tag nhsuk-tag--red", t("waiting.overdue").to_owned()))
        }
    };
    view! {
        <li class="app-row staff-tick-row">
            <Tick item=item.clone() />
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                {item.result.title.clone()}
            </a>
            <p class="app-row__meta">
                <bdi>{item.patient.full_name()}</bdi>
                ", "
                {t_with("staff.reported", &[("date", &reported)])}
            </p>
            <div class="app-row__side">
                {tag.map(|(class, words)| view! { <strong class=class>{words}</strong> })}
                <FlagWords flag=item.result.flag />
            </div>
        </li>
    }
    .into_any()
}
