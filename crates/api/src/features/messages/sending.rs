//! Sending (MSG-1): a draft becomes a message, in one transaction with all that follows from it.

use portal_domain::{
    access::{Action, Category},
    ids::{AccountId, DisputeId, DraftId, MessageId, PatientId, TeamId, ThreadId},
    mail::ItemKind,
    messages::{DraftText, Sending, Side, ThreadState, ThreadView, Topic, TopicKind, may_reply},
    problem::{Code, Problem},
};

use super::{
    drafts, service,
    store::{self, MessageRow, Named, ThreadRow, cohort::CohortRow},
    views,
};
use crate::{
    app::App,
    error::Result,
    features::{
        care_teams,
        mail::{self, Delivery},
    },
    platform::{
        access::Grant,
        auth::Actor,
        clock::new_id,
        db::{AnyId, Json},
        etag::IfMatch,
        idempotency::Once,
        work::Work,
    },
};

/// The ids that a sending may need, made outside of the transaction, which may run again.
#[derive(Clone, Copy)]
pub struct Fresh {
    /// Of the thread, when one begins.
    pub thread: ThreadId,
    /// Of the message.
    pub message: MessageId,
}

impl Fresh {
    /// New ones.
    pub fn drawn() -> Self {
        Self { thread: ThreadId(new_id()), message: MessageId(new_id()) }
    }
}

/// Sends a draft as it was seen.
pub async fn send(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DraftId,
    seen: IfMatch,
    once: Once,
) -> Result<ThreadView> {
    let fresh = Fresh::drawn();
    app.write(actor, move |work| {
        let grant = service::grant_on(work, Action::Act, patient, Named::Draft(id))?;
        let writer = work.actor.account_id()?;
        // The text of a message is kept in its thread alone, not beside the key.
        let thread = once.run(work, |work| {
            let draft = drafts::find(work, &grant, writer, id)?;
            seen.check(draft.version)?;
            let files = store::of_draft(work.conn, id)?;
            let sending = Sending::check(draft.body.read()?, !files.is_empty())?;
            let thread = post(work, &grant, writer, &sending, fresh)?;
            store::attach(work.conn, id, fresh.message)?;
            store::remove_draft(work.conn, &draft)?;
            Ok(thread.id)
        })?;
        let thread = service::find(work.conn, &grant, thread)?;
        views::for_patient(work, &grant, &thread)
    })
    .await
}

/// Sends a text that nobody had to write a draft of: the demo's.
pub async fn send_now(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    content: DraftText,
) -> Result<ThreadView> {
    let sending = Sending::check(content, false)?;
    let fresh = Fresh::drawn();
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Messages, patient, fresh.message.0)?;
        let writer = work.actor.account_id()?;
        let thread = post(work, &grant, writer, &sending, fresh)?;
        views::for_patient(work, &grant, &thread)
    })
    .await
}

/// Puts a message into its thread, a new one or one that takes messages, and tells the other side.
fn post(
    work: &mut Work<'_>,
    grant: &Grant,
    author_id: AccountId,
    sending: &Sending,
    fresh: Fresh,
) -> Result<ThreadRow> {
    let side = if work.actor.is_staff() { Side::Staff } else { Side::Patient };
    // It may have been retired since it was put into the draft.
    drafts::check_education(work, &sending.education)?;
    let is_new = sending.to.is_err();
    let mut thread = match &sending.to {
        Ok(thread) => answered(work, grant, *thread, side)?,
        Err((team, subject)) => begun(work, grant, *team, subject, sending, fresh.thread)?,
    };
    let message = MessageRow {
        thread_id: thread.id,
        at: work.now,
        id: fresh.message,
        patient_id: grant.patient(),
        side,
        author_id,
        opened_at: None,
        recalled_at: None,
        education: Json::of(&sending.education)?,
        body: sending.text.clone(),
    };
    put(work, grant, &mut thread, &message, is_new)?;
    Ok(thread)
}

/// Begins a patient's thread about a bill, with what the patient wrote; the caller knows what it is about and has its leave.
pub fn begin_dispute(
    work: &mut Work<'_>,
    grant: &Grant,
    team: TeamId,
    subject: &str,
    dispute: DisputeId,
    text: &str,
    fresh: Fresh,
) -> Result<()> {
    let sending = Sending {
        to: Err((team, subject.to_owned())),
        text: text.to_owned(),
        topic: Some(Topic { kind: TopicKind::Dispute, id: dispute.0 }),
        education: Vec::new(),
    };
    let writer = work.actor.account_id()?;
    post(work, grant, writer, &sending, fresh).map(drop)
}

/// Answers in a thread on behalf of a decision about what it is about: as any answer, by who works in its team's queue and
/// has read what the patient wrote.
pub fn answer(work: &mut Work<'_>, grant: &Grant, thread: ThreadId, text: &str, id: MessageId) -> Result<()> {
    let sending = Sending { to: Ok(thread), text: text.to_owned(), topic: None, education: Vec::new() };
    let (writer, fresh) = (work.actor.account_id()?, Fresh { thread, message: id });
    post(work, grant, writer, &sending, fresh).map(drop)
}

/// Takes a thread out of what waits: the patient needs no answer any more. It stays open.
pub fn rest(work: &mut Work<'_>, grant: &Grant, id: ThreadId) -> Result<()> {
    let mut thread = service::find(work.conn, grant, id)?;
    (thread.waiting_since, thread.due_at) = (None, None);
    views::change(work, grant, &mut thread)
}

/// One of a cohort's conversations: a new thread that begins with what the team wrote. Nobody owns it, so that the whole
/// team sees the answers.
pub fn begin_for_cohort(work: &mut Work<'_>, grant: &Grant, row: &CohortRow, fresh: Fresh) -> Result<()> {
    let mut thread = ThreadRow {
        patient_id: grant.patient(),
        id: fresh.thread,
        team_id: row.team_id,
        subject: Some(row.subject.clone()),
        topic_kind: None,
        topic_id: None,
        state: ThreadState::Open,
        owner_id: None,
        waiting_since: None,
        due_at: None,
        last_at: work.now,
        sent_at: None,
        version: 0,
    };
    let message = MessageRow {
        thread_id: thread.id,
        at: work.now,
        id: fresh.message,
        patient_id: grant.patient(),
        side: Side::Staff,
        author_id: row.sent_by,
        opened_at: None,
        recalled_at: None,
        education: Json::of(&[(); 0])?,
        body: row.body.clone(),
    };
    put(work, grant, &mut thread, &message, true)
}

/// The inbox item that brings an answer: seen by those who see the thread.
fn news_of(thread: &ThreadRow) -> ItemKind {
    match thread.category() {
        Category::Billing => ItemKind::BillingMessage,
        _ => ItemKind::Message,
    }
}

/// Writes a message into its thread, and tells the other side.
fn put(
    work: &mut Work<'_>,
    grant: &Grant,
    thread: &mut ThreadRow,
    message: &MessageRow,
    is_new: bool,
) -> Result<()> {
    if is_new {
        store::insert_thread(work.conn, grant, thread)?;
    }
    store::insert_message(work.conn, grant, message)?;
    let rows = store::messages(work.conn, grant, thread.id, true)?;
    thread.state = ThreadState::Open;
    thread.last_at = work.now;
    if message.side == Side::Patient {
        thread.sent_at = Some(work.now);
    }
    service::wait_anew(work.conn, thread, &rows)?;
    views::change(work, grant, thread)?;
    if message.side == Side::Staff {
        // A thread stands in the inbox once, where its newest answer puts it.
        mail::withdraw(work.conn, grant.patient(), thread.id.0)?;
        let title = thread.subject.clone().unwrap_or_default();
        let delivery =
            Delivery { patient: grant.patient(), kind: news_of(thread), subject: thread.id.0, title: &title };
        mail::deliver(work, &delivery)?;
    }
    store::index(work.conn, thread, &rows)
}

/// The thread that an answer goes to, if it takes one (MSG-4).
fn answered(work: &mut Work<'_>, grant: &Grant, id: ThreadId, side: Side) -> Result<ThreadRow> {
    let mut thread = service::find(work.conn, grant, id)?;
    if side == Side::Staff {
        super::queue::must_work_on(work, &thread)?;
        let rows = store::messages(work.conn, grant, id, false)?;
        if rows.iter().any(MessageRow::is_unopened) {
            let detail = "The patient wrote again. Open the conversation and read it first.";
            return Err(Problem::new(Code::WrongState).detail(detail).into());
        }
        // Whoever helps out from another team does not take it over.
        if thread.owner_id.is_none() && care_teams::must_be_member(work, thread.team_id).is_ok() {
            thread.owner_id = Some(work.actor.account_id()?);
        }
        return Ok(thread);
    }
    let team = views::team_of(work.conn, &thread)?;
    may_reply(&views::facts(&thread, &team), work.now)
        .map_err(|why| Problem::new(Code::NoReply).detail(format!("The reason is {why}.")))?;
    Ok(thread)
}

/// A new thread.
fn begun(
    work: &mut Work<'_>,
    grant: &Grant,
    team: TeamId,
    subject: &str,
    sending: &Sending,
    id: ThreadId,
) -> Result<ThreadRow> {
    let found = care_teams::find(work.conn, team)?.filter(|team| team.is_open != 0);
    if found.is_none() {
        return Err(Problem::field(
            "team_id",
            "unknown",
            "This care team takes no messages. Choose another.",
        )
        .into());
    }
    let mut owner_id = None;
    if work.actor.is_staff() {
        care_teams::must_be_member(work, team)?;
        owner_id = Some(work.actor.account_id()?);
    }
    Ok(ThreadRow {
        patient_id: grant.patient(),
        id,
        team_id: team,
        subject: Some(subject.to_owned()),
        topic_kind: sending.topic.as_ref().map(|topic| topic.kind),
        topic_id: sending.topic.as_ref().map(|topic| AnyId(topic.id)),
        state: ThreadState::Open,
        owner_id,
        waiting_since: None,
        due_at: None,
        last_at: work.now,
        sent_at: None,
        version: 0,
    })
}
