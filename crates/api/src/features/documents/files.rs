//! The file of a document: the same limits and the same look at its content as for messages (MSG-3).

use actix_web::{error::PayloadError, web::Bytes};
use futures_util::Stream;
use portal_domain::{
    access::{Action, Category},
    documents::{DocumentState, DocumentView},
    files::{FileKind, FileLimits, FileRefused},
    ids::{DocumentId, PatientId},
    problem::{Code, Problem},
};
use uuid::Uuid;

use super::{
    service::{found, must_be, view},
    store::{self, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{auth::Actor, clock::new_id, db::AnyId},
};

/// A file as it is saved: its name, its kind, its bytes.
pub type Uploaded = (String, FileKind, Vec<u8>);

/// Takes the file of a document that is not released and has none: asked for leave before it is read, and once more when
/// it is kept. What breaks off or is refused leaves nothing.
pub async fn upload(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DocumentId,
    name: String,
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
) -> Result<DocumentView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Documents, patient, id.0)?;
        must_have_room(&found(work, &grant, id)?)
    })
    .await?;
    let arrived = app.files.receive(&name, body, FileLimits::USUAL.each).await?;
    let file = new_id();
    let size = i64::try_from(arrived.size()).map_err(Error::internal)?;
    app.files.put(file, &arrived).await?;
    let kept = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Change, Category::Documents, patient, id.0)?;
            let mut row = found(work, &grant, id)?;
            must_have_room(&row)?;
            row.file_id = Some(AnyId(file));
            (row.file_name, row.file_size) = (Some(name.clone()), Some(size));
            row.version += 1;
            store::save(work.conn, &row)?;
            view(work, &grant, row)
        })
        .await;
    // Refused for certain: nothing names the bytes. After a lost connection a row may.
    if matches!(kept, Err(Error::Problem(_) | Error::Denied(_))) {
        forget_bytes(app, file).await;
    }
    kept
}

fn must_have_room(row: &Row) -> Result<()> {
    must_be(row, DocumentState::Unreleased)?;
    match row.file_id {
        None => Ok(()),
        Some(_) => Err(Problem::invalid(vec![FileRefused::TooMany.at("file")]).into()),
    }
}

/// The file, for who may see the document.
pub async fn download(app: &App, actor: &Actor, patient: PatientId, id: DocumentId) -> Result<Uploaded> {
    let row = app
        .read(actor, move |work| {
            let grant = work.grant_about(Action::View, Category::Documents, patient, id.0)?;
            found(work, &grant, id)
        })
        .await?;
    let (file, name) = row.file_id.zip(row.file_name).ok_or(Code::NotFound)?;
    let kind = FileKind::named(&name).ok_or_else(|| Error::internal("a kept file has no kind"))?;
    Ok((name, kind, app.files.get(file.0).await?))
}

/// Lets bytes go that no row names any more. Failing costs space, nothing else; the log says it.
pub async fn forget_bytes(app: &App, file: Uuid) {
    if let Err(why) = app.files.delete(file).await {
        tracing::warn!(%why, %file, "the bytes of a discarded document stay in the store");
    }
}
