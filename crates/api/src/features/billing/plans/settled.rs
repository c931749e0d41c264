//! What a settled payment means for the instalment that it pays, in the same transaction.

use portal_domain::{
    billing::{InstalmentState, PauseReason, PaymentState, PlanState, next_try},
    mail::ItemKind,
};

use super::{
    service::{changed, pause, resume, tell},
    store::{self, InstalmentRow, PlanRow},
};
use crate::{
    error::{Error, Result},
    features::{billing::store::PaymentRow, practice},
    platform::{access::Grant, work::Work},
};

/// Writes down what became of an instalment; a payment that is none changes nothing. What is settled again stays.
pub fn settled(work: &mut Work<'_>, grant: &Grant, row: &PaymentRow) -> Result<()> {
    let Some(mut one) = store::instalment_of(work.conn, row.id)? else { return Ok(()) };
    let plan = store::plan(work.conn, grant, one.plan_id)?;
    let mut plan = plan.ok_or_else(|| Error::internal("an instalment without its plan"))?;
    changed(work, grant.patient(), plan.id);
    let (was, waits) =
        (one.state, if plan.state.is_over() { InstalmentState::Dropped } else { InstalmentState::Waiting });
    if was == InstalmentState::Paid {
        return Ok(());
    }
    match row.state {
        PaymentState::Succeeded => {
            (one.state, one.failure) = (InstalmentState::Paid, None);
            store::change_instalment(work.conn, grant, &one)?;
            paid(work, grant, &mut plan)
        }
        PaymentState::Failed => {
            one.failure = row.failure;
            one.state = waits;
            let is_charged = was == InstalmentState::Charging && waits == InstalmentState::Waiting;
            if is_charged {
                declined(work, grant, plan, one, row)
            } else {
                store::change_instalment(work.conn, grant, &one)
            }
        }
        PaymentState::Pending | PaymentState::Cancelled => {
            one.state = waits;
            store::change_instalment(work.conn, grant, &one)
        }
    }
}

/// After the last instalment the plan is over; one that was paused goes on.
fn paid(work: &mut Work<'_>, grant: &Grant, plan: &mut PlanRow) -> Result<()> {
    if plan.state.is_over() {
        return Ok(());
    }
    let rows = store::instalments(work.conn, grant, plan.id)?;
    if rows.iter().any(|one| one.state == InstalmentState::Waiting) {
        if plan.pause != Some(PauseReason::Declined) {
            return Ok(());
        }
        resume(work, grant, plan, false)?;
    } else {
        (plan.state, plan.pause) = (PlanState::Completed, None);
        plan.ended_at = Some(work.now);
    }
    plan.changed_at = work.now;
    store::change_plan(work.conn, grant, plan)
}

/// Tried again in some days, and at last no more.
fn declined(
    work: &mut Work<'_>,
    grant: &Grant,
    plan: PlanRow,
    mut one: InstalmentRow,
    row: &PaymentRow,
) -> Result<()> {
    let today = practice::today(work.conn, work.now)?;
    one.tries += 1;
    let next = next_try(one.first_tried_on.unwrap_or(today), one.tries);
    // One that was tried late is not tried twice on a day.
    one.try_on = next.unwrap_or(one.try_on).max(today + chrono::Days::new(1));
    store::change_instalment(work.conn, grant, &one)?;
    let is_running = plan.state == PlanState::Running;
    match next {
        None if is_running => pause(work, grant, plan, PauseReason::Declined),
        _ => tell(work, grant.patient(), &plan, ItemKind::InstalmentDeclined, &row.money().shown()),
    }
}
