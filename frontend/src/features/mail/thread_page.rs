//! One conversation with a care team: what was written, who opened it, and the answer (MSG-1, MSG-4, MSG-6, MSG-8).

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::{MessageId, PatientId, ThreadId},
    live::LiveKind,
    messages::{DraftText, DraftView, MAX_BODY, NoReply, ThreadView},
    problem::{Code, Problem},
};

use super::compose_page::reply_time;
use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        conversation::conversation,
        dialog::Confirm,
        dispute::{DisputeBox, dispute_of},
        done::Done,
        draft::{Conflict, Draft, Files, SaveState},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        handed::{Handed, take},
        live::{follow, go_on, live},
        load::{Load, load, loaded_once},
        page::{Back, Page},
        people::PrintButton,
    },
    text::{t, t_with, t_word},
};

/// `/mail/threads/:id`
#[component]
pub fn ThreadPage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<ThreadId>().ok()));
    let thread = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.thread(patient, id).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || thread.refresh());
    // Seen is opened (MSG-8).
    follow(move |_| {
        let unread = thread.read(|thread| thread.unread.then_some(thread.id)).flatten();
        if let (Some(id), Some(patient)) = (unread, session.patient()) {
            go_on(async move {
                // When this fails it stays unread, and is marked the next time.
                let _ = ask(async |portal| portal.mark_thread_read(patient, id).await).await;
            });
        }
    });
    let form = Form::new();
    let title = Signal::derive(move || {
        thread
            .read(|thread| thread.subject.clone().unwrap_or_else(|| t("thread.no_subject").into()))
            .unwrap_or_else(|| t("thread.title").into())
    });
    view! {
        <Page
            title
            section=t("nav.mail")
            form=form
            back=Back {
                href: link("/mail"),
                label: t("nav.mail"),
            }
            reading=true
        >
            {loaded_once(thread, t("what.thread"), move || view! { <Conversation thread form /> }.into_any())}
        </Page>
    }
    .into_any()
}

fn sent_words(thread: &ThreadView) -> String {
    t_with("thread.sent", &[("team", &thread.team.name), ("time", &reply_time(&thread.team))])
}

#[component]
fn Conversation(thread: Load<ThreadView>, form: Form) -> impl IntoView {
    let Some(patient) = Session::here().patient() else { return ().into_any() };
    let just_sent = take(|handed| matches!(handed, Handed::Sent).then_some(())).is_some();
    let said = untrack(|| thread.read(sent_words)).filter(|_| just_sent).unwrap_or_default();
    let done = RwSignal::new(said);
    let asked = RwSignal::new(None::<MessageId>);
    let confirm = RwSignal::new(false);
    let ask_first = Callback::new(move |id| {
        asked.set(Some(id));
        confirm.set(true);
    });
    let recall = Callback::new(move |()| {
        let Some(message) = asked.get_untracked() else { return };
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.recall_message(patient, message, key).await).await },
            move |view| {
                thread.put(view);
                done.set(t("message_recall.done").into());
            },
            // The care team was faster: the page shows when they opened it.
            move |error| {
                if error.code() == Some(Code::MessageOpened) {
                    thread.again();
                }
            },
        );
    });
    let team = Memo::new(move |_| thread.read(|thread| thread.team.name.clone()).unwrap_or_default());
    let dispute = untrack(|| thread.read(|thread| dispute_of(thread.topic.as_ref()))).flatten();
    // The reply box stays as it is while only the messages change.
    let standing = Memo::new(move |_| thread.read(|thread| (thread.id, thread.can_reply, thread.reason)));
    let round = RwSignal::new(0u32);
    let sent = Callback::new(move |view: ThreadView| {
        done.set(sent_words(&view));
        thread.put(view);
        round.update(|round| *round += 1);
    });
    view! {
        <p class="app-quiet">{live(move || t_with("thread.with", &[("team", &team.get())]))}</p>
        {dispute.map(|id| view! { <DisputeBox patient id /> })}
        <ErrorSummary form />
        <Done said=done />
        {live(move || {
            let messages = thread.read(|thread| thread.messages.clone()).unwrap_or_default();
            conversation(patient, messages, false, Some(ask_first))
        })}
        {live(move || {
            round.track();
            match standing.get() {
                Some((id, true, _)) => {
                    let draft = untrack(|| thread.read(|thread| thread.draft.clone())).flatten();
                    view! { <Reply patient id draft form sent /> }.into_any()
                }
                Some((_, false, reason)) => {
                    let draft = untrack(|| thread.read(|thread| thread.draft.clone())).flatten();
                    closed(reason, draft)
                }
                None => ().into_any(),
            }
        })}
        <PrintButton />
        <Confirm
            open=confirm
            id="recall-title"
            title=Signal::derive(|| t("message_recall.title").to_string())
            text=Signal::derive(|| t("message_recall.text").to_string())
            yes=t("recall.yes")
            act=recall
        />
    }
    .into_any()
}

#[component]
fn Reply(
    patient: PatientId,
    id: ThreadId,
    draft: Option<DraftView>,
    form: Form,
    sent: Callback<ThreadView>,
) -> impl IntoView {
    let draft = Draft::open(patient, DraftText { thread_id: Some(id), ..DraftText::default() }, draft);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        draft.send(form, sent);
    };
    view! {
        <div class="no-print">
            <Conflict draft />
            <form on:submit=submit novalidate>
                <TextArea form name="text" label=t("thread.reply") value=draft.text max=MAX_BODY rows=5 />
                <Files draft />
                <SaveState draft />
                <Submit form label=t("compose.send").to_string() />
            </form>
        </div>
    }
    .into_any()
}

/// Why no answer is taken, and what to do instead (MSG-4).
fn closed(reason: Option<NoReply>, draft: Option<DraftView>) -> AnyView {
    let unsent = draft.filter(|draft| !draft.content.text.trim().is_empty());
    let unsent = unsent.map(|draft| {
        view! {
            <p>{t("draft.unsent")}</p>
            <blockquote class="app-message__text" dir="auto">{draft.content.text}</blockquote>
        }
    });
    view! {
        <div class="nhsuk-inset-text">
            <p>{reason.map(|reason| t_word("no_reply", reason.as_str()))}</p>
            <p>
                <a href=link("/mail/new")>{t("thread.write_new")}</a>
            </p>
            {unsent}
        </div>
    }
    .into_any()
}
