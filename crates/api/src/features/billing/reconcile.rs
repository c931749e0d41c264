//! The day's payments in the ledger beside what the gateway has of them (PAY-4).

use std::collections::{HashMap, HashSet};

use portal_domain::{
    access::{Action, Category},
    billing::{Booked, CloseQuery, Currency, Difference, Money, PaymentState, Reconciliation, differences},
    ids::{PatientId, PaymentId},
    page::Page,
    patients::PatientSummary,
    time::{Date, Time},
};

use super::{
    staff,
    store::{self, PaymentRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::patients,
    platform::{auth::Actor, gateway::Gateway, work::Work},
};

/// The payments of a day, and what went back of them.
struct Books {
    day: Date,
    from: Time,
    to: Time,
    rows: Vec<PaymentRow>,
    /// Done, by payment.
    refunded: HashMap<PaymentId, i64>,
    /// Asked for, and not done.
    unfinished: HashSet<PaymentId>,
}

/// Every gateway's payments that were begun on a day, in both books; one that takes none any more stands there only when it
/// did on that day. 503 while a gateway does not answer.
pub async fn reconcile(app: &App, actor: &Actor, query: CloseQuery) -> Result<Vec<Reconciliation>> {
    let books = app
        .read(actor, move |work| {
            work.permit(Action::View, Category::Billing)?;
            read(work, query.day)
        })
        .await?;
    let mut all = Vec::new();
    for gateway in app.gateways.all() {
        let there = gateway.books(books.from, books.to).await?;
        let one = compared(app, actor, &books, gateway, there).await?;
        let is_taking = app.gateways.taking().is_some_and(|taking| taking.name() == gateway.name());
        if is_taking || one.count > 0 || one.waiting > 0 || !one.differences.is_empty() {
            all.push(one);
        }
    }
    Ok(all)
}

fn read(work: &mut Work<'_>, day: Option<Date>) -> Result<Books> {
    let (day, from, to) = staff::span_of(work, day)?;
    let rows = store::begun_between(work.conn, from, to)?;
    let (mut refunded, mut unfinished) = (HashMap::new(), HashSet::new());
    for refund in store::refunds_of_begun(work.conn, from, to)? {
        match refund.done_at {
            Some(_) => *refunded.entry(refund.payment_id).or_insert(0) += refund.amount,
            None => drop(unfinished.insert(refund.payment_id)),
        }
    }
    Ok(Books { day, from, to, rows, refunded, unfinished })
}

async fn compared(
    app: &App,
    actor: &Actor,
    books: &Books,
    gateway: &dyn Gateway,
    mut there: Vec<Booked>,
) -> Result<Reconciliation> {
    let own = || books.rows.iter().filter(|row| row.gateway == gateway.name());
    let here: Vec<Booked> = own()
        .filter(|row| row.state == PaymentState::Succeeded)
        .map(|row| Booked {
            payment: row.id,
            paid: row.amount,
            refunded: books.refunded.get(&row.id).copied().unwrap_or(0),
        })
        .collect();
    let waiting = own().filter(|row| row.state == PaymentState::Pending).count()
        + own().filter(|row| books.unfinished.contains(&row.id)).count();
    // The gateway's day is not quite ours: what was begun on another day is compared there.
    let of_day: HashSet<PaymentId> = own().map(|row| row.id).collect();
    let others: Vec<PaymentId> =
        there.iter().map(|booked| booked.payment).filter(|id| !of_day.contains(id)).collect();
    let known: HashSet<PaymentId> =
        app.db.read(move |conn| store::known_of(conn, &others)).await?.into_iter().collect();
    there.retain(|booked| !known.contains(&booked.payment));

    let differing = differences(&here, &there);
    let payers: HashMap<PaymentId, PatientId> = own().map(|row| (row.id, row.payer_id)).collect();
    let shown: Vec<PatientId> = differing.iter().filter_map(|(_, id, ..)| payers.get(id).copied()).collect();
    let names: HashMap<PatientId, PatientSummary> = app
        .read(actor, move |work| {
            let shown = work.nearby(Page { items: shown, next: None }, |patient| *patient)?.items;
            work.note_shown(Category::Billing, &shown);
            patients::summaries(work.conn, &shown)
        })
        .await?;
    let currency = app.settings.currency;
    let differences = differing.into_iter().map(|(kind, payment, here, there)| Difference {
        kind,
        payment,
        patient: payers.get(&payment).and_then(|payer| names.get(payer)).cloned(),
        ledger: kept(here.as_slice(), currency),
        at_gateway: kept(there.as_slice(), currency),
    });
    Ok(Reconciliation {
        day: books.day,
        gateway: gateway.name().into(),
        count: i64::try_from(here.len()).map_err(Error::internal)?,
        ledger: kept(&here, currency),
        at_gateway: kept(&there, currency),
        waiting: i64::try_from(waiting).map_err(Error::internal)?,
        differences: differences.collect(),
    })
}

/// What is left of what was paid.
fn kept(booked: &[Booked], currency: Currency) -> Money {
    Money::new(booked.iter().map(|one| one.paid - one.refunded).sum(), currency)
}
