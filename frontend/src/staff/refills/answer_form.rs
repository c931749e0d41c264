//! The answers to a request, drug by drug. Those left for later wait on.

use leptos::prelude::*;
use portal_domain::{
    chart::PartialTime,
    problem::{Code, FieldError},
    refills::{
        DeclineReason, ItemAnswer, ItemOutcome, ItemState, MAX_NOTE, MedicationView, RefillAnswer,
        RequestItemView,
    },
};

use super::{
    item_page::Seen,
    queue_page::{Queue, ROOT, href},
};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios, Select},
        field::TextArea,
        form::{Form, Submit},
        intl,
        list::Address,
        live::live,
        load::Load,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// The names of a medication's fields, by its place in the request.
struct Names {
    outcome: &'static str,
    reason: &'static str,
    words: &'static str,
}

macro_rules! names {
    ($($place:literal)+) => {
        [$(Names {
            outcome: concat!("items[", $place, "].outcome"),
            reason: concat!("items[", $place, "].reason"),
            words: concat!("items[", $place, "].words"),
        }),+]
    };
}

/// As many as a request may hold.
const NAMES: [Names; 20] = names!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);

/// What is said of one medication.
#[derive(Clone)]
struct Said {
    place: usize,
    item: RequestItemView,
    outcome: RwSignal<String>,
    reason: RwSignal<String>,
    words: RwSignal<String>,
}

impl Said {
    fn nothing((place, item): (usize, RequestItemView)) -> Self {
        let text = || RwSignal::new(String::new());
        Self { place, item, outcome: text(), reason: text(), words: text() }
    }

    /// The answer; none while the medication is left for later.
    fn read(&self) -> Option<ItemAnswer> {
        let outcome = self.outcome.with_untracked(|word| word.parse::<ItemOutcome>().ok())?;
        let declined = outcome == ItemOutcome::Declined;
        let reason = self.reason.with_untracked(|word| word.parse::<DeclineReason>().ok());
        Some(ItemAnswer {
            item: self.item.id,
            outcome,
            reason: reason.filter(|_| declined),
            words: self.words.get_untracked(),
        })
    }
}

/// The whole answer, or what is wrong with it at the fields of the page.
fn read(all: &[Said], message: String) -> Result<RefillAnswer, Vec<FieldError>> {
    let given: Vec<(usize, ItemAnswer)> =
        all.iter().filter_map(|said| Some((said.place, said.read()?))).collect();
    let first = all.first().and_then(|said| NAMES.get(said.place)).map_or("", |names| names.outcome);
    if given.is_empty() {
        return Err(vec![FieldError::new(first, "answer_missing", t("field_error.answer_missing"))]);
    }
    let places: Vec<usize> = given.iter().map(|(place, _)| *place).collect();
    let answer = RefillAnswer { items: given.into_iter().map(|(_, item)| item).collect(), message };
    answer.check(|_| true).map_err(|problem| {
        let at_place = |mut error: FieldError| {
            // The rule counts what was answered, the page counts what was asked for.
            let (index, name) = error.field.strip_prefix("items[")?.split_once("].")?;
            let place = places.get(index.parse::<usize>().ok()?)?;
            error.field = format!("items[{place}].{name}");
            Some(error)
        };
        problem.errors.into_iter().map(|error| at_place(error.clone()).unwrap_or(error)).collect()
    })
}

/// The form below a request.
#[component]
pub fn AnswerForm(
    /// What is answered, as it was seen.
    seen: Seen,
    /// Where it came from, to look again.
    load: Load<Seen>,
    /// Errors and key.
    form: Form,
) -> impl IntoView {
    let (queue, address) = (expect_context::<Queue>(), Address::here());
    let waiting = seen.request.items.iter().cloned().enumerate();
    let waiting = waiting.filter(|(_, item)| item.state == ItemState::Waiting);
    let all: Vec<Said> = waiting.map(Said::nothing).collect();
    let message = RwSignal::new(String::new());
    let (request, given) = (seen.request.clone(), all.clone());
    let name = request.patient.full_name();
    let label = t_with("refills.send", &[("name", &name)]);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let answer = match read(&given, message.get_untracked()) {
            Ok(answer) => answer,
            Err(errors) => return form.refuse(errors),
        };
        let (request, key, whole) = (request.clone(), form.key(), answer.items.len() == given.len());
        let done = t_with("decide.done", &[("name", &request.patient.full_name())]);
        let id = request.id;
        form.send_or(
            async move {
                ask(async |portal| portal.answer_medication_request(&request, &answer, key).await).await
            },
            move |_| {
                queue.done.set(done);
                if whole {
                    let next = untrack(|| queue.list.read(|page| after(&page.items, id))).flatten();
                    address.replace(next.as_deref().unwrap_or(ROOT));
                } else {
                    load.again();
                }
                queue.list.again();
            },
            // The patient took it back or a colleague answered: show how it stands now.
            move |error| {
                if matches!(error.code(), Some(Code::WrongState | Code::StaleVersion)) {
                    load.again();
                    queue.list.again();
                }
            },
        );
    };
    let fields: Vec<_> = all
        .into_iter()
        .filter_map(|said| {
            let medication = seen.medications.iter().find(|one| one.id == said.item.medication_id).cloned();
            let names = NAMES.get(said.place)?;
            Some(view! { <Medication said medication names form /> })
        })
        .collect();
    view! {
        <p class="nhsuk-inset-text">{t("refills.changes_nothing")}</p>
        <form on:submit=send novalidate>
            {fields}
            <TextArea
                form
                name="message"
                label=t("refills.message")
                hint=t("decide.note_hint")
                value=message
                max=MAX_NOTE
                rows=3
            />
            <Submit form label />
        </form>
    }
    .into_any()
}

/// One medication: what the chart says of it now, and the answer.
#[component]
fn Medication(
    said: Said,
    medication: Option<MedicationView>,
    names: &'static Names,
    form: Form,
) -> impl IntoView {
    let choices = vec![
        Choice::new("", t("refills.later")),
        Choice::new("approved", t("refills.approve")),
        Choice::new("declined", t("refills.decline")),
        Choice::new("needs_appointment", t("refills.needs_appointment")),
    ];
    let reasons = || {
        let reason =
            |reason: &DeclineReason| Choice::new(reason.as_str(), t_word("refill_reason", reason.as_str()));
        std::iter::once(Choice::new("", t("refills.choose_reason")))
            .chain(DeclineReason::ALL.iter().map(reason))
            .collect::<Vec<_>>()
    };
    let (outcome, reason, words) = (said.outcome, said.reason, said.words);
    let declined = Memo::new(move |_| outcome.with(|word| word == "declined"));
    let answered = Memo::new(move |_| outcome.with(|word| !word.is_empty()));
    view! {
        <section class="app-box nhsuk-u-margin-bottom-4" aria-labelledby=format!("drug-{}", said.place)>
            <div class="app-cluster nhsuk-u-margin-bottom-2">
                <h3 class="nhsuk-heading-s" id=format!("drug-{}", said.place)>
                    <bdi>{said.item.drug.clone()}</bdi>
                </h3>
                <strong class="nhsuk-tag nhsuk-tag--blue">{t_word("refill_kind", said.item.kind.as_str())}</strong>
            </div>
            {medication.map_or_else(|| view! { <p>{t("refills.gone")}</p> }.into_any(), |medication| chart(&medication))}
            <Radios form name=names.outcome legend=t("decide.legend") choices value=outcome />
            {live(move || {
                declined
                    .get()
                    .then(|| {
                        view! {
                            <Select form name=names.reason label=t("decide.reason") choices=reasons() value=reason />
                        }
                    })
            })}
            {live(move || {
                answered
                    .get()
                    .then(|| {
                        view! {
                            <TextArea
                                form
                                name=names.words
                                label=t("refills.words")
                                hint=t("decide.note_hint")
                                value=words
                                max=MAX_NOTE
                                rows=2
                            />
                        }
                    })
            })}
        </section>
    }
    .into_any()
}

fn chart(medication: &MedicationView) -> AnyView {
    let day = |at: PartialTime| at.date().map_or_else(|| at.to_string(), intl::date);
    let until = medication.valid_until.map(|until| match medication.is_expired {
        true => t_with("refills.expired", &[("date", &intl::date(until))]),
        false => intl::date(until),
    });
    summary(vec![
        Fact::text(t("refills.status"), medication.status_text.clone()),
        Fact::text(t("refills.directions"), medication.directions.clone()),
        Fact::maybe(t("refills.prescriber"), medication.prescriber.clone()),
        Fact::maybe(t("refills.prescribed"), medication.prescribed.map(day)),
        Fact::maybe(t("refills.last_filled"), medication.last_filled.map(day)),
        Fact::maybe(t("refills.refills_left"), medication.refills_left.map(|left| left.to_string())),
        Fact::maybe(t("refills.valid_until"), until),
    ])
}

/// The item after `id` in the list, else the one before.
fn after(
    items: &[portal_domain::refills::MedicationRequestView],
    id: portal_domain::ids::MedicationRequestId,
) -> Option<String> {
    let at = items.iter().position(|item| item.id == id)?;
    items.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| items.get(before))).map(href)
}
