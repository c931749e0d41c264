//! Payment plans and their instalments.

use diesel::prelude::*;
use portal_domain::{
    billing::{Currency, InstalmentState, Money, PauseReason, PaymentFailure, PlanState},
    ids::{AccountId, PatientId, PaymentId, PaymentMethodId, PaymentPlanId},
    page::Page,
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, MultiBackend,
            schema::{ledger_balances, payment_instalments, payment_plans},
        },
        page::{Cursor, Keyset},
    },
};

/// At most so many are looked after at a time.
const AT_ONCE: i64 = 100;
const LIVE: [PlanState; 2] = [PlanState::Running, PlanState::Paused];

/// A plan as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = payment_plans, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct PlanRow {
    pub payer_id: PatientId,
    pub id: PaymentPlanId,
    pub state: PlanState,
    pub pause: Option<PauseReason>,
    pub currency: Currency,
    pub total: i64,
    pub day: i64,
    pub account_id: AccountId,
    pub method_id: PaymentMethodId,
    pub agreed_at: Time,
    pub changed_at: Time,
    pub ended_at: Option<Time>,
    pub end_reason: String,
}

impl PlanRow {
    pub fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.currency)
    }
}

/// An instalment as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = payment_instalments, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct InstalmentRow {
    pub payer_id: PatientId,
    pub plan_id: PaymentPlanId,
    pub number: i64,
    pub state: InstalmentState,
    pub due_on: Date,
    pub amount: i64,
    pub payment_id: Option<PaymentId>,
    pub failure: Option<PaymentFailure>,
    pub tries: i64,
    pub first_tried_on: Option<Date>,
    pub try_on: Date,
    pub reminded_at: Option<Time>,
}

/// Adds a plan that was agreed to, with its instalments.
pub fn insert(conn: &mut Conn, _: &Grant, plan: &PlanRow, instalments: &[InstalmentRow]) -> Result<()> {
    diesel::insert_into(payment_plans::table).values(plan.clone()).execute(conn)?;
    for row in instalments {
        diesel::insert_into(payment_instalments::table).values(row.clone()).execute(conn)?;
    }
    Ok(())
}

/// One of the patient's.
pub fn plan(conn: &mut Conn, grant: &Grant, id: PaymentPlanId) -> Result<Option<PlanRow>> {
    let found = payment_plans::table.find((grant.patient(), id)).select(PlanRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// The patient's plans, the newest first.
pub fn of_patient(conn: &mut Conn, grant: &Grant) -> Result<Vec<PlanRow>> {
    use payment_plans::dsl as p;
    Ok(payment_plans::table
        .filter(p::payer_id.eq(grant.patient()))
        .order((p::agreed_at.desc(), p::id.desc()))
        .select(PlanRow::as_select())
        .load(conn)?)
}

/// Whether the patient has a plan that is not over.
pub fn has_live(conn: &mut Conn, grant: &Grant) -> Result<bool> {
    use payment_plans::dsl as p;
    let live =
        payment_plans::table.filter(p::payer_id.eq(grant.patient())).filter(p::state.eq_any(LIVE.to_vec()));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(conn)?)
}

/// Plans that are not over and pay with this card, whoever's account they pay.
pub fn with_card(conn: &mut Conn, account: AccountId, method: PaymentMethodId) -> Result<Vec<PlanRow>> {
    use payment_plans::dsl as p;
    Ok(payment_plans::table
        .filter(p::account_id.eq(account))
        .filter(p::method_id.eq(method))
        .filter(p::state.eq_any(LIVE.to_vec()))
        .select(PlanRow::as_select())
        .load(conn)?)
}

/// One page of the practice's plans in these states, what changed last first.
pub fn page(conn: &mut Conn, state: Option<PlanState>, keyset: &Keyset) -> Result<Page<PlanRow>> {
    use payment_plans::dsl as p;
    let states = state.map_or_else(|| LIVE.to_vec(), |state| vec![state]);
    let mut query = payment_plans::table.into_boxed().filter(p::state.eq_any(states));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = PaymentPlanId(id);
        query = query.filter(p::changed_at.lt(at).or(p::changed_at.eq(at).and(p::id.lt(id))));
    }
    let rows = query.order((p::changed_at.desc(), p::id.desc())).limit(keyset.rows());
    let rows = rows.select(PlanRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &PlanRow| Cursor { at: row.changed_at, id: row.id.0 }))
}

/// Keeps where a plan stands now.
pub fn change_plan(conn: &mut Conn, grant: &Grant, row: &PlanRow) -> Result<()> {
    use payment_plans::dsl as p;
    diesel::update(payment_plans::table.find((grant.patient(), row.id)))
        .set((
            p::state.eq(row.state),
            p::pause.eq(row.pause),
            p::account_id.eq(row.account_id),
            p::method_id.eq(row.method_id),
            p::changed_at.eq(row.changed_at),
            p::ended_at.eq(row.ended_at),
            p::end_reason.eq(&row.end_reason),
        ))
        .execute(conn)?;
    Ok(())
}

/// The instalments of a plan, the first first.
pub fn instalments(conn: &mut Conn, grant: &Grant, plan: PaymentPlanId) -> Result<Vec<InstalmentRow>> {
    use payment_instalments::dsl as i;
    Ok(payment_instalments::table
        .filter(i::payer_id.eq(grant.patient()))
        .filter(i::plan_id.eq(plan))
        .order(i::number)
        .select(InstalmentRow::as_select())
        .load(conn)?)
}

/// The instalment whose last try is this payment.
pub fn instalment_of(conn: &mut Conn, payment: PaymentId) -> Result<Option<InstalmentRow>> {
    let found = payment_instalments::table.filter(payment_instalments::payment_id.eq(payment));
    Ok(found.select(InstalmentRow::as_select()).first(conn).optional()?)
}

/// Keeps where an instalment stands now.
pub fn change_instalment(conn: &mut Conn, grant: &Grant, row: &InstalmentRow) -> Result<()> {
    use payment_instalments::dsl as i;
    diesel::update(payment_instalments::table.find((grant.patient(), row.plan_id, row.number)))
        .set((
            i::state.eq(row.state),
            i::due_on.eq(row.due_on),
            i::payment_id.eq(row.payment_id),
            i::failure.eq(row.failure),
            i::tries.eq(row.tries),
            i::first_tried_on.eq(row.first_tried_on),
            i::try_on.eq(row.try_on),
            i::reminded_at.eq(row.reminded_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The running plans with an instalment that is to be taken by this day, the longest due first; each once, and none of which
/// a payment is under way.
pub fn due(conn: &mut Conn, today: Date) -> Result<Vec<(PatientId, PaymentPlanId)>> {
    use payment_instalments::dsl as i;
    let busy = vec![InstalmentState::Charging, InstalmentState::Paying];
    let busy: Vec<PaymentPlanId> =
        payment_instalments::table.filter(i::state.eq_any(busy)).select(i::plan_id).load(conn)?;
    Ok(payment_instalments::table
        .inner_join(payment_plans::table.on(payment_plans::id.eq(i::plan_id)))
        .filter(i::state.eq(InstalmentState::Waiting))
        .filter(i::try_on.le(today))
        .filter(i::plan_id.ne_all(busy))
        .filter(payment_plans::state.eq(PlanState::Running))
        .group_by((i::payer_id, i::plan_id))
        .order(diesel::dsl::min(i::try_on))
        .limit(AT_ONCE)
        .select((i::payer_id, i::plan_id))
        .load(conn)?)
}

/// The instalments of running plans that fall due after this day and until that one, of which nobody was reminded.
pub fn unreminded(conn: &mut Conn, after: Date, until: Date) -> Result<Vec<InstalmentRow>> {
    use payment_instalments::dsl as i;
    Ok(payment_instalments::table
        .inner_join(payment_plans::table.on(payment_plans::id.eq(i::plan_id)))
        .filter(i::state.eq(InstalmentState::Waiting))
        .filter(i::due_on.gt(after))
        .filter(i::due_on.le(until))
        .filter(i::reminded_at.is_null())
        .filter(payment_plans::state.eq(PlanState::Running))
        .order((i::due_on, i::plan_id))
        .limit(AT_ONCE)
        .select(InstalmentRow::as_select())
        .load(conn)?)
}

/// Drops what still waits of a plan.
pub fn drop_waiting(conn: &mut Conn, payer: PatientId, plan: PaymentPlanId) -> Result<()> {
    use payment_instalments::dsl as i;
    let waiting = payment_instalments::table
        .filter(i::payer_id.eq(payer))
        .filter(i::plan_id.eq(plan))
        .filter(i::state.eq(InstalmentState::Waiting));
    diesel::update(waiting).set(i::state.eq(InstalmentState::Dropped)).execute(conn)?;
    Ok(())
}

/// Completes the plan of a payer who owes nothing any more. Answers which.
pub fn finish_paid(conn: &mut Conn, payer: PatientId, at: Time) -> Result<Option<PaymentPlanId>> {
    use payment_plans::dsl as p;
    let live = payment_plans::table.filter(p::payer_id.eq(payer)).filter(p::state.eq_any(LIVE.to_vec()));
    let Some(plan) = live.select(p::id).first::<PaymentPlanId>(conn).optional()? else { return Ok(None) };
    let owed: i64 = ledger_balances::table.find(payer).select(ledger_balances::receivable).first(conn)?;
    if owed > 0 {
        return Ok(None);
    }
    diesel::update(payment_plans::table.find((payer, plan)))
        .set((
            p::state.eq(PlanState::Completed),
            p::pause.eq(None::<PauseReason>),
            p::changed_at.eq(at),
            p::ended_at.eq(Some(at)),
        ))
        .execute(conn)?;
    drop_waiting(conn, payer, plan)?;
    Ok(Some(plan))
}
