//! Data that a page asks for, and the page while it waits.
//!
//! A page says what to fetch; signals read while saying so make it fetch again. Late answers of an earlier fetch are
//! dropped, and an answer for a page that is gone is ignored. This takes the place of Leptos resources: a fraction of
//! the code for each type, the old rows stay while new ones load without a Suspense round them, and another id never
//! shows the old one's data.

use std::{future::Future, time::Duration};

use leptos::prelude::*;

use super::{
    live::{Work, follow, go_on, live},
    problem_view::ProblemView,
};
use crate::{
    api::ApiError,
    text::{t, t_with},
};

/// What was asked for, as far as it is known.
pub struct Load<T: Send + Sync + 'static> {
    answer: RwSignal<Option<Result<T, ApiError>>>,
    loading: RwSignal<bool>,
    again: RwSignal<u32>,
    /// Whether the next answer is only taken when it is good.
    quiet: StoredValue<bool>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

/// Fetches now and whenever a signal that `fetch` reads changes; what is shown goes away meanwhile.
pub fn load<T, Asked>(fetch: impl Fn() -> Asked + 'static) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
    Asked: Future<Output = Result<T, ApiError>> + 'static,
{
    begin(fetch, false)
}

/// [`load`] that keeps showing the old answer meanwhile: for filters and "Show more".
pub fn load_keeping<T, Asked>(fetch: impl Fn() -> Asked + 'static) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
    Asked: Future<Output = Result<T, ApiError>> + 'static,
{
    begin(fetch, true)
}

fn begin<T, Asked>(fetch: impl Fn() -> Asked + 'static, keep: bool) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
    Asked: Future<Output = Result<T, ApiError>> + 'static,
{
    begin_boxed(Box::new(move || Box::pin(fetch())), keep)
}

fn begin_boxed<T>(fetch: Box<dyn Fn() -> Work<Result<T, ApiError>>>, keep: bool) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
{
    let load = Load {
        answer: RwSignal::new(None),
        loading: RwSignal::new(true),
        again: RwSignal::new(0),
        quiet: StoredValue::new(false),
    };
    let turn = StoredValue::new(0u32);
    let seen = StoredValue::new(0u32);
    follow(move |first| {
        let again = load.again.get();
        let asked = fetch();
        let mine = turn.get_value() + 1;
        turn.set_value(mine);
        load.loading.set(true);
        if !keep && !first && seen.get_value() == again {
            load.answer.set(None);
        }
        seen.set_value(again);
        let quiet = load.quiet.get_value();
        load.quiet.set_value(false);
        go_on(async move {
            let answer = asked.await;
            if turn.try_get_value() == Some(mine) {
                load.loading.try_set(false);
                let stays =
                    quiet && answer.is_err() && load.answer.with_untracked(|old| matches!(old, Some(Ok(_))));
                if !stays {
                    load.answer.try_set(Some(answer));
                }
            }
        });
    });
    load
}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// Fetches again; what is shown stays until the answer is there.
    pub fn again(self) {
        self.again.try_update(|again| *again += 1);
    }

    /// Fetches again because something may be new. When that fails, what is shown stays: nobody asked for it.
    pub fn refresh(self) {
        self.quiet.set_value(true);
        self.again();
    }

    /// What came, if it came and was no error.
    pub fn get(self) -> Option<T> {
        self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().ok()).cloned())
    }

    /// Something of what came.
    pub fn read<U>(self, what: impl FnOnce(&T) -> U) -> Option<U> {
        self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().ok()).map(what))
    }

    /// Whether an answer came, good or bad.
    pub fn settled(self) -> bool {
        self.answer.with(Option::is_some)
    }

    /// Whether an answer is under way.
    pub fn loading(self) -> bool {
        self.loading.get()
    }

    /// Puts what the server just answered to a write in the place of what was fetched.
    pub fn put(self, value: T) {
        self.answer.try_set(Some(Ok(value)));
    }
}

/// Shows what came, anew for each answer. Until then nothing, then a skeleton; on failure what failed and a way on.
/// `what` names the thing in the middle of a sentence: "your results".
pub fn loaded<T: Clone + Send + Sync + 'static>(
    load: Load<T>,
    what: &'static str,
    show: impl Fn(T) -> AnyView + Send + 'static,
) -> AnyView {
    let show: Box<dyn Fn(T) -> AnyView + Send> = Box::new(show);
    let retry = Callback::new(move |()| load.again());
    live(move || match load.answer.get() {
        None => waiting(what, retry),
        Some(Ok(value)) => show(value),
        Some(Err(error)) => failed(error, what, retry),
    })
}

fn waiting(what: &'static str, retry: Callback<()>) -> AnyView {
    view! { <Waiting what retry /> }.into_any()
}

fn failed(error: ApiError, what: &'static str, retry: Callback<()>) -> AnyView {
    view! { <ProblemView error what retry /> }.into_any()
}

/// [`loaded`] that builds the page once and lets it follow the answers: for lists, whose rows keep focus.
pub fn loaded_once<T: Clone + Send + Sync + 'static>(
    load: Load<T>,
    what: &'static str,
    show: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let show: Box<dyn Fn() -> AnyView + Send> = Box::new(show);
    let retry = Callback::new(move |()| load.again());
    let phase = Memo::new(move |_| {
        load.answer.with(|answer| answer.as_ref().map(|answer| answer.as_ref().err().cloned()))
    });
    live(move || match phase.get() {
        None => waiting(what, retry),
        Some(None) => show(),
        Some(Some(error)) => failed(error, what, retry),
    })
}

/// Nothing for 150 ms, then skeleton rows with a polite word, and after 8 s a way to try again.
#[component]
pub fn Waiting(
    /// What is loaded.
    what: &'static str,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let stage = RwSignal::new(0u8);
    for (milliseconds, next) in [(150, 1), (8_000, 2)] {
        let timer = set_timeout_with_handle(
            move || {
                stage.try_set(next);
            },
            Duration::from_millis(milliseconds),
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    }
    let rows = live(move || {
        (stage.get() > 0).then(|| {
            view! {
                <div class="app-skeleton" aria-hidden="true">
                    <span class="app-skeleton__line"></span>
                    <span class="app-skeleton__line"></span>
                    <span class="app-skeleton__line"></span>
                </div>
            }
        })
    });
    view! {
        <div role="status">
            <span class="nhsuk-u-visually-hidden">
                {live(move || (stage.get() == 1).then(|| t_with("loading.what", &[("what", what)])))}
            </span>
            {live(move || (stage.get() == 2).then(|| view! { <p>{t("loading.long")}</p> }))}
        </div>
        {rows}
        {live(move || {
            (stage.get() == 2)
                .then(|| {
                    view! {
                        <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| {
                            stage.set(1);
                            retry.run(());
                        }>{t("action.try_again")}</button>
                    }
                })
        })}
    }
    .into_any()
}
