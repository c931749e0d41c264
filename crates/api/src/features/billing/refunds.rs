//! Money that goes back to a card: asked for by staff, done by the gateway, and written down once.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    billing::{
        FAILED_REFUND_DAYS, FailedRefund, Money, NewRefund, PaymentState, PaymentView, TransactionKind,
    },
    ids::{LedgerTransactionId, PatientId, PaymentId, RefundId},
    live::LiveKind,
    mail::ItemKind,
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::{
    paying::{gateway_of, open, wrong_state},
    plans,
    service::own,
    store::{self, PaymentRow, RefundRow, TransactionRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        mail::{self, Delivery},
        patients, practice,
    },
    platform::{
        auth::Actor,
        clock::new_id,
        gateway::{Gateway, Returned},
        idempotency::Once,
        live::Audience,
        page::Keyset,
    },
};

/// An accepted refund is asked about so often, until its end is known.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// Gives a part of a payment back, or all of it.
pub async fn refund(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    payment: PaymentId,
    new: NewRefund,
    once: Once,
) -> Result<PaymentView> {
    let fresh = RefundId(new_id());
    let id = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Change, Category::Billing, patient, payment.0)?;
            let asked_by = work.actor.account_id()?;
            once.run(work, |work| {
                let row = store::payment(work.conn, &grant, payment)?.ok_or(Error::from(Code::NotFound))?;
                if row.state != PaymentState::Succeeded {
                    return Err(wrong_state(row.state));
                }
                // What is on its way counts, too: together refunds never give back more than was paid.
                let earlier = store::refunds(work.conn, &grant, payment)?;
                // Whether that one was done is not known yet: a second one in its place could give the money back twice.
                if earlier.iter().any(|refund| refund.done_at.is_none()) {
                    let refusal = Problem::new(Code::WrongState);
                    return Err(refusal
                        .detail("A refund of this payment is under way. Look again in a minute.")
                        .into());
                }
                let left = row.amount - earlier.iter().map(|refund| refund.amount).sum::<i64>();
                let new = new.clone().check(Money::new(left, row.currency))?;
                let row = RefundRow {
                    payer_id: patient,
                    id: fresh,
                    payment_id: payment,
                    amount: new.amount.amount,
                    currency: new.amount.currency,
                    reason: new.reason,
                    asked_by,
                    asked_at: work.now,
                    done_at: None,
                    follow_at: None,
                    failed_at: None,
                };
                store::insert_refund(work.conn, &grant, &row)?;
                Ok(fresh)
            })
        })
        .await?;
    finish(app, actor, patient, id).await?;
    open(app, actor, patient, payment).await
}

/// A refund with its payment, before the gateway is asked.
async fn read(app: &App, actor: &Actor, patient: PatientId, id: RefundId) -> Result<(RefundRow, PaymentRow)> {
    app.read(actor, move |work| {
        let grant = work.look_by_gateway(patient);
        let row = store::refund(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
        let payment = store::payment(work.conn, &grant, row.payment_id)?;
        let payment = payment.ok_or_else(|| Error::internal("a refund without its payment"))?;
        Ok((row, payment))
    })
    .await
}

/// Has the gateway give the money back, which it does once for each refund, and writes it down once.
pub async fn finish(app: &App, actor: &Actor, patient: PatientId, id: RefundId) -> Result<()> {
    let (row, payment) = read(app, actor, patient, id).await?;
    if row.done_at.is_some() {
        return Ok(());
    }
    let gateway = gateway_of(app, &payment)?;
    let reference = payment.reference.ok_or_else(|| Error::internal("a payment without its reference"))?;
    let is_pending = match gateway.refund(reference, id, row.money()).await? {
        Returned::Done => false,
        Returned::Pending => true,
        Returned::Refused => return refused(app, actor, patient, id).await,
    };
    app.write(actor, move |work| {
        let grant = work.look_by_gateway(patient);
        let mut row = store::refund(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
        if row.done_at.is_some() {
            return Ok(());
        }
        let grant = work.grant_by_gateway(patient, id.0);
        let (amount, day) = (row.money(), practice::today(work.conn, work.now)?);
        let transaction = TransactionRow {
            id: LedgerTransactionId(id.0),
            description: row.reason.clone(),
            statement_id: payment.statement_id,
            posted_by: Some(row.asked_by),
            ..own(work, &grant, TransactionKind::Refund, amount, day)
        };
        store::post(work.conn, &transaction)?;
        row.done_at = Some(work.now);
        row.follow_at = is_pending.then(|| work.now.plus(AGAIN));
        store::change_refund(work.conn, &grant, &row)?;
        let (kind, title) = (ItemKind::PaymentRefunded, amount.shown());
        mail::deliver(work, &Delivery { patient, kind, subject: row.payment_id.0, title: &title })
    })
    .await
}

/// A message of the gateway is about this refund: it is asked what became of it.
pub async fn heard(app: &App, gateway: &'static str, id: RefundId) -> Result<()> {
    let payer = app.db.read(move |conn| store::payer_of_refund(conn, gateway, id)).await?;
    match payer {
        Some(patient) => follow(app, patient, id).await,
        None => Ok(()),
    }
}

/// Asks about every accepted refund whose time has come. Answers how many.
pub async fn follow_due(app: &App, gateway: &dyn Gateway) -> Result<usize> {
    let (name, now) = (gateway.name(), app.now());
    let due = app.db.read(move |conn| store::followed(conn, name, now)).await?;
    let count = due.len();
    for (patient, id) in due {
        match follow(app, patient, id).await {
            Ok(()) => {}
            // It would not answer about the others either.
            Err(why @ Error::Unavailable) => return Err(why),
            Err(why) => {
                tracing::warn!(%why, refund = %id, "what became of a refund is asked again");
                let at = now.plus(AGAIN);
                app.db.write(move |conn| store::follow_later(conn, patient, id, at)).await?;
            }
        }
    }
    Ok(count)
}

/// Asks the gateway what became of a refund that it accepted. One that failed is turned around in the ledger, once, even when
/// it had been called done before; staff and the patient are told.
async fn follow(app: &App, patient: PatientId, id: RefundId) -> Result<()> {
    let actor = Actor::policy();
    let (row, payment) = read(app, &actor, patient, id).await?;
    if row.done_at.is_none() || row.failed_at.is_some() {
        return Ok(());
    }
    let gateway = gateway_of(app, &payment)?;
    let reference = payment.reference.ok_or_else(|| Error::internal("a payment without its reference"))?;
    let standing = gateway.look_at_refund(reference, id).await?;
    let turned = LedgerTransactionId(new_id());
    app.write(&actor, move |work| {
        let grant = work.look_by_gateway(patient);
        let mut row = store::refund(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
        if row.failed_at.is_some() {
            return Ok(());
        }
        row.follow_at = match standing {
            Returned::Done | Returned::Refused => None,
            Returned::Pending => Some(work.now.plus(AGAIN)),
        };
        if standing != Returned::Refused {
            return store::change_refund(work.conn, &grant, &row);
        }
        let grant = work.grant_by_gateway(patient, id.0);
        row.failed_at = Some(work.now);
        store::change_refund(work.conn, &grant, &row)?;
        let (amount, day) = (row.money(), practice::today(work.conn, work.now)?);
        let transaction = TransactionRow {
            id: turned,
            description: row.reason,
            statement_id: payment.statement_id,
            reverses: Some(LedgerTransactionId(id.0)),
            posted_by: None,
            ..own(work, &grant, TransactionKind::RefundFailed, amount, day)
        };
        store::post(work.conn, &transaction)?;
        plans::finish_paid(work, patient)?;
        work.announce(Audience::Staff, LiveKind::Queue, id.0);
        let (kind, title) = (ItemKind::RefundFailed, amount.shown());
        mail::deliver(work, &Delivery { patient, kind, subject: row.payment_id.0, title: &title })
    })
    .await
}

/// Refunds that failed of late and in whose place nothing was given back, the latest first.
pub async fn failed(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<FailedRefund>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Billing)?;
        let since = work.now.plus(-TimeDelta::days(FAILED_REFUND_DAYS));
        let page = store::failed_refunds(work.conn, since, &keyset)?;
        let page = work.nearby(page, |row| row.payer_id)?;
        let payers: Vec<PatientId> = page.items.iter().map(|row| row.payer_id).collect();
        work.note_shown(Category::Billing, &payers);
        let patients = patients::summaries(work.conn, &payers)?;
        let view = |row: RefundRow| {
            let patient = patients.get(&row.payer_id).cloned();
            Ok(FailedRefund {
                payment: row.payment_id,
                patient: patient.ok_or_else(|| Error::internal("a refund of nobody's"))?,
                amount: row.money(),
                failed_at: row.failed_at.unwrap_or(row.asked_at),
                reason: row.reason,
            })
        };
        let items: Result<Vec<FailedRefund>> = page.items.into_iter().map(view).collect();
        Ok(Page { items: items?, next: page.next })
    })
    .await
}

/// The gateway won't give it back, now or later: nothing was done, and nothing waits.
async fn refused(app: &App, actor: &Actor, patient: PatientId, id: RefundId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_by_gateway(patient, id.0);
        store::drop_refund(work.conn, &grant, id)
    })
    .await?;
    let refusal = Problem::new(Code::WrongState);
    Err(refusal.detail("The gateway refused. Look at this payment on the gateway's own pages.").into())
}
