//! Taking a file in: received within its limit, scanned, read, and only then kept.

use actix_web::{error::PayloadError, web::Bytes};
use futures_util::Stream;
use portal_domain::{
    access::{Action, Category},
    ids::{OutsideRecordId, PatientId},
    outside::{MAX_OUTSIDE_BYTES, MOST_OUTSIDE, OutsideRecordView, may_be_of_another},
    problem::{FieldError, Problem},
    text::fold,
};
use portal_record::{OutsideDocument, OutsideError, read_outside};
use uuid::Uuid;

use super::store::{self, Row};
use crate::{
    app::App,
    error::{Error, Result},
    features::patients,
    platform::{access::Grant, auth::Actor, clock::new_id, db::AnyId, secret::hash, work::Work},
};

/// Takes a file: asked for leave and room before it is read, and once more when it is kept. What can't be read is refused
/// by name; what breaks off or is refused leaves nothing.
pub async fn upload(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
) -> Result<OutsideRecordView> {
    let id = OutsideRecordId(new_id());
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::OutsideRecords, patient, id.0)?;
        must_have_room(work, &grant, &[])
    })
    .await?;
    let bytes = app.files.receive_bytes(body, MAX_OUTSIDE_BYTES).await?;
    let (document, bytes) = read(app, bytes)
        .await?
        .map_err(|why| refused(FieldError::new("file", why.code(), why.to_string())))?;
    let (sha256, size) = (hash(&bytes), i64::try_from(bytes.len()).map_err(Error::internal)?);
    let file = new_id();
    app.files.put_bytes(file, &bytes).await?;
    let kept = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Act, Category::OutsideRecords, patient, id.0)?;
            let added_by = work.actor.account_id()?;
            must_have_room(work, &grant, &sha256)?;
            let chart = patients::summary(work.conn, patient)?;
            let another =
                may_be_of_another(document.person.as_ref(), &chart.family_name, chart.birth_date, fold);
            let row = Row {
                patient_id: patient,
                added_at: work.now,
                id,
                added_by,
                format: document.format,
                title: document.title.clone(),
                source: document.source.clone(),
                made_on: document.made_on,
                may_be_of_another: i64::from(another),
                file_id: AnyId(file),
                size,
                sha256: sha256.clone(),
            };
            store::insert(work.conn, &row)?;
            Ok(row.view())
        })
        .await;
    // Refused for certain: nothing names the bytes. After a lost connection a row may.
    if matches!(kept, Err(Error::Problem(_) | Error::Denied(_))) {
        forget_bytes(app, file).await;
    }
    kept
}

/// Reads a file off the threads that serve requests; hands the bytes back.
pub async fn read(app: &App, bytes: Vec<u8>) -> Result<Result<(OutsideDocument, Vec<u8>), OutsideError>> {
    let now = app.now();
    let reading = tokio::task::spawn_blocking(move || read_outside(&bytes, now).map(|read| (read, bytes)));
    reading.await.map_err(Error::internal)
}

fn must_have_room(work: &mut Work<'_>, grant: &Grant, sha256: &[u8]) -> Result<()> {
    let (count, is_there) = store::present(work.conn, grant, sha256)?;
    if is_there {
        return Err(refused(FieldError::new("file", "file_duplicate", "This file is here already.")));
    }
    if count >= MOST_OUTSIDE {
        let message = "You have 20 records from elsewhere, the most there can be. Remove one first.";
        return Err(refused(FieldError::new("file", "outside_too_many", message)));
    }
    Ok(())
}

fn refused(error: FieldError) -> Error {
    Problem::invalid(vec![error]).into()
}

/// Lets bytes go that no row names any more. Failing costs space, nothing else; the log says it.
pub async fn forget_bytes(app: &App, file: Uuid) {
    if let Err(why) = app.files.delete(file).await {
        tracing::warn!(%why, %file, "the bytes of a removed record from elsewhere stay in the store");
    }
}
