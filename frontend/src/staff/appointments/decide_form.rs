//! The decision about a request: book it, offer another time, or say no with a reason.

use leptos::prelude::*;
use portal_domain::{
    appointments::{AppointmentView, MAX_NOTE, Move, Refusal, State},
    page::Page,
    practice::ProviderView,
    problem::{Code, FieldError},
};

use super::{
    booking::BookingText,
    queue_page::{Queue, ROOT, href},
};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios, Select},
        field::{Kind, TextArea, TextField},
        form::{Form, Submit},
        list::Address,
        live::live,
        load::{Load, load},
    },
    text::{t, t_with},
};

/// What front desk can decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// Book the time.
    Approve,
    /// Offer the time.
    Propose,
    /// Say no.
    Deny,
    /// Cancel what is booked.
    Cancel,
}

const DECISIONS: [(Decision, Move, &str); 4] = [
    (Decision::Approve, Move::Approve, "approve"),
    (Decision::Propose, Move::Propose, "propose"),
    (Decision::Deny, Move::Deny, "deny"),
    (Decision::Cancel, Move::ClinicCancel, "cancel"),
];

impl Decision {
    /// What the state allows, by the domain's own rule (APT-2).
    pub fn possible(state: State) -> Vec<Self> {
        DECISIONS
            .iter()
            .filter(|(_, step, _)| state.after(*step).is_ok())
            .map(|(decision, ..)| *decision)
            .collect()
    }

    fn word(self) -> &'static str {
        DECISIONS.iter().find(|(decision, ..)| *decision == self).map_or("", |(.., word)| word)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Approve => t("decide.approve"),
            Self::Propose => t("decide.propose"),
            Self::Deny => t("decide.deny"),
            Self::Cancel => t("decide.cancel"),
        }
    }

    fn needs_time(self) -> bool {
        matches!(self, Self::Approve | Self::Propose)
    }
}

/// The form below a request.
#[component]
pub fn DecideForm(
    /// What is decided about, as it was seen.
    view: AppointmentView,
    /// Where it came from, to look again.
    load: Load<AppointmentView>,
    /// Errors and key.
    form: Form,
    /// What the state allows.
    decisions: Vec<Decision>,
) -> impl IntoView {
    let queue = expect_context::<Queue>();
    let address = Address::here();
    let first = decisions.first().map_or("", |decision| decision.word());
    let chosen = RwSignal::new(first.to_string());
    let all = decisions.clone();
    let decision = Memo::new(move |_| {
        let chosen = chosen.get();
        all.iter().copied().find(|decision| decision.word() == chosen).unwrap_or(Decision::Deny)
    });
    let booking = BookingText::suggest(&view);
    let reason = RwSignal::new(String::new());
    let zone = view.location.time_zone.clone();
    let name = view.patient.full_name();
    let seen = view.clone();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let decision = decision.get_untracked();
        let words = if decision.needs_time() {
            match untrack(|| booking.read(&zone)) {
                Ok(booking) => Words::Booking(booking),
                Err(errors) => return form.refuse(errors),
            }
        } else {
            let refusal = Refusal { reason: reason.get_untracked() };
            match refusal.check() {
                Ok(reason) => Words::Refusal(Refusal { reason }),
                Err(_) if refusal.reason.trim().is_empty() => {
                    let message = t("field_error.reason_missing");
                    return form.refuse(vec![FieldError::new("reason", "reason_missing", message)]);
                }
                Err(problem) => return form.refuse(problem.errors),
            }
        };
        let (seen, key, id) = (seen.clone(), form.key(), seen.id);
        let done = t_with("decide.done", &[("name", &name)]);
        form.send_or(
            async move {
                ask(async |portal| match (decision, &words) {
                    (Decision::Approve, Words::Booking(booking)) => {
                        portal.approve_appointment(&seen, booking, key).await
                    }
                    (_, Words::Booking(booking)) => portal.propose_appointment(&seen, booking, key).await,
                    (Decision::Cancel, Words::Refusal(refusal)) => {
                        portal.clinic_cancel_appointment(&seen, refusal, key).await
                    }
                    (_, Words::Refusal(refusal)) => portal.deny_appointment(&seen, refusal, key).await,
                })
                .await
            },
            move |_| {
                let next = untrack(|| queue.list.read(|page| after(page, id))).flatten();
                queue.done.set(done);
                queue.list.again();
                let query = window().location().search().unwrap_or_default();
                address.replace(&format!("{}{query}", next.as_deref().unwrap_or(ROOT)));
            },
            // The patient recalled it or a colleague decided: show how it stands now.
            move |error| {
                if matches!(error.code(), Some(Code::WrongState | Code::StaleVersion)) {
                    load.again();
                    queue.list.again();
                }
            },
        );
    };
    let choices = decisions.iter().map(|decision| Choice::new(decision.word(), decision.label())).collect();
    let fields = {
        let view = view.clone();
        move || {
            if decision.get().needs_time() {
                view! { <TimeFields view=view.clone() form booking /> }.into_any()
            } else {
                view! {
                    <TextArea
                        form
                        name="reason"
                        label=t("decide.reason")
                        hint=t("decide.reason_hint")
                        value=reason
                        max=MAX_NOTE
                    />
                }
                .into_any()
            }
        }
    };
    let label = Signal::derive(move || {
        let name = view.patient.full_name();
        let name = [("name", name.as_str())];
        match decision.get() {
            Decision::Approve => t_with("decide.do_approve", &name),
            Decision::Propose => t_with("decide.do_propose", &name),
            Decision::Deny => t_with("decide.do_deny", &name),
            Decision::Cancel => t_with("decide.do_cancel", &name),
        }
    });
    view! {
        <form on:submit=send novalidate>
            <Radios form name="decision" legend=t("decide.legend") choices value=chosen />
            {fields}
            <Submit form label />
        </form>
    }
    .into_any()
}

/// What goes with a decision.
enum Words {
    Booking(portal_domain::appointments::Booking),
    Refusal(Refusal),
}

/// Date, time, length and provider.
#[component]
fn TimeFields(view: AppointmentView, form: Form, booking: BookingText) -> impl IntoView {
    let providers = load(|| ask(async |portal| portal.providers().await));
    let location = view.location.id;
    let zone = view.location.time_zone.clone();
    let provider = move || {
        let all: Vec<ProviderView> = providers.get().unwrap_or_default();
        let here = all.into_iter().filter(|provider| provider.location_id == Some(location));
        let here = here.map(|provider| Choice::new(provider.id.to_string(), provider.name));
        let choices =
            std::iter::once(Choice::new("", t("decide.choose_provider"))).chain(here).collect::<Vec<_>>();
        view! { <Select form name="provider_id" label=t("appointment.provider") choices value=booking.provider /> }.into_any()
    };
    let lengths = ["15", "20", "30", "45", "60", "90"];
    let lengths = lengths.map(|minutes| Choice::new(minutes, minutes)).to_vec();
    view! {
        <div class="staff-toolbar">
            <TextField
                form
                name="starts_at"
                label=t("decide.date")
                value=booking.date
                kind=Kind { input: "date", ..Default::default() }
            />
            <TextField
                form
                name="time"
                label=t("decide.time")
                value=booking.time
                kind=Kind { input: "time", ..Default::default() }
            />
            <Select form name="minutes" label=t("decide.minutes") choices=lengths value=booking.minutes />
            {provider}
        </div>
        <p class="app-quiet" role="status">
            {live(move || booking.in_words(&zone))}
        </p>
        <TextArea form name="note" label=t("decide.note") hint=t("decide.note_hint") value=booking.note max=MAX_NOTE rows=3 />
    }
    .into_any()
}

/// The item after `id` in the list, else the one before.
fn after(page: &Page<AppointmentView>, id: portal_domain::ids::AppointmentId) -> Option<String> {
    let at = page.items.iter().position(|item| item.id == id)?;
    page.items.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| page.items.get(before))).map(href)
}
