//! What a serving portal does by itself: once an hour it forgets what is kept for a time only, and every half minute it
//! delivers the notices whose time has come and what is left of messages to cohorts, and releases results whose policy says
//! so; every other second it seals the audit trail.

use std::time::Duration;

use crate::{
    app::App,
    error::Result,
    features::{accounts, billing, dependents, health_record, messages, notices, passkeys, results},
    platform::{audit_trail::Look, auth, idempotency, outbox},
};

const EVERY: Duration = Duration::from_secs(3600);
/// How long a notice may be late in the inbox; the home page shows it to the instant.
const DELIVERED_EVERY: Duration = Duration::from_secs(30);
/// How long a row of the audit trail stays unsealed, and each how many times late rows are looked for: every five minutes.
const SEALED_EVERY: Duration = Duration::from_secs(2);
const THOROUGHLY_EACH: u64 = 150;

/// Begins; the work ends with the process.
pub fn start(app: &App) {
    deliver(app);
    make(app);
    seal(app);
    release(app);
    settle(app);
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let mut hour = tokio::time::interval(EVERY);
        loop {
            hour.tick().await;
            match once(&app).await {
                Ok(forgotten) => tracing::debug!(forgotten, "upkeep"),
                Err(why) => tracing::warn!(%why, "upkeep failed and is tried again in an hour"),
            }
        }
    });
}

/// Looks after payments. Apart from everything else, since a gateway may be slow to answer.
fn settle(app: &App) {
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let mut next = tokio::time::interval(DELIVERED_EVERY);
        loop {
            next.tick().await;
            match billing::settle_due(&app).await {
                Ok(0) => {}
                Ok(looked) => tracing::debug!(looked, "payments and refunds"),
                Err(why) => tracing::warn!(%why, "payments were not looked after and are tried again"),
            }
            match billing::charge_due(&app).await {
                Ok(0) => {}
                Ok(looked) => tracing::debug!(looked, "instalments"),
                Err(why) => tracing::warn!(%why, "instalments were not taken and are tried again"),
            }
        }
    });
}

/// Makes health records as soon as one is asked for; what another server left unfinished is found within half a minute.
fn make(app: &App) {
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let mut next = tokio::time::interval(DELIVERED_EVERY);
        loop {
            tokio::select! {
                _ = next.tick() => {}
                () = app.making.notified() => {}
            }
            match health_record::make_due(&app).await {
                Ok(0) => {}
                Ok(made) => tracing::debug!(made, "health records"),
                Err(why) => tracing::warn!(%why, "health records were not made and are tried again"),
            }
        }
    });
}

/// Seals the audit trail soon after its rows are written; now and then it looks for rows that came late.
fn seal(app: &App) {
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let mut next = tokio::time::interval(SEALED_EVERY);
        // Slow disks need no hurry afterwards.
        next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for beat in 0u64.. {
            next.tick().await;
            let look = if beat % THOROUGHLY_EACH == 0 { Look::Thorough } else { Look::Quick };
            match app.trail.seal(app.now(), look).await {
                Ok(0) => {}
                Ok(sealed) => tracing::trace!(sealed, "audit entries"),
                // Said once for each thorough look: it needs people.
                Err(why) if look == Look::Thorough => tracing::error!(%why, "the audit trail was not sealed"),
                Err(why) => tracing::debug!(%why, "the audit trail was not sealed"),
            }
        }
    });
}

/// Carries the policies for results out as they come in; what falls due later is found within half a minute.
fn release(app: &App) {
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let mut next = tokio::time::interval(DELIVERED_EVERY);
        loop {
            tokio::select! {
                _ = next.tick() => {}
                () = app.releasing.notified() => {}
            }
            match results::release_due(&app).await {
                Ok(0) => {}
                Ok(released) => tracing::debug!(released, "results by policy"),
                Err(why) => tracing::warn!(%why, "results were not released by policy and are tried again"),
            }
        }
    });
}

fn deliver(app: &App) {
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let mut next = tokio::time::interval(DELIVERED_EVERY);
        loop {
            next.tick().await;
            match notices::deliver_due(&app).await {
                Ok(0) => {}
                Ok(delivered) => tracing::debug!(delivered, "notices"),
                Err(why) => tracing::warn!(%why, "notices were not delivered and are tried again"),
            }
            match messages::deliver_due(&app).await {
                Ok(0) => {}
                Ok(delivered) => tracing::debug!(delivered, "messages to cohorts"),
                Err(why) => {
                    tracing::warn!(%why, "messages to cohorts were not delivered and are tried again")
                }
            }
        }
    });
}

/// Forgets kept answers, sessions, tokens, ceremonies, mails and failures whose time is over; answers how many rows went.
pub async fn once(app: &App) -> Result<usize> {
    let now = app.now();
    health_record::expire_due(app).await?;
    dependents::warn_due(app).await?;
    app.db
        .write(move |conn| {
            let answers = idempotency::forget_old(conn, now)?;
            let sessions = auth::forget_old(conn, now)?;
            let tokens = accounts::forget_old_tokens(conn, now)?;
            let ceremonies = passkeys::forget_old_ceremonies(conn, now)?;
            let mails = outbox::forget_old(conn, now)?;
            let throttles = accounts::forget_old_throttles(conn, now)?;
            Ok(answers + sessions + tokens + ceremonies + mails + throttles)
        })
        .await
}
