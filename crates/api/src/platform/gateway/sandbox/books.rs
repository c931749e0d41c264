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

use super::{Card, Checkout, LATE, Sandbox, Standing, failure, wallet};
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
pub const PROCESSING: &str = "processing";
pub const PAID: &str = "paid";
pub const FAILED: &str = "failed";
pub const CANCELLED: &str = "cancelled";

/// A checkout as kept.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sandbox_checkouts, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub id: AnyId,
    pub amount: i64,
    pub currency: Currency,
    pub state: String,
    pub method: String,
    pub failure: Option<PaymentFailure>,
    pub return_to: String,
    pub changed_at: Time,
    pub keep_for: Option<String>,
    pub card_id: Option<AnyId>,
}

impl Row {
    pub fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Whether it asks for a card to keep, and for no money.
    pub fn is_adding(&self) -> bool {
        self.amount == 0
    }

    pub fn standing(&self, now: Time) -> Standing {
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

pub fn known(conn: &mut Conn, id: Uuid) -> Result<Option<Row>> {
    Ok(sandbox_checkouts::table.find(AnyId(id)).select(Row::as_select()).first(conn).optional()?)
}

pub fn find(conn: &mut Conn, id: Uuid) -> Result<Row> {
    known(conn, id)?.ok_or_else(|| Code::NotFound.into())
}

pub fn change(conn: &mut Conn, row: &Row) -> Result<()> {
    use sandbox_checkouts::dsl as c;
    diesel::update(sandbox_checkouts::table.find(row.id))
        .set((
            c::state.eq(&row.state),
            c::method.eq(&row.method),
            c::failure.eq(row.failure),
            c::changed_at.eq(row.changed_at),
            c::card_id.eq(row.card_id),
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
        keep_for: checkout.keep_for,
        card_id: None,
    };
    insert(sandbox, row).await
}

/// Adds a checkout, unless it is there.
pub async fn insert(sandbox: &Sandbox, row: Row) -> Result<()> {
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

/// What a card that ends with this month does to an open checkout; one that is not open any more stays as it is. Answers
/// whether anything changed.
pub async fn submit(sandbox: &Sandbox, id: Uuid, card: Card, expires: (i64, i64)) -> Result<bool> {
    let now = sandbox.0.clock.now();
    let state = match card {
        Card::Pays | Card::DeclinedLater => PAID,
        Card::Declined | Card::Expired => FAILED,
        Card::Asks => ASKING,
        Card::Late => PROCESSING,
        Card::Unreachable => return Ok(false),
    };
    let method = wallet::label(card);
    sandbox
        .0
        .db
        .write(move |conn| {
            let mut row = find(conn, id)?;
            if row.state != OPEN {
                return Ok(false);
            }
            // Nobody waits for the bank to keep a card.
            row.state = if row.is_adding() && card == Card::Late { PAID } else { state }.into();
            row.method.clone_from(&method);
            row.failure = failure(card);
            row.changed_at = now;
            if row.keep_for.is_some() && row.state != FAILED {
                row.card_id = Some(wallet::insert(conn, &row, card, expires)?);
            }
            change(conn, &row)?;
            Ok(true)
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
                .filter(c::amount.gt(0))
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
