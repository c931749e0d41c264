//! Paying by the gateway. The ledger hears of a payment from the gateway alone, and each payment is written down once: it is
//! a transaction with the payment's own id (decision 0041).

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    billing::{HOLD_MINUTES, Money, NewPayment, PaymentState, PaymentView, TransactionKind, can_be_voided},
    ids::{LedgerTransactionId, PatientId, PaymentId},
    live::LiveKind,
    mail::ItemKind,
    problem::{Code, Problem},
    time::Time,
};

use super::{
    methods, plans, refunds,
    service::{Account, own},
    store::{self, PaymentRow, TransactionRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        mail::{self, Delivery},
        practice,
    },
    platform::{
        access::Grant,
        auth::Actor,
        clock::new_id,
        gateway::{About, Checkout, Gateway, Standing},
        idempotency::Once,
        live::Audience,
        work::Work,
    },
};

/// The portal asks about payments of which it has heard nothing for so long.
const QUIET: TimeDelta = TimeDelta::minutes(1);

/// Who was asked for a payment, whoever takes new ones now.
pub fn gateway_of<'a>(app: &'a App, row: &PaymentRow) -> Result<&'a dyn Gateway> {
    app.gateways.named(&row.gateway).ok_or_else(|| Code::PaymentsUnavailable.into())
}

/// Begins a payment: its amount is held, so that nothing is paid twice, and the gateway says where the card is asked for.
pub async fn pay(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewPayment,
    once: Once,
) -> Result<PaymentView> {
    let gateway = app.gateways.taking().ok_or(Error::from(Code::PaymentsUnavailable))?;
    let (name, currency, fresh) = (gateway.name(), app.settings.currency, PaymentId(new_id()));
    let least = Money::new(gateway.least(currency), currency);
    let id = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Act, Category::Billing, patient, fresh.0)?;
            let begun_by = work.actor.account_id()?;
            once.run(work, |work| {
                let account = Account::of(work, &grant, currency)?;
                let open = match new.statement {
                    None => None,
                    Some(id) => Some(account.payable_of(id).ok_or(Error::from(Code::NotFound))?),
                };
                new.check(account.payable(), open)?;
                new.check_least(least)?;
                new.check_card()?;
                if let Some(method) = new.method {
                    methods::usable(work, begun_by, method, name)?;
                }
                let row = PaymentRow {
                    payer_id: patient,
                    id: fresh,
                    state: PaymentState::Pending,
                    amount: new.amount.amount,
                    currency,
                    statement_id: new.statement,
                    gateway: name.into(),
                    reference: None,
                    pay_at: None,
                    method: String::new(),
                    failure: None,
                    begun_by,
                    begun_at: work.now,
                    held_until: work.now.plus(TimeDelta::minutes(HOLD_MINUTES)),
                    settled_at: None,
                    method_id: new.method,
                };
                store::insert_payment(work.conn, &grant, &row)?;
                if new.keep {
                    methods::begin_with(work, begun_by, name, fresh)?;
                }
                Ok(fresh)
            })
        })
        .await?;
    go_on(app, actor, patient, id).await
}

/// Asks the gateway for a payment that it has not heard of: for its page, or to take it from a kept card.
pub async fn go_on(app: &App, actor: &Actor, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
    let (row, acts_for) = read(app, actor, patient, id, Action::Act).await?;
    if row.state == PaymentState::Pending && row.reference.is_none() {
        let for_whom = if acts_for { format!("/for/{patient}") } else { String::new() };
        let return_to = format!("{}{for_whom}/billing/payments/{id}", app.settings.public_url);
        match row.method_id {
            Some(_) => methods::charge(app, actor, row, Some(return_to)).await?,
            None => begin(app, actor, row, return_to).await?,
        }
    }
    open(app, actor, patient, id).await
}

/// Has the gateway make its page. One that was given up meanwhile is closed there, and nobody is told of its page.
async fn begin(app: &App, actor: &Actor, row: PaymentRow, return_to: String) -> Result<()> {
    let (gateway, patient, id) = (gateway_of(app, &row)?, row.payer_id, row.id);
    let keep_for = methods::keep_for(app, id).await?;
    let checkout =
        Checkout { payment: id, amount: row.money(), return_to, held_until: row.held_until, keep_for };
    let begun = match gateway.begin(checkout).await {
        // It won't, now or later: there is nowhere to pay, so that nothing is held.
        Err(Error::Problem(problem)) if problem.code == Code::GatewayRefused => {
            settle(app, actor, patient, id, Standing::Cancelled).await?;
            return Err(Error::Problem(problem));
        }
        begun => begun?,
    };
    let reference = begun.reference.clone();
    if !record(app, actor, patient, id, Some(begun.reference), Some(begun.pay_at)).await? {
        let standing = gateway.cancel(reference).await?;
        settle(app, actor, patient, id, standing).await?;
    }
    Ok(())
}

/// Writes down what the gateway calls a payment; answers whether it is still wanted.
pub async fn record(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentId,
    reference: Option<String>,
    pay_at: Option<String>,
) -> Result<bool> {
    app.write(actor, move |work| {
        let grant = work.grant_by_gateway(patient, id.0);
        let mut row = find(work, &grant, id)?;
        let is_wanted = row.state == PaymentState::Pending;
        row.reference.clone_from(&reference);
        row.pay_at = pay_at.clone().filter(|_| is_wanted);
        store::change_payment(work.conn, &grant, &row)?;
        Ok(is_wanted)
    })
    .await
}

/// A payment as stored, and whether somebody acts for the patient.
async fn read(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentId,
    action: Action,
) -> Result<(PaymentRow, bool)> {
    app.read(actor, move |work| {
        let grant = work.grant_about(action, Category::Billing, patient, id.0)?;
        Ok((find(work, &grant, id)?, grant.proxy().is_some()))
    })
    .await
}

/// A payment, online or at the desk: what its receipt says.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Billing, patient, id.0)?;
        view(work, &grant, id)
    })
    .await
}

/// Asks the gateway where a payment stands, and writes that down: what the page does when people come back.
pub async fn check(app: &App, actor: &Actor, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
    let (row, _) = read(app, actor, patient, id, Action::Act).await?;
    if let (PaymentState::Pending, Some(reference)) = (row.state, row.reference.clone()) {
        let standing = gateway_of(app, &row)?.look(reference).await?;
        settle(app, actor, patient, id, standing).await?;
    }
    open(app, actor, patient, id).await
}

/// Gives a payment up that nobody has paid; its amount can be paid anew.
pub async fn cancel(app: &App, actor: &Actor, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
    let (mut row, _) = read(app, actor, patient, id, Action::Act).await?;
    if row.state == PaymentState::Pending && row.reference.is_none() && row.method_id.is_some() {
        methods::look_for(app, actor, row).await?;
        (row, _) = read(app, actor, patient, id, Action::Act).await?;
        // The gateway may be being asked this moment; what it answers counts, and at the end of the hold that it knows nothing.
        if row.state == PaymentState::Pending && row.reference.is_none() {
            return Err(wrong_state(row.state));
        }
    }
    if row.state == PaymentState::Pending {
        let standing = match row.reference.clone() {
            Some(reference) => gateway_of(app, &row)?.cancel(reference).await?,
            None => Standing::Cancelled,
        };
        settle(app, actor, patient, id, standing).await?;
    }
    open(app, actor, patient, id).await
}

/// The gateway says that something happened: it is asked what. Whatever nobody signed is refused; what is about no payment
/// of ours comes to nothing.
pub async fn heard(app: &App, gateway: &dyn Gateway, signature: &str, body: &[u8]) -> Result<()> {
    let about = gateway.heard(signature, body, app.now()).ok_or(Error::from(Code::SignatureRefused))?;
    let name = gateway.name();
    if let About::Refund(id) = about {
        return refunds::heard(app, name, id).await;
    }
    let asked = about.clone();
    let found = app.db.read(move |conn| store::about(conn, name, &asked)).await?;
    let Some(row) = found else { return methods::heard(app, gateway, about).await };
    let Some(reference) = row.reference.clone() else {
        // A card's payment whose answer was lost.
        return if row.method_id.is_some() {
            methods::look_for(app, &Actor::policy(), row).await
        } else {
            Ok(())
        };
    };
    let standing = gateway.look(reference).await?;
    settle(app, &Actor::policy(), row.payer_id, row.id, standing).await
}

/// Writes down what the gateway says of a payment, once: whoever comes second finds it written. What the gateway took is
/// never lost, even when the payment had been given up here.
pub async fn settle(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentId,
    standing: Standing,
) -> Result<()> {
    let write = app.write(actor, move |work| {
        let grant = work.look_by_gateway(patient);
        let mut row = find(work, &grant, id)?;
        let (state, failure) = match (&standing, row.state) {
            (Standing::Open | Standing::Processing, _) | (_, PaymentState::Succeeded) => return Ok(false),
            (Standing::Paid { amount, method }, _) => {
                if *amount != row.money() {
                    return Err(Error::internal(format!("payment {id}: the gateway took another amount")));
                }
                row.method.clone_from(method);
                write_down(work, &grant, &row)?;
                (PaymentState::Succeeded, None)
            }
            (Standing::Failed(why), PaymentState::Pending) => (PaymentState::Failed, Some(*why)),
            (Standing::Cancelled, PaymentState::Pending) => (PaymentState::Cancelled, None),
            (Standing::Failed(_) | Standing::Cancelled, _) => return Ok(false),
        };
        row.state = state;
        row.failure = failure;
        row.pay_at = None;
        row.settled_at = Some(work.now);
        let grant = work.grant_by_gateway(patient, id.0);
        store::change_payment(work.conn, &grant, &row)?;
        plans::settled(work, &grant, &row)?;
        work.announce(Audience::Patient(patient), LiveKind::Inbox, id.0);
        Ok(true)
    });
    if write.await? {
        methods::after_payment(app, id).await;
    }
    Ok(())
}

fn write_down(work: &mut Work<'_>, grant: &Grant, row: &PaymentRow) -> Result<()> {
    let day = practice::today(work.conn, work.now)?;
    let transaction = TransactionRow {
        id: LedgerTransactionId(row.id.0),
        description: row.method.clone(),
        statement_id: row.statement_id,
        posted_by: None,
        ..own(work, grant, TransactionKind::Payment, row.money(), day)
    };
    store::post(work.conn, &transaction)?;
    plans::finish_paid(work, row.payer_id)?;
    receipt(work, grant, row.id, row.money())
}

/// Puts a receipt into the inbox.
pub fn receipt(work: &mut Work<'_>, grant: &Grant, id: PaymentId, amount: Money) -> Result<()> {
    let title = amount.shown();
    let (patient, kind) = (grant.patient(), ItemKind::PaymentReceived);
    mail::deliver(work, &Delivery { patient, kind, subject: id.0, title: &title })
}

fn find(work: &mut Work<'_>, grant: &Grant, id: PaymentId) -> Result<PaymentRow> {
    store::payment(work.conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

/// A payment for its reader.
pub fn view(work: &mut Work<'_>, grant: &Grant, id: PaymentId) -> Result<PaymentView> {
    let receipt = {
        let text = id.0.simple().to_string().to_uppercase();
        format!("R-{}", &text[text.len() - 8..])
    };
    let Some(row) = store::payment(work.conn, grant, id)? else {
        return view_of_desk(work, grant, id, receipt);
    };
    let refunded = store::refunds(work.conn, grant, id)?;
    let refunded =
        refunded.iter().filter(|refund| refund.done_at.is_some()).map(|refund| refund.amount).sum();
    let statement = match row.statement_id {
        Some(statement) => store::statement(work.conn, grant, statement)?.map(|row| row.number),
        None => None,
    };
    Ok(PaymentView {
        id,
        state: row.state,
        amount: row.money(),
        statement,
        begun_at: row.begun_at,
        settled_at: row.settled_at,
        pay_at: row.pay_at,
        failure: row.failure,
        method: row.method,
        refunded: Money::new(refunded, row.currency),
        receipt,
    })
}

fn view_of_desk(work: &mut Work<'_>, grant: &Grant, id: PaymentId, receipt: String) -> Result<PaymentView> {
    let row = store::find(work.conn, grant, LedgerTransactionId(id.0))?;
    let row = row.filter(|row| can_be_voided(row.kind, false)).ok_or(Error::from(Code::NotFound))?;
    let is_void = store::reversed(work.conn, grant)?.contains(&row.id);
    Ok(PaymentView {
        id,
        state: PaymentState::Succeeded,
        amount: row.money(),
        statement: None,
        begun_at: row.posted_at,
        settled_at: Some(row.posted_at),
        pay_at: None,
        failure: None,
        refunded: if is_void { row.money() } else { Money::zero(row.currency) },
        method: row.description,
        receipt,
    })
}

/// What a serving portal does by itself: it asks about payments of which it has heard nothing, gives up what nobody paid in
/// time, finishes refunds that were cut off, and learns what became of those that were accepted. Answers how many it looked after.
pub async fn settle_due(app: &App) -> Result<usize> {
    let before = app.now().plus(-QUIET);
    let mut count = 0;
    for gateway in app.gateways.all() {
        count += settle_pending(app, gateway, before).await?;
        count += finish_refunds(app, gateway, before).await?;
        count += refunds::follow_due(app, gateway).await?;
        count += methods::look_after(app, gateway, before).await?;
    }
    Ok(count)
}

async fn settle_pending(app: &App, gateway: &dyn Gateway, before: Time) -> Result<usize> {
    let (name, now, actor) = (gateway.name(), app.now(), Actor::policy());
    let pending = app.db.read(move |conn| store::pending(conn, name, before)).await?;
    let count = pending.len();
    for row in pending {
        let is_over = row.held_until < now;
        let id = row.id;
        if row.reference.is_none() && row.method_id.is_some() {
            report(plans::go_on(app, row).await, id)?;
            continue;
        }
        let standing = match row.reference {
            // Nobody was told where to pay.
            None if is_over => Ok(Standing::Cancelled),
            None => continue,
            Some(reference) if is_over => gateway.cancel(reference).await,
            Some(reference) => gateway.look(reference).await,
        };
        let settled = match standing {
            Ok(standing) => settle(app, &actor, row.payer_id, id, standing).await,
            Err(why) => Err(why),
        };
        report(settled, id)?;
    }
    Ok(count)
}

/// What becomes of one of many payments that were looked after.
pub fn report(settled: Result<()>, id: PaymentId) -> Result<()> {
    match settled {
        Ok(()) => {}
        // It would not answer about the others either.
        Err(why @ Error::Unavailable) => return Err(why),
        // One that goes wrong does not hold up the others.
        Err(why) => tracing::warn!(%why, payment = %id, "a payment was not settled and is tried again"),
    }
    Ok(())
}

async fn finish_refunds(app: &App, gateway: &dyn Gateway, before: Time) -> Result<usize> {
    let name = gateway.name();
    let unfinished = app.db.read(move |conn| store::unfinished(conn, name, before)).await?;
    let count = unfinished.len();
    for (patient, refund) in unfinished {
        match refunds::finish(app, &Actor::policy(), patient, refund).await {
            Ok(()) => {}
            Err(why @ Error::Unavailable) => return Err(why),
            Err(why) => tracing::warn!(%why, %refund, "a refund was not finished and is tried again"),
        }
    }
    Ok(count)
}

/// 409 with the state that a payment is in.
pub fn wrong_state(state: PaymentState) -> Error {
    Problem::new(Code::WrongState).detail(format!("Its state is {state}.")).into()
}
