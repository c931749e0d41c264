//! Rows of requests to correct the record.

use diesel::prelude::*;
use portal_domain::{
    amendments::{AmendmentDenial, AmendmentState},
    ids::{AccountId, AmendmentId, PatientId},
    page::Page,
    record::Section,
    time::Time,
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, MultiBackend, schema::amendments},
        page::{Cursor, Keyset},
    },
};

/// A request as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = amendments, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub id: AmendmentId,
    pub state: AmendmentState,
    pub section: Section,
    pub entry: String,
    pub wrong: String,
    pub correct: String,
    pub requested_by: AccountId,
    pub requested_at: Time,
    pub due_at: Time,
    pub denial: Option<AmendmentDenial>,
    pub words: String,
    pub closed_by: Option<AccountId>,
    pub closed_at: Option<Time>,
    pub version: i64,
    pub updated_at: Time,
}

/// Adds a request.
pub fn insert(conn: &mut Conn, _: &Grant, row: &Row) -> Result<()> {
    diesel::insert_into(amendments::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Keeps what became of a request.
pub fn close(conn: &mut Conn, grant: &Grant, row: &Row) -> Result<()> {
    use amendments::dsl as a;
    diesel::update(amendments::table.find((grant.patient(), row.id)))
        .set((
            a::state.eq(row.state),
            a::denial.eq(row.denial),
            a::words.eq(&row.words),
            a::closed_by.eq(row.closed_by),
            a::closed_at.eq(row.closed_at),
            a::version.eq(row.version),
            a::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's.
pub fn find(conn: &mut Conn, grant: &Grant, id: AmendmentId) -> Result<Option<Row>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let found = amendments::table.find((grant.patient(), id)).select(Row::as_select());
    Ok(found.first(conn).optional()?)
}

/// How many of the patient's wait.
pub fn waiting(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    use amendments::dsl as a;
    let rows = amendments::table
        .filter(a::patient_id.eq(grant.patient()))
        .filter(a::state.eq(AmendmentState::Pending));
    Ok(rows.count().get_result(conn)?)
}

/// One page of a patient's requests, newest first.
pub fn list(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<Row>> {
    use amendments::dsl as a;
    let mut query = amendments::table.into_boxed().filter(a::patient_id.eq(grant.patient()));
    but_hidden!(query, grant, a::id);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = AmendmentId(id);
        query = query.filter(a::requested_at.lt(at).or(a::requested_at.eq(at).and(a::id.lt(id))));
    }
    let rows = query.order((a::requested_at.desc(), a::id.desc())).limit(keyset.rows());
    let rows = rows.select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.requested_at, id: row.id.0 }))
}

/// One page of the practice's queue, soonest due first.
pub fn queue(conn: &mut Conn, state: AmendmentState, keyset: &Keyset) -> Result<Page<Row>> {
    use amendments::dsl as a;
    let mut query = amendments::table.into_boxed().filter(a::state.eq(state));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = AmendmentId(id);
        query = query.filter(a::due_at.gt(at).or(a::due_at.eq(at).and(a::id.gt(id))));
    }
    let rows = query.order((a::due_at.asc(), a::id.asc())).limit(keyset.rows());
    let rows = rows.select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.due_at, id: row.id.0 }))
}
