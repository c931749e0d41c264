//! The list, soonest due first.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::Action,
    live::LiveKind,
    page::{Page as Items, PageQuery},
    petitions::{Petition, PetitionQueueQuery},
};

use super::{Desk, href};
use crate::{
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
    text::{t, t_with},
};

/// The list and what was just done, by context for the open item.
pub struct Queue<D: Desk> {
    /// The requests that wait.
    pub list: Load<Items<D::View>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
}

impl<D: Desk> Clone for Queue<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Desk> Copy for Queue<D> {}

/// `/staff/corrections/amendments`, `/staff/corrections/restrictions`
pub fn page<D: Desk>() -> AnyView {
    for_role(Action::Decide, <D::Of as Petition>::CATEGORY, open::<D>)
}

fn open<D: Desk>() -> AnyView {
    let list = load_rows(|| {
        |page| {
            let page: PageQuery = page;
            D::queue(PetitionQueueQuery { state: None, cursor: page.cursor, limit: page.limit })
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    provide_context(Queue::<D> { list, done });
    queue_keys(D::LIST);
    let show = row::<D>;
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != D::ROOT);
    view! {
        <Page title=D::title().to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=D::title()>
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=D::none() /> }.into_any(),
                        move || view! { <Rows load=list id=D::LIST row=show /> }.into_any(),
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

fn row<D: Desk>(item: D::View) -> AnyView {
    let path = use_location().pathname;
    let to = href::<D>(&item);
    let here = to.clone();
    let (petitioned, name) = (D::petitioned(&item).clone(), D::name(&item));
    let due = intl::format(petitioned.due_at, Style::Date, &Practice::here().zone());
    let overdue = petitioned
        .is_overdue
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--red">{t("refills.overdue")}</strong> });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{petitioned.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">{t_with("proposals.due_at", &[("date", &due)])}</p>
            <p class="app-row__text">
                {D::about(&item)}
                ": "
                <bdi>{name}</bdi>
            </p>
            <div class="app-row__side">{overdue}</div>
        </li>
    }
    .into_any()
}
