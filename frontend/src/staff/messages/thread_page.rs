//! One conversation as the care team works on it. Opening it is an act: from then on the patient can't take a message
//! back (MSG-6).

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ThreadId},
    messages::{DraftText, DraftView, MAX_BODY, QueueEntry, StaffThread, ThreadState, ThreadView},
    problem::{Code, Problem},
};

use super::{
    education::AddEducation,
    keep_back::KeepBack,
    queue_page::{Queue, due, owner, root},
    reroute::RerouteForm,
    work::{NoteForm, Work},
};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        conversation::conversation,
        dispute::{DisputeBox, dispute_of},
        done::Done,
        draft::{Conflict, Draft, Files, SaveState},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::Address,
        live::{follow, live},
        load::{Load, load, loaded_once},
        people::PrintHead,
    },
    staff::{
        parts::{ItemHeading, PatientBar},
        templates::TemplatePicker,
    },
    text::t,
};

/// `/staff/messages/:patient/:id`
#[component]
pub fn ThreadPage() -> AnyView {
    let params = use_params_map();
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<ThreadId>().ok()?))
        })
    });
    let thread = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.open_thread(patient, id).await).await
        }
    });
    let form = Form::new();
    let (queue, address) = (expect_context::<Queue>(), Address::here());
    follow(move |first| {
        ids.track();
        if !first {
            form.renew();
            // What was done with the one before.
            queue.done.set(String::new());
        }
    });
    view! {
        <p class="staff-split__back no-print">
            <a class="nhsuk-back-link" href=move || root(address)>
                {t("queue.back")}
            </a>
        </p>
        {loaded_once(thread, t("what.thread"), move || view! { <Item thread form /> }.into_any())}
    }
    .into_any()
}

#[component]
fn Item(thread: Load<StaffThread>, form: Form) -> impl IntoView {
    let Some(first) = untrack(|| thread.get()) else { return ().into_any() };
    let queue = expect_context::<Queue>();
    let (patient, id) = (first.entry.patient.id, first.entry.thread_id);
    let entry = Memo::new(move |_| thread.read(|thread| thread.entry.clone()));
    let open = Memo::new(move |_| {
        entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.state == ThreadState::Open))
    });
    // After an answer the box begins anew; it stays as it is while the rest changes.
    let round = RwSignal::new(0u32);
    let answered = Callback::new(move |close: bool| {
        queue.done.set(t("team_thread.sent").into());
        let draft_gone = thread.get().map(|view| StaffThread { draft: None, ..view });
        if let Some(view) = draft_gone {
            thread.put(view);
        }
        round.update(|round| *round += 1);
        if close {
            close_after(thread, queue, form, patient, id);
        } else {
            thread.again();
            queue.again();
        }
    });
    let subject = first.entry.subject.clone().unwrap_or_else(|| t("thread.no_subject").into());
    // What is questioned is told to who sees bills; the front desk reads the conversation.
    let dispute =
        dispute_of(first.topic.as_ref()).filter(|_| Session::here().may(Action::View, Category::Billing));
    let standing = move |entry: QueueEntry| {
        view! {
            <p class="app-cluster">
                <span>{owner(&entry)}</span>
                {due(&entry)}
                {(entry.state == ThreadState::Closed)
                    .then(|| view! { <span class="nhsuk-tag nhsuk-tag--grey">{t("team_thread.closed")}</span> })}
            </p>
        }
    };
    view! {
        <PrintHead patient=first.entry.patient.clone() />
        <ItemHeading id="item-title" title=subject />
        <div class="no-print">
            <PatientBar patient=first.entry.patient.clone() />
        </div>
        <ErrorSummary form />
        <Done said=queue.done />
        {live(move || entry.get().map(standing))}
        {dispute.map(|id| view! { <DisputeBox patient id staff=true /> })}
        <KeepBack patient thread=id form />
        <Work thread form />
        {live(move || {
            let messages = thread.read(|thread| thread.messages.clone()).unwrap_or_default();
            conversation(patient, messages, true, None)
        })}
        {live(move || {
            round.track();
            if !open.get() {
                return ().into_any();
            }
            let draft = untrack(|| thread.read(|thread| thread.draft.clone())).flatten();
            let team = entry_team(thread);
            view! { <Answer patient id team draft form answered /> }.into_any()
        })}
        <NoteForm thread />
        {live(move || open.get().then(|| view! { <RerouteForm thread /> }))}
    }
    .into_any()
}

/// The thread's team, by id.
fn entry_team(thread: Load<StaffThread>) -> Signal<String> {
    Signal::derive(move || thread.read(|thread| thread.team.team.id.to_string()).unwrap_or_default())
}

/// Closes the thread as it stands after an answer.
fn close_after(thread: Load<StaffThread>, queue: Queue, form: Form, patient: PatientId, id: ThreadId) {
    form.send_or(
        async move {
            let now = ask(async |portal| portal.open_thread(patient, id).await).await?;
            let entry = ask(async |portal| portal.close_thread(&now.entry).await).await?;
            Ok(StaffThread { entry, ..now })
        },
        move |view| {
            thread.put(view);
            queue.done.set(t("team_thread.sent_closed").into());
            queue.again();
        },
        move |_| {
            thread.again();
            queue.again();
        },
    );
}

#[component]
fn Answer(
    patient: PatientId,
    id: ThreadId,
    team: Signal<String>,
    draft: Option<DraftView>,
    form: Form,
    answered: Callback<bool>,
) -> impl IntoView {
    let draft = Draft::open(patient, DraftText { thread_id: Some(id), ..DraftText::default() }, draft);
    let send = move |close: bool| draft.send(form, Callback::new(move |_: ThreadView| answered.run(close)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(false);
    };
    view! {
        <div class="no-print">
            <Conflict draft />
            <form on:submit=submit novalidate>
                <TemplatePicker form team text=draft.text field="text" />
                <TextArea form name="text" label=t("team_thread.answer") value=draft.text max=MAX_BODY rows=6 />
                <Files draft />
                <AddEducation draft />
                <SaveState draft />
                <div class="app-cluster">
                    <Submit form label=t("team_thread.send").to_string() />
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary"
                        on:click=move |_| send(true)
                    >
                        {t("team_thread.send_close")}
                    </button>
                </div>
            </form>
        </div>
    }
    .into_any()
}
