//! What patients question of their bills.

use diesel::prelude::*;
use portal_domain::{
    billing::{
        Currency, DisputeAbout, DisputeOutcome, DisputeReason, DisputeState, DisputeSubject, Disputed, Money,
        TransactionKind,
    },
    ids::{AccountId, DisputeId, PatientId, StatementId, ThreadId},
    page::Page,
    time::{Date, Time},
};
use uuid::Uuid;

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{AnyId, Conn, MultiBackend, schema::disputes},
        page::{Cursor, Keyset},
    },
};

/// A dispute as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = disputes, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct DisputeRow {
    pub payer_id: PatientId,
    pub id: DisputeId,
    pub state: DisputeState,
    pub subject_kind: DisputeSubject,
    pub subject_id: AnyId,
    pub line_kind: Option<TransactionKind>,
    pub amount: i64,
    pub currency: Currency,
    pub day: Date,
    pub statement_id: Option<StatementId>,
    pub number: String,
    pub reason: DisputeReason,
    pub thread_id: ThreadId,
    pub opened_by: AccountId,
    pub opened_at: Time,
    pub due_at: Time,
    pub outcome: Option<DisputeOutcome>,
    pub answer: String,
    pub closed_by: Option<AccountId>,
    pub closed_at: Option<Time>,
}

impl DisputeRow {
    /// What is questioned.
    pub fn disputed(&self) -> Disputed {
        Disputed {
            about: DisputeAbout { kind: self.subject_kind, id: self.subject_id.0 },
            line: self.line_kind,
            amount: Money::new(self.amount, self.currency),
            date: self.day,
            statement_id: self.statement_id,
            number: self.number.clone(),
        }
    }
}

/// Adds one.
pub fn insert_dispute(conn: &mut Conn, _: &Grant, row: &DisputeRow) -> Result<()> {
    diesel::insert_into(disputes::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Keeps how one ended.
pub fn close_dispute(conn: &mut Conn, grant: &Grant, row: &DisputeRow) -> Result<()> {
    use disputes::dsl as d;
    diesel::update(disputes::table.find((grant.patient(), row.id)))
        .set((
            d::state.eq(row.state),
            d::outcome.eq(row.outcome),
            d::answer.eq(&row.answer),
            d::closed_by.eq(row.closed_by),
            d::closed_at.eq(row.closed_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// One of the patient's; none when it is another's or nobody's, or its conversation is kept back (PRX-4).
pub fn dispute(conn: &mut Conn, grant: &Grant, id: DisputeId) -> Result<Option<DisputeRow>> {
    let found = disputes::table.find((grant.patient(), id)).select(DisputeRow::as_select());
    let found: Option<DisputeRow> = found.first(conn).optional()?;
    Ok(found.filter(|row| !grant.hides(row.thread_id.0)))
}

/// Whether this thing of the patient's is questioned now, also where that is kept back.
pub fn open_about(conn: &mut Conn, grant: &Grant, subject: Uuid) -> Result<bool> {
    use disputes::dsl as d;
    let open = disputes::table
        .filter(d::payer_id.eq(grant.patient()))
        .filter(d::subject_id.eq(AnyId(subject)))
        .filter(d::state.eq(DisputeState::Open));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// How many of the patient's are open.
pub fn open_disputes(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    use disputes::dsl as d;
    let open =
        disputes::table.filter(d::payer_id.eq(grant.patient())).filter(d::state.eq(DisputeState::Open));
    Ok(open.count().get_result(conn)?)
}

/// One page of the patient's, of one state when that is named, the newest first.
pub fn disputes(
    conn: &mut Conn,
    grant: &Grant,
    state: Option<DisputeState>,
    keyset: &Keyset,
) -> Result<Page<DisputeRow>> {
    use disputes::dsl as d;
    let mut query = disputes::table.into_boxed().filter(d::payer_id.eq(grant.patient()));
    but_hidden!(query, grant, d::thread_id);
    if let Some(state) = state {
        query = query.filter(d::state.eq(state));
    }
    if let Some(Cursor { at, id }) = keyset.after {
        let id = DisputeId(id);
        query = query.filter(d::opened_at.lt(at).or(d::opened_at.eq(at).and(d::id.lt(id))));
    }
    let rows = query.order((d::opened_at.desc(), d::id.desc())).limit(keyset.rows());
    let rows = rows.select(DisputeRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &DisputeRow| Cursor { at: row.opened_at, id: row.id.0 }))
}

/// One page of the practice's of a state, soonest due first.
pub fn dispute_queue(conn: &mut Conn, state: DisputeState, keyset: &Keyset) -> Result<Page<DisputeRow>> {
    use disputes::dsl as d;
    let mut query = disputes::table.into_boxed().filter(d::state.eq(state));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = DisputeId(id);
        query = query.filter(d::due_at.gt(at).or(d::due_at.eq(at).and(d::id.gt(id))));
    }
    let rows = query.order((d::due_at.asc(), d::id.asc())).limit(keyset.rows());
    let rows = rows.select(DisputeRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &DisputeRow| Cursor { at: row.due_at, id: row.id.0 }))
}
