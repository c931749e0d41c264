//! Rows of proposals, and the rows of the chart that they become.

use diesel::prelude::*;
use portal_domain::{
    chart::{ChartEntry, ChartObservation, ChartPatient, Link, ObservationCategory},
    ids::{AccountId, ChartItemId, PatientId, ProposalId},
    page::Page,
    proposals::{ProposalChange, ProposalDeclineReason, ProposalOrigin, ProposalState, ProposalSubject},
    time::Time,
};

use uuid::Uuid;

use crate::{
    but_hidden,
    error::{Error, Result},
    platform::{
        access::Grant,
        db::{
            AnyId, Conn, Json, MultiBackend,
            schema::{chart_items, observations, patients, proposals},
        },
        page::{Cursor, Keyset},
    },
};

/// A proposal as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = proposals, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub patient_id: PatientId,
    pub id: ProposalId,
    pub origin: ProposalOrigin,
    pub about: ProposalSubject,
    pub change: ProposalChange,
    pub item_id: Option<ChartItemId>,
    pub name: String,
    pub state: ProposalState,
    pub seen: Json,
    pub fields: Json,
    pub conflicts: Json,
    pub note: String,
    pub proposed_by: Option<AccountId>,
    pub proposed_at: Time,
    pub due_at: Time,
    pub chart: Option<Json>,
    pub accepted: Option<Json>,
    pub replaced: Option<Json>,
    pub reason: Option<ProposalDeclineReason>,
    pub words: String,
    pub closed_by: Option<AccountId>,
    pub closed_at: Option<Time>,
    pub version: i64,
    pub updated_at: Time,
}

/// Adds a proposal.
pub fn insert(conn: &mut Conn, _: &Grant, row: &Row) -> Result<()> {
    diesel::insert_into(proposals::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Keeps where a proposal stands now.
pub fn change(conn: &mut Conn, grant: &Grant, row: &Row) -> Result<()> {
    use proposals::dsl as p;
    diesel::update(proposals::table.find((grant.patient(), row.id)))
        .set((
            p::item_id.eq(row.item_id),
            p::state.eq(row.state),
            p::seen.eq(&row.seen),
            p::fields.eq(&row.fields),
            p::chart.eq(&row.chart),
            p::accepted.eq(&row.accepted),
            p::replaced.eq(&row.replaced),
            p::reason.eq(row.reason),
            p::words.eq(&row.words),
            p::closed_by.eq(row.closed_by),
            p::closed_at.eq(row.closed_at),
            p::version.eq(row.version),
            p::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's.
pub fn find(conn: &mut Conn, grant: &Grant, id: ProposalId) -> Result<Option<Row>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let found = proposals::table.find((grant.patient(), id)).select(Row::as_select());
    Ok(found.first(conn).optional()?)
}

/// The patient's that wait.
pub fn pending(conn: &mut Conn, grant: &Grant) -> Result<Vec<Row>> {
    use proposals::dsl as p;
    let rows = proposals::table
        .filter(p::patient_id.eq(grant.patient()))
        .filter(p::state.eq(ProposalState::Pending))
        .order((p::proposed_at, p::id));
    let mut rows: Vec<Row> = rows.select(Row::as_select()).load(conn)?;
    rows.retain(|row| !grant.hides(row.id.0));
    Ok(rows)
}

/// What was accepted of entries that were there before, the oldest first.
pub fn accepted(conn: &mut Conn, grant: &Grant) -> Result<Vec<Row>> {
    use proposals::dsl as p;
    let rows = proposals::table
        .filter(p::patient_id.eq(grant.patient()))
        .filter(p::state.eq_any([ProposalState::Accepted, ProposalState::EditedAndAccepted]))
        .filter(p::change.eq_any([ProposalChange::Change, ProposalChange::Remove]))
        .order((p::closed_at, p::id));
    Ok(rows.select(Row::as_select()).load(conn)?)
}

/// What the feed of an entry proposed last.
pub fn last_of_feed(conn: &mut Conn, grant: &Grant, item: ChartItemId) -> Result<Option<Row>> {
    use proposals::dsl as p;
    let rows = proposals::table
        .filter(p::patient_id.eq(grant.patient()))
        .filter(p::item_id.eq(item))
        .filter(p::origin.eq(ProposalOrigin::Feed))
        .order((p::proposed_at.desc(), p::id.desc()));
    Ok(rows.select(Row::as_select()).first(conn).optional()?)
}

/// One page of what the patient proposed about these parts of the chart, newest first.
pub fn list(
    conn: &mut Conn,
    grant: &Grant,
    parts: Vec<ProposalSubject>,
    keyset: &Keyset,
) -> Result<Page<Row>> {
    use proposals::dsl as p;
    let mut query = proposals::table
        .into_boxed()
        .filter(p::patient_id.eq(grant.patient()))
        .filter(p::origin.eq(ProposalOrigin::Patient))
        .filter(p::about.eq_any(parts));
    but_hidden!(query, grant, p::id);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = ProposalId(id);
        query = query.filter(p::proposed_at.lt(at).or(p::proposed_at.eq(at).and(p::id.lt(id))));
    }
    let rows = query.order((p::proposed_at.desc(), p::id.desc())).limit(keyset.rows());
    Ok(keyset
        .page(rows.select(Row::as_select()).load(conn)?, |row| Cursor { at: row.proposed_at, id: row.id.0 }))
}

/// One page of the practice's queue about these parts of the chart, soonest due first: what is urgent is due within hours.
pub fn queue(
    conn: &mut Conn,
    state: ProposalState,
    parts: Vec<ProposalSubject>,
    keyset: &Keyset,
) -> Result<Page<Row>> {
    use proposals::dsl as p;
    let mut query = proposals::table.into_boxed().filter(p::state.eq(state)).filter(p::about.eq_any(parts));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = ProposalId(id);
        query = query.filter(p::due_at.gt(at).or(p::due_at.eq(at).and(p::id.gt(id))));
    }
    let rows = query.order((p::due_at.asc(), p::id.asc())).limit(keyset.rows());
    Ok(keyset.page(rows.select(Row::as_select()).load(conn)?, |row| Cursor { at: row.due_at, id: row.id.0 }))
}

/// The patient's person.
pub fn person(conn: &mut Conn, grant: &Grant) -> Result<ChartPatient> {
    let body: Json = patients::table.find(grant.patient()).select(patients::body).first(conn)?;
    Ok(body.read()?)
}

/// What is on record of the patient's life, newest first; no result of a laboratory.
pub fn social_history(conn: &mut Conn, grant: &Grant) -> Result<Vec<(Uuid, ChartEntry)>> {
    use observations::dsl as o;
    let rows: Vec<(AnyId, Json)> = observations::table
        .filter(o::patient_id.eq(grant.patient()))
        .filter(o::category.eq(ObservationCategory::SocialHistory.as_str()))
        .filter(o::result_id.is_null())
        .order((o::at.desc(), o::id.desc()))
        .select((o::id, o::body))
        .load(conn)?;
    rows.into_iter().map(|(id, body)| Ok((id.0, body.read::<ChartObservation>()?.into()))).collect()
}

/// A row of the chart as it was, whole.
pub fn whole(conn: &mut Conn, grant: &Grant, about: ProposalSubject, item: ChartItemId) -> Result<Json> {
    use chart_items::dsl as c;
    if about == ProposalSubject::Contact {
        return Ok(patients::table.find(grant.patient()).select(patients::body).first(conn)?);
    }
    if about == ProposalSubject::SocialHistory {
        let row = observations::table
            .filter(observations::id.eq(AnyId(item.0)))
            .filter(observations::patient_id.eq(grant.patient()));
        return Ok(row.select(observations::body).first(conn)?);
    }
    let row = chart_items::table.filter(c::id.eq(item)).filter(c::patient_id.eq(grant.patient()));
    Ok(row.select(c::body).first(conn)?)
}

/// The JSON of an entry, without the name of its kind, which stands in a column.
fn body(entry: &ChartEntry) -> Result<Json> {
    Ok(match entry {
        ChartEntry::Patient(r) => Json::of(r),
        ChartEntry::Allergy(r) => Json::of(r),
        ChartEntry::Medication(r) => Json::of(r),
        ChartEntry::Coverage(r) => Json::of(r),
        ChartEntry::Relative(r) => Json::of(r),
        ChartEntry::Condition(r) => Json::of(r),
        ChartEntry::Immunization(r) => Json::of(r),
        ChartEntry::Observation(r) => Json::of(r),
        _ => return Err(Error::internal("nobody proposes about such an entry")),
    }?)
}

/// Puts a new entry into the chart.
pub fn add_entry(
    conn: &mut Conn,
    grant: &Grant,
    id: ChartItemId,
    entry: &ChartEntry,
    now: Time,
) -> Result<()> {
    use chart_items::dsl as c;
    if let ChartEntry::Observation(seen) = entry {
        return add_observation(conn, grant, id, seen, now);
    }
    let facts = entry.item().ok_or_else(|| Error::internal("an entry with a table of its own"))?;
    let coding = facts.concept.and_then(|concept| concept.coding.as_ref());
    diesel::insert_into(chart_items::table)
        .values((
            c::patient_id.eq(grant.patient()),
            c::kind.eq(entry.kind().as_str()),
            c::at.eq(facts.sorting_time()),
            c::id.eq(id),
            c::status.eq(facts.status),
            c::code_system.eq(coding.map(|coding| coding.system.clone())),
            c::code.eq(coding.map(|coding| coding.code.clone())),
            c::display.eq(facts.display),
            c::encounter_id.eq(facts.encounter.and_then(Link::local).map(AnyId)),
            c::body.eq(body(entry)?),
            c::created_at.eq(now),
            c::updated_at.eq(now),
        ))
        .execute(conn)?;
    touch(conn, grant, now)
}

/// Puts a new observation into the chart, one that needs no release.
fn add_observation(
    conn: &mut Conn,
    grant: &Grant,
    id: ChartItemId,
    seen: &ChartObservation,
    now: Time,
) -> Result<()> {
    use observations::dsl as o;
    let coding = seen.code.coding.clone();
    let (code_system, code) = coding.map(|coding| (coding.system, coding.code)).unwrap_or_default();
    diesel::insert_into(observations::table)
        .values((
            o::patient_id.eq(grant.patient()),
            o::category.eq(seen.category.as_str()),
            o::code.eq(code),
            o::at.eq(seen.effective.map_or(now, |at| at.at)),
            o::id.eq(AnyId(id.0)),
            o::code_system.eq(code_system),
            o::result_id.eq(None::<AnyId>),
            o::position.eq(0_i64),
            o::body.eq(Json::of(seen)?),
            o::created_at.eq(now),
            o::updated_at.eq(now),
        ))
        .execute(conn)?;
    touch(conn, grant, now)
}

/// Changes an entry of the chart, or the patient's contact data.
pub fn change_entry(
    conn: &mut Conn,
    grant: &Grant,
    id: ChartItemId,
    entry: &ChartEntry,
    now: Time,
) -> Result<()> {
    use chart_items::dsl as c;
    let body = body(entry)?;
    if let Some(facts) = entry.item() {
        let coding = facts.concept.and_then(|concept| concept.coding.as_ref());
        diesel::update(chart_items::table.filter(c::id.eq(id)).filter(c::patient_id.eq(grant.patient())))
            .set((
                c::at.eq(facts.sorting_time()),
                c::status.eq(facts.status),
                c::code_system.eq(coding.map(|coding| coding.system.clone())),
                c::code.eq(coding.map(|coding| coding.code.clone())),
                c::display.eq(facts.display),
                c::body.eq(body),
                c::updated_at.eq(now),
            ))
            .execute(conn)?;
    } else if matches!(entry, ChartEntry::Observation(_)) {
        let row = observations::table
            .filter(observations::id.eq(AnyId(id.0)))
            .filter(observations::patient_id.eq(grant.patient()));
        diesel::update(row)
            .set((observations::body.eq(body), observations::updated_at.eq(now)))
            .execute(conn)?;
    } else {
        diesel::update(patients::table.find(grant.patient())).set(patients::body.eq(body)).execute(conn)?;
    }
    touch(conn, grant, now)
}

/// Raises the chart's version: whatever a reader holds of it is stale.
fn touch(conn: &mut Conn, grant: &Grant, now: Time) -> Result<()> {
    diesel::update(patients::table.find(grant.patient()))
        .set((patients::chart_version.eq(patients::chart_version + 1), patients::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
