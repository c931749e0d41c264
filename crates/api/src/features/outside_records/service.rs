//! What people do with records from elsewhere that are kept.

use portal_domain::{
    access::{Action, Category},
    ids::{OutsideRecordId, PatientId},
    outside::{OutsideFormat, OutsideRecordOpened, OutsideRecordView},
    page::{Page, PageQuery},
    problem::Code,
};

use super::{
    entries::Beside,
    files,
    store::{self, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{auth::Actor, page::Keyset},
};

/// What the patient brought, newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<OutsideRecordView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::OutsideRecords, patient)?;
        Ok(store::page(work.conn, &grant, &keyset)?.map(|row| row.view()))
    })
    .await
}

/// One of them, read anew, with what became of its entries.
pub async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: OutsideRecordId,
) -> Result<OutsideRecordOpened> {
    let (row, beside) = app
        .read(actor, move |work| {
            let grant = work.grant_about(Action::View, Category::OutsideRecords, patient, id.0)?;
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            Ok((row, Beside::of(work, &grant, id)?))
        })
        .await?;
    let bytes = app.files.get(row.file_id.0).await?;
    let read = files::read(app, bytes).await?.map_err(Error::internal)?.0;
    Ok(OutsideRecordOpened {
        record: row.view(),
        entries: beside.entries(app.now(), patient, read.entries).await?,
        person: read.person,
        sections: read.sections,
        unread: read.unread,
    })
}

/// The file as it came, with a name of ours.
pub async fn download(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: OutsideRecordId,
) -> Result<(String, OutsideFormat, Vec<u8>)> {
    let row = find(app, actor, patient, id).await?;
    let bytes = app.files.get(row.file_id.0).await?;
    Ok((format!("outside-record.{}", row.format.extension()), row.format, bytes))
}

/// The patient takes one away: it and its file are gone. What staff took into the chart stays there.
pub async fn remove(app: &App, actor: &Actor, patient: PatientId, id: OutsideRecordId) -> Result<()> {
    let file = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Act, Category::OutsideRecords, patient, id.0)?;
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            store::remove(work.conn, &grant, id)?;
            Ok(row.file_id)
        })
        .await?;
    files::forget_bytes(app, file.0).await;
    Ok(())
}

async fn find(app: &App, actor: &Actor, patient: PatientId, id: OutsideRecordId) -> Result<Row> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::OutsideRecords, patient, id.0)?;
        store::find(work.conn, &grant, id)?.ok_or_else(|| Code::NotFound.into())
    })
    .await
}
