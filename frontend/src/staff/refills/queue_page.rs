//! The list, longest waiting first.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::{Action, Category},
    live::LiveKind,
    page::Page as Items,
    refills::{ItemState, MedicationRequestView, RefillQueueQuery},
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
    text::{t, t_count, t_with},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The requests that wait.
    pub list: Load<Items<MedicationRequestView>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
}

/// The queue without an open item.
pub const ROOT: &str = "/staff/refills";

/// Where an item of the queue opens.
pub fn href(item: &MedicationRequestView) -> String {
    format!("{ROOT}/{}/{}", item.patient.id, item.id)
}

/// `/staff/refills`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::View, Category::Medications, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let list = load_rows(|| {
        |page| {
            let query = RefillQueueQuery { state: None, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.medication_request_queue(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    provide_context(Queue { list, done });
    queue_keys("refills");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.refills").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=t("staff.nav.refills")>
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("board.no_refills") /> }.into_any(),
                        move || view! { <Rows load=list id="refills" row=row /> }.into_any(),
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

fn row(item: MedicationRequestView) -> AnyView {
    let path = use_location().pathname;
    let to = href(&item);
    let here = to.clone();
    let waiting: Vec<&str> = item
        .items
        .iter()
        .filter(|item| item.state == ItemState::Waiting)
        .map(|item| item.drug.as_str())
        .collect();
    let count = t_count("refills.count", i64::try_from(waiting.len()).unwrap_or(i64::MAX));
    let overdue = item
        .is_overdue
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--red">{t("refills.overdue")}</strong> });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{item.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">{count} ", " {t_with("staff.waits", &[("age", &age(item.requested_at))])}</p>
            <p class="app-row__text">
                <bdi>{waiting.join(", ")}</bdi>
            </p>
            <div class="app-row__side">{overdue}</div>
        </li>
    }
    .into_any()
}
