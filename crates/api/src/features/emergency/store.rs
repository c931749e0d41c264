//! Rows of emergency accesses.

use diesel::prelude::*;
use portal_domain::{
    emergency::EmergencyReason,
    ids::{AccountId, EmergencyAccessId, PatientId},
    page::Page,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, MultiBackend, schema::emergency_accesses},
        page::{Cursor, Keyset},
    },
};

/// An emergency access as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = emergency_accesses, check_for_backend(MultiBackend))]
pub struct Row {
    pub patient_id: PatientId,
    pub id: EmergencyAccessId,
    pub account_id: AccountId,
    pub reason: EmergencyReason,
    pub note: String,
    pub begun_at: Time,
    pub ends_at: Time,
}

/// Adds one.
pub fn insert(conn: &mut Conn, _: &Grant, row: &Row) -> Result<()> {
    diesel::insert_into(emergency_accesses::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Ends what holds of a member of staff's for this patient.
pub fn end(conn: &mut Conn, grant: &Grant, account: AccountId, now: Time) -> Result<()> {
    let open = emergency_accesses::table
        .filter(emergency_accesses::patient_id.eq(grant.patient()))
        .filter(emergency_accesses::account_id.eq(account))
        .filter(emergency_accesses::ends_at.gt(now));
    diesel::update(open).set(emergency_accesses::ends_at.eq(now)).execute(conn)?;
    Ok(())
}

/// One by its id.
pub fn one(conn: &mut Conn, id: EmergencyAccessId) -> Result<Row> {
    let found = emergency_accesses::table.filter(emergency_accesses::id.eq(id));
    Ok(found.select(Row::as_select()).first(conn)?)
}

/// One page of the practice's, the newest first.
pub fn page(conn: &mut Conn, keyset: &Keyset) -> Result<Page<Row>> {
    use emergency_accesses::dsl as e;
    let mut query = emergency_accesses::table.into_boxed();
    if let Some(Cursor { at, id }) = keyset.after {
        let id = EmergencyAccessId(id);
        query = query.filter(e::begun_at.lt(at).or(e::begun_at.eq(at).and(e::id.lt(id))));
    }
    let rows = query.order((e::begun_at.desc(), e::id.desc())).limit(keyset.rows());
    Ok(keyset
        .page(rows.select(Row::as_select()).load(conn)?, |row| Cursor { at: row.begun_at, id: row.id.0 }))
}
