//! The answers given so far. They live in this page's memory only: no health data in any storage of the browser.

use leptos::prelude::*;
use portal_domain::{
    appointments::{DayPart, MAX_PREFERRED, NewRequest, Preferred, Reason},
    ids::{LocationId, ProviderId},
    practice::{LocationView, PracticeView, ProviderView},
    problem::FieldError,
};

use crate::{
    acting::link,
    api::ask,
    kept::keep,
    shared::{
        date_field::DateText,
        form::Form,
        list::Address,
        live::follow,
        load::{Load, load},
        page::Back,
        practice::Practice,
    },
    text::t,
};

/// The questions, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Step {
    /// Which location.
    Where,
    /// With whom.
    Who,
    /// What about.
    Why,
    /// When it would suit.
    When,
    /// Is all of this right.
    Check,
}

const STEPS: [Step; 5] = [Step::Where, Step::Who, Step::Why, Step::When, Step::Check];

impl Step {
    /// The page's address.
    pub fn href(self) -> &'static str {
        match self {
            Self::Where => "/appointments/request/where",
            Self::Who => "/appointments/request/who",
            Self::Why => "/appointments/request/why",
            Self::When => "/appointments/request/when",
            Self::Check => "/appointments/request/check",
        }
    }

    /// The way back.
    pub fn back(self) -> Back {
        let before = STEPS.iter().rev().find(|step| **step < self);
        let href = before.map_or("/appointments", |step| step.href());
        Back { href: link(href), label: t("request.back") }
    }

    /// `Question 2 of 5`.
    pub fn caption(self) -> String {
        let number = STEPS.iter().position(|step| *step == self).unwrap_or(0) + 1;
        crate::text::t_with(
            "request.step",
            &[("number", &number.to_string()), ("count", &STEPS.len().to_string())],
        )
    }
}

/// One time that would suit, as typed.
#[derive(Clone, Copy)]
pub struct TimeText {
    /// The day.
    pub date: DateText,
    /// The part of the day, as its word.
    pub part: RwSignal<String>,
}

/// The answers, by context of the flow.
#[derive(Clone, Copy)]
pub struct Draft {
    /// A location's id.
    pub location: RwSignal<String>,
    /// A provider's id, or `any`.
    pub provider: RwSignal<String>,
    /// A reason's word.
    pub reason: RwSignal<String>,
    /// Anything else.
    pub note: RwSignal<String>,
    /// `any`, or `these` with the times below.
    pub whenever: RwSignal<String>,
    /// The times.
    pub times: StoredValue<[TimeText; MAX_PREFERRED]>,
    /// How many of the times are shown.
    pub shown: RwSignal<usize>,
    /// The sending: its key outlives going back and forth.
    pub form: Form,
    /// Whom one can ask for.
    pub providers: Load<Vec<ProviderView>>,
}

impl Draft {
    /// No answers yet.
    pub fn new() -> Self {
        // A session that runs out ends the flow; its answers come back with the person (SEC-3).
        let text = |name: &str, first: &str| {
            let text = RwSignal::new(first.to_string());
            keep(format!("request {name}"), text);
            text
        };
        let time = |number: usize| {
            let text = |part: &str, first: &str| text(&format!("{number} {part}"), first);
            let date = DateText { month: text("month", ""), day: text("day", ""), year: text("year", "") };
            TimeText { date, part: text("part", DayPart::Any.as_str()) }
        };
        let times = [time(1), time(2), time(3)];
        let typed =
            times.iter().rposition(|time| !untrack(|| time.date.is_empty())).map_or(1, |last| last + 1);
        Self {
            location: text("location", ""),
            provider: text("provider", ""),
            reason: text("reason", ""),
            note: text("note", ""),
            whenever: text("whenever", ""),
            times: StoredValue::new(times),
            shown: RwSignal::new(typed),
            form: Form::new(),
            providers: load(|| ask(async |portal| portal.providers().await)),
        }
    }

    /// The draft that the flow provides.
    pub fn here() -> Self {
        expect_context()
    }

    /// The chosen location.
    pub fn chosen_location(self, practice: &PracticeView) -> Option<LocationView> {
        let chosen = self.location.get().parse::<LocationId>().ok()?;
        practice.locations.iter().find(|location| location.id == chosen).cloned()
    }

    /// The chosen provider's name; none for the first available.
    pub fn chosen_provider(self) -> Option<ProviderView> {
        let chosen = self.provider.get().parse::<ProviderId>().ok()?;
        self.providers
            .read(|providers| providers.iter().find(|provider| provider.id == chosen).cloned())
            .flatten()
    }

    /// The zone of the chosen location.
    pub fn zone(self) -> String {
        let zone =
            |practice: &PracticeView| self.chosen_location(practice).map(|location| location.time_zone);
        Practice::here().0.read(zone).flatten().unwrap_or_default()
    }

    /// The times that would suit, or what is wrong with them.
    pub fn preferred(self) -> Result<Vec<Preferred>, Vec<FieldError>> {
        if self.whenever.get() != "these" {
            return Ok(Vec::new());
        }
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        let times = self.times.get_value();
        for (index, time) in times.iter().take(self.shown.get()).enumerate() {
            // The first must be given; the others may stay empty.
            if index > 0 && time.date.is_empty() {
                continue;
            }
            match time.date.parse(field_of(index)) {
                Ok(date) => {
                    found.push(Preferred { date, part: time.part.get().parse().unwrap_or(DayPart::Any) })
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(found) } else { Err(errors) }
    }

    /// The request, once every question has its answer.
    pub fn request(self) -> Option<NewRequest> {
        Some(NewRequest {
            location_id: self.location.get().parse().ok()?,
            provider_id: self.provider.get().parse().ok(),
            reason: self.reason.get().parse::<Reason>().ok()?,
            preferred: self.preferred().ok()?,
            note: self.note.get(),
        })
    }

    fn answered(self, step: Step) -> bool {
        match step {
            Step::Where => !self.location.get().is_empty(),
            Step::Who => !self.provider.get().is_empty(),
            Step::Why => !self.reason.get().is_empty(),
            Step::When => !self.whenever.get().is_empty(),
            Step::Check => true,
        }
    }

    /// Leads to the first question that `step` leaves unanswered behind it: after a reload the answers are gone.
    pub fn require_answers_before(self, step: Step) {
        let address = Address::here();
        let missing =
            untrack(|| STEPS.into_iter().find(|earlier| *earlier < step && !self.answered(*earlier)));
        if let Some(missing) = missing {
            follow(move |_| address.replace(missing.href()));
        }
    }

    /// Goes on after an answer: to the next question, or back to the check where all is answered already.
    pub fn after(self, step: Step, address: Address) {
        let changing = !untrack(|| address.get("change")).is_empty();
        let next = STEPS.into_iter().find(|later| *later > step).unwrap_or(Step::Check);
        let all = untrack(|| STEPS.into_iter().all(|step| self.answered(step)));
        address.go(if changing && all { Step::Check.href() } else { next.href() });
    }
}

/// The field of a time in the request.
pub fn field_of(index: usize) -> &'static str {
    ["preferred[0].date", "preferred[1].date", "preferred[2].date"][index.min(MAX_PREFERRED - 1)]
}
