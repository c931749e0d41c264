//! Rows of notices and of who received them.

use diesel::prelude::*;
use portal_domain::{
    audience::Audience,
    ids::{AccountId, NoticeId, PatientId},
    notices::{NoticeText, Severity},
    page::Page,
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        db::{
            Conn, Json, MultiBackend,
            schema::{notice_recipients, notices},
        },
        page::{Cursor, Keyset},
    },
};

/// A notice.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = notices, check_for_backend(MultiBackend))]
pub struct Row {
    pub id: NoticeId,
    pub published_at: Time,
    pub published_by: AccountId,
    pub updated_at: Time,
    pub withdrawn_at: Option<Time>,
    pub version: i64,
    pub severity: Severity,
    pub must_acknowledge: i64,
    pub starts_on: Date,
    pub ends_on: Date,
    pub starts_at: Time,
    pub ends_at: Time,
    pub audience: Json,
    pub texts: Json,
}

impl Row {
    /// For whom.
    pub fn audience(&self) -> Result<Audience> {
        Ok(self.audience.read()?)
    }

    /// In which words.
    pub fn texts(&self) -> Result<Vec<NoticeText>> {
        Ok(self.texts.read()?)
    }
}

/// Somebody who has a notice in the inbox.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = notice_recipients, check_for_backend(MultiBackend))]
pub struct Recipient {
    pub patient_id: PatientId,
    pub delivered_at: Time,
    pub acknowledged_at: Option<Time>,
    pub acknowledged_version: Option<i64>,
}

/// Adds a notice.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(notices::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Writes a notice anew.
pub fn replace(conn: &mut Conn, row: &Row) -> Result<()> {
    use notices::dsl as n;
    diesel::update(notices::table.find(row.id))
        .set((
            n::updated_at.eq(row.updated_at),
            n::withdrawn_at.eq(row.withdrawn_at),
            n::version.eq(row.version),
            n::severity.eq(row.severity),
            n::must_acknowledge.eq(row.must_acknowledge),
            n::starts_on.eq(row.starts_on),
            n::ends_on.eq(row.ends_on),
            n::starts_at.eq(row.starts_at),
            n::ends_at.eq(row.ends_at),
            n::audience.eq(row.audience.clone()),
            n::texts.eq(row.texts.clone()),
        ))
        .execute(conn)?;
    Ok(())
}

/// One notice; none when there is no such.
pub fn find(conn: &mut Conn, id: NoticeId) -> Result<Option<Row>> {
    Ok(notices::table.find(id).select(Row::as_select()).first(conn).optional()?)
}

/// What patients see at `now`, the newest first.
pub fn running(conn: &mut Conn, now: Time) -> Result<Vec<Row>> {
    let rows = notices::table
        .filter(notices::withdrawn_at.is_null())
        .filter(notices::ends_at.gt(now))
        .filter(notices::starts_at.le(now));
    Ok(rows.order((notices::published_at.desc(), notices::id.desc())).select(Row::as_select()).load(conn)?)
}

/// One page, the newest first.
pub fn page(conn: &mut Conn, keyset: &Keyset) -> Result<Page<Row>> {
    use notices::dsl as n;
    let mut query = notices::table.into_boxed();
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(n::published_at.lt(at).or(n::published_at.eq(at).and(n::id.lt(NoticeId(id)))));
    }
    let rows = query
        .order((n::published_at.desc(), n::id.desc()))
        .limit(keyset.rows())
        .select(Row::as_select())
        .load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.published_at, id: row.id.0 }))
}

/// How many have a notice, and how many of them acknowledged it.
pub fn counts(conn: &mut Conn, notice: NoticeId) -> Result<(i64, i64)> {
    let of = notice_recipients::table.filter(notice_recipients::notice_id.eq(notice));
    let reached = of.count().get_result(conn)?;
    let acknowledged =
        of.filter(notice_recipients::acknowledged_at.is_not_null()).count().get_result(conn)?;
    Ok((reached, acknowledged))
}

/// Notes that a patient has a notice.
pub fn add_recipient(conn: &mut Conn, notice: NoticeId, patient: PatientId, now: Time) -> Result<()> {
    diesel::insert_into(notice_recipients::table)
        .values((
            notice_recipients::notice_id.eq(notice),
            notice_recipients::patient_id.eq(patient),
            notice_recipients::delivered_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// How a patient stands to a notice; none when it never arrived.
pub fn recipient(conn: &mut Conn, notice: NoticeId, patient: PatientId) -> Result<Option<Recipient>> {
    let row = notice_recipients::table.find((notice, patient)).select(Recipient::as_select());
    Ok(row.first(conn).optional()?)
}

/// Keeps that a recipient acknowledged this version; the first time counts.
pub fn acknowledge(
    conn: &mut Conn,
    notice: &Row,
    patient: PatientId,
    by: AccountId,
    now: Time,
) -> Result<()> {
    let open = notice_recipients::table
        .find((notice.id, patient))
        .filter(notice_recipients::acknowledged_at.is_null());
    diesel::update(open)
        .set((
            notice_recipients::acknowledged_at.eq(now),
            notice_recipients::acknowledged_by.eq(by),
            notice_recipients::acknowledged_version.eq(notice.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// One page of recipients, as it reached them.
pub fn recipients(conn: &mut Conn, notice: NoticeId, keyset: &Keyset) -> Result<Page<Recipient>> {
    use notice_recipients::dsl as r;
    let mut query = notice_recipients::table.into_boxed().filter(r::notice_id.eq(notice));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = PatientId(id);
        query = query.filter(r::delivered_at.gt(at).or(r::delivered_at.eq(at).and(r::patient_id.gt(id))));
    }
    let rows = query
        .order((r::delivered_at, r::patient_id))
        .limit(keyset.rows())
        .select(Recipient::as_select())
        .load(conn)?;
    Ok(keyset.page(rows, |row: &Recipient| Cursor { at: row.delivered_at, id: row.patient_id.0 }))
}

/// Every recipient, as it reached them.
pub fn all_recipients(conn: &mut Conn, notice: NoticeId) -> Result<Vec<Recipient>> {
    use notice_recipients::dsl as r;
    let rows = notice_recipients::table.filter(r::notice_id.eq(notice));
    Ok(rows.order((r::delivered_at, r::patient_id)).select(Recipient::as_select()).load(conn)?)
}
