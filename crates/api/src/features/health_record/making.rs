//! Makes the records that were asked for: gathers, writes each format, keeps the files sealed, tells the patient.
//!
//! Several servers may share the work: who claims a record makes it, and one that nobody finished within minutes (a crash)
//! is claimed again. Files of a try that came to nothing are thrown away.

use portal_domain::{
    access::{Action, Category, Denied},
    mail::ItemKind,
    record::{LIFE_DAYS, MOST_TRIES, NewHealthRecord, RecordFailure, RecordFormat, RecordState},
};
use portal_record::HealthRecord;
use uuid::Uuid;

use super::{
    gather::gather,
    service::must_see_all_of,
    store::{self, Kept, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::mail::{self, Delivery},
    platform::{
        access,
        auth::Actor,
        clock::new_id,
        db::{Conn, Json},
        secret::hash,
        work::Work,
    },
};

/// Makes whatever waits; answers how many records were made.
pub async fn make_due(app: &App) -> Result<usize> {
    let mut made = 0;
    loop {
        let now = app.now();
        // Mostly nobody waits: then nothing is written, and no other write is held up.
        if !app.db.read(move |conn| store::is_due(conn, store::stale(now))).await? {
            return Ok(made);
        }
        let claimed = app.db.write(move |conn| store::claim(conn, now, store::stale(now))).await?;
        let Some(row) = claimed else { return Ok(made) };
        made += usize::from(make(app, row).await?);
    }
}

/// Makes one record. False when it failed, or when somebody else claimed it meanwhile.
async fn make(app: &App, row: Row) -> Result<bool> {
    // In the name and with the rights of who asked, as they are now: somebody who acted for the patient may not any more.
    let account = row.requested_by;
    let Some(who) = app.db.read(move |conn| access::owner(conn, account)).await? else {
        give_up(app, row).await?;
        return Ok(false);
    };
    let actor = Actor::account(account, who, None);
    let (outcome, from) = match write_all(app, &actor, &row).await {
        Ok((kept, from)) => (Ok(kept), from),
        Err((kept, Error::Denied(_))) => {
            forget(app, &kept).await;
            give_up(app, row).await?;
            return Ok(false);
        }
        Err((kept, why)) => {
            forget(app, &kept).await;
            // What is away may be there at the next try; it waits for that in the queue.
            let away = matches!(why, Error::Unavailable);
            tracing::error!(%why, record = %row.id, tries = row.tries, "a health record was not made");
            if away && row.tries < MOST_TRIES {
                let mut waiting = row.clone();
                (waiting.state, waiting.claimed_at) = (RecordState::Queued, None);
                let back = move |conn: &mut Conn| {
                    if store::is_claimed(conn, &row)? { store::save(conn, &waiting) } else { Ok(()) }
                };
                app.db.write(back).await?;
                return Err(Error::Unavailable);
            }
            (Err(if away { RecordFailure::StoreAway } else { RecordFailure::Internal }), Vec::new())
        }
    };
    let (files, made) = (outcome.clone().unwrap_or_default(), outcome.is_ok());
    let claimed = row.clone();
    let done = app.write(&actor, move |work| finish(work, &row, &outcome, &from)).await;
    match done {
        Err(Error::Denied(_)) => {
            forget(app, &files).await;
            give_up(app, claimed).await?;
            Ok(false)
        }
        Ok(true) => Ok(made),
        Ok(false) => {
            forget(app, &files).await;
            Ok(false)
        }
        Err(why) => {
            // Refused for certain: nothing names the bytes. After a lost connection a row may.
            if matches!(why, Error::Problem(_) | Error::Denied(_)) {
                forget(app, &files).await;
            }
            Err(why)
        }
    }
}

/// Ends a request whose author may not have the record any more, unless it is somebody else's by now. Nobody is told: it is
/// nobody's news.
async fn give_up(app: &App, row: Row) -> Result<()> {
    tracing::info!(record = %row.id, "a health record was not made: who asked for it may not have it any more");
    let mut failed = row.clone();
    (failed.state, failed.claimed_at) = (RecordState::Failed, None);
    failed.failure = Some(RecordFailure::Internal);
    let end = move |conn: &mut Conn| {
        if store::is_claimed(conn, &row)? { store::save(conn, &failed) } else { Ok(()) }
    };
    app.db.write(end).await
}

/// The results and documents that a record was made from, each in its version.
type MadeFrom = Vec<(Uuid, i64)>;

/// Writes every format and keeps it; the error brings what was kept before it.
async fn write_all(app: &App, actor: &Actor, row: &Row) -> Result<(Vec<Kept>, MadeFrom), (Vec<Kept>, Error)> {
    if row.tries > MOST_TRIES {
        // Each try took the server down with it, or its machine.
        return Err((Vec::new(), Error::internal("too many tries")));
    }
    let mut kept = Vec::new();
    let asked: NewHealthRecord = row.asked.read().map_err(|why| (Vec::new(), why.into()))?;
    let (patient, id) = (row.patient_id, row.id);
    let (record, from) = app
        .read(actor, move |work| {
            let grant = work.grant_about(Action::Export, Category::Chart, patient, id.0)?;
            must_see_all_of(&grant, &asked)?;
            let from = store::standing(work.conn, &grant)?;
            Ok((gather(work, &grant, &asked.sections, asked.range)?, from))
        })
        .await
        .map_err(|why| (Vec::new(), why))?;
    let record = std::sync::Arc::new(record);
    for format in RecordFormat::ALL.iter().copied() {
        match keep(app, record.clone(), format).await {
            Ok(file) => kept.push(file),
            Err(why) => return Err((kept, why)),
        }
    }
    Ok((kept, from))
}

async fn keep(app: &App, record: std::sync::Arc<HealthRecord>, format: RecordFormat) -> Result<Kept> {
    let written = tokio::task::spawn_blocking(move || write(&record, format));
    let bytes = written.await.map_err(Error::internal)??;
    let id = new_id();
    app.files.put_bytes(id, &bytes).await?;
    let digits = hash(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Kept { format, id, size: i64::try_from(bytes.len()).map_err(Error::internal)?, sha256: digits })
}

/// A record in a format: the same bytes wherever it is taken away.
pub fn write(record: &HealthRecord, format: RecordFormat) -> Result<Vec<u8>> {
    match format {
        RecordFormat::Pdf => portal_typeset::write_pdf(record).map_err(Error::internal),
        RecordFormat::Text => Ok(portal_record::write_text(record).into_bytes()),
        RecordFormat::Ccda => Ok(portal_record::write_ccda(record)),
        RecordFormat::Fhir => Ok(portal_record::write_fhir(record).into_bytes()),
    }
}

/// Keeps what became of it and tells the patient, in one transaction; false when it is somebody else's by now, or when a
/// result that it was made from does not stand any more. Whoever takes a release back ends what they see under way; a
/// claim that they could not see yet is caught here (LAB-1).
fn finish(
    work: &mut Work<'_>,
    row: &Row,
    outcome: &Result<Vec<Kept>, RecordFailure>,
    from: &MadeFrom,
) -> Result<bool> {
    let grant = work.grant_about(Action::Act, Category::Chart, row.patient_id, row.id.0)?;
    if !store::is_claimed(work.conn, row)? {
        return Ok(false);
    }
    // Something was kept back from whoever asked, meanwhile.
    let mut row = store::find(work.conn, &grant, row.id)?.ok_or(Error::Denied(Denied::OutOfReach))?;
    row.claimed_at = None;
    if outcome.is_ok() && store::standing(work.conn, &grant)? != *from {
        // Nothing went wrong: it is made anew at once, and this was no try.
        (row.state, row.tries) = (RecordState::Queued, row.tries - 1);
        store::save(work.conn, &row)?;
        return Ok(false);
    }
    let kind = match outcome {
        Ok(kept) => {
            row.state = RecordState::Ready;
            row.ready_at = Some(work.now);
            row.expires_at = Some(work.now.plus(chrono::TimeDelta::days(LIFE_DAYS)));
            row.files = Json::of(kept)?;
            ItemKind::HealthRecordReady
        }
        Err(failure) => {
            (row.state, row.failure) = (RecordState::Failed, Some(*failure));
            ItemKind::HealthRecordFailed
        }
    };
    store::save(work.conn, &row)?;
    let patient = row.patient_id;
    mail::deliver(work, &Delivery { patient, kind, subject: row.id.0, title: "Health record" })?;
    Ok(true)
}

/// Throws the files away whose time is over; answers of how many records.
pub async fn expire_due(app: &App) -> Result<usize> {
    let mut over = 0;
    loop {
        let now = app.now();
        let rows = app.db.read(move |conn| store::expired(conn, now, 50)).await?;
        if rows.is_empty() {
            return Ok(over);
        }
        for mut row in rows {
            // The bytes first: a row that still names them is tried again.
            for kept in row.kept()? {
                app.files.delete(kept.id).await?;
            }
            (row.state, row.expires_at) = (RecordState::Expired, None);
            row.files = Json::of(&Vec::<Kept>::new())?;
            app.db.write(move |conn| store::save(conn, &row)).await?;
            over += 1;
        }
    }
}

async fn forget(app: &App, files: &[Kept]) {
    for file in files {
        if let Err(why) = app.files.delete(file.id).await {
            tracing::warn!(%why, file = %file.id, "the bytes of a record that was not made stay in the store");
        }
    }
}
