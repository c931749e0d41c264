//! Messages and notes.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, MessageId, PatientId, ThreadId},
    messages::Side,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, Json, MultiBackend, schema::messages},
    },
};

/// A message as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = messages, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct MessageRow {
    pub thread_id: ThreadId,
    pub at: Time,
    pub id: MessageId,
    pub patient_id: PatientId,
    pub side: Side,
    pub author_id: AccountId,
    pub opened_at: Option<Time>,
    pub recalled_at: Option<Time>,
    pub education: Json,
    pub body: String,
}

impl MessageRow {
    /// Whether the patient wrote it and no member of staff has opened it.
    pub fn is_unopened(&self) -> bool {
        self.side == Side::Patient && self.recalled_at.is_none() && self.opened_at.is_none()
    }
}

/// Adds a message.
pub fn insert(conn: &mut Conn, _: &Grant, row: &MessageRow) -> Result<()> {
    diesel::insert_into(messages::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// The messages of a thread, oldest first; `notes` are for staff alone.
pub fn messages(conn: &mut Conn, grant: &Grant, thread: ThreadId, notes: bool) -> Result<Vec<MessageRow>> {
    use messages::dsl as m;
    let mut query = messages::table
        .into_boxed()
        .filter(m::thread_id.eq(thread))
        .filter(m::patient_id.eq(grant.patient()));
    if !notes {
        query = query.filter(m::side.ne(Side::Note));
    }
    Ok(query.order((m::at.asc(), m::id.asc())).select(MessageRow::as_select()).load(conn)?)
}

/// One message of the patient's threads.
pub fn message(conn: &mut Conn, grant: &Grant, id: MessageId) -> Result<Option<MessageRow>> {
    let found = messages::table.filter(messages::id.eq(id)).filter(messages::patient_id.eq(grant.patient()));
    let found: Option<MessageRow> = found.select(MessageRow::as_select()).first(conn).optional()?;
    // A message is seen where its thread is.
    let Some(row) = found else { return Ok(None) };
    Ok(super::thread(conn, grant, row.thread_id)?.map(|_| row))
}

/// Marks what one side wrote as opened by the other; the first time counts. Answers how many were.
pub fn open(conn: &mut Conn, grant: &Grant, thread: ThreadId, written_by: Side, now: Time) -> Result<usize> {
    let unopened = messages::table
        .filter(messages::thread_id.eq(thread))
        .filter(messages::patient_id.eq(grant.patient()))
        .filter(messages::side.eq(written_by))
        .filter(messages::recalled_at.is_null())
        .filter(messages::opened_at.is_null());
    Ok(diesel::update(unopened).set(messages::opened_at.eq(now)).execute(conn)?)
}

/// Takes a message back: what it said is gone from here on.
pub fn recall(conn: &mut Conn, _: &Grant, row: &MessageRow, now: Time) -> Result<()> {
    diesel::update(messages::table.find((row.thread_id, row.at, row.id)))
        .set((messages::recalled_at.eq(now), messages::body.eq("")))
        .execute(conn)?;
    Ok(())
}

/// The patient's newest message in each of these threads.
pub fn newest_of_patient(conn: &mut Conn, grant: &Grant, threads: &[ThreadId]) -> Result<Vec<MessageRow>> {
    use messages::dsl as m;
    let mut rows: Vec<MessageRow> = messages::table
        .filter(m::thread_id.eq_any(threads.to_vec()))
        .filter(m::patient_id.eq(grant.patient()))
        .filter(m::side.eq(Side::Patient))
        .order((m::thread_id.asc(), m::at.desc(), m::id.desc()))
        .select(MessageRow::as_select())
        .load(conn)?;
    rows.dedup_by_key(|row| row.thread_id);
    Ok(rows)
}

/// Since when the patient waits in a thread, whose messages are given oldest first: the first one that was not taken
/// back and that nobody answered, or that nobody opened, whatever was written after it.
pub fn waiting_since(rows: &[MessageRow]) -> Option<Time> {
    let answered = rows.iter().rposition(|row| row.side == Side::Staff);
    let waits = |(place, row): &(usize, &MessageRow)| {
        row.side == Side::Patient
            && row.recalled_at.is_none()
            && (row.opened_at.is_none() || answered.is_none_or(|answered| *place > answered))
    };
    rows.iter().enumerate().find(waits).map(|(_, row)| row.at)
}
