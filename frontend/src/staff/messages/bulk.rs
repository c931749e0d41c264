//! Closing several conversations at once: what is ticked, the question before, and what was refused, by name.

use leptos::prelude::*;
use portal_domain::{
    messages::{BulkOutcome, Closing, QueueEntry, Selected, ThreadState},
    problem::Problem,
};

use super::queue_page::Queue;
use crate::{
    api::{ApiError, ask},
    shared::{
        dialog::Confirm,
        form::{ErrorSummary, Form},
        live::live,
        problem_view::sentence,
    },
    text::{t, t_count, t_with},
};

/// Most conversations that are closed at once, as the server has it.
const MOST: usize = 100;

/// A conversation in one line: whose, and about what.
fn name(item: &QueueEntry) -> String {
    let subject = item.subject.clone().unwrap_or_else(|| t("thread.no_subject").into());
    format!("{}: {subject}", item.patient.full_name())
}

/// The box that chooses an item of the list; none on what is closed already.
#[component]
pub fn Tick(item: QueueEntry) -> impl IntoView {
    if item.state == ThreadState::Closed {
        return ().into_any();
    }
    let ticked = expect_context::<Queue>().ticked;
    let id = item.thread_id;
    let label = t_with("bulk.choose", &[("name", &name(&item))]);
    let is_ticked = move || ticked.with(|ticked| ticked.iter().any(|one| one.thread_id == id));
    let change = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        ticked.update(|ticked| {
            ticked.retain(|one| one.thread_id != id);
            if on {
                ticked.push(item.clone());
            }
        });
    };
    view! {
        <span class="staff-tick">
            <input
                class="staff-tick__box"
                type="checkbox"
                aria-label=label
                prop:checked=is_ticked
                on:change=change
            />
        </span>
    }
    .into_any()
}

/// What is chosen and what can be done with it, above the list.
#[component]
pub fn Bulk() -> impl IntoView {
    let queue = expect_context::<Queue>();
    let (form, asking) = (Form::new(), RwSignal::new(false));
    let refused = RwSignal::new(Vec::<(String, Problem)>::new());
    let can_be_chosen = move || {
        let open = |item: &&QueueEntry| item.state == ThreadState::Open;
        queue.list.read(|list| list.items.iter().filter(open).take(MOST).cloned().collect::<Vec<_>>())
    };
    let count = Memo::new(move |_| queue.ticked.with(Vec::len));
    let some = Memo::new(move |_| can_be_chosen().is_some_and(|items| !items.is_empty()));
    let close = Callback::new(move |()| {
        let ticked = queue.ticked.get_untracked();
        let threads = ticked.iter().map(|one| Selected { thread_id: one.thread_id, version: one.version });
        let closing = Closing { threads: threads.collect() };
        queue.done.set(String::new());
        refused.set(Vec::new());
        form.send_or(
            async move { ask(async |portal| portal.close_threads(&closing).await).await },
            move |outcomes: Vec<BulkOutcome>| {
                let closed = outcomes.iter().filter(|outcome| outcome.problem.is_none()).count();
                let named = outcomes.into_iter().filter_map(|outcome| {
                    let item = ticked.iter().find(|one| one.thread_id == outcome.thread_id)?;
                    Some((name(item), outcome.problem?))
                });
                refused.set(named.collect());
                queue.ticked.set(Vec::new());
                queue.done.set(t_count("bulk.closed", i64::try_from(closed).unwrap_or(i64::MAX)));
                queue.again();
            },
            move |_| queue.again(),
        );
    });
    let bar = move || {
        if count.get() == 0 {
            return some.get().then(|| {
                let all = move |_| queue.ticked.set(untrack(can_be_chosen).unwrap_or_default());
                view! { <p class="nhsuk-u-margin-bottom-2">{plain(t("bulk.all"), all)}</p> }.into_any()
            });
        }
        let (ask, none) = (move |_| asking.set(true), move |_| queue.ticked.set(Vec::new()));
        let bar = view! {
            <div class="app-cluster staff-bulk">
                <strong>{t_count("bulk.count", i64::try_from(count.get()).unwrap_or(i64::MAX))}</strong>
                <button type="button" class="nhsuk-button nhsuk-button--small" on:click=ask>
                    {t("bulk.close")}
                </button>
                {plain(t("bulk.none"), none)}
            </div>
        };
        Some(bar.into_any())
    };
    let question =
        Signal::derive(move || t_count("bulk.question", i64::try_from(count.get()).unwrap_or(i64::MAX)));
    view! {
        <ErrorSummary form />
        {live(move || {
            let refused = refused.get();
            (!refused.is_empty()).then(|| view! { <Refused refused /> })
        })}
        {live(bar)}
        <Confirm open=asking id="bulk-title" title=question text=t("bulk.text").to_string() yes=t("bulk.yes") act=close />
    }
    .into_any()
}

fn plain(label: &'static str, press: impl Fn(leptos::ev::MouseEvent) + 'static) -> AnyView {
    view! {
        <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=press>
            {label}
        </button>
    }
    .into_any()
}

/// What was not done, by name and reason.
#[component]
fn Refused(refused: Vec<(String, Problem)>) -> impl IntoView {
    let line = |(name, problem): (String, Problem)| {
        let why = sentence(&ApiError::Problem(Box::new(problem)));
        view! {
            <li>
                <strong>
                    <bdi>{name}</bdi>
                </strong>
                ". "
                {why}
            </li>
        }
        .into_any()
    };
    view! {
        <section class="nhsuk-inset-text" role="alert">
            <h2 class="nhsuk-heading-s">{t("bulk.refused")}</h2>
            <ul class="nhsuk-list nhsuk-list--bullet">{refused.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
