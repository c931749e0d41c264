//! Records from elsewhere: what is said of them in lists. What they hold lies in the file store.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, OutsideRecordId, PatientId},
    outside::{OutsideFormat, OutsideRecordView},
    page::Page,
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{AnyId, Conn, MultiBackend, schema::outside_records},
        page::{Cursor, Keyset},
    },
};

/// A record from elsewhere.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outside_records, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub added_at: Time,
    pub id: OutsideRecordId,
    pub added_by: AccountId,
    pub format: OutsideFormat,
    pub title: String,
    pub source: String,
    pub made_on: Option<Date>,
    pub may_be_of_another: i64,
    pub file_id: AnyId,
    pub size: i64,
    pub sha256: Vec<u8>,
}

impl Row {
    /// As people see it in a list.
    pub fn view(&self) -> OutsideRecordView {
        OutsideRecordView {
            id: self.id,
            format: self.format,
            title: self.title.clone(),
            source: self.source.clone(),
            made_on: self.made_on,
            added_at: self.added_at,
            size: self.size,
            may_be_of_another: self.may_be_of_another != 0,
        }
    }
}

/// Keeps a new one.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(outside_records::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's; none when there is no such.
pub fn find(conn: &mut Conn, grant: &Grant, id: OutsideRecordId) -> Result<Option<Row>> {
    let own = outside_records::table
        .filter(outside_records::patient_id.eq(grant.patient()))
        .filter(outside_records::id.eq(id));
    Ok(own.select(Row::as_select()).first(conn).optional()?)
}

/// How many the patient has, and whether this very file is among them.
pub fn present(conn: &mut Conn, grant: &Grant, sha256: &[u8]) -> Result<(i64, bool)> {
    let all: Vec<Vec<u8>> = outside_records::table
        .filter(outside_records::patient_id.eq(grant.patient()))
        .select(outside_records::sha256)
        .load(conn)?;
    Ok((all.len() as i64, all.iter().any(|known| known == sha256)))
}

/// One page of the patient's, newest first.
pub fn page(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<Row>> {
    use outside_records::dsl as o;
    let mut query = outside_records::table.into_boxed().filter(o::patient_id.eq(grant.patient()));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = OutsideRecordId(id);
        query = query.filter(o::added_at.lt(at).or(o::added_at.eq(at).and(o::id.lt(id))));
    }
    let rows = query.order((o::added_at.desc(), o::id.desc())).limit(keyset.rows()).select(Row::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &Row| Cursor { at: row.added_at, id: row.id.0 }))
}

/// Forgets one.
pub fn remove(conn: &mut Conn, id: OutsideRecordId) -> Result<()> {
    diesel::delete(outside_records::table.filter(outside_records::id.eq(id))).execute(conn)?;
    Ok(())
}
