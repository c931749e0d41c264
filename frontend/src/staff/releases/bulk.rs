//! Releasing several results at once: what is ticked, one comment for all or none, what was refused by name, and undo.

use leptos::prelude::*;
use portal_domain::{
    ids::{PatientId, ResultId},
    problem::Problem,
    results::{
        BulkRelease, MAX_COMMENT, MOST_RELEASED, Recall, RecallReason, ReleaseOutcome, ReleaseTarget,
        UnreleasedResult,
    },
    text::{Lines, clean},
};
use uuid::Uuid;

use super::queue_page::Queue;
use crate::{
    api::{ApiError, ask},
    shared::{
        dialog::Dialog,
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        live::live,
        problem_view::sentence,
    },
    staff::templates::TemplatePicker,
    text::{t, t_count, t_with},
};

/// A result in one line: whose, and what.
fn name(item: &UnreleasedResult) -> String {
    format!("{}: {}", item.patient.full_name(), item.result.title)
}

/// The box that chooses an item of the list; none on what is held back.
#[component]
pub fn Tick(item: UnreleasedResult) -> impl IntoView {
    if item.waiting.hold.is_some() {
        return ().into_any();
    }
    let ticked = expect_context::<Queue>().ticked;
    let id = item.result.id;
    let label = t_with("bulk.choose", &[("name", &name(&item))]);
    let is_ticked = move || ticked.with(|ticked| ticked.iter().any(|one| one.result.id == id));
    let change = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        ticked.update(|ticked| {
            ticked.retain(|one| one.result.id != id);
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

/// A release that may be undone.
type Undo = (PatientId, ResultId, i64);

/// What is chosen and what can be done with it, above the list.
#[component]
pub fn Bulk() -> impl IntoView {
    let queue = expect_context::<Queue>();
    let (form, asking, comment) = (Form::new(), RwSignal::new(false), RwSignal::new(String::new()));
    let refused = RwSignal::new(Vec::<(String, Problem)>::new());
    let undo = RwSignal::new(Vec::<Undo>::new());
    let can_be_chosen = move || {
        let free = |item: &&UnreleasedResult| item.waiting.hold.is_none();
        queue
            .list
            .read(|list| list.items.iter().filter(free).take(MOST_RELEASED).cloned().collect::<Vec<_>>())
    };
    let count = Memo::new(move |_| i64::try_from(queue.ticked.with(Vec::len)).unwrap_or(i64::MAX));
    let some = Memo::new(move |_| can_be_chosen().is_some_and(|items| !items.is_empty()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = comment.with_untracked(|comment| clean("comment", comment, MAX_COMMENT, Lines::Many));
        let text = match text {
            Ok(text) => text,
            Err(error) => return form.refuse(vec![error]),
        };
        let ticked = queue.ticked.get_untracked();
        let target = |one: &UnreleasedResult| ReleaseTarget {
            patient_id: one.patient.id,
            result_id: one.result.id,
            version: one.waiting.version,
        };
        let asked = BulkRelease {
            results: ticked.iter().map(target).collect(),
            comment: Some(text).filter(|text| !text.is_empty()),
        };
        let key = form.key();
        queue.done.set(String::new());
        queue.released.set(None);
        refused.set(Vec::new());
        undo.set(Vec::new());
        form.send_or(
            async move { ask(async |portal| portal.release_results(&asked, key).await).await },
            move |outcomes: Vec<ReleaseOutcome>| {
                asking.set(false);
                let item = |id: ResultId| ticked.iter().find(|one| one.result.id == id);
                let done: Vec<Undo> = outcomes
                    .iter()
                    .filter_map(|one| Some((item(one.result_id)?.patient.id, one.result_id, one.version?)))
                    .collect();
                let named =
                    outcomes.into_iter().filter_map(|one| Some((name(item(one.result_id)?), one.problem?)));
                refused.set(named.collect());
                queue.ticked.set(Vec::new());
                comment.set(String::new());
                queue.done.set(t_count("release_all.done", i64::try_from(done.len()).unwrap_or(i64::MAX)));
                undo.set(done);
                queue.list.again();
            },
            move |_| queue.list.again(),
        );
    };
    let take_back = move |_| {
        let released = undo.get_untracked();
        let words = Some(t("release_all.undone_words").to_owned());
        let recall = Recall { reason: RecallReason::Other, words };
        form.send_or(
            async move {
                let mut read = 0;
                for (patient, id, version) in released {
                    let key = Uuid::new_v4();
                    let one =
                        ask(async |portal| portal.recall_result(patient, id, version, &recall, key).await);
                    read += i64::from(one.await?.opened_at.is_some());
                }
                Ok(read)
            },
            move |read| {
                undo.set(Vec::new());
                let said = if read == 0 {
                    t("release_all.undone").to_owned()
                } else {
                    t_count("release_all.undone_read", read)
                };
                queue.done.set(said);
                queue.list.again();
            },
            // Some may be taken back by now: the list tells which.
            move |_| {
                undo.set(Vec::new());
                queue.list.again();
            },
        );
    };
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
                <strong>{t_count("bulk.count", count.get())}</strong>
                <button type="button" class="nhsuk-button nhsuk-button--small" on:click=ask>
                    {t("release_all.open")}
                </button>
                {plain(t("bulk.none"), none)}
            </div>
        };
        Some(bar.into_any())
    };
    let question = Signal::derive(move || t_count("release_all.question", count.get()));
    let chosen = move || {
        let line = |item: UnreleasedResult| {
            view! {
                <li>
                    <bdi>{name(&item)}</bdi>
                </li>
            }
            .into_any()
        };
        let items = queue.ticked.get();
        view! { <ul class="nhsuk-list nhsuk-list--bullet">{items.into_iter().map(line).collect_view()}</ul> }
            .into_any()
    };
    view! {
        {live(move || {
            let refused = refused.get();
            (!refused.is_empty()).then(|| view! { <Refused refused /> })
        })}
        {live(move || {
            undo.with(|undo| !undo.is_empty())
                .then(|| view! { <p class="nhsuk-u-margin-bottom-2">{plain(t("release_all.undo"), take_back)}</p> })
        })}
        {live(bar)}
        <Dialog
            open=asking.into()
            id="release-all-title"
            title=question
            close=Callback::new(move |()| asking.set(false))
        >
            <form on:submit=send novalidate>
                <ErrorSummary form />
                {live(chosen)}
                <TextArea
                    form
                    name="all_comment"
                    label=t("release_all.comment")
                    hint=t("release_all.comment_hint")
                    value=comment
                    max=MAX_COMMENT
                />
                <TemplatePicker form text=comment field="all_comment" name="all_template" />
                <div class="app-dialog__actions">
                    <Submit form label=t("release_all.yes").to_string() />
                    {plain(t("action.cancel"), move |_| asking.set(false))}
                </div>
            </form>
        </Dialog>
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

/// What was not released, by name and reason.
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
            <h2 class="nhsuk-heading-s">{t("release_all.refused")}</h2>
            <ul class="nhsuk-list nhsuk-list--bullet">{refused.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
