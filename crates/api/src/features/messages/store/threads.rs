//! Threads.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    access::Category,
    ids::{AccountId, AttachmentId, DraftId, MessageId, PatientId, TeamId, ThreadId},
    messages::{Side, ThreadState, TopicKind, category_of},
    search::Realm,
    time::Time,
};
use uuid::Uuid;

use super::MessageRow;
use crate::{
    but_hidden,
    error::Result,
    having_words,
    platform::{
        access::Grant,
        db::{
            AnyId, Conn, MultiBackend,
            schema::{attachments, drafts, messages, threads},
        },
        page::{Cursor, Keyset},
        search,
    },
};

/// A thread as stored.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = threads, check_for_backend(MultiBackend), treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub struct ThreadRow {
    pub patient_id: PatientId,
    pub id: ThreadId,
    pub team_id: TeamId,
    pub subject: Option<String>,
    pub topic_kind: Option<TopicKind>,
    pub topic_id: Option<AnyId>,
    pub state: ThreadState,
    pub owner_id: Option<AccountId>,
    pub waiting_since: Option<Time>,
    pub due_at: Option<Time>,
    pub last_at: Time,
    pub sent_at: Option<Time>,
    pub version: i64,
}

impl ThreadRow {
    /// Whose leave it takes of whoever acts for the patient.
    pub fn category(&self) -> Category {
        category_of(self.topic_kind)
    }
}

/// Adds a thread.
pub fn insert(conn: &mut Conn, _: &Grant, row: &ThreadRow) -> Result<()> {
    diesel::insert_into(threads::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's.
pub fn thread(conn: &mut Conn, grant: &Grant, id: ThreadId) -> Result<Option<ThreadRow>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let found = threads::table.find((grant.patient(), id)).select(ThreadRow::as_select());
    let found: Option<ThreadRow> = found.first(conn).optional()?;
    Ok(found.filter(|thread| grant.sees(thread.category())))
}

/// Something of a thread, as an operation names it.
#[derive(Clone, Copy)]
pub enum Named {
    Thread(ThreadId),
    Message(MessageId),
    Draft(DraftId),
    File(AttachmentId),
}

impl Named {
    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Thread(id) => id.0,
            Self::Message(id) => id.0,
            Self::Draft(id) => id.0,
            Self::File(id) => id.0,
        }
    }
}

/// Whose leave the thread takes that this belongs to; asked before there is a leave, and tells nothing else. What belongs to
/// no thread is of the messages.
pub fn category_of_named(conn: &mut Conn, patient: PatientId, named: Named) -> Result<Category> {
    let thread = match named {
        Named::Thread(id) => Some(id),
        Named::Message(id) => of_message(conn, id)?,
        Named::Draft(id) => of_draft(conn, id)?,
        Named::File(id) => {
            let found: Option<(Option<DraftId>, Option<MessageId>)> = attachments::table
                .find(id)
                .select((attachments::draft_id, attachments::message_id))
                .first(conn)
                .optional()?;
            match found {
                Some((Some(draft), _)) => of_draft(conn, draft)?,
                Some((_, Some(message))) => of_message(conn, message)?,
                _ => None,
            }
        }
    };
    let Some(thread) = thread else { return Ok(Category::Messages) };
    let topic: Option<Option<TopicKind>> =
        threads::table.find((patient, thread)).select(threads::topic_kind).first(conn).optional()?;
    Ok(category_of(topic.flatten()))
}

fn of_message(conn: &mut Conn, id: MessageId) -> Result<Option<ThreadId>> {
    let message = messages::table.filter(messages::id.eq(id));
    Ok(message.select(messages::thread_id).first(conn).optional()?)
}

fn of_draft(conn: &mut Conn, id: DraftId) -> Result<Option<ThreadId>> {
    let draft = drafts::table.filter(drafts::id.eq(id));
    let thread: Option<Option<ThreadId>> = draft.select(drafts::thread_id).first(conn).optional()?;
    Ok(thread.flatten())
}

/// Who has claimed these threads.
pub fn owners(conn: &mut Conn, ids: &[ThreadId]) -> Result<HashMap<ThreadId, AccountId>> {
    let rows: Vec<(ThreadId, Option<AccountId>)> = threads::table
        .filter(threads::id.eq_any(ids.to_vec()))
        .select((threads::id, threads::owner_id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, owner)| Some((id, owner?))).collect())
}

/// Writes a thread as it is now, with its version raised.
pub fn change(conn: &mut Conn, grant: &Grant, row: &mut ThreadRow) -> Result<()> {
    row.version += 1;
    diesel::update(threads::table.find((grant.patient(), row.id))).set(row.clone()).execute(conn)?;
    Ok(())
}

/// Threads in which the patient wrote, newest first, and one more than a page holds.
pub fn sent(
    conn: &mut Conn,
    grant: &Grant,
    words: Option<&search::Query>,
    keyset: &Keyset,
) -> Result<Vec<ThreadRow>> {
    use threads::dsl as t;
    let mut query = threads::table
        .into_boxed()
        .filter(t::patient_id.eq(grant.patient()))
        .filter(t::sent_at.is_not_null());
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(t::sent_at.lt(at).or(t::sent_at.eq(at).and(t::id.lt(ThreadId(id)))));
    }
    but_hidden!(query, grant, t::id);
    if !grant.sees(Category::Billing) {
        query = query.filter(t::topic_kind.is_null().or(t::topic_kind.ne(TopicKind::Dispute)));
    }
    if !grant.sees(Category::Messages) {
        query = query.filter(t::topic_kind.eq(TopicKind::Dispute));
    }
    having_words!(conn, query, t::id, Realm::Mailbox, &[grant.patient().0], words);
    let rows = query.order((t::sent_at.desc(), t::id.desc())).limit(keyset.rows());
    Ok(rows.select(ThreadRow::as_select()).load(conn)?)
}

/// Keeps the words of a thread: the patient finds what the patient may see; the team its notes as well, and of the
/// patient's messages those that it opened. A recalled message has no words. The newest words come first, where a
/// thread has more than are kept.
pub fn index(conn: &mut Conn, thread: &ThreadRow, messages: &[MessageRow]) -> Result<()> {
    let subject = thread.subject.as_deref().unwrap_or_default();
    let texts = |seen: fn(&MessageRow) -> bool| -> Vec<&str> {
        let kept = messages.iter().rev().filter(|message| message.recalled_at.is_none() && seen(message));
        std::iter::once(subject).chain(kept.map(|message| message.body.as_str())).collect()
    };
    let of_patient = texts(|message| message.side != Side::Note);
    let of_team = texts(|message| message.side != Side::Patient || message.opened_at.is_some());
    search::index(conn, Realm::Mailbox, thread.patient_id.0, thread.id.0, &of_patient)?;
    // Another team may have had it.
    search::forget(conn, Realm::Queue, thread.id.0)?;
    search::index(conn, Realm::Queue, thread.team_id.0, thread.id.0, &of_team)
}

/// Whose thread it is; for acts on several patients' threads, which ask for each grant then.
pub fn patient_of(conn: &mut Conn, id: ThreadId) -> Result<Option<PatientId>> {
    Ok(threads::table.filter(threads::id.eq(id)).select(threads::patient_id).first(conn).optional()?)
}
