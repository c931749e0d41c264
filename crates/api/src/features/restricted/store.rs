//! Rows of restricted records.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, PatientId},
    page::Page,
    restricted::RestrictedReason,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, MultiBackend,
            schema::{restricted_record_staff, restricted_records},
        },
        page::{Cursor, Keyset},
    },
};

/// A restriction as stored, also one that was lifted.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = restricted_records, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub reason: RestrictedReason,
    pub since: Time,
    pub changed_by: AccountId,
    pub lifted_at: Option<Time>,
    pub version: i64,
}

/// The patient's, if there ever was one.
pub fn find(conn: &mut Conn, grant: &Grant) -> Result<Option<Row>> {
    let found = restricted_records::table.find(grant.patient()).select(Row::as_select());
    Ok(found.first(conn).optional()?)
}

/// Keeps a restriction, in place of the patient's one before.
pub fn put(conn: &mut Conn, grant: &Grant, row: &Row) -> Result<()> {
    use restricted_records::dsl as r;
    let changed = diesel::update(restricted_records::table.find(grant.patient()))
        .set((
            r::reason.eq(row.reason),
            r::since.eq(row.since),
            r::changed_by.eq(row.changed_by),
            r::lifted_at.eq(row.lifted_at),
            r::version.eq(row.version),
        ))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(restricted_records::table).values(row.clone()).execute(conn)?;
    }
    Ok(())
}

/// Says to whom the record is open.
pub fn name(conn: &mut Conn, grant: &Grant, staff: &[AccountId]) -> Result<()> {
    let before =
        restricted_record_staff::table.filter(restricted_record_staff::patient_id.eq(grant.patient()));
    diesel::delete(before).execute(conn)?;
    for account in staff {
        diesel::insert_into(restricted_record_staff::table)
            .values((
                restricted_record_staff::patient_id.eq(grant.patient()),
                restricted_record_staff::account_id.eq(*account),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// To whom these records are open.
pub fn named(conn: &mut Conn, patients: &[PatientId]) -> Result<HashMap<PatientId, Vec<AccountId>>> {
    let rows: Vec<(PatientId, AccountId)> = restricted_record_staff::table
        .filter(restricted_record_staff::patient_id.eq_any(patients.to_vec()))
        .select((restricted_record_staff::patient_id, restricted_record_staff::account_id))
        .load(conn)?;
    let mut named: HashMap<PatientId, Vec<AccountId>> = HashMap::new();
    for (patient, account) in rows {
        named.entry(patient).or_default().push(account);
    }
    Ok(named)
}

/// One page of what is restricted, the newest first.
pub fn page(conn: &mut Conn, keyset: &Keyset) -> Result<Page<Row>> {
    use restricted_records::dsl as r;
    let mut query = restricted_records::table.into_boxed().filter(r::lifted_at.is_null());
    if let Some(Cursor { at, id }) = keyset.after {
        let id = PatientId(id);
        query = query.filter(r::since.lt(at).or(r::since.eq(at).and(r::patient_id.lt(id))));
    }
    let rows = query.order((r::since.desc(), r::patient_id.desc())).limit(keyset.rows());
    let rows = rows.select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.since, id: row.patient_id.0 }))
}
