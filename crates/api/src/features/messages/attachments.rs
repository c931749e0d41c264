//! Files of drafts and messages (MSG-3).

use actix_web::{error::PayloadError, web::Bytes};
use futures_util::Stream;
use portal_domain::{
    access::Action,
    files::{FileKind, FileLimits},
    ids::{AttachmentId, DraftId, PatientId},
    messages::{AttachmentView, Side},
    problem::{Code, Problem},
};

use super::{
    drafts, queue,
    service::{self, grant_on},
    store::{self, FileRow, Named},
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{access::Grant, auth::Actor, clock::new_id, work::Work},
};

const LIMITS: FileLimits = FileLimits::USUAL;

/// Takes a file for a draft: asked for leave and room before it is read, and once more when it is kept. What breaks off
/// or is refused leaves neither a row nor bytes.
pub async fn upload(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    draft: DraftId,
    name: String,
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
) -> Result<AttachmentView> {
    app.read(actor, move |work| {
        let grant = grant_on(work, Action::Act, patient, Named::Draft(draft))?;
        let present = present(work, &grant, draft)?;
        // A file of one byte that nobody has: is there room at all?
        admit(&present, 1, "")
    })
    .await?;
    let arrived = app.files.receive(&name, body, LIMITS.each).await?;
    let id = AttachmentId(new_id());
    let sha256: String = arrived.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let size = i64::try_from(arrived.size()).map_err(Error::internal)?;
    let media_type = arrived.kind.media_type().to_owned();
    app.files.put(id.0, &arrived).await?;
    let kept = app
        .write(actor, move |work| {
            let grant = grant_on(work, Action::Act, patient, Named::Draft(draft))?;
            let present = present(work, &grant, draft)?;
            admit(&present, size, &sha256)?;
            let row = FileRow {
                id,
                patient_id: patient,
                draft_id: Some(draft),
                message_id: None,
                position: present.iter().map(|file| file.position).max().map_or(0, |last| last + 1),
                name: name.clone(),
                media_type: media_type.clone(),
                size,
                sha256: sha256.clone(),
                created_at: work.now,
            };
            store::insert_file(work.conn, &grant, &row)?;
            Ok(row.view())
        })
        .await;
    // Refused for certain: nothing names the bytes. After a lost connection a row may.
    if matches!(kept, Err(Error::Problem(_) | Error::Denied(_))) {
        forget_bytes(app, &[id]).await;
    }
    kept
}

/// The files of a draft of the actor's.
fn present(work: &mut Work<'_>, grant: &Grant, draft: DraftId) -> Result<Vec<FileRow>> {
    let writer = work.actor.account_id()?;
    drafts::find(work, grant, writer, draft)?;
    store::of_draft(work.conn, draft)
}

fn admit(present: &[FileRow], size: i64, sha256: &str) -> Result<()> {
    let bytes = |size: i64| u64::try_from(size).unwrap_or(u64::MAX);
    let present: Vec<(u64, &[u8])> =
        present.iter().map(|file| (bytes(file.size), file.sha256.as_bytes())).collect();
    LIMITS
        .admit(&present, bytes(size), sha256.as_bytes())
        .map_err(|why| Problem::invalid(vec![why.at("file")]).into())
}

/// Takes a file off a draft.
pub async fn remove(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    draft: DraftId,
    id: AttachmentId,
) -> Result<()> {
    app.write(actor, move |work| {
        let grant = grant_on(work, Action::Act, patient, Named::Draft(draft))?;
        if !present(work, &grant, draft)?.iter().any(|file| file.id == id) {
            return Err(Code::NotFound.into());
        }
        store::remove_file(work.conn, id)
    })
    .await?;
    forget_bytes(app, &[id]).await;
    Ok(())
}

/// A file, for who may see its draft or its message.
pub async fn download(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AttachmentId,
) -> Result<(String, FileKind, Vec<u8>)> {
    let name = app
        .read(actor, move |work| {
            let grant = grant_on(work, Action::View, patient, Named::File(id))?;
            let file = store::file(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            if !may_see(work, &grant, &file)? {
                return Err(Code::NotFound.into());
            }
            Ok(file.name)
        })
        .await?;
    let kind = FileKind::named(&name).ok_or_else(|| Error::internal("a kept file has no kind"))?;
    Ok((name, kind, app.files.get(id.0).await?))
}

/// A draft's files are its writer's. A message's files are seen like the message: by staff once its thread was opened.
fn may_see(work: &mut Work<'_>, grant: &Grant, file: &FileRow) -> Result<bool> {
    if let Some(draft) = file.draft_id {
        let writer = work.actor.account_id()?;
        return Ok(store::draft(work.conn, grant, writer, draft)?.is_some());
    }
    let Some(message) = file.message_id else { return Ok(false) };
    let Some(message) = store::message(work.conn, grant, message)? else { return Ok(false) };
    if message.recalled_at.is_some() {
        return Ok(false);
    }
    if !work.actor.is_staff() {
        return Ok(message.side != Side::Note);
    }
    let thread = service::find(work.conn, grant, message.thread_id)?;
    queue::must_work_on(work, &thread)?;
    Ok(message.side == Side::Staff || message.opened_at.is_some())
}

/// Lets the bytes of files go that no row names any more. Failing costs space, nothing else; the log says it.
pub async fn forget_bytes(app: &App, files: &[AttachmentId]) {
    for file in files {
        if let Err(why) = app.files.delete(file.0).await {
            tracing::warn!(%why, %file, "the bytes of a removed file stay in the store");
        }
    }
}
