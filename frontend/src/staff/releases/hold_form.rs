//! What a result waits for, and holding it back (LAB-2). Staff alone see this.

use leptos::prelude::*;
use portal_domain::{
    ids::{PatientId, ResultId},
    problem::Code,
    results::{Hold, HoldReason, HoldView, MAX_HOLD_WORDS, Waiting},
    text::{Lines, clean},
};

use super::{item_page::Opened, queue_page::Queue};
use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Choice, Radios, Select},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        load::Load,
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// Whose turn it is, in a sentence.
#[component]
pub fn Turn(waiting: Waiting) -> impl IntoView {
    let zone = Practice::here().zone();
    let date = |at| intl::format(at, Style::Short, &zone);
    let turn = match (waiting.releases_at, waiting.review_by) {
        (Some(at), _) => t_with("waiting.policy", &[("date", &date(at))]),
        (None, Some(by)) if waiting.overdue => t_with("waiting.overdue_since", &[("date", &date(by))]),
        (None, Some(by)) => t_with("waiting.review_by", &[("date", &date(by))]),
        (None, None) => return ().into_any(),
    };
    let group = waiting.group.map(|group| t_with("waiting.group", &[("name", &group)]));
    view! {
        <p class="app-quiet">
            {turn} " "
            <bdi>{group}</bdi>
        </p>
    }
    .into_any()
}

/// Which result is held or freed, and where that is seen.
#[derive(Clone, Copy)]
pub struct Held {
    /// Whose.
    pub patient: PatientId,
    /// Which.
    pub id: ResultId,
    /// The version that the provider sees.
    pub version: i64,
    /// The result on the page.
    pub load: Load<Opened>,
}

impl Held {
    /// Shows what is true now, and says what was done.
    fn done(self, queue: Queue, said: &'static str) {
        queue.done.set(said.to_owned());
        queue.list.again();
        self.load.again();
    }

    /// Somebody was faster: the provider looks again before deciding.
    fn look_again(self, queue: Queue, error: &ApiError) {
        if matches!(error.code(), Some(Code::StaleVersion | Code::WrongState | Code::AlreadyReleased)) {
            queue.list.again();
            self.load.again();
        }
    }
}

/// Why it is held, and the button that ends that.
#[component]
pub fn HoldInForce(hold: HoldView, by_policy: bool, held: Held) -> impl IntoView {
    let queue = expect_context::<Queue>();
    let zone = Practice::here().zone();
    let form = Form::new();
    let date = |at| intl::format(at, Style::Short, &zone);
    let lift = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Held { patient, id, version, .. }, key) = (held, form.key());
        form.send_or(
            async move { ask(async |portal| portal.lift_hold(patient, id, version, key).await).await },
            move |_| held.done(queue, t("hold.lifted")),
            move |error| held.look_again(queue, &error),
        );
    };
    let by =
        hold.placed_by.map(|name| t_with("hold.by", &[("name", &name), ("date", &date(hold.placed_at))]));
    view! {
        <ErrorSummary form />
        <form class="nhsuk-inset-text" on:submit=lift novalidate>
            <h3 class="nhsuk-heading-s">{t_with("hold.title", &[("date", &date(hold.until))])}</h3>
            <p>{t_word("hold_reason", hold.reason.as_str())}</p>
            {hold.words.map(|words| view! { <p class="app-lines"><bdi>{words}</bdi></p> })}
            <p class="app-quiet">
                <bdi>{by}</bdi>
            </p>
            {by_policy.then(|| view! { <p>{t("hold.then_policy")}</p> })}
            <Submit form label=t("hold.lift").to_string() />
        </form>
    }
    .into_any()
}

/// Why and for how long it is held back; folded until it is wanted.
#[component]
pub fn HoldForm(held: Held) -> impl IntoView {
    let queue = expect_context::<Queue>();
    let form = Form::new();
    let reason = RwSignal::new(HoldReason::DiscussFirst.as_str().to_owned());
    let words = RwSignal::new(String::new());
    let hours = RwSignal::new("72".to_owned());
    let reasons = HoldReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), t_word("hold_reason", reason.as_str())))
        .collect::<Vec<_>>();
    let spans = vec![
        Choice::new("24", t("hold.day")),
        Choice::new("72", t("hold.days3")),
        Choice::new("168", t("hold.week")),
        Choice::new("720", t("hold.month")),
    ];
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = words.with_untracked(|words| clean("words", words, MAX_HOLD_WORDS, Lines::Many));
        let text = match text {
            Ok(text) => text,
            Err(error) => return form.refuse(vec![error]),
        };
        let (Ok(reason), Ok(hours)) = (reason.get_untracked().parse(), hours.get_untracked().parse()) else {
            return;
        };
        let hold = Hold { reason, words: Some(text).filter(|text| !text.is_empty()), hours };
        let (Held { patient, id, version, .. }, key) = (held, form.key());
        form.send_or(
            async move { ask(async |portal| portal.hold_result(patient, id, version, &hold, key).await).await },
            move |_| held.done(queue, t("hold.done")),
            move |error| held.look_again(queue, &error),
        );
    };
    view! {
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("hold.open")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <ErrorSummary form />
                <form on:submit=send novalidate>
                    <Radios form name="reason" legend=t("hold.why") choices=reasons value=reason />
                    <TextArea
                        form
                        name="words"
                        label=t("hold.words")
                        hint=t("hold.words_hint")
                        value=words
                        max=MAX_HOLD_WORDS
                    />
                    <Select form name="hours" label=t("hold.hours") choices=spans value=hours />
                    <Submit form label=t("hold.send").to_string() />
                </form>
            </div>
        </details>
    }
    .into_any()
}
