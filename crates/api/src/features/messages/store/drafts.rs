//! Drafts: each is its writer's alone.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, DraftId, PatientId, ThreadId},
    page::Page,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, Json, MultiBackend, schema::drafts},
        page::{Cursor, Keyset},
    },
};

/// A draft as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = drafts, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct DraftRow {
    pub account_id: AccountId,
    pub patient_id: PatientId,
    pub id: DraftId,
    pub thread_id: Option<ThreadId>,
    pub body: Json,
    pub saved_at: Time,
    pub version: i64,
}

/// Adds a draft.
pub fn insert(conn: &mut Conn, _: &Grant, row: &DraftRow) -> Result<()> {
    diesel::insert_into(drafts::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the writer's about this patient.
pub fn draft(conn: &mut Conn, grant: &Grant, writer: AccountId, id: DraftId) -> Result<Option<DraftRow>> {
    let found = drafts::table.find((writer, grant.patient(), id)).select(DraftRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// The writer's answer to a thread, if one is being written.
pub fn answer(
    conn: &mut Conn,
    grant: &Grant,
    writer: AccountId,
    thread: ThreadId,
) -> Result<Option<DraftRow>> {
    let found = drafts::table
        .filter(drafts::account_id.eq(writer))
        .filter(drafts::patient_id.eq(grant.patient()))
        .filter(drafts::thread_id.eq(thread));
    Ok(found.select(DraftRow::as_select()).first(conn).optional()?)
}

/// How many the writer has about this patient.
pub fn count(conn: &mut Conn, grant: &Grant, writer: AccountId) -> Result<i64> {
    let own =
        drafts::table.filter(drafts::account_id.eq(writer)).filter(drafts::patient_id.eq(grant.patient()));
    Ok(own.count().get_result(conn)?)
}

/// One page of the writer's, last saved first.
pub fn drafts(conn: &mut Conn, grant: &Grant, writer: AccountId, keyset: &Keyset) -> Result<Page<DraftRow>> {
    use drafts::dsl as d;
    let mut query =
        drafts::table.into_boxed().filter(d::account_id.eq(writer)).filter(d::patient_id.eq(grant.patient()));
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(d::saved_at.lt(at).or(d::saved_at.eq(at).and(d::id.lt(DraftId(id)))));
    }
    let rows = query.order((d::saved_at.desc(), d::id.desc())).limit(keyset.rows());
    let rows = rows.select(DraftRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &DraftRow| Cursor { at: row.saved_at, id: row.id.0 }))
}

/// Writes a draft's new content.
pub fn save(conn: &mut Conn, row: &DraftRow) -> Result<()> {
    diesel::update(drafts::table.find((row.account_id, row.patient_id, row.id)))
        .set((
            drafts::body.eq(row.body.clone()),
            drafts::thread_id.eq(row.thread_id),
            drafts::saved_at.eq(row.saved_at),
            drafts::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes a draft; its files are the caller's care.
pub fn remove(conn: &mut Conn, row: &DraftRow) -> Result<()> {
    diesel::delete(drafts::table.find((row.account_id, row.patient_id, row.id))).execute(conn)?;
    Ok(())
}
