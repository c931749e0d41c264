//! Threads.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, PatientId, TeamId, ThreadId},
    messages::{Side, ThreadState, TopicKind},
    search::Realm,
    time::Time,
};

use super::MessageRow;
use crate::{
    but_hidden,
    error::Result,
    having_words,
    platform::{
        access::Grant,
        db::{AnyId, Conn, MultiBackend, schema::threads},
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
    Ok(found.first(conn).optional()?)
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
