//! Bringing notices into inboxes: whoever is in the audience of a running notice gets it once.
//!
//! The home page asks at read time and is exact to the instant; the inbox follows within [`EVERY`]. Every server may
//! deliver: the recipient's row is part of the same transaction as the inbox item, so nobody gets a notice twice.

use portal_domain::{ids::PatientId, mail::ItemKind};

use super::{service, store};
use crate::{
    app::App,
    error::Result,
    features::{
        accounts, audiences,
        mail::{self, Delivery},
    },
    platform::{auth::Actor, work::Work},
};

/// Patients who get a notice in one transaction.
const BATCH: i64 = 200;

/// Delivers until everybody has what is theirs; answers how many items went out.
pub async fn due(app: &App) -> Result<usize> {
    let mut delivered = 0;
    loop {
        // Mostly nobody waits: then nothing is written, and no other write is held up.
        if !app.read(&Actor::operator(), somebody_waits).await? {
            return Ok(delivered);
        }
        delivered += app.write(&Actor::operator(), batch).await?;
    }
}

fn somebody_waits(work: &mut Work<'_>) -> Result<bool> {
    let today = service::today(work)?;
    for row in store::running(work.conn, work.now)? {
        if !audiences::newcomers(work.conn, &row.audience()?, today, row.id, 1)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Delivers one batch of one notice; 0 when nothing is left to do.
pub fn batch(work: &mut Work<'_>) -> Result<usize> {
    let today = service::today(work)?;
    for row in store::running(work.conn, work.now)? {
        let found = audiences::newcomers(work.conn, &row.audience()?, today, row.id, BATCH)?;
        for patient in &found {
            one(work, &row, *patient)?;
        }
        if !found.is_empty() {
            return Ok(found.len());
        }
    }
    Ok(0)
}

/// Delivers a notice to a patient who does not have it yet.
pub fn one(work: &mut Work<'_>, row: &store::Row, patient: PatientId) -> Result<()> {
    store::add_recipient(work.conn, row.id, patient, work.now)?;
    let language = accounts::of_patient(work.conn, patient)?.map(|account| account.language);
    let texts = row.texts()?;
    let text = portal_domain::language::chosen(&texts, &language.unwrap_or_default(), |text| &text.language);
    let title = text.map(|text| text.title.clone()).unwrap_or_default();
    mail::deliver(work, &Delivery { patient, kind: ItemKind::Notice, subject: row.id.0, title: &title })
}
