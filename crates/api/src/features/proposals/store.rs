//! Rows of proposals, and the rows of the chart that they become.

use diesel::prelude::*;
use portal_domain::{
    chart::{ChartEntry, ChartPatient, Link},
    ids::{AccountId, ChartItemId, PatientId, ProposalId},
    page::Page,
    proposals::{ProposalChange, ProposalDeclineReason, ProposalOrigin, ProposalState, ProposalSubject},
    time::Time,
};

use crate::{
    error::{Error, Result},
    platform::{
        access::Grant,
        db::{
            AnyId, Conn, Json, MultiBackend,
            schema::{chart_items, patients, proposals},
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
    Ok(rows.select(Row::as_select()).load(conn)?)
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

/// One page of what the patient proposed, newest first.
pub fn list(
    conn: &mut Conn,
    grant: &Grant,
    about: Option<ProposalSubject>,
    keyset: &Keyset,
) -> Result<Page<Row>> {
    use proposals::dsl as p;
    let mut query = proposals::table
        .into_boxed()
        .filter(p::patient_id.eq(grant.patient()))
        .filter(p::origin.eq(ProposalOrigin::Patient));
    if let Some(about) = about {
        query = query.filter(p::about.eq(about));
    }
    if let Some(Cursor { at, id }) = keyset.after {
        let id = ProposalId(id);
        query = query.filter(p::proposed_at.lt(at).or(p::proposed_at.eq(at).and(p::id.lt(id))));
    }
    let rows = query.order((p::proposed_at.desc(), p::id.desc())).limit(keyset.rows());
    Ok(keyset
        .page(rows.select(Row::as_select()).load(conn)?, |row| Cursor { at: row.proposed_at, id: row.id.0 }))
}

/// One page of the practice's queue, soonest due first: what is urgent is due within hours.
pub fn queue(conn: &mut Conn, state: ProposalState, keyset: &Keyset) -> Result<Page<Row>> {
    use proposals::dsl as p;
    let mut query = proposals::table.into_boxed().filter(p::state.eq(state));
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

/// A row of the chart as it was, whole.
pub fn whole(conn: &mut Conn, grant: &Grant, item: ChartItemId) -> Result<Json> {
    use chart_items::dsl as c;
    if item.0 == grant.patient().0 {
        return Ok(patients::table.find(grant.patient()).select(patients::body).first(conn)?);
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
