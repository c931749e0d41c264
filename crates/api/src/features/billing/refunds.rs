//! Money that goes back to a card: asked for by staff, done by the gateway, and written down once.

use portal_domain::{
    access::{Action, Category},
    billing::{Money, NewRefund, PaymentState, PaymentView, TransactionKind},
    ids::{LedgerTransactionId, PatientId, PaymentId, RefundId},
    mail::ItemKind,
    problem::{Code, Problem},
};

use super::{
    paying::{gateway_of, open, wrong_state},
    service::own,
    store::{self, RefundRow, TransactionRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        mail::{self, Delivery},
        practice,
    },
    platform::{auth::Actor, clock::new_id, gateway::Returned, idempotency::Once},
};

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
                };
                store::insert_refund(work.conn, &grant, &row)?;
                Ok(fresh)
            })
        })
        .await?;
    finish(app, actor, patient, id).await?;
    open(app, actor, patient, payment).await
}

/// Has the gateway give the money back, which it does once for each refund, and writes it down once.
pub async fn finish(app: &App, actor: &Actor, patient: PatientId, id: RefundId) -> Result<()> {
    let read = move |work: &mut crate::platform::work::Work<'_>| {
        let grant = work.grant_by_gateway(patient, id.0);
        let row = store::refund(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
        let payment = store::payment(work.conn, &grant, row.payment_id)?;
        let payment = payment.ok_or_else(|| Error::internal("a refund without its payment"))?;
        Ok((row, payment))
    };
    let (row, payment) = app.read(actor, read).await?;
    if row.done_at.is_some() {
        return Ok(());
    }
    let gateway = gateway_of(app, &payment)?;
    let reference = payment.reference.ok_or_else(|| Error::internal("a payment without its reference"))?;
    match gateway.refund(reference, id, Money::new(row.amount, row.currency)).await? {
        Returned::Done => {}
        Returned::Refused => return refused(app, actor, patient, id).await,
    }
    app.write(actor, move |work| {
        let grant = work.grant_by_gateway(patient, id.0);
        let row = store::refund(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
        if row.done_at.is_some() {
            return Ok(());
        }
        let (amount, day) = (Money::new(row.amount, row.currency), practice::today(work.conn, work.now)?);
        let transaction = TransactionRow {
            id: LedgerTransactionId(id.0),
            description: row.reason,
            statement_id: payment.statement_id,
            posted_by: Some(row.asked_by),
            ..own(work, &grant, TransactionKind::Refund, amount, day)
        };
        store::post(work.conn, &transaction)?;
        store::finish_refund(work.conn, &grant, id, work.now)?;
        let (kind, title) = (ItemKind::PaymentRefunded, amount.shown());
        mail::deliver(work, &Delivery { patient, kind, subject: row.payment_id.0, title: &title })
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
