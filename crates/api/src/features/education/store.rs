//! Rows of the library and of what was assigned.

use diesel::prelude::*;
use portal_domain::{
    audience::CodedTerm,
    education::{EducationContent, EducationFile, EducationTopic},
    ids::{AccountId, EducationFileId, EducationId},
    page::Page,
    search::Realm,
    time::Time,
};
use uuid::Uuid;

use crate::{
    error::Result,
    having_words,
    platform::{
        access::Grant,
        db::{
            Conn, Json, MultiBackend,
            schema::{
                education_assignments, education_codes, education_files, education_items, education_versions,
            },
        },
        page::{Cursor, Keyset},
        search,
    },
};

/// Whose the words of the library are in the index: the practice's, of which a portal has one.
const LIBRARY: Uuid = Uuid::nil();

/// An item with its draft.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = education_items, check_for_backend(MultiBackend))]
pub struct Item {
    pub id: EducationId,
    pub created_at: Time,
    pub updated_at: Time,
    pub published_at: Option<Time>,
    pub retired_at: Option<Time>,
    pub version: i64,
    pub published: i64,
    pub changed: i64,
    pub topic: Option<EducationTopic>,
    pub draft: Json,
}

impl Item {
    /// Whether readers have it.
    pub fn is_in_library(&self) -> bool {
        self.published > 0 && self.retired_at.is_none()
    }
}

/// A published version.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = education_versions, check_for_backend(MultiBackend))]
pub struct Version {
    pub item_id: EducationId,
    pub number: i64,
    pub published_at: Time,
    pub published_by: AccountId,
    pub content: Json,
}

impl Version {
    /// What it says.
    pub fn content(&self) -> Result<EducationContent> {
        Ok(self.content.read()?)
    }
}

/// A file of an item.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = education_files, check_for_backend(MultiBackend))]
pub struct FileRow {
    pub id: EducationFileId,
    pub item_id: EducationId,
    pub created_at: Time,
    pub name: String,
    pub media_type: String,
    pub size: i64,
}

impl FileRow {
    /// As readers see it.
    pub fn view(&self) -> EducationFile {
        let (name, media_type) = (self.name.clone(), self.media_type.clone());
        EducationFile { id: self.id, name, media_type, size: self.size }
    }
}

/// An item that was assigned.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = education_assignments, check_for_backend(MultiBackend))]
pub struct Assigned {
    pub item_id: EducationId,
    pub assigned_at: Time,
    pub assigned_by: AccountId,
    pub read_at: Option<Time>,
}

/// Adds an item.
pub fn insert(conn: &mut Conn, item: &Item) -> Result<()> {
    diesel::insert_into(education_items::table).values(item.clone()).execute(conn)?;
    Ok(())
}

/// Writes an item anew.
pub fn replace(conn: &mut Conn, item: &Item) -> Result<()> {
    use education_items::dsl as e;
    diesel::update(education_items::table.find(item.id))
        .set((
            e::updated_at.eq(item.updated_at),
            e::published_at.eq(item.published_at),
            e::retired_at.eq(item.retired_at),
            e::version.eq(item.version),
            e::published.eq(item.published),
            e::changed.eq(item.changed),
            e::topic.eq(item.topic),
            e::draft.eq(item.draft.clone()),
        ))
        .execute(conn)?;
    Ok(())
}

/// One item; none when there is no such.
pub fn find(conn: &mut Conn, id: EducationId) -> Result<Option<Item>> {
    Ok(education_items::table.find(id).select(Item::as_select()).first(conn).optional()?)
}

/// One page of everything that was ever written, the newest first.
pub fn page(conn: &mut Conn, keyset: &Keyset) -> Result<Page<Item>> {
    use education_items::dsl as e;
    let mut query = education_items::table.into_boxed();
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(e::created_at.lt(at).or(e::created_at.eq(at).and(e::id.lt(EducationId(id)))));
    }
    let rows = query
        .order((e::created_at.desc(), e::id.desc()))
        .limit(keyset.rows())
        .select(Item::as_select())
        .load(conn)?;
    Ok(keyset.page(rows, |item: &Item| Cursor { at: item.created_at, id: item.id.0 }))
}

/// Keeps a published version, and makes it the one that is found by code and by word.
pub fn publish(conn: &mut Conn, version: &Version, codes: &[CodedTerm], texts: &[&str]) -> Result<()> {
    diesel::insert_into(education_versions::table).values(version.clone()).execute(conn)?;
    let id = version.item_id;
    diesel::delete(education_codes::table.filter(education_codes::item_id.eq(id))).execute(conn)?;
    let unique: std::collections::HashSet<&CodedTerm> = codes.iter().collect();
    for term in unique {
        diesel::insert_into(education_codes::table)
            .values((
                education_codes::code.eq(&term.code),
                education_codes::system.eq(&term.system),
                education_codes::item_id.eq(id),
            ))
            .execute(conn)?;
    }
    search::index(conn, Realm::Education, LIBRARY, id.0, texts)
}

/// Puts an item back among what is found by word.
pub fn index(conn: &mut Conn, id: EducationId, texts: &[&str]) -> Result<()> {
    search::index(conn, Realm::Education, LIBRARY, id.0, texts)
}

/// Takes an item out of what is found by word.
pub fn forget(conn: &mut Conn, id: EducationId) -> Result<()> {
    search::forget(conn, Realm::Education, id.0)
}

/// Every published version of an item, the newest first.
pub fn versions(conn: &mut Conn, id: EducationId) -> Result<Vec<Version>> {
    use education_versions::dsl as v;
    let rows = education_versions::table.filter(v::item_id.eq(id)).order(v::number.desc());
    Ok(rows.select(Version::as_select()).load(conn)?)
}

/// The versions that readers have of these items, those that were retired included.
pub fn current(conn: &mut Conn, ids: &[EducationId]) -> Result<Vec<(Version, Option<Time>)>> {
    use education_items::dsl as e;
    use education_versions::dsl as v;
    let rows = education_versions::table
        .inner_join(education_items::table.on(v::item_id.eq(e::id).and(v::number.eq(e::published))))
        .filter(e::id.eq_any(ids.to_vec()));
    Ok(rows.select((Version::as_select(), e::retired_at)).load(conn)?)
}

/// What the library is asked for.
pub struct Wanted {
    pub topic: Option<EducationTopic>,
    pub codes: Option<Vec<CodedTerm>>,
    pub words: Option<search::Query>,
}

/// One page of what stands in the library, the newest publication first.
pub fn library(conn: &mut Conn, wanted: &Wanted, keyset: &Keyset) -> Result<Page<EducationId>> {
    use education_items::dsl as e;
    let mut query =
        education_items::table.into_boxed().filter(e::published.gt(0)).filter(e::retired_at.is_null());
    if let Some(topic) = wanted.topic {
        query = query.filter(e::topic.eq(topic));
    }
    if let Some(codes) = &wanted.codes {
        let any: Vec<String> = codes.iter().map(|term| term.code.clone()).collect();
        let found: Vec<(String, String, EducationId)> = education_codes::table
            .filter(education_codes::code.eq_any(any))
            .select((education_codes::system, education_codes::code, education_codes::item_id))
            .load(conn)?;
        let fits = |(system, code, _): &(String, String, EducationId)| {
            codes.iter().any(|term| term.system == *system && term.code == *code)
        };
        let items: Vec<EducationId> = found.into_iter().filter(fits).map(|(.., item)| item).collect();
        query = query.filter(e::id.eq_any(items));
    }
    having_words!(conn, query, e::id, Realm::Education, &[LIBRARY], &wanted.words);
    if let Some(Cursor { at, id }) = keyset.after {
        query =
            query.filter(e::published_at.lt(at).or(e::published_at.eq(at).and(e::id.lt(EducationId(id)))));
    }
    let rows: Vec<Item> = query
        .order((e::published_at.desc(), e::id.desc()))
        .limit(keyset.rows())
        .select(Item::as_select())
        .load(conn)?;
    let place = |item: &Item| Cursor { at: item.published_at.unwrap_or(item.created_at), id: item.id.0 };
    Ok(keyset.page(rows, place).map(|item| item.id))
}

/// The files of an item, in the order in which they came.
pub fn files(conn: &mut Conn, item: EducationId) -> Result<Vec<FileRow>> {
    use education_files::dsl as f;
    let rows = education_files::table.filter(f::item_id.eq(item)).order((f::created_at, f::id));
    Ok(rows.select(FileRow::as_select()).load(conn)?)
}

/// Adds a file.
pub fn insert_file(conn: &mut Conn, row: &FileRow) -> Result<()> {
    diesel::insert_into(education_files::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Forgets a file; its bytes are the caller's care.
pub fn remove_file(conn: &mut Conn, id: EducationFileId) -> Result<()> {
    diesel::delete(education_files::table.find(id)).execute(conn)?;
    Ok(())
}

/// Assigns an item. False when the patient has it already.
pub fn assign(conn: &mut Conn, grant: &Grant, item: EducationId, by: AccountId, now: Time) -> Result<bool> {
    if is_assigned(conn, grant, item)? {
        return Ok(false);
    }
    diesel::insert_into(education_assignments::table)
        .values((
            education_assignments::patient_id.eq(grant.patient()),
            education_assignments::item_id.eq(item),
            education_assignments::assigned_at.eq(now),
            education_assignments::assigned_by.eq(by),
        ))
        .execute(conn)?;
    Ok(true)
}

/// Takes an assignment back. False when there was none.
pub fn take_back(conn: &mut Conn, grant: &Grant, item: EducationId) -> Result<bool> {
    let own = education_assignments::table.find((grant.patient(), item));
    Ok(diesel::delete(own).execute(conn)? > 0)
}

/// Whether an item was assigned to the patient of a grant.
pub fn is_assigned(conn: &mut Conn, grant: &Grant, item: EducationId) -> Result<bool> {
    let found = education_assignments::table.find((grant.patient(), item));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// What was assigned to the patient of a grant, the newest first.
pub fn assigned(conn: &mut Conn, grant: &Grant) -> Result<Vec<Assigned>> {
    use education_assignments::dsl as a;
    let rows = education_assignments::table.filter(a::patient_id.eq(grant.patient()));
    Ok(rows.order((a::assigned_at.desc(), a::item_id)).select(Assigned::as_select()).load(conn)?)
}

/// Keeps that an assigned item was opened; the first time counts.
pub fn mark_read(conn: &mut Conn, grant: &Grant, item: EducationId, now: Time) -> Result<()> {
    let own = education_assignments::table.find((grant.patient(), item));
    diesel::update(own.filter(education_assignments::read_at.is_null()))
        .set(education_assignments::read_at.eq(now))
        .execute(conn)?;
    Ok(())
}
