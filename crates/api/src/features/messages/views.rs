//! Rows with names beside their ids, as each side sees them.

use std::collections::HashMap;

use portal_domain::{
    education::EducationSummary,
    ids::{AccountId, EducationId, MessageId, PatientId},
    live::LiveKind,
    messages::{
        AttachmentView, DraftText, DraftView, MessageView, QueueEntry, Side, StaffName, StaffThread,
        ThreadFacts, ThreadView, Topic, is_overdue, may_recall, may_reply,
    },
};

use super::store::{self, DraftRow, MessageRow, ThreadRow};
use crate::{
    error::{Error, Result},
    features::{
        accounts,
        care_teams::{self, TeamRow},
        education, patients, practice,
    },
    platform::{access::Grant, db::Conn, live::Audience, work::Work},
};

/// What decides whether a thread takes another message.
pub fn facts(thread: &ThreadRow, team: &TeamRow) -> ThreadFacts {
    ThreadFacts { state: thread.state, team_is_open: team.is_open != 0, last_at: thread.last_at }
}

/// Writes a thread as it is now, and lets the open queues hear of it.
pub fn change(work: &mut Work<'_>, grant: &Grant, thread: &mut ThreadRow) -> Result<()> {
    store::change(work.conn, grant, thread)?;
    work.announce(Audience::Staff, LiveKind::Queue, thread.team_id.0);
    Ok(())
}

/// The team of a thread.
pub fn team_of(conn: &mut Conn, thread: &ThreadRow) -> Result<TeamRow> {
    care_teams::find(conn, thread.team_id)?.ok_or_else(|| Error::internal("a thread's team is gone"))
}

fn topic(thread: &ThreadRow) -> Option<Topic> {
    Some(Topic { kind: thread.topic_kind?, id: thread.topic_id?.0 })
}

/// A thread as its patient sees it: without notes.
pub fn for_patient(work: &mut Work<'_>, grant: &Grant, thread: &ThreadRow) -> Result<ThreadView> {
    let rows = store::messages(work.conn, grant, thread.id, false)?;
    let team = team_of(work.conn, thread)?;
    let reason = may_reply(&facts(thread, &team), work.now).err();
    let unread = rows.iter().any(|row| row.side == Side::Staff && row.opened_at.is_none());
    let locations = practice::locations(work.conn)?;
    Ok(ThreadView {
        id: thread.id,
        subject: thread.subject.clone(),
        team: care_teams::choice(&team, &locations),
        topic: topic(thread),
        messages: messages(work, grant, rows)?,
        can_reply: reason.is_none(),
        reason,
        draft: answer_draft(work, grant, thread)?,
        unread,
    })
}

fn reader(work: &Work<'_>) -> Side {
    if work.actor.is_staff() { Side::Staff } else { Side::Patient }
}

/// A thread as its care team sees it: with notes.
pub fn for_staff(work: &mut Work<'_>, grant: &Grant, thread: &ThreadRow) -> Result<StaffThread> {
    let rows = store::messages(work.conn, grant, thread.id, true)?;
    let team = team_of(work.conn, thread)?;
    let patient_can_reply = may_reply(&facts(thread, &team), work.now).is_ok();
    Ok(StaffThread {
        entry: entry(work, thread)?,
        team: care_teams::view(work.conn, &team)?,
        topic: topic(thread),
        messages: messages(work, grant, rows)?,
        patient_can_reply,
        draft: answer_draft(work, grant, thread)?,
    })
}

fn messages(work: &mut Work<'_>, grant: &Grant, rows: Vec<MessageRow>) -> Result<Vec<MessageView>> {
    let reader = reader(work);
    let authors: Vec<AccountId> = rows.iter().map(|row| row.author_id).collect();
    let names = accounts::names(work.conn, &authors)?;
    let ids: Vec<MessageId> = rows.iter().map(|row| row.id).collect();
    let mut files: HashMap<MessageId, Vec<AttachmentView>> = HashMap::new();
    for file in store::of_messages(work.conn, grant, &ids)? {
        if let Some(message) = file.message_id {
            files.entry(message).or_default().push(file.view());
        }
    }
    let mut readings: HashMap<MessageId, Vec<EducationSummary>> = HashMap::new();
    for row in &rows {
        let named: Vec<EducationId> = row.education.read()?;
        readings.insert(row.id, education::summaries(work, &named)?);
    }
    let view = |row: MessageRow| {
        // Staff read only what was opened: the rest can still be taken back (MSG-6).
        let is_closed = reader == Side::Staff && row.side == Side::Patient && row.opened_at.is_none();
        let is_there = row.recalled_at.is_none() && !is_closed;
        Ok(MessageView {
            id: row.id,
            side: row.side,
            author: names.get(&row.author_id).cloned().unwrap_or_default(),
            at: row.at,
            attachments: files.remove(&row.id).filter(|_| is_there).unwrap_or_default(),
            opened_at: row.opened_at,
            recalled_at: row.recalled_at,
            can_recall: reader == Side::Patient && may_recall(row.side, row.opened_at, row.recalled_at),
            education: readings.remove(&row.id).filter(|_| is_there).unwrap_or_default(),
            text: is_there.then_some(row.body),
        })
    };
    rows.into_iter().map(view).collect()
}

fn answer_draft(work: &mut Work<'_>, grant: &Grant, thread: &ThreadRow) -> Result<Option<DraftView>> {
    // The operator writes nothing.
    let Ok(writer) = work.actor.account_id() else { return Ok(None) };
    let Some(row) = store::answer_draft(work.conn, grant, writer, thread.id)? else { return Ok(None) };
    draft(work.conn, grant, &row).map(Some)
}

/// A draft as its writer sees it.
pub fn draft(conn: &mut Conn, grant: &Grant, row: &DraftRow) -> Result<DraftView> {
    let mut content: DraftText = row.body.read()?;
    let thread = row.thread_id.map(|thread| store::thread(conn, grant, thread)).transpose()?.flatten();
    if let Some(thread) = &thread {
        content.team_id = Some(thread.team_id);
    }
    let team = content.team_id.map(|team| care_teams::find(conn, team)).transpose()?.flatten();
    Ok(DraftView {
        id: row.id,
        version: row.version,
        content,
        team: team.map(|team| team.name),
        thread_subject: thread.and_then(|thread| thread.subject),
        attachments: store::of_draft(conn, row.id)?.iter().map(store::FileRow::view).collect(),
        saved_at: row.saved_at,
    })
}

/// One thread's line in a queue.
pub fn entry(work: &mut Work<'_>, thread: &ThreadRow) -> Result<QueueEntry> {
    let entries = entries(work, vec![thread.clone()])?;
    entries.into_iter().next().ok_or_else(|| Error::internal("a line of one thread is one line"))
}

/// Lines of a queue, a query for each kind of name.
pub fn entries(work: &mut Work<'_>, rows: Vec<ThreadRow>) -> Result<Vec<QueueEntry>> {
    let now = work.now;
    let mut patients: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let patients = patients::summaries(work.conn, &patients)?;
    let covered = care_teams::covered_by(work.conn, now)?;
    let owners = rows.iter().filter_map(|row| row.owner_id);
    let people: Vec<AccountId> =
        owners.flat_map(|owner| [Some(owner), covered.get(&owner).copied()]).flatten().collect();
    let names = accounts::names(work.conn, &people)?;
    let teams = care_teams::teams(work.conn)?;
    let person = |id: AccountId| StaffName { id, name: names.get(&id).cloned().unwrap_or_default() };
    let line = |row: ThreadRow| {
        let patient = patients.get(&row.patient_id).cloned();
        Ok(QueueEntry {
            thread_id: row.id,
            version: row.version,
            patient: patient.ok_or_else(|| Error::internal("a thread's patient is gone"))?,
            team: teams
                .iter()
                .find(|team| team.id == row.team_id)
                .map(|team| team.name.clone())
                .unwrap_or_default(),
            state: row.state,
            owner: row.owner_id.map(person),
            covered_by: row.owner_id.and_then(|owner| covered.get(&owner).copied()).map(person),
            waiting_since: row.waiting_since,
            due_at: row.due_at,
            overdue: is_overdue(row.due_at, now),
            last_at: row.last_at,
            subject: row.subject,
        })
    };
    rows.into_iter().map(line).collect()
}
