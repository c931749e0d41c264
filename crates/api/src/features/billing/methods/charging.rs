//! Paying with a kept card. The gateway is asked for each payment once, however often the portal asks; an answer that was
//! lost is looked for by the payment's id (decision 0045).

use chrono::TimeDelta;
use portal_domain::{billing::MethodState, time::Time};

use super::store;
use crate::{
    app::App,
    error::{Error, Result},
    features::billing::{
        paying::{gateway_of, record, settle},
        store::PaymentRow,
    },
    platform::{
        auth::Actor,
        gateway::{Charge, Standing},
    },
};

/// A charge that nobody has heard of so long after its hold will not arrive any more.
const SURELY_OVER: TimeDelta = TimeDelta::minutes(2);

/// What the gateway is to be asked for, and whether the card is still kept.
async fn of(app: &App, row: &PaymentRow, return_to: Option<String>) -> Result<(Charge, bool)> {
    let id = row.method_id.ok_or_else(|| Error::internal("a payment without its card"))?;
    let gateway = row.gateway.clone();
    let found = app.db.read(move |conn| {
        let Some(method) = store::find_any(conn, id)? else { return Ok(None) };
        let customer = store::customer(conn, method.account_id, &gateway)?;
        Ok(customer.map(|customer| (method, customer)))
    });
    let (method, customer) = found.await?.ok_or_else(|| Error::internal("a payment's card is gone"))?;
    let is_kept = method.state == MethodState::Kept;
    let charge = Charge {
        payment: row.id,
        amount: row.money(),
        customer,
        token: method.token.unwrap_or_default(),
        return_to,
        begun_at: row.begun_at,
    };
    Ok((charge, is_kept))
}

/// Has the gateway take a payment from its card, and writes down what came of it. Where the bank asks the card's owner, the
/// payment waits for that at the gateway's page.
pub async fn charge(app: &App, actor: &Actor, row: PaymentRow, return_to: Option<String>) -> Result<()> {
    let gateway = gateway_of(app, &row)?;
    let (charge, is_kept) = of(app, &row, return_to).await?;
    if !is_kept || row.held_until <= app.now() {
        return look_for(app, actor, row).await;
    }
    let charged = gateway.charge(charge).await?;
    let (patient, id) = (row.payer_id, row.id);
    let reference = charged.reference.clone();
    let is_wanted = record(app, actor, patient, id, charged.reference, charged.pay_at).await?;
    let standing = match (is_wanted, reference) {
        // It was given up while the gateway was asked.
        (false, Some(reference)) => gateway.cancel(reference).await?,
        _ => charged.standing,
    };
    settle(app, actor, patient, id, standing).await
}

/// Looks for what became of a payment by a kept card whose answer was lost, without asking for it again. One that the gateway
/// does not know is given up once its hold is over: until then somebody may be asking for it.
pub async fn look_for(app: &App, actor: &Actor, row: PaymentRow) -> Result<()> {
    let gateway = gateway_of(app, &row)?;
    let (charge, _) = of(app, &row, None).await?;
    let standing = match gateway.find_charge(charge).await? {
        Some(found) => {
            record(app, actor, row.payer_id, row.id, found.reference, found.pay_at).await?;
            found.standing
        }
        None if is_over(&row, app.now()) => Standing::Cancelled,
        None => return Ok(()),
    };
    settle(app, actor, row.payer_id, row.id, standing).await
}

fn is_over(row: &PaymentRow, now: Time) -> bool {
    row.held_until.plus(SURELY_OVER) < now
}
