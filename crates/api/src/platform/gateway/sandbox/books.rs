//! What the sandbox knows of each checkout. It is the gateway's side: nothing here touches the practice's ledger.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    billing::{Booked, Currency, Money, PaymentFailure},
    ids::PaymentId,
    problem::Code,
    time::Time,
};
use uuid::Uuid;

use super::{Card, Checkout, LATE, Sandbox, Standing, failure};
use crate::{
    error::{Error, Result},
    platform::db::{
        AnyId, Conn, MultiBackend,
        schema::{sandbox_checkouts, sandbox_refunds},
    },
};

pub const OPEN: &str = "open";
/// The bank asks its customer.
pub const ASKING: &str = "asking";
const PROCESSING: &str = "processing";
const PAID: &str = "paid";
const FAILED: &str = "failed";
const CANCELLED: &str = "cancelled";

/// A checkout as kept.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sandbox_checkouts, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    id: AnyId,
    amount: i64,
    currency: Currency,
    pub state: String,
    method: String,
    failure: Option<PaymentFailure>,
    pub return_to: String,
    changed_at: Time,
}

impl Row {
    pub fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    fn standing(&self, now: Time) -> Standing {
        let paid = || Standing::Paid { amount: self.amount(), method: self.method.clone() };
        match self.state.as_str() {
            PAID => paid(),
            PROCESSING if now.since(self.changed_at).num_milliseconds() >= LATE.as_millis() as i64 => paid(),
            PROCESSING => Standing::Processing,
            FAILED => Standing::Failed(self.failure.unwrap_or(PaymentFailure::Declined)),
            CANCELLED => Standing::Cancelled,
            _ => Standing::Open,
        }
    }
}

fn find(conn: &mut Conn, id: Uuid) -> Result<Row> {
    let row = sandbox_checkouts::table.find(AnyId(id)).select(Row::as_select()).first(conn).optional()?;
    row.ok_or_else(|| Code::NotFound.into())
}

fn change(conn: &mut Conn, row: &Row) -> Result<()> {
    use sandbox_checkouts::dsl as c;
    diesel::update(sandbox_checkouts::table.find(row.id))
        .set((
            c::state.eq(&row.state),
            c::method.eq(&row.method),
            c::failure.eq(row.failure),
            c::changed_at.eq(row.changed_at),
        ))
        .execute(conn)?;
    Ok(())
}

pub async fn open(sandbox: &Sandbox, id: Uuid) -> Result<Row> {
    sandbox.0.db.read(move |conn| find(conn, id)).await
}

pub async fn begin(sandbox: &Sandbox, checkout: Checkout) -> Result<()> {
    let row = Row {
        id: AnyId(checkout.payment.0),
        amount: checkout.amount.amount,
        currency: checkout.amount.currency,
        state: OPEN.into(),
        method: String::new(),
        failure: None,
        return_to: checkout.return_to,
        changed_at: sandbox.0.clock.now(),
    };
    sandbox
        .0
        .db
        .write(move |conn| {
            let known = sandbox_checkouts::table.find(row.id).count().get_result::<i64>(conn)?;
            if known == 0 {
                diesel::insert_into(sandbox_checkouts::table).values(row.clone()).execute(conn)?;
            }
            Ok(())
        })
        .await
}

pub async fn look(sandbox: &Sandbox, id: Uuid) -> Result<Standing> {
    let now = sandbox.0.clock.now();
    Ok(open(sandbox, id).await?.standing(now))
}

/// What a card does to an open checkout; one that is not open any more stays as it is. Answers whether anything changed.
pub async fn submit(sandbox: &Sandbox, id: Uuid, card: Card) -> Result<bool> {
    let now = sandbox.0.clock.now();
    let state = match card {
        Card::Pays => PAID,
        Card::Declined | Card::Expired => FAILED,
        Card::Asks => ASKING,
        Card::Late => PROCESSING,
        Card::Unreachable => return Ok(false),
    };
    let ending = super::CARDS.iter().find(|(_, known, _)| *known == card).map(|(number, ..)| &number[12..]);
    let method = format!("Visa ending in {}", ending.unwrap_or_default());
    step(sandbox, id, OPEN, move |row| {
        row.state = state.into();
        row.method.clone_from(&method);
        row.failure = failure(card);
        row.changed_at = now;
    })
    .await
}

/// What the bank's customer answers.
pub async fn confirm(sandbox: &Sandbox, id: Uuid, is_me: bool) -> Result<bool> {
    let now = sandbox.0.clock.now();
    step(sandbox, id, ASKING, move |row| {
        row.state = if is_me { PAID } else { FAILED }.into();
        row.failure = (!is_me).then_some(PaymentFailure::NotConfirmed);
        row.changed_at = now;
    })
    .await
}

async fn step(
    sandbox: &Sandbox,
    id: Uuid,
    from: &'static str,
    to: impl Fn(&mut Row) + Send + 'static,
) -> Result<bool> {
    sandbox
        .0
        .db
        .write(move |conn| {
            let mut row = find(conn, id)?;
            if row.state != from {
                return Ok(false);
            }
            to(&mut row);
            change(conn, &row)?;
            Ok(true)
        })
        .await
}

pub async fn cancel(sandbox: &Sandbox, id: Uuid) -> Result<Standing> {
    let now = sandbox.0.clock.now();
    sandbox
        .0
        .db
        .write(move |conn| {
            let mut row = find(conn, id)?;
            if matches!(row.state.as_str(), OPEN | ASKING) {
                row.state = CANCELLED.into();
                row.changed_at = now;
                change(conn, &row)?;
            }
            Ok(row.standing(now))
        })
        .await
}

/// What was paid in a span of time and in the hour after it, in which a checkout of the span may have been paid.
pub async fn taken(sandbox: &Sandbox, from: Time, to: Time) -> Result<Vec<Booked>> {
    let (now, to) = (sandbox.0.clock.now(), to.plus(TimeDelta::hours(1)));
    sandbox
        .0
        .db
        .read(move |conn| {
            use sandbox_checkouts::dsl as c;
            let rows: Vec<Row> = sandbox_checkouts::table
                .filter(c::changed_at.ge(from))
                .filter(c::changed_at.lt(to))
                .select(Row::as_select())
                .load(conn)?;
            let mut taken = Vec::new();
            for row in rows {
                if let Standing::Paid { amount, .. } = row.standing(now) {
                    let given: Vec<i64> = sandbox_refunds::table
                        .filter(sandbox_refunds::checkout_id.eq(row.id))
                        .select(sandbox_refunds::amount)
                        .load(conn)?;
                    let (payment, refunded) = (PaymentId(row.id.0), given.iter().sum());
                    taken.push(Booked { payment, paid: amount.amount, refunded });
                }
            }
            Ok(taken)
        })
        .await
}

/// Gives money back, once for each refund and never more than was paid.
pub async fn refund(sandbox: &Sandbox, id: Uuid, refund: Uuid, amount: Money) -> Result<()> {
    let now = sandbox.0.clock.now();
    sandbox
        .0
        .db
        .write(move |conn| {
            use sandbox_refunds::dsl as r;
            let row = find(conn, id)?;
            let given: Vec<(AnyId, i64)> = sandbox_refunds::table
                .filter(r::checkout_id.eq(AnyId(id)))
                .select((r::id, r::amount))
                .load(conn)?;
            if given.iter().any(|(known, _)| known.0 == refund) {
                return Ok(());
            }
            let left = row.amount - given.iter().map(|(_, amount)| amount).sum::<i64>();
            let is_paid = matches!(row.standing(now), Standing::Paid { .. });
            if !is_paid || amount.currency != row.currency || amount.amount > left {
                return Err(Error::internal("the sandbox was asked to give back what it does not have"));
            }
            let given = (r::id.eq(AnyId(refund)), r::checkout_id.eq(AnyId(id)), r::amount.eq(amount.amount));
            diesel::insert_into(sandbox_refunds::table).values(given).execute(conn)?;
            Ok(())
        })
        .await
}
