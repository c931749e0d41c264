//! Records from elsewhere: what is said of them in lists. What they hold lies in the file store.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, ChartItemId, OutsideRecordId, PatientId},
    outside::{OutsideDismissReason, OutsideEntryKind, OutsideEntryState, OutsideFormat, OutsideRecordView},
    page::Page,
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            AnyId, Conn, MultiBackend,
            schema::{outside_entries, outside_records},
        },
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

/// Forgets one, and what was decided about its entries; what stands in the chart keeps its origin.
pub fn remove(conn: &mut Conn, grant: &Grant, id: OutsideRecordId) -> Result<()> {
    use outside_entries::dsl as e;
    let undecided = outside_entries::table
        .filter(e::patient_id.eq(grant.patient()))
        .filter(e::outside_record_id.eq(id))
        .filter(e::state.ne(OutsideEntryState::Accepted));
    diesel::delete(undecided).execute(conn)?;
    diesel::delete(outside_records::table.filter(outside_records::id.eq(id))).execute(conn)?;
    Ok(())
}

/// What was decided about an entry.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outside_entries, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct EntryRow {
    pub patient_id: PatientId,
    pub outside_record_id: OutsideRecordId,
    pub entry: String,
    pub id: AnyId,
    pub kind: OutsideEntryKind,
    pub name: String,
    pub state: OutsideEntryState,
    pub item_id: Option<ChartItemId>,
    pub reason: Option<OutsideDismissReason>,
    pub words: String,
    pub source: String,
    pub title: String,
    pub made_on: Option<Date>,
    pub decided_by: AccountId,
    pub decided_at: Time,
    pub version: i64,
}

/// What was decided about the entries of a record.
pub fn entries(conn: &mut Conn, grant: &Grant, record: OutsideRecordId) -> Result<Vec<EntryRow>> {
    let rows = outside_entries::table
        .filter(outside_entries::patient_id.eq(grant.patient()))
        .filter(outside_entries::outside_record_id.eq(record));
    Ok(rows.select(EntryRow::as_select()).load(conn)?)
}

/// What was decided about one of them; none when nobody did.
pub fn entry(
    conn: &mut Conn,
    grant: &Grant,
    record: OutsideRecordId,
    entry: &str,
) -> Result<Option<EntryRow>> {
    let found = outside_entries::table.find((grant.patient(), record, entry)).select(EntryRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Keeps a decision in place of the one before.
pub fn keep_entry(conn: &mut Conn, grant: &Grant, row: &EntryRow) -> Result<()> {
    forget_entry(conn, grant, row)?;
    diesel::insert_into(outside_entries::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Forgets a decision.
pub fn forget_entry(conn: &mut Conn, grant: &Grant, row: &EntryRow) -> Result<()> {
    let one = outside_entries::table.find((grant.patient(), row.outside_record_id, row.entry.as_str()));
    diesel::delete(one).execute(conn)?;
    Ok(())
}

/// One page of what stands in the chart from elsewhere, of these kinds, newest decision first.
pub fn accepted(
    conn: &mut Conn,
    grant: &Grant,
    kinds: Vec<OutsideEntryKind>,
    keyset: &Keyset,
) -> Result<Page<EntryRow>> {
    use outside_entries::dsl as e;
    let mut query = outside_entries::table
        .into_boxed()
        .filter(e::patient_id.eq(grant.patient()))
        .filter(e::state.eq(OutsideEntryState::Accepted))
        .filter(e::kind.eq_any(kinds));
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(e::decided_at.lt(at).or(e::decided_at.eq(at).and(e::id.lt(AnyId(id)))));
    }
    let rows = query.order((e::decided_at.desc(), e::id.desc())).limit(keyset.rows());
    let rows = rows.select(EntryRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &EntryRow| Cursor { at: row.decided_at, id: row.id.0 }))
}

/// Which records the patient still keeps here.
pub fn kept(conn: &mut Conn, grant: &Grant) -> Result<Vec<OutsideRecordId>> {
    let own = outside_records::table.filter(outside_records::patient_id.eq(grant.patient()));
    Ok(own.select(outside_records::id).load(conn)?)
}
