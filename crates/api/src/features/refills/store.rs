//! Rows of requests for refills and renewals.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, ChartItemId, MedicationRequestId, MedicationRequestItemId, PatientId},
    page::Page,
    refills::{DeclineReason, ItemState, OpenRequest, RequestKind, RequestState},
    time::Time,
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, MultiBackend,
            schema::{medication_request_answers, medication_request_items, medication_requests},
        },
        page::{Cursor, Keyset},
    },
};

/// A request as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = medication_requests, check_for_backend(MultiBackend))]
pub struct Row {
    pub patient_id: PatientId,
    pub id: MedicationRequestId,
    pub state: RequestState,
    pub pharmacy: String,
    pub note: String,
    pub requested_by: AccountId,
    pub requested_at: Time,
    pub due_at: Time,
    pub version: i64,
    pub updated_at: Time,
}

/// One medication of a request.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = medication_request_items, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ItemRow {
    pub patient_id: PatientId,
    pub request_id: MedicationRequestId,
    pub position: i64,
    pub id: MedicationRequestItemId,
    pub medication_id: ChartItemId,
    pub drug: String,
    pub kind: RequestKind,
    pub state: ItemState,
    pub reason: Option<DeclineReason>,
    pub words: String,
    pub closed_by: Option<AccountId>,
    pub closed_at: Option<Time>,
}

/// What staff wrote with an answer.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = medication_request_answers, check_for_backend(MultiBackend))]
pub struct AnswerRow {
    pub patient_id: PatientId,
    pub request_id: MedicationRequestId,
    pub position: i64,
    pub message: String,
    pub answered_by: AccountId,
    pub answered_at: Time,
}

/// Adds a request with its medications.
pub fn insert(conn: &mut Conn, _: &Grant, row: &Row, items: &[ItemRow]) -> Result<()> {
    diesel::insert_into(medication_requests::table).values(row.clone()).execute(conn)?;
    for item in items {
        diesel::insert_into(medication_request_items::table).values(item.clone()).execute(conn)?;
    }
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's.
pub fn find(conn: &mut Conn, grant: &Grant, id: MedicationRequestId) -> Result<Option<Row>> {
    if grant.hides(id.0) {
        return Ok(None);
    }
    let found = medication_requests::table.find((grant.patient(), id)).select(Row::as_select());
    Ok(found.first(conn).optional()?)
}

/// The patient's medications that wait for an answer, with the request that each is part of.
pub fn waiting(conn: &mut Conn, grant: &Grant) -> Result<Vec<(ChartItemId, OpenRequest)>> {
    use medication_request_items::dsl as i;
    let items: Vec<ItemRow> = medication_request_items::table
        .filter(i::patient_id.eq(grant.patient()))
        .filter(i::state.eq(ItemState::Waiting))
        .select(ItemRow::as_select())
        .load(conn)?;
    let ids: Vec<MedicationRequestId> = items.iter().map(|item| item.request_id).collect();
    let times: HashMap<MedicationRequestId, Time> = medication_requests::table
        .filter(medication_requests::patient_id.eq(grant.patient()))
        .filter(medication_requests::id.eq_any(ids))
        .select((medication_requests::id, medication_requests::requested_at))
        .load(conn)?
        .into_iter()
        .collect();
    let open = items.into_iter().filter_map(|item| {
        let requested_at = *times.get(&item.request_id)?;
        let open = OpenRequest { id: item.request_id, item: item.id, kind: item.kind, requested_at };
        Some((item.medication_id, open))
    });
    Ok(open.collect())
}

/// What belongs to these requests: their medications in order, and their answers, oldest first.
pub fn parts(conn: &mut Conn, rows: &[Row]) -> Result<(Vec<ItemRow>, Vec<AnswerRow>)> {
    use medication_request_answers::dsl as a;
    use medication_request_items::dsl as i;
    let patients: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    let ids: Vec<MedicationRequestId> = rows.iter().map(|row| row.id).collect();
    let items = medication_request_items::table
        .filter(i::patient_id.eq_any(patients.clone()))
        .filter(i::request_id.eq_any(ids.clone()))
        .order(i::position)
        .select(ItemRow::as_select())
        .load(conn)?;
    let answers = medication_request_answers::table
        .filter(a::patient_id.eq_any(patients))
        .filter(a::request_id.eq_any(ids))
        .order(a::position)
        .select(AnswerRow::as_select())
        .load(conn)?;
    Ok((items, answers))
}

/// Keeps where one medication stands now.
pub fn close(conn: &mut Conn, grant: &Grant, item: &ItemRow) -> Result<()> {
    use medication_request_items::dsl as i;
    diesel::update(medication_request_items::table.find((grant.patient(), item.request_id, item.position)))
        .set((
            i::state.eq(item.state),
            i::reason.eq(item.reason),
            i::words.eq(&item.words),
            i::closed_by.eq(item.closed_by),
            i::closed_at.eq(item.closed_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps where a request stands now, under its next version.
pub fn change(conn: &mut Conn, grant: &Grant, row: &Row) -> Result<()> {
    use medication_requests::dsl as r;
    diesel::update(medication_requests::table.find((grant.patient(), row.id)))
        .set((r::state.eq(row.state), r::version.eq(row.version), r::updated_at.eq(row.updated_at)))
        .execute(conn)?;
    Ok(())
}

/// Keeps what staff wrote with an answer.
pub fn insert_answer(conn: &mut Conn, _: &Grant, row: &AnswerRow) -> Result<()> {
    diesel::insert_into(medication_request_answers::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One page of a patient's requests, newest first.
pub fn list(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<Row>> {
    use medication_requests::dsl as r;
    let mut query = medication_requests::table.into_boxed().filter(r::patient_id.eq(grant.patient()));
    but_hidden!(query, grant, r::id);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = MedicationRequestId(id);
        query = query.filter(r::requested_at.lt(at).or(r::requested_at.eq(at).and(r::id.lt(id))));
    }
    let rows = query.order((r::requested_at.desc(), r::id.desc())).limit(keyset.rows());
    Ok(keyset.page(rows.select(Row::as_select()).load(conn)?, by_request))
}

/// One page of the practice's queue, longest waiting first.
pub fn queue(conn: &mut Conn, state: RequestState, keyset: &Keyset) -> Result<Page<Row>> {
    use medication_requests::dsl as r;
    let mut query = medication_requests::table.into_boxed().filter(r::state.eq(state));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = MedicationRequestId(id);
        query = query.filter(r::requested_at.gt(at).or(r::requested_at.eq(at).and(r::id.gt(id))));
    }
    let rows = query.order((r::requested_at.asc(), r::id.asc())).limit(keyset.rows());
    Ok(keyset.page(rows.select(Row::as_select()).load(conn)?, by_request))
}

fn by_request(row: &Row) -> Cursor {
    Cursor { at: row.requested_at, id: row.id.0 }
}
