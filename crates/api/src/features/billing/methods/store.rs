//! Kept cards, and what gateways call their owners.

use diesel::prelude::*;
use portal_domain::{
    billing::MethodState,
    ids::{AccountId, PaymentId, PaymentMethodId},
    time::Time,
};

use crate::{
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{gateway_customers, payment_methods, payments},
    },
};

/// At most so many are looked after at a time.
const AT_ONCE: i64 = 100;

/// A kept card as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = payment_methods, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct MethodRow {
    pub account_id: AccountId,
    pub id: PaymentMethodId,
    pub state: MethodState,
    pub gateway: String,
    pub payment_id: Option<PaymentId>,
    pub reference: Option<String>,
    pub add_at: Option<String>,
    pub token: Option<String>,
    pub brand: String,
    pub last4: String,
    pub expires_month: Option<i64>,
    pub expires_year: Option<i64>,
    pub begun_at: Time,
    pub kept_at: Option<Time>,
}

/// What a gateway calls this login.
pub fn customer(conn: &mut Conn, account: AccountId, gateway: &str) -> Result<Option<String>> {
    let known = gateway_customers::table.find((account, gateway)).select(gateway_customers::customer);
    Ok(known.first(conn).optional()?)
}

/// Keeps that, unless it is known.
pub fn keep_customer(conn: &mut Conn, account: AccountId, gateway: &str, name: &str) -> Result<()> {
    use gateway_customers::dsl as c;
    if customer(conn, account, gateway)?.is_none() {
        let row = (c::account_id.eq(account), c::gateway.eq(gateway), c::customer.eq(name));
        diesel::insert_into(gateway_customers::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Adds a card that is asked for.
pub fn insert(conn: &mut Conn, row: &MethodRow) -> Result<()> {
    diesel::insert_into(payment_methods::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One of the login's; none when it is another's or nobody's.
pub fn find(conn: &mut Conn, account: AccountId, id: PaymentMethodId) -> Result<Option<MethodRow>> {
    let found = payment_methods::table.find((account, id)).select(MethodRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Whoever's it is.
pub fn find_any(conn: &mut Conn, id: PaymentMethodId) -> Result<Option<MethodRow>> {
    let found = payment_methods::table.filter(payment_methods::id.eq(id));
    Ok(found.select(MethodRow::as_select()).first(conn).optional()?)
}

/// The cards of a login in these states, the newest first.
pub fn of_account(conn: &mut Conn, account: AccountId, states: &[MethodState]) -> Result<Vec<MethodRow>> {
    use payment_methods::dsl as m;
    Ok(payment_methods::table
        .filter(m::account_id.eq(account))
        .filter(m::state.eq_any(states.to_vec()))
        .order((m::begun_at.desc(), m::id.desc()))
        .select(MethodRow::as_select())
        .load(conn)?)
}

/// The card that is kept with a payment.
pub fn of_payment(conn: &mut Conn, payment: PaymentId) -> Result<Option<MethodRow>> {
    let found = payment_methods::table.filter(payment_methods::payment_id.eq(payment));
    Ok(found.select(MethodRow::as_select()).first(conn).optional()?)
}

/// The reference of a payment, whoever's it is.
pub fn reference_of(conn: &mut Conn, payment: PaymentId) -> Result<Option<String>> {
    let found = payments::table.filter(payments::id.eq(payment)).select(payments::reference);
    Ok(found.first::<Option<String>>(conn).optional()?.flatten())
}

/// The adding that this gateway calls so.
pub fn about(conn: &mut Conn, gateway: &str, reference: &str) -> Result<Option<MethodRow>> {
    use payment_methods::dsl as m;
    let found = payment_methods::table.filter(m::gateway.eq(gateway)).filter(m::reference.eq(reference));
    Ok(found.select(MethodRow::as_select()).first(conn).optional()?)
}

/// What this gateway was asked for before this, and has not said the last word about.
pub fn open(conn: &mut Conn, gateway: &str, before: Time) -> Result<Vec<MethodRow>> {
    use payment_methods::dsl as m;
    Ok(payment_methods::table
        .filter(m::state.eq_any(vec![MethodState::Adding, MethodState::Removing]))
        .filter(m::gateway.eq(gateway))
        .filter(m::begun_at.lt(before))
        .order((m::begun_at, m::id))
        .limit(AT_ONCE)
        .select(MethodRow::as_select())
        .load(conn)?)
}

/// Keeps where a card stands now.
pub fn change(conn: &mut Conn, row: &MethodRow) -> Result<()> {
    use payment_methods::dsl as m;
    diesel::update(payment_methods::table.find((row.account_id, row.id)))
        .set((
            m::state.eq(row.state),
            m::reference.eq(&row.reference),
            m::add_at.eq(&row.add_at),
            m::token.eq(&row.token),
            m::brand.eq(&row.brand),
            m::last4.eq(&row.last4),
            m::expires_month.eq(row.expires_month),
            m::expires_year.eq(row.expires_year),
            m::kept_at.eq(row.kept_at),
        ))
        .execute(conn)?;
    Ok(())
}
