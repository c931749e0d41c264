//! The list, soonest due first.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::{Action, Category},
    amendments::{AmendmentQueueQuery, AmendmentView},
    live::LiveKind,
    page::Page as Items,
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
    },
    staff::parts::{KeysHint, for_role, queue_keys},
    text::{t, t_with, t_word},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The requests that wait.
    pub list: Load<Items<AmendmentView>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
}

/// The queue without an open item.
pub const ROOT: &str = "/staff/corrections/amendments";

/// Where an item of the queue opens.
pub fn href(item: &AmendmentView) -> String {
    format!("{ROOT}/{}/{}", item.patient.id, item.id)
}

/// `/staff/corrections/amendments`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::View, Category::Amendments, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let list = load_rows(|| {
        |page| {
            let query = AmendmentQueueQuery { state: None, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.amendment_queue(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    provide_context(Queue { list, done });
    queue_keys("amendments");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.amendments").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=t("staff.nav.amendments")>
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("board.no_amendments") /> }.into_any(),
                        move || view! { <Rows load=list id="amendments" row=row /> }.into_any(),
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

fn row(item: AmendmentView) -> AnyView {
    let path = use_location().pathname;
    let to = href(&item);
    let here = to.clone();
    let due = intl::format(item.due_at, Style::Date, &Practice::here().zone());
    let overdue = item
        .is_overdue
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--red">{t("refills.overdue")}</strong> });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{item.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">{t_with("proposals.due_at", &[("date", &due)])}</p>
            <p class="app-row__text">
                {t_word("record_section", item.section.as_str())}
                ": "
                <bdi>{item.entry}</bdi>
            </p>
            <div class="app-row__side">{overdue}</div>
        </li>
    }
    .into_any()
}
