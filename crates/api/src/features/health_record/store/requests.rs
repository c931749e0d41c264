//! Records that were asked for.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, HealthRecordId, PatientId},
    page::Page,
    record::{HealthRecordView, NewHealthRecord, RecordFailure, RecordFile, RecordFormat, RecordState},
    time::Time,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, Json, MultiBackend, schema::health_records},
        page::{Cursor, Keyset},
    },
};

/// A record that was asked for.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = health_records, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub requested_at: Time,
    pub id: HealthRecordId,
    pub requested_by: AccountId,
    pub state: RecordState,
    pub asked: Json,
    pub claimed_at: Option<Time>,
    pub tries: i64,
    pub failure: Option<RecordFailure>,
    pub ready_at: Option<Time>,
    pub expires_at: Option<Time>,
    pub files: Json,
}

/// A file as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub format: RecordFormat,
    /// Its id in the file store.
    pub id: Uuid,
    pub size: i64,
    pub sha256: String,
}

impl Row {
    /// The kept files.
    pub fn kept(&self) -> Result<Vec<Kept>> {
        Ok(self.files.read()?)
    }

    /// As its patient sees it.
    pub fn view(&self) -> Result<HealthRecordView> {
        let NewHealthRecord { sections, range } = self.asked.read()?;
        let file = |kept: Kept| RecordFile { format: kept.format, size: kept.size, sha256: kept.sha256 };
        Ok(HealthRecordView {
            id: self.id,
            sections,
            range,
            requested_at: self.requested_at,
            state: self.state,
            failure: self.failure,
            ready_at: self.ready_at,
            expires_at: self.expires_at,
            files: self.kept()?.into_iter().map(file).collect(),
        })
    }
}

/// Keeps a new one.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(health_records::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's; none when there is no such.
pub fn find(conn: &mut Conn, grant: &Grant, id: HealthRecordId) -> Result<Option<Row>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let own = health_records::table
        .filter(health_records::patient_id.eq(grant.patient()))
        .filter(health_records::id.eq(id));
    Ok(own.select(Row::as_select()).first(conn).optional()?)
}

/// Puts an end to the files of the patient's records that were made since then: they hold something that was not the
/// patient's to see. The bytes go with those whose time is over. What is being made now is made anew. Answers which ended.
pub fn withdraw_since(conn: &mut Conn, grant: &Grant, since: Time, now: Time) -> Result<Vec<HealthRecordId>> {
    use health_records::dsl as h;
    let made = h::patient_id.eq(grant.patient()).and(h::ready_at.ge(since)).and(h::expires_at.gt(now));
    let ended = health_records::table.filter(made).select(h::id).load(conn)?;
    diesel::update(health_records::table.filter(made)).set(h::expires_at.eq(now)).execute(conn)?;
    let in_work = h::patient_id.eq(grant.patient()).and(h::claimed_at.is_not_null());
    diesel::update(health_records::table.filter(in_work))
        .set((h::claimed_at.eq(None::<Time>), h::state.eq(RecordState::Queued)))
        .execute(conn)?;
    Ok(ended)
}

/// One page of the patient's, newest first.
pub fn page(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<Row>> {
    use health_records::dsl as h;
    let mut query = health_records::table.into_boxed().filter(h::patient_id.eq(grant.patient()));
    but_hidden!(query, grant, h::id);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = HealthRecordId(id);
        query = query.filter(h::requested_at.lt(at).or(h::requested_at.eq(at).and(h::id.lt(id))));
    }
    let rows =
        query.order((h::requested_at.desc(), h::id.desc())).limit(keyset.rows()).select(Row::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &Row| Cursor { at: row.requested_at, id: row.id.0 }))
}

/// When the patient asked since then, oldest first.
pub fn asked_since(conn: &mut Conn, grant: &Grant, since: Time) -> Result<Vec<Time>> {
    use health_records::dsl as h;
    Ok(health_records::table
        .filter(h::patient_id.eq(grant.patient()))
        .filter(h::requested_at.gt(since))
        .order(h::requested_at)
        .select(h::requested_at)
        .load(conn)?)
}

/// Whether anything waits to be made.
pub fn is_due(conn: &mut Conn, stale: Time) -> Result<bool> {
    use health_records::dsl as h;
    let waits =
        h::state.eq(RecordState::Queued).or(h::state.eq(RecordState::Making).and(h::claimed_at.lt(stale)));
    let due = health_records::table.filter(h::ready_at.is_null()).filter(h::failure.is_null()).filter(waits);
    Ok(diesel::select(diesel::dsl::exists(due.select(h::id))).get_result(conn)?)
}

/// Takes the longest waiting one to be made: one that nobody makes, or that somebody began before `stale` and never
/// finished. None when nobody waits.
pub fn claim(conn: &mut Conn, now: Time, stale: Time) -> Result<Option<Row>> {
    use health_records::dsl as h;
    let waits =
        h::state.eq(RecordState::Queued).or(h::state.eq(RecordState::Making).and(h::claimed_at.lt(stale)));
    let row: Option<Row> = health_records::table
        .filter(h::ready_at.is_null())
        .filter(h::failure.is_null())
        .filter(waits)
        .order((h::requested_at, h::id))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let Some(mut row) = row else { return Ok(None) };
    row.state = RecordState::Making;
    row.claimed_at = Some(now);
    row.tries += 1;
    save(conn, &row)?;
    Ok(Some(row))
}

/// Whether a record is still being made by whoever claimed it then: a claim is known by its number, too, since two may
/// fall on one moment.
pub fn is_claimed(conn: &mut Conn, row: &Row) -> Result<bool> {
    use health_records::dsl as h;
    let mine = health_records::table
        .filter(h::id.eq(row.id))
        .filter(h::state.eq(RecordState::Making))
        .filter(h::claimed_at.eq(row.claimed_at))
        .filter(h::tries.eq(row.tries));
    Ok(diesel::select(diesel::dsl::exists(mine)).get_result(conn)?)
}

/// Keeps what became of one.
pub fn save(conn: &mut Conn, row: &Row) -> Result<()> {
    use health_records::dsl as h;
    diesel::update(health_records::table.filter(h::id.eq(row.id)))
        .set((
            h::requested_by.eq(row.requested_by),
            h::state.eq(row.state),
            h::claimed_at.eq(row.claimed_at),
            h::tries.eq(row.tries),
            h::failure.eq(row.failure),
            h::ready_at.eq(row.ready_at),
            h::expires_at.eq(row.expires_at),
            h::files.eq(row.files.clone()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Some of those whose time is over.
pub fn expired(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<Row>> {
    use health_records::dsl as h;
    Ok(health_records::table
        .filter(h::expires_at.le(now))
        .order(h::expires_at)
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?)
}

/// When a claim is so old that whoever made it is gone.
pub fn stale(now: Time) -> Time {
    now.plus(-TimeDelta::minutes(5))
}
