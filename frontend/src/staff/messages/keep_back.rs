//! Keeps a conversation from those who act for the patient (PRX-4); for providers.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ThreadId},
    sensitivity::{SensitiveKind, SensitivityChange, SensitivityView},
};

use crate::{
    api::ask,
    session::Session,
    shared::{form::Form, live::live, load::load},
    text::t,
};

/// Whether the conversation is kept back, and the button that changes it.
#[component]
pub fn KeepBack(patient: PatientId, thread: ThreadId, form: Form) -> impl IntoView {
    if !Session::here().may(Action::Change, Category::Sensitivity) {
        return ().into_any();
    }
    let view = load(move || async move { ask(async |portal| portal.sensitive_items(patient).await).await });
    let is_kept = move || {
        let of_thread = |view: &SensitivityView| {
            view.items.iter().any(|item| item.subject_id == thread.0 && item.kept_since.is_some())
        };
        view.read(of_thread)
    };
    live(move || {
        let kept = is_kept()?;
        let change = move |_| {
            let change = SensitivityChange {
                kind: SensitiveKind::Thread,
                subject_id: thread.0,
                is_sensitive: !kept,
            };
            let sent = ask(async move |portal| portal.change_sensitivity(patient, &change).await);
            form.send(sent, move |after| view.put(after));
        };
        let (says, word) = match kept {
            true => (t("sensitive.thread_kept"), t("sensitive.thread_show")),
            false => (t("sensitive.thread_seen"), t("sensitive.thread_keep")),
        };
        Some(view! {
            <p class="app-cluster no-print">
                <span>{says}</span>
                <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=change>
                    {word}
                </button>
            </p>
        })
    })
    .into_any()
}
