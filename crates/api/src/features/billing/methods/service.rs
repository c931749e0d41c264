//! A card belongs to the login that kept it: no one else sees it, pays with it or takes it away, whomever they act for.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    audit::Outcome,
    billing::{
        HOLD_MINUTES, MOST_METHODS, MethodState, PaymentMethodView, RemoveMethodQuery, is_expired, may_remove,
    },
    ids::{AccountId, PatientId, PaymentId, PaymentMethodId},
    live::LiveKind,
    problem::Code,
    time::Time,
};

use super::store::{self, MethodRow};
use crate::{
    app::App,
    error::{Error, Result},
    features::{billing::plans, practice},
    platform::{
        auth::Actor,
        clock::new_id,
        gateway::{About, Adding, Gateway, Keeping, KeptCard},
        idempotency::Once,
        live::Audience,
        work::Work,
    },
};

/// The cards of the own login that are kept.
pub async fn list(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<PaymentMethodView>> {
    let taking = app.gateways.taking().map(|gateway| gateway.name());
    app.read(actor, move |work| {
        work.grant(Action::View, Category::Billing, patient)?;
        let account = work.actor.account_id()?;
        let rows = store::of_account(work.conn, account, &[MethodState::Kept])?;
        rows.into_iter().map(|row| view(work, row, taking)).collect()
    })
    .await
}

fn view(work: &mut Work<'_>, row: MethodRow, taking: Option<&str>) -> Result<PaymentMethodView> {
    let today = practice::today(work.conn, work.now)?;
    let is_expired = row.expires_month.zip(row.expires_year).is_some_and(|(m, y)| is_expired(m, y, today));
    Ok(PaymentMethodView {
        id: row.id,
        state: row.state,
        is_expired,
        can_pay: row.state == MethodState::Kept && !is_expired && taking == Some(row.gateway.as_str()),
        in_plan: plans::uses(work.conn, row.account_id, row.id)?,
        brand: row.brand,
        last4: row.last4,
        expires_month: row.expires_month,
        expires_year: row.expires_year,
        add_at: row.add_at,
        kept_at: row.kept_at,
    })
}

/// A card that the gateway's page will ask for.
fn asked_for(work: &mut Work<'_>, account: AccountId, gateway: &str) -> Result<MethodRow> {
    let states = [MethodState::Kept, MethodState::Adding];
    if store::of_account(work.conn, account, &states)?.len() >= MOST_METHODS {
        return Err(Code::TooManyCards.into());
    }
    Ok(MethodRow {
        account_id: account,
        id: PaymentMethodId(new_id()),
        state: MethodState::Adding,
        gateway: gateway.into(),
        payment_id: None,
        reference: None,
        add_at: None,
        token: None,
        brand: String::new(),
        last4: String::new(),
        expires_month: None,
        expires_year: None,
        begun_at: work.now,
        kept_at: None,
    })
}

/// Notes that the card of a payment is to be kept, in the payment's transaction.
pub fn begin_with(work: &mut Work<'_>, account: AccountId, gateway: &str, payment: PaymentId) -> Result<()> {
    let row = MethodRow { payment_id: Some(payment), ..asked_for(work, account, gateway)? };
    store::insert(work.conn, &row)
}

/// The customer for whom the card of a payment is to be kept; none: it is not.
pub async fn keep_for(app: &App, payment: PaymentId) -> Result<Option<String>> {
    let row = app.db.read(move |conn| store::of_payment(conn, payment)).await?;
    let Some(row) = row.filter(|row| row.state == MethodState::Adding) else { return Ok(None) };
    customer(app, row.account_id, gateway_of(app, &row)?).await.map(Some)
}

fn gateway_of<'a>(app: &'a App, row: &MethodRow) -> Result<&'a dyn Gateway> {
    app.gateways.named(&row.gateway).ok_or_else(|| Code::PaymentsUnavailable.into())
}

async fn customer(app: &App, account: AccountId, gateway: &dyn Gateway) -> Result<String> {
    let name = gateway.name();
    if let Some(known) = app.db.read(move |conn| store::customer(conn, account, name)).await? {
        return Ok(known);
    }
    let customer = gateway.customer(account).await?;
    let kept = customer.clone();
    app.db.write(move |conn| store::keep_customer(conn, account, name, &kept)).await?;
    Ok(customer)
}

/// Begins to keep a card without a payment; the gateway's page asks for it.
pub async fn add(app: &App, actor: &Actor, patient: PatientId, once: Once) -> Result<PaymentMethodView> {
    let gateway = app.gateways.taking().ok_or(Error::from(Code::PaymentsUnavailable))?;
    let name = gateway.name();
    let id: PaymentMethodId = app
        .write(actor, move |work| {
            work.grant(Action::Act, Category::Billing, patient)?;
            let account = work.actor.account_id()?;
            once.run(work, |work| {
                let row = asked_for(work, account, name)?;
                store::insert(work.conn, &row)?;
                Ok(row.id)
            })
        })
        .await?;
    let (row, acts_for) = read(app, actor, patient, id).await?;
    if row.state == MethodState::Adding && row.reference.is_none() {
        let for_whom = if acts_for { format!("/for/{patient}") } else { String::new() };
        let return_to = format!("{}{for_whom}/billing/cards/{id}", app.settings.public_url);
        begin(app, row, return_to).await?;
    }
    open(app, actor, patient, id).await
}

async fn begin(app: &App, row: MethodRow, return_to: String) -> Result<()> {
    let gateway = gateway_of(app, &row)?;
    let customer = customer(app, row.account_id, gateway).await?;
    let adding = Adding { method: row.id, customer, return_to, until: over_at(&row) };
    let begun = gateway.add_card(adding).await?;
    app.db
        .write(move |conn| {
            let Some(mut row) = store::find(conn, row.account_id, row.id)? else { return Ok(()) };
            row.reference = Some(begun.reference.clone());
            row.add_at = (row.state == MethodState::Adding).then(|| begun.pay_at.clone());
            store::change(conn, &row)
        })
        .await
}

/// Keeps a card that the gateway keeps for this login already (demo).
pub async fn adopt(
    app: &App,
    account: AccountId,
    gateway: &dyn Gateway,
    card: KeptCard,
) -> Result<PaymentMethodId> {
    customer(app, account, gateway).await?;
    let name = gateway.name();
    app.write(&Actor::operator(), move |work| {
        let row = MethodRow {
            state: MethodState::Kept,
            token: Some(card.token.clone()),
            brand: card.brand.clone(),
            last4: card.last4.clone(),
            expires_month: Some(card.expires_month),
            expires_year: Some(card.expires_year),
            kept_at: Some(work.now),
            ..asked_for(work, account, name)?
        };
        store::insert(work.conn, &row)?;
        Ok(row.id)
    })
    .await
}

/// Until when a card may be given.
fn over_at(row: &MethodRow) -> Time {
    row.begun_at.plus(TimeDelta::minutes(HOLD_MINUTES))
}

/// A card of the own login as stored, and whether somebody acts for the patient.
async fn read(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentMethodId,
) -> Result<(MethodRow, bool)> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        let account = work.actor.account_id()?;
        let row = store::find(work.conn, account, id)?.ok_or(Error::from(Code::NotFound))?;
        Ok((row, grant.proxy().is_some()))
    })
    .await
}

async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentMethodId,
) -> Result<PaymentMethodView> {
    let taking = app.gateways.taking().map(|gateway| gateway.name());
    app.read(actor, move |work| {
        work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        let account = work.actor.account_id()?;
        let row = store::find(work.conn, account, id)?.ok_or(Error::from(Code::NotFound))?;
        view(work, row, taking)
    })
    .await
}

/// Asks the gateway whether it keeps the card, and writes that down: what the page does when people come back.
pub async fn check(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentMethodId,
) -> Result<PaymentMethodView> {
    let (row, _) = read(app, actor, patient, id).await?;
    ask(app, actor, row, false).await?;
    open(app, actor, patient, id).await
}

/// Asks about a card that is being added; one whose time is over is given up, unless it was given just then.
async fn ask(app: &App, actor: &Actor, row: MethodRow, is_over: bool) -> Result<()> {
    if row.state != MethodState::Adding {
        return Ok(());
    }
    let gateway = gateway_of(app, &row)?;
    let keeping = match (&row.reference, row.payment_id) {
        (Some(reference), _) if is_over => gateway.end_adding(reference.clone()).await?,
        (Some(reference), _) => gateway.kept(reference.clone()).await?,
        (None, Some(payment)) => match app.db.read(move |conn| store::reference_of(conn, payment)).await? {
            Some(reference) => gateway.kept(reference).await?,
            None if is_over => Keeping::Gone,
            None => return Ok(()),
        },
        (None, None) if is_over => Keeping::Gone,
        (None, None) => return Ok(()),
    };
    app.write(actor, move |work| {
        let Some(mut row) = store::find(work.conn, row.account_id, row.id)? else { return Ok(()) };
        if row.state != MethodState::Adding {
            return Ok(());
        }
        match keeping.clone() {
            Keeping::Open => return Ok(()),
            Keeping::Gone => row.state = MethodState::Removed,
            Keeping::Kept(card) => {
                row.state = MethodState::Kept;
                row.token = Some(card.token);
                (row.brand, row.last4) = (card.brand, card.last4);
                row.expires_month = Some(card.expires_month);
                row.expires_year = Some(card.expires_year);
                row.kept_at = Some(work.now);
            }
        }
        row.add_at = None;
        store::change(work.conn, &row)?;
        if work.actor.is_policy() {
            work.note(Action::Act, Category::Billing, None, Some(row.id.0), Outcome::Done);
        }
        work.announce(Audience::Account(row.account_id), LiveKind::Inbox, row.id.0);
        Ok(())
    })
    .await
}

/// After a payment was settled: the card that is kept with it. What goes wrong is made good later.
pub async fn after_payment(app: &App, payment: PaymentId) {
    let kept = async {
        match app.db.read(move |conn| store::of_payment(conn, payment)).await? {
            Some(row) => ask(app, &Actor::policy(), row, false).await,
            None => Ok(()),
        }
    };
    if let Err(why) = kept.await {
        tracing::warn!(%why, %payment, "a card was not kept yet and is asked for again");
    }
}

/// A message of the gateway about no payment may be about a card.
pub async fn heard(app: &App, gateway: &dyn Gateway, about: About) -> Result<()> {
    let (About::Reference(reference), name) = (about, gateway.name()) else { return Ok(()) };
    match app.db.read(move |conn| store::about(conn, name, &reference)).await? {
        Some(row) => ask(app, &Actor::policy(), row, false).await,
        None => Ok(()),
    }
}

/// Takes a card away: it can't pay from here on, and the gateway forgets it, now or as soon as it answers. Plans that pay
/// with it pause.
pub async fn remove(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentMethodId,
    query: RemoveMethodQuery,
) -> Result<()> {
    let row = app
        .write(actor, move |work| {
            work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
            let account = work.actor.account_id()?;
            let row = store::find(work.conn, account, id)?.filter(|row| row.state == MethodState::Kept);
            let mut row = row.ok_or(Error::from(Code::NotFound))?;
            may_remove(plans::uses(work.conn, account, id)?, query)?;
            plans::card_removed(work, account, id)?;
            row.state = MethodState::Removing;
            store::change(work.conn, &row)?;
            Ok(row)
        })
        .await?;
    // It pays no more, whatever the gateway says; that hears of it again later.
    if let Err(why) = forget(app, row).await {
        tracing::warn!(%why, card = %id, "the gateway still keeps a card that was taken away");
    }
    Ok(())
}

async fn forget(app: &App, row: MethodRow) -> Result<()> {
    if let Some(token) = row.token.clone() {
        gateway_of(app, &row)?.forget_card(token).await?;
    }
    app.db
        .write(move |conn| {
            let Some(mut row) = store::find(conn, row.account_id, row.id)? else { return Ok(()) };
            row.state = MethodState::Removed;
            (row.token, row.brand, row.last4) = (None, String::new(), String::new());
            (row.expires_month, row.expires_year) = (None, None);
            store::change(conn, &row)
        })
        .await
}

/// Refuses a card that can't pay; 404 for one of another login.
pub fn usable(work: &mut Work<'_>, account: AccountId, id: PaymentMethodId, gateway: &str) -> Result<()> {
    let row = store::find(work.conn, account, id)?.filter(|row| row.state != MethodState::Removed);
    let row = row.ok_or(Error::from(Code::NotFound))?;
    if view(work, row, Some(gateway))?.can_pay { Ok(()) } else { Err(Code::CardUnusable.into()) }
}

/// What a serving portal does by itself about this gateway's cards: it asks about those of which it has heard nothing, gives
/// up what nobody gave in time, and has those forgotten that were taken away. Answers how many it looked after.
pub async fn look_after(app: &App, gateway: &dyn Gateway, before: Time) -> Result<usize> {
    let (name, now) = (gateway.name(), app.now());
    let open = app.db.read(move |conn| store::open(conn, name, before)).await?;
    let count = open.len();
    for row in open {
        let (id, is_over) = (row.id, over_at(&row) < now);
        let done = match row.state {
            MethodState::Removing => forget(app, row).await,
            _ => ask(app, &Actor::policy(), row, is_over).await,
        };
        match done {
            Ok(()) => {}
            Err(why @ Error::Unavailable) => return Err(why),
            Err(why) => tracing::warn!(%why, card = %id, "a card was not looked after and is tried again"),
        }
    }
    Ok(count)
}
