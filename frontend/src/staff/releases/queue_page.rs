//! The list, longest waiting first.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ResultId},
    live::LiveKind,
    page::Page as Items,
    results::UnreleasedResult,
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
        result::FlagWords,
    },
    staff::parts::{KeysHint, for_role, queue_keys},
    text::{t, t_with},
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
    let list =
        load_rows(|| |page| async move { ask(async |portal| portal.unreleased_results(&page).await).await });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    let released = RwSignal::new(None::<String>);
    provide_context(Queue { list, done, released });
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
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("board.no_releases") /> }.into_any(),
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

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}

fn row(item: UnreleasedResult) -> AnyView {
    let path = use_location().pathname;
    let to = href(&item);
    let here = to.clone();
    let reported = intl::format(item.result.reported_at, Style::ShortDate, &Practice::here().zone());
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                {item.result.title.clone()}
            </a>
            <p class="app-row__meta">
                <bdi>{item.patient.full_name()}</bdi>
                ", "
                {t_with("staff.reported", &[("date", &reported)])}
            </p>
            <div class="app-row__side">
                <FlagWords flag=item.result.flag />
            </div>
        </li>
    }
    .into_any()
}
