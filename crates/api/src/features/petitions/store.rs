//! Rows of requests, of either kind.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, PatientId, PetitionId},
    page::Page,
    petitions::{PetitionKind, PetitionState},
    record::Section,
    time::Time,
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, Json, MultiBackend, schema::petitions},
        page::{Cursor, Keyset},
    },
};

/// A request as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = petitions, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub id: PetitionId,
    pub kind: PetitionKind,
    pub state: PetitionState,
    pub section: Option<Section>,
    pub ask: Json,
    pub requested_by: AccountId,
    pub requested_at: Time,
    pub due_at: Time,
    pub denial: Option<String>,
    pub words: String,
    pub closed_by: Option<AccountId>,
    pub closed_at: Option<Time>,
    pub version: i64,
    pub updated_at: Time,
}

/// Adds a request.
pub fn insert(conn: &mut Conn, _: &Grant, row: &Row) -> Result<()> {
    diesel::insert_into(petitions::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Keeps what became of a request.
pub fn close(conn: &mut Conn, grant: &Grant, row: &Row) -> Result<()> {
    use petitions::dsl as p;
    diesel::update(petitions::table.find((grant.patient(), row.id)))
        .set((
            p::state.eq(row.state),
            p::denial.eq(&row.denial),
            p::words.eq(&row.words),
            p::closed_by.eq(row.closed_by),
            p::closed_at.eq(row.closed_at),
            p::version.eq(row.version),
            p::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's, or of the other kind.
pub fn find(conn: &mut Conn, grant: &Grant, kind: PetitionKind, id: PetitionId) -> Result<Option<Row>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let found = petitions::table
        .find((grant.patient(), id))
        .filter(petitions::kind.eq(kind))
        .select(Row::as_select());
    Ok(found.first(conn).optional()?)
}

/// How many of the patient's of this kind wait.
pub fn waiting(conn: &mut Conn, grant: &Grant, kind: PetitionKind) -> Result<i64> {
    use petitions::dsl as p;
    let rows = petitions::table
        .filter(p::patient_id.eq(grant.patient()))
        .filter(p::kind.eq(kind))
        .filter(p::state.eq(PetitionState::Pending));
    Ok(rows.count().get_result(conn)?)
}

/// One page of a patient's requests of this kind, newest first; of one state when that is named.
pub fn list(
    conn: &mut Conn,
    grant: &Grant,
    kind: PetitionKind,
    only: Option<PetitionState>,
    keyset: &Keyset,
) -> Result<Page<Row>> {
    use petitions::dsl as p;
    let mut query =
        petitions::table.into_boxed().filter(p::patient_id.eq(grant.patient())).filter(p::kind.eq(kind));
    but_hidden!(query, grant, p::id);
    if let Some(state) = only {
        query = query.filter(p::state.eq(state));
    }
    if let Some(Cursor { at, id }) = keyset.after {
        let id = PetitionId(id);
        query = query.filter(p::requested_at.lt(at).or(p::requested_at.eq(at).and(p::id.lt(id))));
    }
    let rows = query.order((p::requested_at.desc(), p::id.desc())).limit(keyset.rows());
    let rows = rows.select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.requested_at, id: row.id.0 }))
}

/// One page of the practice's queue, soonest due first.
pub fn queue(
    conn: &mut Conn,
    kind: PetitionKind,
    state: PetitionState,
    keyset: &Keyset,
) -> Result<Page<Row>> {
    use petitions::dsl as p;
    let mut query = petitions::table.into_boxed().filter(p::kind.eq(kind)).filter(p::state.eq(state));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = PetitionId(id);
        query = query.filter(p::due_at.gt(at).or(p::due_at.eq(at).and(p::id.gt(id))));
    }
    let rows = query.order((p::due_at.asc(), p::id.asc())).limit(keyset.rows());
    let rows = rows.select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.due_at, id: row.id.0 }))
}
