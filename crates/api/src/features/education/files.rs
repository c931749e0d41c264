//! Files that go with an item: uploaded to it by its writers, read with the version that names them.

use actix_web::{error::PayloadError, web::Bytes};
use futures_util::Stream;
use portal_domain::{
    access::{Action, Category, may},
    education::{EducationContent, EducationFile},
    files::{FileKind, FileLimits},
    ids::{EducationFileId, EducationId},
    problem::{Code, Problem},
};

use super::{
    service,
    store::{self, FileRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{auth::Actor, clock::new_id, work::Work},
};

/// The most files of one item, those of old versions and those just uploaded included.
const MAX_KEPT: usize = 100;

/// Takes a file for an item. No reader has it before a version that names it is published.
pub async fn upload(
    app: &App,
    actor: &Actor,
    item: EducationId,
    name: String,
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
) -> Result<EducationFile> {
    app.read(actor, move |work| admit(work, item)).await?;
    let arrived = app.files.receive(&name, body, FileLimits::USUAL.each).await?;
    let id = EducationFileId(new_id());
    let size = i64::try_from(arrived.size()).map_err(Error::internal)?;
    let media_type = arrived.kind.media_type().to_owned();
    app.files.put(id.0, &arrived).await?;
    let kept = app
        .write(actor, move |work| {
            admit(work, item)?;
            let (name, media_type) = (name.clone(), media_type.clone());
            let row = FileRow { id, item_id: item, created_at: work.now, name, media_type, size };
            store::insert_file(work.conn, &row)?;
            Ok(row.view())
        })
        .await;
    // Refused for certain: nothing names the bytes. After a lost connection a row may.
    if matches!(kept, Err(Error::Problem(_) | Error::Denied(_))) {
        forget_bytes(app, &[id]).await;
    }
    kept
}

fn admit(work: &mut Work<'_>, item: EducationId) -> Result<()> {
    work.permit(Action::Change, Category::Library)?;
    service::found(work, item)?;
    if store::files(work.conn, item)?.len() >= MAX_KEPT {
        return Err(
            Problem::field("file", "too_many", "This item has 100 files, the most there can be.").into()
        );
    }
    Ok(())
}

/// A file of the published version, for everybody; for writers any file of the item.
pub async fn download(
    app: &App,
    actor: &Actor,
    item: EducationId,
    id: EducationFileId,
) -> Result<(String, FileKind, Vec<u8>)> {
    let name = app
        .read(actor, move |work| {
            work.permit(Action::View, Category::Library)?;
            let row = store::files(work.conn, item)?.into_iter().find(|file| file.id == id);
            let row = row.ok_or(Code::NotFound)?;
            let writes =
                work.actor.who().is_some_and(|who| may(who, Action::Change, Category::Library, None).is_ok());
            if !writes && !super::library::version(work, item)?.content()?.files.contains(&id) {
                return Err(Code::NotFound.into());
            }
            Ok(row.name)
        })
        .await?;
    let kind = FileKind::named(&name).ok_or_else(|| Error::internal("a kept file has no kind"))?;
    Ok((name, kind, app.files.get(id.0).await?))
}

/// What content names was uploaded to this very item.
pub fn must_be_of(work: &mut Work<'_>, item: EducationId, named: &[EducationFileId]) -> Result<()> {
    let known = store::files(work.conn, item)?;
    if named.iter().all(|id| known.iter().any(|file| file.id == *id)) {
        return Ok(());
    }
    Err(Problem::field("files", "unknown", "Upload the file to this item first.").into())
}

/// Forgets the files that neither the new draft nor any version names; answers which.
pub fn forget_unnamed(
    work: &mut Work<'_>,
    item: EducationId,
    draft: &EducationContent,
) -> Result<Vec<EducationFileId>> {
    let versions = service::named_by_versions(work, item)?;
    let known = store::files(work.conn, item)?.into_iter().map(|file| file.id);
    let gone: Vec<_> = known.filter(|id| !draft.files.contains(id) && !versions.contains(id)).collect();
    gone.iter().try_for_each(|id| store::remove_file(work.conn, *id))?;
    Ok(gone)
}

/// Lets the bytes of files go that no row names any more. Failing costs space, nothing else; the log says it.
pub async fn forget_bytes(app: &App, files: &[EducationFileId]) {
    for file in files {
        if let Err(why) = app.files.delete(file.0).await {
            tracing::warn!(%why, %file, "the bytes of a removed file stay in the store");
        }
    }
}
