//! The messages of a thread, as patients and staff read them.

use leptos::prelude::*;
use portal_domain::{
    ids::{MessageId, PatientId},
    messages::{MessageView, Side},
    time::Time,
};

use super::{
    intl::{self, Style},
    practice::Practice,
};
use crate::{
    acting::link,
    api::attachment_path,
    text::{t, t_with, t_word},
};

/// Messages, oldest first. `recall` takes one back, where the reader may.
pub fn conversation(
    patient: PatientId,
    messages: Vec<MessageView>,
    for_staff: bool,
    recall: Option<Callback<MessageId>>,
) -> AnyView {
    let message = move |message: MessageView| shown(patient, message, for_staff, recall);
    view! {
        <ol class="app-thread" id="messages">
            {messages.into_iter().map(message).collect_view()}
        </ol>
    }
    .into_any()
}

fn shown(
    patient: PatientId,
    message: MessageView,
    for_staff: bool,
    recall: Option<Callback<MessageId>>,
) -> AnyView {
    let zone = Practice::here().zone();
    let when = |at: Time| intl::format(at, Style::Short, &zone);
    let class = match message.side {
        Side::Patient => "app-message app-message--patient",
        Side::Staff => "app-message app-message--staff",
        Side::Note => "app-message app-message--note",
    };
    let opened = match (message.side, message.opened_at) {
        (Side::Patient, Some(at)) => Some(t_with("thread.opened_by_team", &[("date", &when(at))])),
        (Side::Staff, Some(at)) if for_staff => {
            Some(t_with("thread.opened_by_patient", &[("date", &when(at))]))
        }
        (Side::Staff, None) if for_staff => Some(t("thread.unopened_by_patient").into()),
        _ => None,
    };
    let text = match (message.recalled_at, message.text) {
        (Some(at), _) => {
            view! { <p class="app-quiet">{t_with("thread.recalled", &[("date", &when(at))])}</p> }.into_any()
        }
        (None, Some(text)) => view! { <p class="app-message__text" dir="auto">{text}</p> }.into_any(),
        (None, None) => ().into_any(),
    };
    let files = message.attachments.into_iter().map(|file| {
        let name = file.name.clone();
        view! {
            <li>
                <a href=attachment_path(patient, file.id) download=name>
                    <bdi>{file.name}</bdi>
                </a>
                " "
                <span class="app-quiet">{t_with("thread.file_size", &[("size", &(file.size / 1024 + 1).to_string())])}</span>
            </li>
        }
    });
    let files: Vec<_> = files.collect();
    let library = if for_staff { "/staff/education" } else { "/learn" };
    let readings = message.education.into_iter().map(|item| {
        view! {
            <li>
                <a href=link(&format!("{library}/{}", item.id)) lang=item.language>
                    <bdi>{item.title}</bdi>
                </a>
            </li>
        }
    });
    let readings: Vec<_> = readings.collect();
    let id = message.id;
    let button = recall.filter(|_| message.can_recall).map(|recall| {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small no-print"
                on:click=move |_| recall.run(id)
            >
                {t("message_recall.button")}
            </button>
        }
    });
    let side =
        (for_staff || message.side == Side::Note).then(|| t_word("message_side", message.side.as_str()));
    view! {
        <li class=class>
            <p class="app-message__head">
                <strong>
                    <bdi>{message.author}</bdi>
                </strong>
                {side.map(|side| view! { <span class="nhsuk-tag nhsuk-tag--grey">{side}</span> })}
                <span class="app-quiet">{when(message.at)}</span>
            </p>
            {text}
            {(!files.is_empty()).then(|| view! { <ul class="app-message__files">{files}</ul> })}
            {(!readings.is_empty())
                .then(|| {
                    view! {
                        <p class="nhsuk-u-margin-bottom-1">{t("thread.to_read")}</p>
                        <ul class="app-message__files">{readings}</ul>
                    }
                })}
            {opened.map(|opened| view! { <p class="app-quiet nhsuk-u-margin-bottom-0">{opened}</p> })}
            {button}
        </li>
    }
    .into_any()
}
