//! What a patient does with a plan: agree to it, look at it, change its card, pay its next instalment now, end it.

use portal_domain::{
    access::{Action, Category},
    audit::Outcome,
    billing::{
        InstalmentState, InstalmentView, MethodState, NewPlan, NewPlanCard, PauseReason, PaymentPlanView,
        PaymentView, PlanState, due_days, is_reminded, method_label, takes,
    },
    ids::{AccountId, PatientId, PaymentMethodId, PaymentPlanId},
    mail::ItemKind,
    problem::{Code, Problem},
};

use super::{
    due::claim,
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
        },
        mail::{self, Delivery},
        practice,
    },
    platform::{access::Grant, auth::Actor, clock::new_id, idempotency::Once, live::Audience, work::Work},
};

/// Whether a plan that is not over pays with this card.
pub fn uses(
    conn: &mut crate::platform::db::Conn,
    account: AccountId,
    method: PaymentMethodId,
) -> Result<bool> {
    Ok(!store::with_card(conn, account, method)?.is_empty())
}

/// The patient's plans, the newest first.
pub async fn list(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<PaymentPlanView>> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Billing, patient)?;
        let rows = store::of_patient(work.conn, &grant)?;
        rows.into_iter().map(|row| view(work, &grant, row)).collect()
    })
    .await
}

/// A plan for its reader.
pub fn view(work: &mut Work<'_>, grant: &Grant, row: PlanRow) -> Result<PaymentPlanView> {
    let rows = store::instalments(work.conn, grant, row.id)?;
    let owed = crate::features::billing::store::balances(work.conn, grant)?.receivable;
    let waiting: Vec<i64> =
        rows.iter().filter(|one| one.state == InstalmentState::Waiting).map(|one| one.amount).collect();
    let mut takes = takes(&waiting, owed).into_iter();
    let card = cards::find(work.conn, row.account_id, row.method_id)?;
    let card = card.filter(|card| card.state == MethodState::Kept);
    let (mut left, mut paid) = (0, 0);
    let mut instalments = Vec::with_capacity(rows.len());
    for one in rows {
        let amount = match one.state {
            InstalmentState::Waiting => {
                let takes = takes.next().unwrap_or(0);
                left += takes;
                takes
            }
            InstalmentState::Dropped => 0,
            InstalmentState::Paid | InstalmentState::Charging | InstalmentState::Paying => {
                let payment = one.payment_id.ok_or_else(|| Error::internal("an instalment unpaid"))?;
                let payment = crate::features::billing::store::payment(work.conn, grant, payment)?;
                let amount = payment.map_or(0, |payment| payment.amount);
                paid += if one.state == InstalmentState::Paid { amount } else { 0 };
                amount
            }
        };
        instalments.push(instalment(&row, one, amount));
    }
    Ok(PaymentPlanView {
        id: row.id,
        state: row.state,
        pause: row.pause,
        total: row.money(row.total),
        paid: row.money(paid),
        left: row.money(left),
        day: row.day,
        is_own_card: card.is_some() && work.actor.account_id().is_ok_and(|own| own == row.account_id),
        card: card.map(|card| method_label(&card.brand, &card.last4)).unwrap_or_default(),
        instalments,
        agreed_at: row.agreed_at,
        ended_at: row.ended_at,
        end_reason: row.end_reason,
    })
}

fn instalment(plan: &PlanRow, one: InstalmentRow, takes: i64) -> InstalmentView {
    let is_retried = one.state == InstalmentState::Waiting && one.tries > 0 && !plan.state.is_over();
    InstalmentView {
        number: one.number,
        due_on: one.due_on,
        agreed: plan.money(one.amount),
        takes: plan.money(takes),
        state: one.state,
        payment: one.payment_id,
        failure: one.failure,
        next_try_on: (is_retried && plan.state == PlanState::Running).then_some(one.try_on),
    }
}

/// Agrees to a plan.
pub async fn create(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewPlan,
    once: Once,
) -> Result<PaymentPlanView> {
    let gateway = app.gateways.taking().ok_or(Error::from(Code::PaymentsUnavailable))?;
    let (name, currency, id) = (gateway.name(), app.settings.currency, PaymentPlanId(new_id()));
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        let account = work.actor.account_id()?;
        once.run(work, |work| {
            if store::has_live(work.conn, &grant)? {
                let refusal = Problem::new(Code::WrongState);
                return Err(refusal.detail("There is a payment plan already.").into());
            }
            let today = practice::today(work.conn, work.now)?;
            let payable = Account::of(work, &grant, currency)?.payable();
            let schedule = new.check(payable, today)?;
            methods::usable(work, account, new.method, name)?;
            let plan = PlanRow {
                payer_id: patient,
                id,
                state: PlanState::Running,
                pause: None,
                currency,
                total: new.amount.amount,
                day: new.day,
                account_id: account,
                method_id: new.method,
                agreed_at: work.now,
                changed_at: work.now,
                ended_at: None,
                end_reason: String::new(),
            };
            let instalments: Vec<InstalmentRow> = (1..)
                .zip(schedule)
                .map(|(number, due)| InstalmentRow {
                    payer_id: patient,
                    plan_id: id,
                    number,
                    state: InstalmentState::Waiting,
                    due_on: due.on,
                    amount: due.amount,
                    payment_id: None,
                    failure: None,
                    tries: 0,
                    first_tried_on: None,
                    try_on: due.on,
                    // Whoever agrees today knows.
                    reminded_at: is_reminded(due.on, today).then_some(work.now),
                })
                .collect();
            store::insert(work.conn, &grant, &plan, &instalments)?;
            changed(work, patient, id);
            view(work, &grant, plan)
        })
    })
    .await
}

/// Open pages show the plan anew.
pub fn changed(work: &mut Work<'_>, patient: PatientId, id: PaymentPlanId) {
    work.announce(Audience::Patient(patient), portal_domain::live::LiveKind::Inbox, id.0);
}

/// Completes the plan of a payer who owes nothing any more, once all that belongs together is posted: a correction that takes
/// off first and charges anew then ends no plan.
pub fn finish_paid(work: &mut Work<'_>, payer: PatientId) -> Result<()> {
    if let Some(plan) = store::finish_paid(work.conn, payer, work.now)? {
        changed(work, payer, plan);
    }
    Ok(())
}

/// A plan that is not over.
pub fn live(work: &mut Work<'_>, grant: &Grant, id: PaymentPlanId) -> Result<PlanRow> {
    let row = store::plan(work.conn, grant, id)?.ok_or(Error::from(Code::NotFound))?;
    if row.state.is_over() {
        let refusal = Problem::new(Code::WrongState);
        return Err(refusal.detail(format!("Its state is {}.", row.state)).into());
    }
    Ok(row)
}

/// Pays with another card from here on. A plan that was paused goes on where it stopped: what was missed now, the rest month
/// by month.
pub async fn change_card(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentPlanId,
    new: NewPlanCard,
    once: Once,
) -> Result<PaymentPlanView> {
    let gateway = app.gateways.taking().ok_or(Error::from(Code::PaymentsUnavailable))?;
    let name = gateway.name();
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        let account = work.actor.account_id()?;
        once.run(work, |work| {
            let mut plan = live(work, &grant, id)?;
            methods::usable(work, account, new.method, name)?;
            (plan.account_id, plan.method_id) = (account, new.method);
            plan.changed_at = work.now;
            resume(work, &grant, &mut plan, true)?;
            store::change_plan(work.conn, &grant, &plan)?;
            changed(work, patient, id);
            view(work, &grant, plan)
        })
    })
    .await
}

/// Lets a plan take its instalments again: what was missed today when that is wished, and then one a month.
pub fn resume(work: &mut Work<'_>, grant: &Grant, plan: &mut PlanRow, missed_now: bool) -> Result<()> {
    let today = practice::today(work.conn, work.now)?;
    let day = u32::try_from(plan.day).map_err(Error::internal)?;
    let mut waiting = store::instalments(work.conn, grant, plan.id)?;
    waiting.retain(|one| one.state == InstalmentState::Waiting);
    let now = usize::from(missed_now && waiting.first().is_some_and(|first| first.due_on <= today));
    if waiting.get(now).is_some_and(|next| next.due_on <= today) {
        for (one, on) in waiting.iter_mut().skip(now).zip(due_days(day, today)) {
            one.due_on = on;
        }
    }
    for (place, mut one) in waiting.into_iter().enumerate() {
        one.try_on = if place < now { today } else { one.due_on };
        (one.tries, one.first_tried_on) = (0, None);
        store::change_instalment(work.conn, grant, &one)?;
    }
    (plan.state, plan.pause) = (PlanState::Running, None);
    Ok(())
}

/// Pays the next instalment now, with its payer there to answer the bank. A plan that was paused goes on afterwards.
pub async fn pay_next(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentPlanId,
    once: Once,
) -> Result<PaymentView> {
    let gateway = app.gateways.taking().ok_or(Error::from(Code::PaymentsUnavailable))?;
    let (name, currency) = (gateway.name(), app.settings.currency);
    let least = gateway.least(currency);
    let payment = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
            let account = work.actor.account_id()?;
            once.run(work, |work| {
                let plan = live(work, &grant, id)?;
                // Another login's card is 404 here.
                methods::usable(work, account, plan.method_id, name)?;
                let owes = Account::of(work, &grant, currency)?;
                let claimed = claim(work, &grant, plan, &owes, least, InstalmentState::Paying)?;
                claimed.map(|row| row.id).ok_or_else(|| {
                    let refusal = Problem::new(Code::WrongState);
                    refusal.detail("Something is being paid just now, or nothing is left to pay.").into()
                })
            })
        })
        .await?;
    paying::go_on(app, actor, patient, payment).await
}

/// Ends a plan. What is owed can be paid by hand; what is being taken just now is taken.
pub async fn end(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentPlanId,
    once: Once,
) -> Result<PaymentPlanView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        once.run(work, |work| ended(work, &grant, id, ""))
    })
    .await
}

/// Ends a plan, for a reason when it is not the patient's own wish.
pub fn ended(work: &mut Work<'_>, grant: &Grant, id: PaymentPlanId, reason: &str) -> Result<PaymentPlanView> {
    let mut plan = live(work, grant, id)?;
    (plan.state, plan.pause) = (PlanState::Ended, None);
    plan.changed_at = work.now;
    plan.ended_at = Some(work.now);
    plan.end_reason = reason.into();
    store::change_plan(work.conn, grant, &plan)?;
    store::drop_waiting(work.conn, grant.patient(), id)?;
    changed(work, grant.patient(), id);
    view(work, grant, plan)
}

/// Lets a plan take nothing more, and tells the patient why.
pub fn pause(work: &mut Work<'_>, grant: &Grant, mut plan: PlanRow, why: PauseReason) -> Result<()> {
    (plan.state, plan.pause) = (PlanState::Paused, Some(why));
    plan.changed_at = work.now;
    store::change_plan(work.conn, grant, &plan)?;
    tell(work, grant.patient(), &plan, ItemKind::PlanPaused, "")
}

/// Puts news of a plan into the patient's inbox.
pub fn tell(
    work: &mut Work<'_>,
    patient: PatientId,
    plan: &PlanRow,
    kind: ItemKind,
    title: &str,
) -> Result<()> {
    mail::deliver(work, &Delivery { patient, kind, subject: plan.id.0, title })
}

/// Pauses the plans that pay with a card which its owner takes away.
pub fn card_removed(work: &mut Work<'_>, account: AccountId, method: PaymentMethodId) -> Result<()> {
    for plan in store::with_card(work.conn, account, method)? {
        // It may pay for somebody whom its owner can't reach any more.
        let about = (Some(plan.payer_id), Some(plan.id.0));
        work.note(Action::Act, Category::Billing, about.0, about.1, Outcome::Done);
        let grant = work.grant_by_gateway(plan.payer_id, plan.id.0);
        pause(work, &grant, plan, PauseReason::CardRemoved)?;
    }
    Ok(())
}
