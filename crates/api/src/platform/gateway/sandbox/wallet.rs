//! The cards that the sandbox keeps, each with what it does when it pays.

use diesel::prelude::*;
use portal_domain::billing::{Currency, PaymentFailure, is_expired, method_label};
use uuid::Uuid;

use super::{Adding, CARDS, Card, Charge, Charged, Keeping, Sandbox, Standing, books, failure};
use crate::{
    error::{Error, Result},
    platform::{
        clock::new_id,
        db::{AnyId, Conn, MultiBackend, schema::sandbox_cards},
        gateway::KeptCard,
    },
};

const BRAND: &str = "Visa";
/// A last month that lies far away.
pub const FAR: (i64, i64) = (12, 2049);

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sandbox_cards, check_for_backend(MultiBackend))]
struct CardRow {
    id: AnyId,
    customer: String,
    card: String,
    last4: String,
    expires_month: i64,
    expires_year: i64,
}

impl CardRow {
    fn kept(self) -> KeptCard {
        KeptCard {
            token: self.id.0.to_string(),
            brand: BRAND.into(),
            last4: self.last4,
            expires_month: self.expires_month,
            expires_year: self.expires_year,
        }
    }
}

/// How a card is named in the wallet: by what it does.
fn word(card: Card) -> &'static str {
    CARDS.iter().find(|(_, known, _)| *known == card).map_or("", |(.., does)| does)
}

fn last4(card: Card) -> &'static str {
    CARDS.iter().find(|(_, known, _)| *known == card).map_or("", |(number, ..)| &number[12..])
}

/// As a receipt names it.
pub fn label(card: Card) -> String {
    method_label(BRAND, last4(card))
}

/// Puts the card that was typed at this checkout into the wallet.
pub fn insert(conn: &mut Conn, of: &books::Row, card: Card, expires: (i64, i64)) -> Result<AnyId> {
    put(conn, of.keep_for.clone().unwrap_or_default(), card, expires).map(|row| row.id)
}

fn put(conn: &mut Conn, customer: String, card: Card, expires: (i64, i64)) -> Result<CardRow> {
    let row = CardRow {
        id: AnyId(new_id()),
        customer,
        card: word(card).into(),
        last4: last4(card).into(),
        expires_month: expires.0,
        expires_year: expires.1,
    };
    diesel::insert_into(sandbox_cards::table).values(row.clone()).execute(conn)?;
    Ok(row)
}

/// A card that pays and lasts, as if this customer had given it on the card page (demo).
pub async fn give(sandbox: &Sandbox, customer: String) -> Result<KeptCard> {
    let put = sandbox.0.db.write(move |conn| put(conn, customer.clone(), Card::Pays, FAR));
    put.await.map(CardRow::kept)
}

fn find_card(conn: &mut Conn, id: AnyId) -> Result<Option<CardRow>> {
    Ok(sandbox_cards::table.find(id).select(CardRow::as_select()).first(conn).optional()?)
}

pub async fn begin(sandbox: &Sandbox, adding: Adding) -> Result<()> {
    let row = books::Row {
        id: AnyId(adding.method.0),
        amount: 0,
        currency: Currency::Usd,
        state: books::OPEN.into(),
        method: String::new(),
        failure: None,
        return_to: adding.return_to,
        changed_at: sandbox.0.clock.now(),
        keep_for: Some(adding.customer),
        card_id: None,
    };
    books::insert(sandbox, row).await
}

pub async fn kept(sandbox: &Sandbox, id: Uuid) -> Result<Keeping> {
    let now = sandbox.0.clock.now();
    sandbox
        .0
        .db
        .read(move |conn| {
            let row = books::find(conn, id)?;
            let card = row.card_id.map(|card| find_card(conn, card)).transpose()?.flatten();
            Ok(match (row.standing(now), card) {
                (Standing::Open | Standing::Processing, _) => Keeping::Open,
                (Standing::Paid { .. }, Some(card)) => Keeping::Kept(card.kept()),
                _ => Keeping::Gone,
            })
        })
        .await
}

pub async fn forget(sandbox: &Sandbox, card: Uuid) -> Result<()> {
    sandbox
        .0
        .db
        .write(move |conn| {
            diesel::delete(sandbox_cards::table.find(AnyId(card))).execute(conn)?;
            Ok(())
        })
        .await
}

/// What a kept card does when it pays: the bank can ask its owner only while somebody is there.
fn outcome(card: Card, is_there: bool) -> (&'static str, Option<PaymentFailure>) {
    match card {
        Card::Pays => (books::PAID, None),
        Card::Late => (books::PROCESSING, None),
        Card::Asks if is_there => (books::ASKING, None),
        Card::Asks => (books::FAILED, Some(PaymentFailure::ConfirmationNeeded)),
        Card::DeclinedLater => (books::FAILED, Some(PaymentFailure::Declined)),
        other => (books::FAILED, failure(other)),
    }
}

pub async fn charge(sandbox: &Sandbox, charge: Charge) -> Result<Charged> {
    let (id, now) = (charge.payment.0, sandbox.0.clock.now());
    let token = AnyId(Uuid::parse_str(&charge.token).map_err(Error::internal)?);
    let card = sandbox.0.db.read(move |conn| find_card(conn, token)).await?;
    let card = card.filter(|card| card.customer == charge.customer);
    let does = card.as_ref().and_then(|row| CARDS.iter().find(|(.., does)| row.card == *does));
    let is_over = |card: &CardRow| is_expired(card.expires_month, card.expires_year, now.utc().date_naive());
    let (state, failure) = match (does, &card) {
        (Some(_), Some(card)) if is_over(card) => (books::FAILED, Some(PaymentFailure::CardExpired)),
        (Some((_, does, _)), _) => outcome(*does, charge.return_to.is_some()),
        // A card that is not kept any more.
        _ => (books::FAILED, Some(PaymentFailure::Declined)),
    };
    let row = books::Row {
        id: AnyId(id),
        amount: charge.amount.amount,
        currency: charge.amount.currency,
        state: state.into(),
        method: card.map(|card| method_label(BRAND, &card.last4)).unwrap_or_default(),
        failure,
        return_to: charge.return_to.unwrap_or_default(),
        changed_at: now,
        keep_for: None,
        card_id: Some(token),
    };
    books::insert(sandbox, row).await?;
    find(sandbox, id).await?.ok_or_else(|| Error::internal("the sandbox lost a payment"))
}

pub async fn find(sandbox: &Sandbox, id: Uuid) -> Result<Option<Charged>> {
    let now = sandbox.0.clock.now();
    let Some(row) = sandbox.0.db.read(move |conn| books::known(conn, id)).await? else { return Ok(None) };
    let is_asking = row.state == books::ASKING;
    let pay_at = is_asking.then(|| sandbox.base().map(|base| format!("{base}/pay/{id}"))).transpose()?;
    Ok(Some(Charged { reference: Some(id.to_string()), pay_at, standing: row.standing(now) }))
}
