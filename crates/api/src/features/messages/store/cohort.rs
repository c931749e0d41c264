//! Messages to cohorts, and who they go to.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, CohortMessageId, MessageId, PatientId, TeamId, ThreadId},
    page::Page,
    time::Time,
};

use crate::{
    each_engine,
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, Json, MultiBackend,
            schema::{cohort_messages, cohort_recipients, messages},
        },
        page::{Cursor, Keyset},
    },
};

/// Rows in one statement: SQLite takes 32,766 values.
const AT_ONCE: usize = 5_000;

/// A message to a cohort as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = cohort_messages, check_for_backend(MultiBackend))]
pub struct CohortRow {
    pub id: CohortMessageId,
    pub team_id: TeamId,
    pub sent_by: AccountId,
    pub sent_at: Time,
    pub subject: String,
    pub body: String,
    pub audience: Json,
    pub patients: i64,
    pub done_at: Option<Time>,
}

/// Adds a message with everybody who gets it.
pub fn insert(conn: &mut Conn, row: &CohortRow, patients: &[PatientId]) -> Result<()> {
    diesel::insert_into(cohort_messages::table).values(row.clone()).execute(conn)?;
    for some in patients.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|patient| {
                (cohort_recipients::cohort_message_id.eq(row.id), cohort_recipients::patient_id.eq(*patient))
            })
            .collect();
        each_engine!(conn, conn => diesel::insert_into(cohort_recipients::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// One message; none when there is no such.
pub fn find(conn: &mut Conn, id: CohortMessageId) -> Result<Option<CohortRow>> {
    Ok(cohort_messages::table.find(id).select(CohortRow::as_select()).first(conn).optional()?)
}

/// The messages of these teams, newest first.
pub fn page(conn: &mut Conn, teams: &[TeamId], keyset: &Keyset) -> Result<Page<CohortRow>> {
    use cohort_messages::dsl as c;
    let mut query = cohort_messages::table.into_boxed().filter(c::team_id.eq_any(teams.to_vec()));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = CohortMessageId(id);
        query = query.filter(c::sent_at.lt(at).or(c::sent_at.eq(at).and(c::id.lt(id))));
    }
    let rows = query
        .order((c::sent_at.desc(), c::id.desc()))
        .limit(keyset.rows())
        .select(CohortRow::as_select())
        .load(conn)?;
    Ok(keyset.page(rows, |row: &CohortRow| Cursor { at: row.sent_at, id: row.id.0 }))
}

/// The oldest message that somebody still waits for.
pub fn undone(conn: &mut Conn) -> Result<Option<CohortRow>> {
    let rows = cohort_messages::table.filter(cohort_messages::done_at.is_null());
    let oldest = rows.order((cohort_messages::sent_at, cohort_messages::id));
    Ok(oldest.select(CohortRow::as_select()).first(conn).optional()?)
}

/// Patients who don't have it yet.
pub fn undelivered(conn: &mut Conn, id: CohortMessageId, limit: i64) -> Result<Vec<PatientId>> {
    let waiting = cohort_recipients::table
        .filter(cohort_recipients::cohort_message_id.eq(id))
        .filter(cohort_recipients::thread_id.is_null());
    let first = waiting.order(cohort_recipients::patient_id).limit(limit);
    Ok(first.select(cohort_recipients::patient_id).load(conn)?)
}

/// Notes that the grant's patient has it.
pub fn delivered(
    conn: &mut Conn,
    grant: &Grant,
    id: CohortMessageId,
    thread: ThreadId,
    message: MessageId,
    now: Time,
) -> Result<()> {
    diesel::update(cohort_recipients::table.find((id, grant.patient())))
        .set((
            cohort_recipients::thread_id.eq(thread),
            cohort_recipients::message_id.eq(message),
            cohort_recipients::delivered_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that everybody has it.
pub fn finish(conn: &mut Conn, id: CohortMessageId, now: Time) -> Result<()> {
    let row = cohort_messages::table.find(id);
    diesel::update(row).set(cohort_messages::done_at.eq(now)).execute(conn)?;
    Ok(())
}

/// How many have it, and how many of them opened it.
pub fn counts(conn: &mut Conn, id: CohortMessageId) -> Result<(i64, i64)> {
    let of = cohort_recipients::table.filter(cohort_recipients::cohort_message_id.eq(id));
    let delivered = of.filter(cohort_recipients::thread_id.is_not_null()).count().get_result(conn)?;
    let opened = of
        .inner_join(messages::table.on(messages::id.nullable().eq(cohort_recipients::message_id)))
        .filter(messages::opened_at.is_not_null())
        .count()
        .get_result(conn)?;
    Ok((delivered, opened))
}

/// A patient to whom it goes: who, in which thread, since when, and when it was opened.
pub type RecipientRow = (PatientId, Option<ThreadId>, Option<Time>, Option<Time>);

/// One page of them, always in the same order.
pub fn recipients(conn: &mut Conn, row: &CohortRow, keyset: &Keyset) -> Result<Page<RecipientRow>> {
    use cohort_recipients::dsl as r;
    let mut query = cohort_recipients::table
        .left_join(messages::table.on(messages::id.nullable().eq(r::message_id)))
        .into_boxed()
        .filter(r::cohort_message_id.eq(row.id));
    if let Some(Cursor { id, .. }) = keyset.after {
        query = query.filter(r::patient_id.gt(PatientId(id)));
    }
    let rows: Vec<RecipientRow> = query
        .order(r::patient_id)
        .limit(keyset.rows())
        .select((r::patient_id, r::thread_id, r::delivered_at, messages::opened_at.nullable()))
        .load(conn)?;
    Ok(keyset.page(rows, |(patient, ..)| Cursor { at: row.sent_at, id: patient.0 }))
}
