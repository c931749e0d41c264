//! Rows of requests and appointments.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use portal_domain::{
    appointments::{Preferred, Reason, State, Which},
    ids::{AccountId, AppointmentId, LocationId, PatientId, ProviderId},
    page::Page,
    time::Time,
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, Instant, Json, MultiBackend, schema::appointments},
        page::{Cursor, Keyset},
    },
};

/// A request or appointment as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = appointments, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub id: AppointmentId,
    pub reference: String,
    pub state: State,
    pub location_id: LocationId,
    pub wanted_provider_id: Option<ProviderId>,
    pub reason: Reason,
    pub note: String,
    pub preferred: Json,
    pub provider_id: Option<ProviderId>,
    pub starts_at: Option<Time>,
    pub ends_at: Option<Time>,
    pub decision_note: String,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Time>,
    pub requested_by: AccountId,
    pub requested_at: Time,
    pub sequence: i64,
    pub version: i64,
    pub updated_at: Time,
}

impl Row {
    /// When it would suit.
    pub fn preferred(&self) -> Result<Vec<Preferred>> {
        Ok(self.preferred.read()?)
    }
}

/// Adds a request.
pub fn insert(conn: &mut Conn, _: &Grant, row: &Row) -> Result<()> {
    diesel::insert_into(appointments::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's.
pub fn find(conn: &mut Conn, grant: &Grant, id: AppointmentId) -> Result<Option<Row>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let found = appointments::table.find((grant.patient(), id)).select(Row::as_select());
    Ok(found.first(conn).optional()?)
}

/// What a move changes.
#[derive(Clone, AsChangeset)]
#[diesel(table_name = appointments)]
pub struct Change {
    pub state: State,
    pub provider_id: Option<ProviderId>,
    pub starts_at: Option<Time>,
    pub ends_at: Option<Time>,
    pub decision_note: Option<String>,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Time>,
    pub sequence: i64,
    pub version: i64,
    pub updated_at: Time,
}

impl Change {
    /// A move to `state` that changes nothing else.
    pub fn to(row: &Row, state: State, now: Time) -> Self {
        let sequence =
            if row.state.was_booked() || state.was_booked() { row.sequence + 1 } else { row.sequence };
        Self {
            state,
            provider_id: None,
            starts_at: None,
            ends_at: None,
            decision_note: None,
            decided_by: None,
            decided_at: None,
            sequence,
            version: row.version + 1,
            updated_at: now,
        }
    }
}

/// Carries out a move. Writes are serialised, so the row is still the one that was judged.
pub fn change(conn: &mut Conn, grant: &Grant, id: AppointmentId, change: &Change) -> Result<Row> {
    diesel::update(appointments::table.find((grant.patient(), id))).set(change.clone()).execute(conn)?;
    Ok(appointments::table.find((grant.patient(), id)).select(Row::as_select()).first(conn)?)
}

/// Takes a declined offer off the request: it waits again, without a time.
pub fn clear_offer(conn: &mut Conn, grant: &Grant, id: AppointmentId) -> Result<Row> {
    use appointments::dsl as a;
    let row = appointments::table.find((grant.patient(), id));
    diesel::update(row)
        .set((
            a::provider_id.eq(None::<ProviderId>),
            a::starts_at.eq(None::<Time>),
            a::ends_at.eq(None::<Time>),
            a::decision_note.eq(""),
        ))
        .execute(conn)?;
    Ok(row.select(Row::as_select()).first(conn)?)
}

/// Whether the provider has another booked or offered appointment that overlaps.
pub fn is_slot_taken(
    conn: &mut Conn,
    provider: ProviderId,
    from: Time,
    to: Time,
    but: AppointmentId,
) -> Result<bool> {
    use appointments::dsl as a;
    let overlapping = appointments::table
        .filter(a::provider_id.eq(provider))
        .filter(a::state.eq_any([State::Confirmed, State::Proposed].to_vec()))
        .filter(a::starts_at.lt(to))
        .filter(a::ends_at.gt(from))
        .filter(a::id.ne(but));
    Ok(diesel::select(diesel::dsl::exists(overlapping)).get_result(conn)?)
}

/// One page of a patient's appointments.
pub fn list(conn: &mut Conn, grant: &Grant, which: Which, now: Time, keyset: &Keyset) -> Result<Page<Row>> {
    use appointments::dsl as a;
    // Where an appointment stands in time: when it begins, or when it was asked for.
    const PLACE: &str = "COALESCE(starts_at, requested_at)";
    let pending = [State::Requested, State::Proposed].to_vec();
    let mut query = appointments::table.into_boxed().filter(a::patient_id.eq(grant.patient()));
    but_hidden!(query, grant, a::id);
    query = match which {
        Which::Upcoming => query.filter(a::state.eq(State::Confirmed)).filter(a::ends_at.ge(now)),
        Which::Pending => query.filter(a::state.eq_any(pending)),
        Which::Past => query
            .filter(a::state.ne_all(pending))
            .filter(a::state.ne(State::Confirmed).or(a::ends_at.lt(now))),
    };
    let forward = which == Which::Upcoming;
    if let Some(Cursor { at, id }) = keyset.after {
        let (then, same) = if forward { (" > ", "id > ") } else { (" < ", "id < ") };
        let beyond = sql::<Bool>(&format!("({PLACE}{then}"))
            .bind::<Instant, _>(at)
            .sql(&format!(" OR ({PLACE} = "))
            .bind::<Instant, _>(at)
            .sql(&format!(" AND {same}"))
            .bind::<crate::platform::db::Guid, _>(AppointmentId(id))
            .sql("))");
        query = query.filter(beyond);
    }
    let place = sql::<Instant>(PLACE);
    query = if forward {
        query.order((place.asc(), a::id.asc()))
    } else {
        query.order((place.desc(), a::id.desc()))
    };
    let rows = query.limit(keyset.rows()).select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &Row| Cursor { at: row.starts_at.unwrap_or(row.requested_at), id: row.id.0 }))
}

/// What a patient asked for, newest first, and one more than a page holds.
pub fn sent(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Vec<Row>> {
    use appointments::dsl as a;
    let mut query = appointments::table.into_boxed().filter(a::patient_id.eq(grant.patient()));
    but_hidden!(query, grant, a::id);
    if let Some(Cursor { at, id }) = keyset.after {
        query =
            query.filter(a::requested_at.lt(at).or(a::requested_at.eq(at).and(a::id.lt(AppointmentId(id)))));
    }
    let rows = query.order((a::requested_at.desc(), a::id.desc())).limit(keyset.rows());
    Ok(rows.select(Row::as_select()).load(conn)?)
}

/// One page of the practice's queue, longest waiting first.
pub fn queue(
    conn: &mut Conn,
    state: State,
    location: Option<LocationId>,
    keyset: &Keyset,
) -> Result<Page<Row>> {
    use appointments::dsl as a;
    let mut query = appointments::table.into_boxed().filter(a::state.eq(state));
    if let Some(location) = location {
        query = query.filter(a::location_id.eq(location));
    }
    if let Some(Cursor { at, id }) = keyset.after {
        query =
            query.filter(a::requested_at.gt(at).or(a::requested_at.eq(at).and(a::id.gt(AppointmentId(id)))));
    }
    let rows = query.order((a::requested_at.asc(), a::id.asc())).limit(keyset.rows());
    let rows = rows.select(Row::as_select()).load(conn)?;
    Ok(keyset.page(rows, by_request))
}

fn by_request(row: &Row) -> Cursor {
    Cursor { at: row.requested_at, id: row.id.0 }
}
