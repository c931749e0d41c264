//! Payments by the gateway, refunds, and write-offs that wait for a second person.

use diesel::prelude::*;
use portal_domain::{
    billing::{Currency, Money, PaymentFailure, PaymentState, WriteOffState},
    ids::{AccountId, PatientId, PaymentId, PaymentMethodId, RefundId, StatementId, WriteOffId},
    page::Page,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, MultiBackend,
            schema::{payments, refunds, write_offs},
        },
        gateway::About,
        page::{Cursor, Keyset},
    },
};

/// At most so many are looked after at a time.
const AT_ONCE: i64 = 100;

/// A payment as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = payments, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct PaymentRow {
    pub payer_id: PatientId,
    pub id: PaymentId,
    pub state: PaymentState,
    pub amount: i64,
    pub currency: Currency,
    pub statement_id: Option<StatementId>,
    pub gateway: String,
    pub reference: Option<String>,
    pub pay_at: Option<String>,
    pub method: String,
    pub failure: Option<PaymentFailure>,
    pub begun_by: AccountId,
    pub begun_at: Time,
    pub held_until: Time,
    pub settled_at: Option<Time>,
    /// The kept card that pays; none: the gateway's page asks for one.
    pub method_id: Option<PaymentMethodId>,
}

impl PaymentRow {
    pub fn money(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
}

/// What is being paid and not settled yet.
#[derive(Clone, Copy)]
pub struct Held {
    pub amount: i64,
    pub statement: Option<StatementId>,
}

/// Adds a payment that was begun.
pub fn insert_payment(conn: &mut Conn, _: &Grant, row: &PaymentRow) -> Result<()> {
    diesel::insert_into(payments::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's.
pub fn payment(conn: &mut Conn, grant: &Grant, id: PaymentId) -> Result<Option<PaymentRow>> {
    let found = payments::table.find((grant.patient(), id)).select(PaymentRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Keeps where a payment stands now.
pub fn change_payment(conn: &mut Conn, grant: &Grant, row: &PaymentRow) -> Result<()> {
    use payments::dsl as p;
    diesel::update(payments::table.find((grant.patient(), row.id)))
        .set((
            p::state.eq(row.state),
            p::reference.eq(&row.reference),
            p::pay_at.eq(&row.pay_at),
            p::method.eq(&row.method),
            p::failure.eq(row.failure),
            p::settled_at.eq(row.settled_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// What the patient is paying just now.
pub fn held(conn: &mut Conn, grant: &Grant) -> Result<Vec<Held>> {
    use payments::dsl as p;
    let rows: Vec<(i64, Option<StatementId>)> = payments::table
        .filter(p::payer_id.eq(grant.patient()))
        .filter(p::state.eq(PaymentState::Pending))
        .select((p::amount, p::statement_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(amount, statement)| Held { amount, statement }).collect())
}

/// The payment that a message of this gateway is about, whoever's it is.
pub fn about(conn: &mut Conn, gateway: &str, about: &About) -> Result<Option<PaymentRow>> {
    use payments::dsl as p;
    let of_gateway = payments::table.into_boxed().filter(p::gateway.eq(gateway));
    let found = match about {
        About::Reference(reference) => of_gateway.filter(p::reference.eq(reference)),
        About::Payment(id) => of_gateway.filter(p::id.eq(id)),
        About::Refund(_) | About::Else => return Ok(None),
    };
    Ok(found.select(PaymentRow::as_select()).first(conn).optional()?)
}

/// Payments by this gateway that were begun before this and that nobody has settled.
pub fn pending(conn: &mut Conn, gateway: &str, before: Time) -> Result<Vec<PaymentRow>> {
    use payments::dsl as p;
    Ok(payments::table
        .filter(p::state.eq(PaymentState::Pending))
        .filter(p::gateway.eq(gateway))
        .filter(p::begun_at.lt(before))
        .order((p::begun_at, p::id))
        .limit(AT_ONCE)
        .select(PaymentRow::as_select())
        .load(conn)?)
}

/// Payments that were begun in a span of time.
pub fn begun_between(conn: &mut Conn, from: Time, to: Time) -> Result<Vec<PaymentRow>> {
    use payments::dsl as p;
    Ok(payments::table
        .filter(p::begun_at.ge(from))
        .filter(p::begun_at.lt(to))
        .select(PaymentRow::as_select())
        .load(conn)?)
}

/// Which of these the portal knows.
pub fn known_of(conn: &mut Conn, ids: &[PaymentId]) -> Result<Vec<PaymentId>> {
    let known = payments::table.filter(payments::id.eq_any(ids.to_vec()));
    Ok(known.select(payments::id).load(conn)?)
}

/// A refund as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refunds, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct RefundRow {
    pub payer_id: PatientId,
    pub id: RefundId,
    pub payment_id: PaymentId,
    pub amount: i64,
    pub currency: Currency,
    pub reason: String,
    pub asked_by: AccountId,
    pub asked_at: Time,
    pub done_at: Option<Time>,
    /// When the gateway is asked again what became of it; none once that is known.
    pub follow_at: Option<Time>,
    /// When it turned out that the money did not arrive.
    pub failed_at: Option<Time>,
}

impl RefundRow {
    pub fn money(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
}

/// Adds a refund that the gateway is to be asked for.
pub fn insert_refund(conn: &mut Conn, _: &Grant, row: &RefundRow) -> Result<()> {
    diesel::insert_into(refunds::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// The refunds of a payment, asked for and done; not those that failed.
pub fn refunds(conn: &mut Conn, grant: &Grant, payment: PaymentId) -> Result<Vec<RefundRow>> {
    use refunds::dsl as r;
    Ok(refunds::table
        .filter(r::payer_id.eq(grant.patient()))
        .filter(r::payment_id.eq(payment))
        .filter(r::failed_at.is_null())
        .select(RefundRow::as_select())
        .load(conn)?)
}

/// One of the patient's.
pub fn refund(conn: &mut Conn, grant: &Grant, id: RefundId) -> Result<Option<RefundRow>> {
    let found = refunds::table.find((grant.patient(), id)).select(RefundRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Keeps how a refund stands.
pub fn change_refund(conn: &mut Conn, grant: &Grant, row: &RefundRow) -> Result<()> {
    use refunds::dsl as r;
    diesel::update(refunds::table.find((grant.patient(), row.id)))
        .set((r::done_at.eq(row.done_at), r::follow_at.eq(row.follow_at), r::failed_at.eq(row.failed_at)))
        .execute(conn)?;
    Ok(())
}

/// Has an accepted refund asked about at that time.
pub fn follow_later(conn: &mut Conn, payer: PatientId, id: RefundId, at: Time) -> Result<()> {
    diesel::update(refunds::table.find((payer, id))).set(refunds::follow_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Accepted refunds by this gateway of which it is to be asked by now what became of them.
pub fn followed(conn: &mut Conn, gateway: &str, now: Time) -> Result<Vec<(PatientId, RefundId)>> {
    use refunds::dsl as r;
    Ok(refunds::table
        .inner_join(payments::table.on(payments::id.eq(r::payment_id)))
        .filter(r::follow_at.le(now))
        .filter(payments::gateway.eq(gateway))
        .order((r::follow_at, r::id))
        .limit(AT_ONCE)
        .select((r::payer_id, r::id))
        .load(conn)?)
}

/// Whose refund a message of this gateway is about.
pub fn payer_of_refund(conn: &mut Conn, gateway: &str, id: RefundId) -> Result<Option<PatientId>> {
    let found = refunds::table
        .inner_join(payments::table.on(payments::id.eq(refunds::payment_id)))
        .filter(refunds::id.eq(id))
        .filter(payments::gateway.eq(gateway));
    Ok(found.select(refunds::payer_id).first(conn).optional()?)
}

/// One page of refunds that failed since then and in whose place nothing was given back, the latest first.
pub fn failed_refunds(conn: &mut Conn, since: Time, keyset: &Keyset) -> Result<Page<RefundRow>> {
    use refunds::dsl as r;
    let later = diesel::alias!(refunds as later);
    let again = later
        .filter(later.field(r::payment_id).eq(r::payment_id))
        .filter(later.field(r::failed_at).is_null())
        .filter(later.field(r::asked_at).nullable().ge(r::failed_at));
    let mut query = refunds::table
        .into_boxed()
        .filter(r::failed_at.ge(since))
        .filter(diesel::dsl::not(diesel::dsl::exists(again)));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = RefundId(id);
        query = query.filter(r::failed_at.lt(at).or(r::failed_at.eq(at).and(r::id.lt(id))));
    }
    let rows = query.order((r::failed_at.desc(), r::id.desc())).limit(keyset.rows());
    let rows = rows.select(RefundRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &RefundRow| Cursor { at: row.failed_at.unwrap_or(since), id: row.id.0 }))
}

/// Forgets a refund that the gateway refused; one that was done stays.
pub fn drop_refund(conn: &mut Conn, grant: &Grant, id: RefundId) -> Result<()> {
    let asked = refunds::table.find((grant.patient(), id)).filter(refunds::done_at.is_null());
    diesel::delete(asked).execute(conn)?;
    Ok(())
}

/// What was given back, or is to be, of the payments that were begun in a span of time; not what failed.
pub fn refunds_of_begun(conn: &mut Conn, from: Time, to: Time) -> Result<Vec<RefundRow>> {
    Ok(refunds::table
        .inner_join(payments::table.on(payments::id.eq(refunds::payment_id)))
        .filter(payments::begun_at.ge(from))
        .filter(payments::begun_at.lt(to))
        .filter(refunds::failed_at.is_null())
        .select(RefundRow::as_select())
        .load(conn)?)
}

/// Refunds by this gateway that were asked for before this and not done.
pub fn unfinished(conn: &mut Conn, gateway: &str, before: Time) -> Result<Vec<(PatientId, RefundId)>> {
    use refunds::dsl as r;
    Ok(refunds::table
        .inner_join(payments::table.on(payments::id.eq(r::payment_id)))
        .filter(r::done_at.is_null())
        .filter(r::asked_at.lt(before))
        .filter(payments::gateway.eq(gateway))
        .order((r::asked_at, r::id))
        .limit(AT_ONCE)
        .select((r::payer_id, r::id))
        .load(conn)?)
}

/// A write-off as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = write_offs, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct WriteOffRow {
    pub payer_id: PatientId,
    pub id: WriteOffId,
    pub state: WriteOffState,
    pub amount: i64,
    pub currency: Currency,
    pub reason: String,
    pub asked_by: AccountId,
    pub asked_at: Time,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Time>,
}

impl WriteOffRow {
    pub fn money(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
}

/// Adds one that waits.
pub fn insert_write_off(conn: &mut Conn, _: &Grant, row: &WriteOffRow) -> Result<()> {
    diesel::insert_into(write_offs::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the patient's.
pub fn write_off(conn: &mut Conn, grant: &Grant, id: WriteOffId) -> Result<Option<WriteOffRow>> {
    let found = write_offs::table.find((grant.patient(), id)).select(WriteOffRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Keeps what the second person said.
pub fn change_write_off(conn: &mut Conn, grant: &Grant, row: &WriteOffRow) -> Result<()> {
    use write_offs::dsl as w;
    diesel::update(write_offs::table.find((grant.patient(), row.id)))
        .set((w::state.eq(row.state), w::decided_by.eq(row.decided_by), w::decided_at.eq(row.decided_at)))
        .execute(conn)?;
    Ok(())
}

/// One page of those that wait, the longest waiting first.
pub fn write_offs(conn: &mut Conn, keyset: &Keyset) -> Result<Page<WriteOffRow>> {
    use write_offs::dsl as w;
    let mut query = write_offs::table.into_boxed().filter(w::state.eq(WriteOffState::Waiting));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = WriteOffId(id);
        query = query.filter(w::asked_at.gt(at).or(w::asked_at.eq(at).and(w::id.gt(id))));
    }
    let rows = query.order((w::asked_at.asc(), w::id.asc())).limit(keyset.rows());
    let rows = rows.select(WriteOffRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &WriteOffRow| Cursor { at: row.asked_at, id: row.id.0 }))
}
