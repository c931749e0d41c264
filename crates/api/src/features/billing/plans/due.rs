//! What a serving portal does by itself: it reminds of instalments and takes those that are due. Several servers may do it at
//! once: an instalment is claimed in one transaction, which makes its payment, and the gateway knows the payment's id.

use chrono::{Days, TimeDelta};
use portal_domain::{
    access::{Action, Category},
    billing::{HOLD_MINUTES, InstalmentState, PauseReason, PaymentState, PlanState, REMINDER_DAYS},
    ids::{PatientId, PaymentId, PaymentPlanId},
    mail::ItemKind,
};

use super::{
    service::{changed, pause, tell, view},
    store::{self, InstalmentRow, PlanRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        billing::{
            methods::{self, store as cards},
            paying,
            service::Account,
            store::{PaymentRow, insert_payment},
        },
        practice,
    },
    platform::{access::Grant, auth::Actor, clock::new_id, work::Work},
};

/// Reminds of instalments, and takes those that are due. Answers how many it looked after.
pub async fn charge_due(app: &App) -> Result<usize> {
    let mut count = remind(app).await?;
    // Without a gateway that takes payments they wait.
    if app.gateways.taking().is_none() {
        return Ok(count);
    }
    let now = app.now();
    let due = app.db.read(move |conn| {
        let today = practice::today(conn, now)?;
        store::due(conn, today)
    });
    let due = due.await?;
    for (patient, plan) in due {
        let Some(row) = passed(claimed(app, patient, plan).await, plan)?.flatten() else { continue };
        let id = row.id;
        count += 1;
        paying::report(methods::charge(app, &Actor::policy(), row, None).await, id)?;
    }
    Ok(count)
}

/// One plan that goes wrong does not hold up the others; a database that does not answer does.
fn passed<T>(done: Result<T>, plan: PaymentPlanId) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(why @ Error::Unavailable) => Err(why),
        Err(why) => {
            tracing::warn!(%why, %plan, "a payment plan was not looked after and is tried again");
            Ok(None)
        }
    }
}

async fn claimed(app: &App, patient: PatientId, id: PaymentPlanId) -> Result<Option<PaymentRow>> {
    let Some(gateway) = app.gateways.taking() else { return Ok(None) };
    let (name, currency) = (gateway.name(), app.settings.currency);
    let least = gateway.least(currency);
    app.write(&Actor::policy(), move |work| {
        let grant = work.look_by_gateway(patient);
        let plan = store::plan(work.conn, &grant, id)?.filter(|plan| plan.state == PlanState::Running);
        let Some(plan) = plan else { return Ok(None) };
        let today = practice::today(work.conn, work.now)?;
        let rows = store::instalments(work.conn, &grant, id)?;
        let first = rows.iter().find(|one| one.state == InstalmentState::Waiting);
        if first.is_none_or(|first| first.try_on > today) {
            return Ok(None);
        }
        let card = cards::find(work.conn, plan.account_id, plan.method_id)?;
        if card.is_none_or(|card| card.gateway != name) {
            let grant = work.grant_by_gateway(patient, id.0);
            pause(work, &grant, plan, PauseReason::CardRemoved)?;
            return Ok(None);
        }
        // Whoever agreed to it may have lost the leave to pay for this patient.
        if !work.account_may(plan.account_id, Action::Act, Category::Billing, patient)? {
            let grant = work.grant_by_gateway(patient, id.0);
            pause(work, &grant, plan, PauseReason::NotAllowed)?;
            return Ok(None);
        }
        let owes = Account::of(work, &grant, currency)?;
        let claimed = claim(work, &grant, plan, &owes, least, InstalmentState::Charging)?;
        if let Some(row) = &claimed {
            work.grant_by_gateway(patient, row.id.0);
        }
        Ok(claimed)
    })
    .await
}

/// Makes the payment of the first instalment that waits: what was agreed, but never more than is owed. None while something
/// else is being paid that may change what is owed, and when so little is owed that the gateway does not take it: then the
/// plan is over.
pub fn claim(
    work: &mut Work<'_>,
    grant: &Grant,
    mut plan: PlanRow,
    owes: &Account,
    least: i64,
    to: InstalmentState,
) -> Result<Option<PaymentRow>> {
    let rows = store::instalments(work.conn, grant, plan.id)?;
    let is_busy =
        |one: &InstalmentRow| matches!(one.state, InstalmentState::Charging | InstalmentState::Paying);
    let first = rows.iter().find(|one| one.state == InstalmentState::Waiting).cloned();
    let (Some(mut first), false) = (first, rows.iter().any(is_busy)) else { return Ok(None) };
    let amount = first.amount.min(owes.balance.amount);
    if amount < least {
        (plan.state, plan.pause) = (PlanState::Completed, None);
        (plan.changed_at, plan.ended_at) = (work.now, Some(work.now));
        store::change_plan(work.conn, grant, &plan)?;
        store::drop_waiting(work.conn, grant.patient(), plan.id)?;
        return Ok(None);
    }
    if owes.payable().amount < amount {
        return Ok(None);
    }
    let card = cards::find(work.conn, plan.account_id, plan.method_id)?;
    let row = PaymentRow {
        payer_id: grant.patient(),
        id: PaymentId(new_id()),
        state: PaymentState::Pending,
        amount,
        currency: plan.currency,
        statement_id: None,
        gateway: card.map(|card| card.gateway).unwrap_or_default(),
        reference: None,
        pay_at: None,
        method: String::new(),
        failure: None,
        begun_by: plan.account_id,
        begun_at: work.now,
        held_until: work.now.plus(TimeDelta::minutes(HOLD_MINUTES)),
        settled_at: None,
        method_id: Some(plan.method_id),
    };
    insert_payment(work.conn, grant, &row)?;
    let today = practice::today(work.conn, work.now)?;
    if to == InstalmentState::Charging && first.first_tried_on.is_none() {
        first.first_tried_on = Some(today);
    }
    first.state = to;
    first.payment_id = Some(row.id);
    store::change_instalment(work.conn, grant, &first)?;
    changed(work, grant.patient(), plan.id);
    Ok(Some(row))
}

/// A payment by a kept card whose answer was lost: that of an instalment is asked for again, which the gateway does once;
/// another one only looked for, since nobody is there any more who wants it.
pub async fn go_on(app: &App, row: PaymentRow) -> Result<()> {
    let id = row.id;
    let instalment = app.db.read(move |conn| store::instalment_of(conn, id)).await?;
    let is_plans = instalment.is_some_and(|one| one.state == InstalmentState::Charging);
    match is_plans {
        true => methods::charge(app, &Actor::policy(), row, None).await,
        false => methods::look_for(app, &Actor::policy(), row).await,
    }
}

/// Tells the patient of instalments three days before, once.
async fn remind(app: &App) -> Result<usize> {
    let now = app.now();
    let soon = app
        .db
        .read(move |conn| {
            let today = practice::today(conn, now)?;
            store::unreminded(conn, today, today + Days::new(REMINDER_DAYS))
        })
        .await?;
    let count = soon.len();
    for one in soon {
        let plan = one.plan_id;
        let actor = Actor::policy();
        let done = app.write(&actor, move |work| {
            let grant = work.grant_by_gateway(one.payer_id, one.plan_id.0);
            let Some(plan) = store::plan(work.conn, &grant, one.plan_id)? else { return Ok(()) };
            let rows = store::instalments(work.conn, &grant, one.plan_id)?;
            let waits = |row: &&InstalmentRow| {
                row.number == one.number && row.reminded_at.is_none() && row.state == InstalmentState::Waiting
            };
            let Some(mut row) = rows.iter().find(waits).cloned() else { return Ok(()) };
            row.reminded_at = Some(work.now);
            store::change_instalment(work.conn, &grant, &row)?;
            let shown = view(work, &grant, plan.clone())?;
            let takes = shown.instalments.into_iter().find(|shown| shown.number == one.number);
            match takes.filter(|shown| shown.takes.is_positive()) {
                Some(shown) => {
                    let title = shown.takes.shown();
                    tell(work, one.payer_id, &plan, ItemKind::InstalmentSoon, &title)
                }
                None => Ok(()),
            }
        });
        passed(done.await, plan)?;
    }
    Ok(count)
}
