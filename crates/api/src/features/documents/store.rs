//! Documents.

use diesel::prelude::*;
use portal_domain::{
    documents::{DocumentKind, DocumentState},
    ids::{AccountId, DocumentId, PatientId},
    page::Page,
    time::{Date, Time},
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{AnyId, Conn, MultiBackend, schema::documents},
        page::{Cursor, Keyset},
    },
};

/// A document.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub created_at: Time,
    pub id: DocumentId,
    pub created_by: AccountId,
    pub title: String,
    pub kind: DocumentKind,
    pub on_date: Date,
    pub text: String,
    pub file_id: Option<AnyId>,
    pub file_name: Option<String>,
    pub file_size: Option<i64>,
    pub released_at: Option<Time>,
    pub released_by: Option<AccountId>,
    pub read_at: Option<Time>,
    pub withdrawn_at: Option<Time>,
    pub withdrawn_by: Option<AccountId>,
    pub withdrawn_because: Option<String>,
    pub version: i64,
}

impl Row {
    /// Where it stands.
    pub fn state(&self) -> DocumentState {
        match (self.released_at, self.withdrawn_at) {
            (_, Some(_)) => DocumentState::Withdrawn,
            (Some(_), None) => DocumentState::Released,
            (None, None) => DocumentState::Unreleased,
        }
    }
}

/// Keeps a new one.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(documents::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's that whoever has leave may see: the patient one that is released now, staff any.
pub fn find(conn: &mut Conn, grant: &Grant, id: DocumentId) -> Result<Option<Row>> {
    use documents::dsl as d;
    let mut query =
        documents::table.into_boxed().filter(d::patient_id.eq(grant.patient())).filter(d::id.eq(id));
    if !grant.sees_unreleased() {
        query = query.filter(d::released_at.is_not_null()).filter(d::withdrawn_at.is_null());
    }
    but_hidden!(query, grant, d::id);
    Ok(query.select(Row::as_select()).first(conn).optional()?)
}

/// One page of the same, newest first.
pub fn page(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<Row>> {
    use documents::dsl as d;
    let mut query = documents::table.into_boxed().filter(d::patient_id.eq(grant.patient()));
    if !grant.sees_unreleased() {
        query = query.filter(d::released_at.is_not_null()).filter(d::withdrawn_at.is_null());
    }
    but_hidden!(query, grant, d::id);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = DocumentId(id);
        query = query.filter(d::created_at.lt(at).or(d::created_at.eq(at).and(d::id.lt(id))));
    }
    let rows =
        query.order((d::created_at.desc(), d::id.desc())).limit(keyset.rows()).select(Row::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &Row| Cursor { at: row.created_at, id: row.id.0 }))
}

/// Keeps what became of one.
pub fn save(conn: &mut Conn, row: &Row) -> Result<()> {
    use documents::dsl as d;
    diesel::update(documents::table.filter(d::id.eq(row.id)))
        .set((
            d::file_id.eq(row.file_id),
            d::file_name.eq(row.file_name.clone()),
            d::file_size.eq(row.file_size),
            d::released_at.eq(row.released_at),
            d::released_by.eq(row.released_by),
            d::read_at.eq(row.read_at),
            d::withdrawn_at.eq(row.withdrawn_at),
            d::withdrawn_by.eq(row.withdrawn_by),
            d::withdrawn_because.eq(row.withdrawn_because.clone()),
            d::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets one that nobody but staff ever saw.
pub fn remove(conn: &mut Conn, id: DocumentId) -> Result<()> {
    diesel::delete(documents::table.filter(documents::id.eq(id))).execute(conn)?;
    Ok(())
}
