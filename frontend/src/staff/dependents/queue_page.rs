//! The list, longest waiting first.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::{Action, Category},
    dependents::{DependentQueueQuery, DependentRequestView},
    live::LiveKind,
    page::Page as Items,
};

use crate::{
    api::ask,
    news::News,
    shared::{
        list::{Empty, Rows, listing, load_rows},
        live::live,
        load::Load,
        page::Page,
    },
    staff::parts::{KeysHint, age, for_role, queue_keys},
    text::{t, t_with, t_word},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The requests that wait.
    pub list: Load<Items<DependentRequestView>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
}

/// The queue without an open item.
pub const ROOT: &str = "/staff/dependents";

/// Where an item of the queue opens.
pub fn href(item: &DependentRequestView) -> String {
    format!("{ROOT}/{}/{}", item.asked_by.id, item.id)
}

/// `/staff/dependents`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::View, Category::Proxies, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let list = load_rows(|| {
        |page| {
            let query = DependentQueueQuery { state: None, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.dependent_queue(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    provide_context(Queue { list, done });
    queue_keys("dependents");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.dependents").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=t("staff.nav.dependents")>
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("board.no_dependents") /> }.into_any(),
                        move || view! { <Rows load=list id="dependents" row=row /> }.into_any(),
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

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}

fn row(item: DependentRequestView) -> AnyView {
    let path = use_location().pathname;
    let to = href(&item);
    let here = to.clone();
    let whom = format!("{} {}", item.given_name, item.family_name);
    let relation = t_word("relationship_to", item.relationship.as_str());
    let overdue = item
        .is_overdue
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--red">{t("dependents.overdue")}</strong> });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{item.asked_by.full_name()}</bdi>
            </a>
            <p class="app-row__meta">{relation} ", " {t_with("staff.waits", &[("age", &age(item.requested_at))])}</p>
            <p class="app-row__text">
                <bdi>{whom}</bdi>
            </p>
            <div class="app-row__side">{overdue}</div>
        </li>
    }
    .into_any()
}
