//! Copies that were sent.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, HealthRecordId, MailId, PatientId, TransmissionId},
    outbox::MailState,
    page::Page,
    record::RecordFormat,
    time::Time,
    transmissions::{TransmissionFacts, TransmissionWay},
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, MultiBackend, schema::transmissions},
        page::{Cursor, Keyset},
    },
};

/// A copy that was sent.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = transmissions, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub sent_at: Time,
    pub id: TransmissionId,
    pub record_id: HealthRecordId,
    pub sent_by: AccountId,
    pub recipient: String,
    pub format: RecordFormat,
    pub way: TransmissionWay,
    pub mail_id: MailId,
    pub token_hash: Option<Vec<u8>>,
    pub code_hash: Option<Vec<u8>>,
    pub wrong_codes: i64,
    pub expires_at: Time,
    pub opened_at: Option<Time>,
    pub downloaded_at: Option<Time>,
    pub downloads: i64,
    pub withdrawn_at: Option<Time>,
}

impl Row {
    /// What its state follows from.
    pub fn facts(&self, mail: Option<MailState>) -> TransmissionFacts {
        TransmissionFacts {
            way: self.way,
            mail,
            wrong_codes: self.wrong_codes,
            expires_at: self.expires_at,
            opened_at: self.opened_at,
            downloaded_at: self.downloaded_at,
            withdrawn_at: self.withdrawn_at,
        }
    }
}

/// Keeps a new one.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(transmissions::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's; none when there is no such.
pub fn find(conn: &mut Conn, grant: &Grant, id: TransmissionId) -> Result<Option<Row>> {
    let own = transmissions::table
        .filter(transmissions::patient_id.eq(grant.patient()))
        .filter(transmissions::id.eq(id));
    let found: Option<Row> = own.select(Row::as_select()).first(conn).optional()?;
    Ok(found.filter(|row| !grant.hides(row.record_id.0)))
}

/// The one whose link has this token: all that somebody who is not signed in can name.
pub fn by_token(conn: &mut Conn, hash: &[u8]) -> Result<Option<Row>> {
    let named = transmissions::table.filter(transmissions::token_hash.eq(hash));
    Ok(named.select(Row::as_select()).first(conn).optional()?)
}

/// One page of the patient's, newest first.
pub fn page(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<Row>> {
    use transmissions::dsl as t;
    let mut query = transmissions::table.into_boxed().filter(t::patient_id.eq(grant.patient()));
    but_hidden!(query, grant, t::record_id);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = TransmissionId(id);
        query = query.filter(t::sent_at.lt(at).or(t::sent_at.eq(at).and(t::id.lt(id))));
    }
    let rows = query.order((t::sent_at.desc(), t::id.desc())).limit(keyset.rows()).select(Row::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &Row| Cursor { at: row.sent_at, id: row.id.0 }))
}

/// When the patient sent copies in the day before `now`, oldest first.
pub fn sent_lately(conn: &mut Conn, grant: &Grant, now: Time) -> Result<Vec<Time>> {
    use transmissions::dsl as t;
    Ok(transmissions::table
        .filter(t::patient_id.eq(grant.patient()))
        .filter(t::sent_at.gt(now.plus(-TimeDelta::days(1))))
        .order(t::sent_at)
        .select(t::sent_at)
        .load(conn)?)
}

/// Those of these records whose time is not over.
pub fn open_of(conn: &mut Conn, grant: &Grant, records: &[HealthRecordId], now: Time) -> Result<Vec<Row>> {
    use transmissions::dsl as t;
    Ok(transmissions::table
        .filter(t::patient_id.eq(grant.patient()))
        .filter(t::record_id.eq_any(records.to_vec()))
        .filter(t::expires_at.gt(now))
        .select(Row::as_select())
        .load(conn)?)
}

/// Keeps what became of one.
pub fn save(conn: &mut Conn, row: &Row) -> Result<()> {
    use transmissions::dsl as t;
    diesel::update(transmissions::table.filter(t::id.eq(row.id)))
        .set((
            t::wrong_codes.eq(row.wrong_codes),
            t::expires_at.eq(row.expires_at),
            t::opened_at.eq(row.opened_at),
            t::downloaded_at.eq(row.downloaded_at),
            t::downloads.eq(row.downloads),
            t::withdrawn_at.eq(row.withdrawn_at),
        ))
        .execute(conn)?;
    Ok(())
}
