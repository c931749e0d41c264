//! What a care team does with a thread besides answering: claim, hand over, end, note.

use std::future::Future;

use leptos::prelude::*;
use portal_domain::{
    ids::AccountId,
    messages::{MAX_BODY, NewNote, QueueEntry, StaffThread, ThreadState},
    problem::{Code, FieldError},
};

use super::queue_page::Queue;
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::{Choice, Select},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        live::live,
        load::Load,
    },
    text::t,
};

/// Buttons for what may be done with the thread now.
#[component]
pub fn Work(thread: Load<StaffThread>, form: Form) -> impl IntoView {
    let queue = expect_context::<Queue>();
    let me = Session::here().read(|view| view.account_id);
    live(move || {
        let Some(view) = thread.get() else { return ().into_any() };
        let entry = StoredValue::new(view.entry.clone());
        let members = view.team.members.clone();
        if view.entry.state == ThreadState::Closed {
            let reopen = move |_| {
                let seen = entry.get_value();
                act(thread, queue, form, t("team_thread.reopened"), async move {
                    ask(async |portal| portal.reopen_thread(&seen).await).await
                });
            };
            return button(t("team_thread.reopen"), reopen);
        }
        let claim = view.entry.owner.is_none().then(|| {
            button(t("team_thread.claim"), move |_| {
                let seen = entry.get_value();
                act(thread, queue, form, t("team_thread.claimed"), async move {
                    ask(async |portal| portal.claim_thread(seen.patient.id, seen.thread_id).await).await
                });
            })
        });
        let assign = move |owner: Option<AccountId>, said: &'static str| {
            let seen = entry.get_value();
            act(thread, queue, form, said, async move {
                ask(async |portal| portal.assign_thread(&seen, owner).await).await
            });
        };
        let give_back = (view.entry.owner.is_some())
            .then(|| button(t("team_thread.give_back"), move |_| assign(None, t("team_thread.given_back"))));
        let close = button(t("team_thread.close"), move |_| {
            let seen = entry.get_value();
            act(thread, queue, form, t("team_thread.closed_done"), async move {
                ask(async |portal| portal.close_thread(&seen).await).await
            });
        });
        let owner = view.entry.owner.as_ref().map(|owner| owner.id);
        let colleague = RwSignal::new(String::new());
        let others = members.into_iter().filter(|member| Some(member.id) != me && Some(member.id) != owner);
        let choices: Vec<Choice> = std::iter::once(Choice::new("", t("team_thread.choose")))
            .chain(others.map(|member| Choice::new(member.id.to_string(), member.name)))
            .collect();
        let alone = choices.len() == 1;
        let nobody = alone.then(|| view! { <p class="app-quiet no-print">{t("team_thread.alone")}</p> });
        let hand_over = (!alone).then(|| {
            let give = move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                match colleague.get_untracked().parse::<AccountId>() {
                    Ok(owner) => assign(Some(owner), t("team_thread.assigned")),
                    Err(_) => {
                        let missing = t("team_thread.assign_missing");
                        form.refuse(vec![FieldError::new("owner", "colleague_missing", missing)]);
                    }
                }
            };
            view! {
                <form class="app-cluster staff-dense staff-pick no-print" on:submit=give novalidate>
                    <Select form name="owner" label=t("team_thread.assign_to") choices value=colleague />
                    <button type="submit" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small">
                        {t("team_thread.assign")}
                    </button>
                </form>
            }
        });
        view! {
            <div class="app-cluster no-print">{claim} {give_back} {close}</div>
            {hand_over}
            {nobody}
        }
        .into_any()
    })
}

fn button(label: &'static str, press: impl Fn(leptos::ev::MouseEvent) + 'static) -> AnyView {
    view! {
        <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=press>
            {label}
        </button>
    }
    .into_any()
}

/// Does something with the thread's line in the queue; when a colleague was faster, the page shows what holds now.
fn act(
    thread: Load<StaffThread>,
    queue: Queue,
    form: Form,
    said: &'static str,
    call: impl Future<Output = Result<QueueEntry, ApiError>> + 'static,
) {
    form.send_or(
        call,
        move |entry| {
            queue.done.set(said.into());
            if let Some(view) = untrack(|| thread.get()) {
                thread.put(StaffThread { entry, ..view });
            }
            queue.again();
        },
        move |error| {
            if matches!(error.code(), Some(Code::StaleVersion | Code::AlreadyClaimed | Code::WrongState)) {
                thread.again();
                queue.again();
            }
        },
    );
}

/// A note for colleagues, folded until it is wanted. No patient ever sees it.
#[component]
pub fn NoteForm(thread: Load<StaffThread>) -> impl IntoView {
    let queue = expect_context::<Queue>();
    let form = Form::new();
    let note = RwSignal::new(String::new());
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewNote { text: note.get_untracked() };
        if let Err(problem) = new.check() {
            return form.refuse(problem.errors.into_iter().map(rename).collect());
        }
        let Some((patient, id)) =
            untrack(|| thread.read(|view| (view.entry.patient.id, view.entry.thread_id)))
        else {
            return;
        };
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.add_note(patient, id, &new, key).await).await },
            move |view| {
                note.set(String::new());
                form.renew();
                thread.put(view);
                queue.done.set(t("team_thread.noted").into());
            },
        );
    };
    view! {
        <details class="nhsuk-details no-print">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("team_thread.note_add")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <ErrorSummary form />
                <form on:submit=add novalidate>
                    <TextArea
                        form
                        name="note"
                        label=t("team_thread.note")
                        hint=t("team_thread.note_hint")
                        value=note
                        max=MAX_BODY
                    />
                    <Submit form label=t("team_thread.note_save").to_string() />
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// The answer's box is called `text` already, so the note's field has a name of its own.
fn rename(error: FieldError) -> FieldError {
    FieldError { field: "note".into(), ..error }
}
