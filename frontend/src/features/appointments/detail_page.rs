//! One request or appointment and what can be done with it now.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    appointments::{AppointmentView, State},
    ids::{AppointmentId, PatientId},
    messages::TopicKind,
    problem::{Code, Problem},
};

use crate::{
    acting::link,
    api::{ApiError, ask, calendar_path},
    logic::paths::compose_href,
    session::Session,
    shared::{
        appointment::{CallToChange, Place, StateTag, minutes, preferred, when},
        dialog::Confirm,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::live,
        load::{Load, load, loaded},
        page::{Back, Page},
        people::PrintHead,
        summary::{Fact, summary},
    },
    text::{t, t_count, t_word},
};

/// What a patient can do here.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    Recall,
    Accept,
    Decline,
    Cancel,
}

/// `/appointments/:id`
#[component]
pub fn DetailPage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<AppointmentId>().ok())
    });
    let appointment = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.appointment(patient, id).await).await
        }
    });
    let form = Form::new();
    let done = RwSignal::new(String::new());
    let title = Signal::derive(move || {
        let pending = appointment.read(|view| !view.state.was_booked()).unwrap_or(false);
        if pending { t("appointment.request") } else { t("appointment.appointment") }.to_string()
    });
    let back = Back { href: link("/appointments"), label: t("appointments.back") };
    view! {
        <Page title section=t("nav.appointments") form=form back=back reading=true>
            <ErrorSummary form />
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            {loaded(
                appointment,
                t("what.appointment"),
                move |view| view! { <Detail view load=appointment form done /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Detail(
    view: AppointmentView,
    load: Load<AppointmentView>,
    form: Form,
    done: RwSignal<String>,
) -> impl IntoView {
    let patient = view.patient.id;
    let asked = RwSignal::new(Act::Recall);
    let confirm = RwSignal::new(false);
    let id = view.id;
    let run = move |act: Act| perform(act, patient, id, load, form, done);
    let ask_first = move |act: Act| {
        asked.set(act);
        confirm.set(true);
    };
    let offers = view.offers;
    let booked = view.state == State::Confirmed;
    let ask_href = link(&compose_href(TopicKind::Appointment, id, t_word("reason", view.reason.as_str())));
    let words = move || match asked.get() {
        Act::Cancel => (t("cancel.title"), t("cancel.text")),
        _ => (t("recall.title"), t("recall.text_here")),
    };
    let calendar = offers.calendar.then(|| {
        let download = format!("{}.ics", view.reference);
        view! {
            <a class="nhsuk-button nhsuk-button--secondary" href=calendar_path(patient, id) download=download>
                {t("appointment.calendar")}
            </a>
        }
    });
    let answer = offers.answer.then(|| {
        view! {
            <div class="app-cluster nhsuk-u-margin-bottom-4">
                <button type="button" class="nhsuk-button" on:click=move |_| run(Act::Accept)>
                    {t("appointment.accept")}
                </button>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    on:click=move |_| run(Act::Decline)
                >
                    {t("appointment.decline")}
                </button>
            </div>
        }
    });
    let recall = offers.recall.then(|| {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary"
                on:click=move |_| ask_first(Act::Recall)
            >
                {t("recall.button")}
            </button>
        }
    });
    let cancel = offers.cancel.then(|| {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary"
                on:click=move |_| ask_first(Act::Cancel)
            >
                {t("cancel.button")}
            </button>
        }
    });
    let call = (booked && !offers.cancel).then(|| view! { <CallToChange location=view.location.clone() /> });
    let word_from_practice = (!view.decision_note.is_empty()).then(|| {
        view! {
            <div class="nhsuk-inset-text">
                <h2 class="nhsuk-heading-s">{t("appointment.decision_note")}</h2>
                <p class="app-lines nhsuk-u-margin-bottom-0">
                    <bdi>{view.decision_note.clone()}</bdi>
                </p>
            </div>
        }
    });
    view! {
        <PrintHead patient=view.patient.clone() />
        <p>
            <StateTag state=view.state />
        </p>
        <p class="nhsuk-lede-text">{t_word("appointment_means", view.state.as_str())}</p>
        {word_from_practice}
        {facts(&view)}
        {answer}
        <div class="app-cluster nhsuk-u-margin-bottom-4">{calendar} {recall} {cancel}</div>
        <p class="no-print">
            <a href=ask_href>{t("compose.ask_appointment")}</a>
        </p>
        {call}
        <Confirm
            open=confirm
            id="confirm-title"
            title=Signal::derive(move || words().0.to_string())
            text=Signal::derive(move || words().1.to_string())
            yes=t("action.yes")
            act=Callback::new(move |()| run(asked.get_untracked()))
        />
    }
    .into_any()
}

fn facts(view: &AppointmentView) -> AnyView {
    let zone = &view.location.time_zone;
    let provider = view.provider.as_ref().map(|provider| provider.name.clone());
    let wanted = match (&provider, &view.wanted_provider) {
        (Some(_), _) => None,
        (None, Some(wanted)) => Some(wanted.name.clone()),
        (None, None) => Some(t("appointment.first_available").to_string()),
    };
    let times: Vec<String> = view.preferred.iter().copied().map(preferred).collect();
    // What would have suited matters only until a time stands.
    let times = match (view.starts_at, times.is_empty()) {
        (Some(_), _) => String::new(),
        (None, true) => t("appointment.any_time").into(),
        (None, false) => times.join("\n"),
    };
    summary(vec![
        Fact::maybe(t("appointment.when"), when(view)),
        Fact::maybe(
            t("appointment.length"),
            minutes(view).map(|minutes| t_count("appointment.minutes", minutes)),
        ),
        Fact::maybe(t("appointment.provider"), provider),
        Fact::maybe(t("appointment.wanted"), wanted),
        Fact::view(t("appointment.where"), view! { <Place location=view.location.clone() /> }.into_any()),
        Fact::text(t("appointment.reason"), t_word("reason", view.reason.as_str())),
        Fact::text(t("appointment.times"), times),
        Fact::text(t("appointment.note"), view.note.clone()),
        Fact::text(t("appointment.sent"), intl::format(view.requested_at, Style::Full, zone)),
        Fact::maybe(t("appointment.answered"), view.decided_at.map(|at| intl::format(at, Style::Full, zone))),
        Fact::text(t("appointment.reference"), view.reference.clone()),
    ])
}

fn perform(
    act: Act,
    patient: PatientId,
    id: AppointmentId,
    load: Load<AppointmentView>,
    form: Form,
    done: RwSignal<String>,
) {
    let key = form.key();
    form.send_or(
        async move {
            ask(async |portal| match act {
                Act::Recall => portal.recall_appointment(patient, id, key).await,
                Act::Accept => portal.accept_appointment(patient, id, key).await,
                Act::Decline => portal.decline_appointment(patient, id, key).await,
                Act::Cancel => portal.cancel_appointment(patient, id, key).await,
            })
            .await
        },
        move |view| {
            done.set(match act {
                Act::Recall => t("recall.done").into(),
                Act::Accept => t("appointment.accepted").into(),
                Act::Decline => t("appointment.declined").into(),
                Act::Cancel => t("cancel.done").into(),
            });
            load.put(view);
        },
        // Somebody was faster, or it is too late: show how it stands now.
        move |error| {
            if matches!(error.code(), Some(Code::WrongState | Code::CallToCancel | Code::SlotTaken)) {
                load.again();
            }
        },
    );
}
