//! Asking for a health record, and taking it away.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    ids::{HealthRecordId, PatientId},
    page::{Page, PageQuery},
    problem::{Code, Problem},
    record::{HealthRecordView, MOST_A_DAY, NewHealthRecord, RecordFormat, RecordState, Section},
    time::Time,
};
use uuid::Uuid;

use super::store::{self, Kept, Row};
use crate::{
    app::App,
    error::{Error, Result},
    features::practice,
    platform::{
        access::Grant, auth::Actor, clock::new_id, db::Json, idempotency::Once, page::Keyset, work::Work,
    },
};

/// Puts a request into the queue; the record arrives in the inbox. Refused while the practice doesn't offer it, to
/// whoever gave no proof just now (SEC-5), and after [`MOST_A_DAY`] requests in a day.
pub async fn request(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    asked: NewHealthRecord,
    once: Once,
) -> Result<HealthRecordView> {
    let asked = asked.check().map_err(Problem::invalid)?;
    let id = HealthRecordId(new_id());
    let view = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Act, Category::Chart, patient, id.0)?;
            let by = work.actor.account_id()?;
            once.run(work, |work| {
                work.actor.must_be_proven(work.now)?;
                must_see_all_of(&grant, &asked)?;
                must_be_offered(work)?;
                must_not_be_too_often(work, &grant)?;
                let row = Row {
                    patient_id: patient,
                    requested_at: work.now,
                    id,
                    requested_by: by,
                    state: RecordState::Queued,
                    asked: Json::of(&asked)?,
                    claimed_at: None,
                    tries: 0,
                    failure: None,
                    ready_at: None,
                    expires_at: None,
                    files: Json::of(&Vec::<Kept>::new())?,
                };
                store::insert(work.conn, &row)?;
                row.view()
            })
        })
        .await?;
    app.making.notify_one();
    Ok(view)
}

/// What the patient asked for, newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<HealthRecordView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Chart, patient)?;
        let page = store::page(work.conn, &grant, &keyset)?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in &page.items {
            if must_see_all_of(&grant, &row.asked.read()?).is_ok() {
                items.push(row.view()?);
            }
        }
        Ok(Page { items, next: page.next })
    })
    .await
}

/// One of them.
pub async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: HealthRecordId,
) -> Result<HealthRecordView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Chart, patient, id.0)?;
        found(work, &grant, id)?.view()
    })
    .await
}

/// Puts one that failed into the queue again.
pub async fn retry(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: HealthRecordId,
) -> Result<HealthRecordView> {
    let view = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Act, Category::Chart, patient, id.0)?;
            work.actor.must_be_proven(work.now)?;
            must_be_offered(work)?;
            let mut row = found(work, &grant, id)?;
            if row.state != RecordState::Failed {
                return Err(Code::WrongState.into());
            }
            row.state = RecordState::Queued;
            // It is made with the rights of who asks now.
            row.requested_by = work.actor.account_id()?;
            (row.failure, row.claimed_at, row.tries) = (None, None, 0);
            store::save(work.conn, &row)?;
            row.view()
        })
        .await?;
    app.making.notify_one();
    Ok(view)
}

/// Whether a file may be downloaded now: what [`download`] would refuse is refused, and nothing is sent.
pub async fn may_download(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: HealthRecordId,
    format: RecordFormat,
) -> Result<()> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Chart, patient, id.0)?;
        work.actor.must_be_proven(work.now)?;
        must_be_there(work, &grant, id, format).map(drop)
    })
    .await
}

/// A file: its name and bytes.
pub async fn download(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: HealthRecordId,
    format: RecordFormat,
) -> Result<(String, Vec<u8>)> {
    let file = app
        .read(actor, move |work| {
            let grant = work.grant_about(Action::Export, Category::Chart, patient, id.0)?;
            work.actor.must_be_proven(work.now)?;
            must_be_there(work, &grant, id, format)
        })
        .await?;
    let bytes = app.files.get(file.id).await?;
    Ok((file.name, bytes))
}

/// A file of a record, as it is kept now.
#[derive(Clone, Debug)]
pub struct ReadyFile {
    /// Its id in the file store.
    pub id: Uuid,
    /// What it is called where it is saved: nothing that tells whose it is.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// When it is thrown away.
    pub expires_at: Time,
}

/// A file of a record; none while the record is not ready, or once its files are gone.
pub fn ready_file(
    work: &mut Work<'_>,
    grant: &Grant,
    id: HealthRecordId,
    format: RecordFormat,
) -> Result<Option<ReadyFile>> {
    let row = found(work, grant, id)?;
    let kept = row.kept()?.into_iter().find(|kept| kept.format == format);
    let (Some(kept), Some(expires_at)) = (kept, row.expires_at) else { return Ok(None) };
    if row.state != RecordState::Ready || expires_at <= work.now {
        return Ok(None);
    }
    let zone = practice::zone(work.conn)?;
    let day = row.requested_at.utc().with_timezone(&zone).format("%Y-%m-%d");
    let name = format!("health-record-{day}.{}", format.extension());
    Ok(Some(ReadyFile { id: kept.id, name, size: kept.size, sha256: kept.sha256, expires_at }))
}

fn must_be_there(
    work: &mut Work<'_>,
    grant: &Grant,
    id: HealthRecordId,
    format: RecordFormat,
) -> Result<ReadyFile> {
    ready_file(work, grant, id, format)?.ok_or_else(|| Code::RecordNotReady.into())
}

/// One of the patient's, as far as whoever holds this leave may see every section of it.
fn found(work: &mut Work<'_>, grant: &Grant, id: HealthRecordId) -> Result<Row> {
    let row = store::find(work.conn, grant, id)?.ok_or(Code::NotFound)?;
    must_see_all_of(grant, &row.asked.read()?)?;
    Ok(row)
}

/// Refuses, like something that does not exist, a record with a section that is not shared with whoever acts. None named
/// means all of them, and every record says who the patient is.
pub fn must_see_all_of(grant: &Grant, asked: &NewHealthRecord) -> Result<()> {
    let sections = if asked.sections.is_empty() { Section::ALL } else { &asked.sections };
    grant.must_see(Category::Demographics)?;
    sections.iter().try_for_each(|section| grant.must_see(section.category()))
}

fn must_be_offered(work: &mut Work<'_>) -> Result<()> {
    if practice::offers_health_records(work.conn)? { Ok(()) } else { Err(Code::RecordsNotOffered.into()) }
}

fn must_not_be_too_often(work: &mut Work<'_>, grant: &Grant) -> Result<()> {
    let day = TimeDelta::days(1);
    let asked = store::asked_since(work.conn, grant, work.now.plus(-day))?;
    match asked.first() {
        Some(first) if asked.len() as i64 >= MOST_A_DAY => {
            let retry_after_seconds = first.plus(day).since(work.now).num_seconds().max(1);
            Err(Error::TooManyRequests { retry_after_seconds })
        }
        _ => Ok(()),
    }
}
