//! What billing staff do: look at balances, take money at the desk, take a mistake back, give up what can't be had, and
//! close the day (PAY-4).

use portal_domain::{
    access::{Action, Category},
    billing::{
        BalanceView, CloseQuery, CloseSum, Currency, DailyClose, Money, NewDeskPayment, NewVoid, NewWriteOff,
        PaymentView, TransactionKind, WriteOffDecision, WriteOffState, WriteOffView, can_be_voided,
    },
    csv,
    ids::{LedgerTransactionId, PatientId, PaymentId, WriteOffId},
    page::{Page, PageQuery},
    problem::{Code, Problem},
    time::{Date, Time, is_plausible},
};

use super::{
    paying, plans,
    service::{Account, own},
    store::{self, TransactionRow, WriteOffRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients, practice},
    platform::{auth::Actor, clock::new_id, idempotency::Once, page::Keyset, work::Work},
};

/// The practice's balances, what changed last first.
pub async fn balances(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<BalanceView>> {
    let (keyset, currency) = (Keyset::parse(&query)?, app.settings.currency);
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Billing)?;
        let page = store::balances_page(work.conn, &keyset)?;
        let page = work.nearby(page, |(payer, ..)| *payer)?;
        let payers: Vec<PatientId> = page.items.iter().map(|(payer, ..)| *payer).collect();
        work.note_shown(Category::Billing, &payers);
        let names = patients::summaries(work.conn, &payers)?;
        let mut items = Vec::with_capacity(page.items.len());
        for (payer, sums, changed_at) in page.items {
            let patient = names.get(&payer).cloned();
            items.push(BalanceView {
                patient: patient.ok_or_else(|| Error::internal("a balance of nobody"))?,
                balance: Money::new(sums.receivable, currency),
                insurance_pending: Money::new(sums.insurance_pending, currency),
                changed_at,
            });
        }
        Ok(Page { items, next: page.next })
    })
    .await
}

/// Posts money that was taken at the desk.
pub async fn take_payment(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewDeskPayment,
    once: Once,
) -> Result<PaymentView> {
    let (currency, id) = (app.settings.currency, PaymentId(new_id()));
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Billing, patient, id.0)?;
        once.run(work, |work| {
            let payable = Account::of(work, &grant, currency)?.payable();
            let new = new.clone().check(payable)?;
            let day = practice::today(work.conn, work.now)?;
            let transaction = TransactionRow {
                id: LedgerTransactionId(id.0),
                description: new.described(),
                ..own(work, &grant, TransactionKind::DeskPayment, new.amount, day)
            };
            store::post(work.conn, &transaction)?;
            plans::finish_paid(work, patient)?;
            paying::receipt(work, &grant, id, new.amount)?;
            paying::view(work, &grant, id)
        })
    })
    .await
}

/// Takes a payment at the desk back that was entered by mistake.
pub async fn void(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: LedgerTransactionId,
    new: NewVoid,
    once: Once,
) -> Result<PaymentView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Billing, patient, id.0)?;
        once.run(work, |work| {
            let row = store::find(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
            let is_reversed = store::reversed(work.conn, &grant)?.contains(&id);
            if !can_be_voided(row.kind, is_reversed) {
                let why = if is_reversed {
                    "It was taken back already."
                } else {
                    "Only payments at the desk can be taken back."
                };
                return Err(Problem::new(Code::WrongState).detail(why).into());
            }
            let (new, day) = (new.clone().check()?, practice::today(work.conn, work.now)?);
            let transaction = TransactionRow {
                description: new.reason,
                statement_id: row.statement_id,
                reverses: Some(id),
                ..own(work, &grant, TransactionKind::Void, row.money(), day)
            };
            store::post(work.conn, &transaction)?;
            paying::view(work, &grant, PaymentId(id.0))
        })
    })
    .await
}

/// Asks a second person to give up a part of what is owed.
pub async fn ask_write_off(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewWriteOff,
    once: Once,
) -> Result<WriteOffView> {
    let (currency, id) = (app.settings.currency, WriteOffId(new_id()));
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Billing, patient, id.0)?;
        let asked_by = work.actor.account_id()?;
        once.run(work, |work| {
            let new = new.clone().check(Account::of(work, &grant, currency)?.payable())?;
            let row = WriteOffRow {
                payer_id: patient,
                id,
                state: WriteOffState::Waiting,
                amount: new.amount.amount,
                currency: new.amount.currency,
                reason: new.reason,
                asked_by,
                asked_at: work.now,
                decided_by: None,
                decided_at: None,
            };
            store::insert_write_off(work.conn, &grant, &row)?;
            one(work, row)
        })
    })
    .await
}

/// Write-offs that wait for a second person, the longest waiting first.
pub async fn write_offs(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<WriteOffView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::Decide, Category::Billing)?;
        let page = store::write_offs(work.conn, &keyset)?;
        let page = work.nearby(page, |row| row.payer_id)?;
        let payers: Vec<PatientId> = page.items.iter().map(|row| row.payer_id).collect();
        work.note_shown(Category::Billing, &payers);
        Ok(Page { items: views(work, page.items)?, next: page.next })
    })
    .await
}

/// What the second person says; never the one who asked.
pub async fn decide_write_off(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: WriteOffId,
    decision: WriteOffDecision,
    once: Once,
) -> Result<WriteOffView> {
    let currency = app.settings.currency;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Billing, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = store::write_off(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
            if row.state != WriteOffState::Waiting {
                let detail = format!("Its state is {}.", row.state);
                return Err(Problem::new(Code::WrongState).detail(detail).into());
            }
            if row.asked_by == by {
                return Err(Code::SecondPerson.into());
            }
            row.state = if decision.approve { WriteOffState::Approved } else { WriteOffState::Declined };
            row.decided_by = Some(by);
            row.decided_at = Some(work.now);
            if decision.approve {
                // Something may have been paid since it was asked for.
                let payable = Account::of(work, &grant, currency)?.payable();
                NewWriteOff { amount: row.money(), reason: row.reason.clone() }.check(payable)?;
                let day = practice::today(work.conn, work.now)?;
                let transaction = TransactionRow {
                    id: LedgerTransactionId(id.0),
                    description: row.reason.clone(),
                    ..own(work, &grant, TransactionKind::WriteOff, row.money(), day)
                };
                store::post(work.conn, &transaction)?;
                plans::finish_paid(work, patient)?;
            }
            store::change_write_off(work.conn, &grant, &row)?;
            one(work, row)
        })
    })
    .await
}

fn one(work: &mut Work<'_>, row: WriteOffRow) -> Result<WriteOffView> {
    let views = views(work, vec![row])?;
    views.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

fn views(work: &mut Work<'_>, rows: Vec<WriteOffRow>) -> Result<Vec<WriteOffView>> {
    let payers: Vec<PatientId> = rows.iter().map(|row| row.payer_id).collect();
    let patients = patients::summaries(work.conn, &payers)?;
    let staff: Vec<_> = rows.iter().flat_map(|row| [Some(row.asked_by), row.decided_by]).flatten().collect();
    let names = accounts::names(work.conn, &staff)?;
    let reader = work.actor.account_id().ok();
    rows.into_iter()
        .map(|row| {
            let patient = patients.get(&row.payer_id).cloned();
            Ok(WriteOffView {
                id: row.id,
                patient: patient.ok_or_else(|| Error::internal("a write-off of nobody"))?,
                amount: row.money(),
                reason: row.reason,
                state: row.state,
                asked_by: names.get(&row.asked_by).cloned().unwrap_or_default(),
                asked_at: row.asked_at,
                decided_by: row.decided_by.and_then(|by| names.get(&by).cloned()),
                can_decide: row.state == WriteOffState::Waiting && reader != Some(row.asked_by),
            })
        })
        .collect()
}

/// What was posted on a day of the practice's calendar.
pub async fn daily_close(app: &App, actor: &Actor, query: CloseQuery) -> Result<DailyClose> {
    let currency = app.settings.currency;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Billing)?;
        closed(work, query.day, currency)
    })
    .await
}

/// The same as a table.
pub async fn daily_close_table(app: &App, actor: &Actor, query: CloseQuery) -> Result<String> {
    let currency = app.settings.currency;
    app.read(actor, move |work| {
        work.permit(Action::Export, Category::Billing)?;
        let close = closed(work, query.day, currency)?;
        let mut text = csv::row(&["day", "kind", "count", "amount", "currency"]);
        for sum in &close.sums {
            let (count, amount) = (sum.count.to_string(), sum.amount.plain());
            text += &csv::row(&[
                close.day.to_string().as_str(),
                sum.kind.as_str(),
                count.as_str(),
                amount.as_str(),
                currency.as_str(),
            ]);
        }
        Ok(text)
    })
    .await
}

/// A day of the practice's calendar, today when none is named, with its first instant and that of the next.
pub fn span_of(work: &mut Work<'_>, day: Option<Date>) -> Result<(Date, Time, Time)> {
    let day = match day {
        Some(day) => day,
        None => practice::today(work.conn, work.now)?,
    };
    if !is_plausible(day) {
        return Err(Problem::field("day", "not_a_date", "Give a day between 1900 and 2200.").into());
    }
    let zone = practice::zone(work.conn)?;
    let next = day + chrono::Days::new(1);
    Ok((day, practice::begin_of(day, zone)?, practice::begin_of(next, zone)?))
}

fn closed(work: &mut Work<'_>, day: Option<Date>, currency: Currency) -> Result<DailyClose> {
    let (day, from, to) = span_of(work, day)?;
    let posted = store::posted_between(work.conn, from, to)?;
    let of = |kind: TransactionKind| posted.get(&kind).map_or(0, |(_, sum)| *sum);
    let sums = TransactionKind::ALL.iter().filter_map(|kind| {
        let (count, sum) = posted.get(kind)?;
        Some(CloseSum { kind: *kind, count: *count, amount: Money::new(*sum, currency) })
    });
    Ok(DailyClose {
        day,
        sums: sums.collect(),
        desk: Money::new(of(TransactionKind::DeskPayment) - of(TransactionKind::Void), currency),
        gateway: Money::new(
            of(TransactionKind::Payment) - of(TransactionKind::Refund) + of(TransactionKind::RefundFailed),
            currency,
        ),
    })
}
