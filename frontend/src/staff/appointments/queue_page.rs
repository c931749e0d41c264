//! The list, longest waiting first; state and location stand in the address.

use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_query_map},
};
use portal_domain::{
    access::{Action, Category},
    appointments::{AppointmentView, QueueQuery, State},
    live::LiveKind,
    page::Page as Items,
};

use crate::{
    api::ask,
    news::News,
    shared::{
        appointment::{preferred, when},
        choice::{Choice, Select},
        form::Form,
        list::{Address, Empty, Rows, listing, load_rows},
        live::{follow, live},
        load::Load,
        page::Page,
        practice::Practice,
    },
    staff::parts::{KeysHint, age, for_role, queue_keys},
    text::{t, t_with, t_word},
};

/// The list and what was just done, by context for the open item.
#[derive(Clone, Copy)]
pub struct Queue {
    /// The requests shown.
    pub list: Load<Items<AppointmentView>>,
    /// What was just done, in words.
    pub done: RwSignal<String>,
}

/// The queue without an open item.
pub const ROOT: &str = "/staff/queue/appointments";
/// What can be filtered for.
const STATES: [State; 5] =
    [State::Requested, State::Proposed, State::Confirmed, State::Denied, State::Recalled];

/// Where an item of the queue opens, without the filters.
pub fn href(item: &AppointmentView) -> String {
    format!("{ROOT}/{}/{}", item.patient.id, item.id)
}

/// `/staff/queue/appointments?state=&location=`
#[component]
pub fn QueuePage() -> AnyView {
    for_role(Action::View, Category::Appointments, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let state = Memo::new(move |_| address.get("state").parse::<State>().unwrap_or(State::Requested));
    let location = Memo::new(move |_| address.get("location"));
    let list = load_rows(move || {
        let (state, location_id) = (Some(state.get()), location.get().parse().ok());
        move |page| {
            let query = QueueQuery { state, location_id, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.appointment_queue(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    let done = RwSignal::new(String::new());
    provide_context(Queue { list, done });
    queue_keys("requests");
    let path = use_location().pathname;
    let open = Memo::new(move |_| path.get() != ROOT);
    view! {
        <Page title=t("staff.nav.appointments").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            <div class=move || if open.get() { "staff-split staff-split--open" } else { "staff-split" }>
                <section class="staff-split__list" aria-label=t("staff.nav.appointments")>
                    <Filters />
                    <KeysHint />
                    {listing(
                        list,
                        t("what.queue"),
                        move || view! { <Empty text=t("queue.none") /> }.into_any(),
                        move || view! { <Rows load=list id="requests" row=row /> }.into_any(),
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
fn Filters() -> impl IntoView {
    let address = Address::here();
    let practice = Practice::here();
    let form = Form::new();
    let or_default = |text: String| if text.is_empty() { State::Requested.as_str().into() } else { text };
    let state = RwSignal::new(or_default(untrack(|| address.get("state"))));
    let location = RwSignal::new(untrack(|| address.get("location")));
    follow(move |first| {
        let (state, location) = (state.get(), location.get());
        if !first {
            address.set(&[("state", &state), ("location", &location), ("show", "")]);
        }
    });
    let states =
        STATES.iter().map(|state| Choice::new(state.as_str(), t_word("appointment_state", state.as_str())));
    let states: Vec<Choice> = states.collect();
    let locations = move || {
        let all = practice.0.read(|practice| practice.locations.clone()).unwrap_or_default();
        let all = all.into_iter().map(|location| Choice::new(location.id.to_string(), location.name));
        let choices =
            std::iter::once(Choice::new("", t("queue.every_location"))).chain(all).collect::<Vec<_>>();
        view! { <Select form name="location" label=t("appointment.where") choices value=location /> }
            .into_any()
    };
    view! {
        <div class="staff-toolbar staff-dense">
            <Select form name="state" label=t("queue.state") choices=states value=state />
            {locations}
        </div>
    }
    .into_any()
}

/// Beside the list while no item is open.
#[component]
pub fn NothingOpen() -> AnyView {
    view! { <p class="app-quiet">{t("queue.choose")}</p> }.into_any()
}

fn row(item: AppointmentView) -> AnyView {
    let path = use_location().pathname;
    let query = use_query_map();
    let to = href(&item);
    let here = to.clone();
    let to = move || format!("{to}{}", query.with(|query| query.to_query_string()));
    let wanted = match item.preferred.first().copied() {
        _ if item.starts_at.is_some() => when(&item).unwrap_or_default(),
        Some(first) => preferred(first),
        None => t("appointment.any_time").into(),
    };
    view! {
        <li class="app-row">
            <a class="app-row__link" href=to aria-current=move || (path.get() == here).then_some("true")>
                <bdi>{item.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">
                {t_word("reason", item.reason.as_str())} ", " <bdi>{item.location.name.clone()}</bdi> ", "
                {t_with("staff.waits", &[("age", &age(item.requested_at))])}
            </p>
            <p class="app-row__text">{wanted}</p>
        </li>
    }
    .into_any()
}
