//! Records from elsewhere.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use portal_domain::{
    ids::{OutsideRecordId, PatientId},
    outside::{DecidedEntry, OutsideDismissal, OutsideEntryView, OutsideRecordOpened, OutsideRecordView},
    page::{Page, PageQuery},
    problem::Code,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    entries::{self, Which},
    files, service,
};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
        files::saved,
        idempotency::IdempotencyKey,
    },
};

type OfPatient = web::Path<(PatientId, OutsideRecordId)>;
type OfEntry = web::Path<(PatientId, OutsideRecordId, String)>;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(upload).service(open).service(remove).service(download);
    config.service(taken).service(accept).service(dismiss).service(undo);
}

fn which(path: OfEntry) -> Which {
    let (patient, record, entry) = path.into_inner();
    Which { patient, record, entry }
}

fn tagged(view: &OutsideEntryView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// Records from elsewhere
///
/// What the patient brought from other clinics, newest first. Nothing of it is part of the chart.
#[utoipa::path(tag = "outside_records", params(PageQuery), responses((status = 200, body = Page<OutsideRecordView>)))]
#[get("/patients/{patient}/outside-records")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<OutsideRecordView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Bring a record from elsewhere
///
/// The body is the file: a C-CDA (XML) or a FHIR R4 bundle (JSON), at most 10 MiB. XML with a document type is refused. Its
/// answer says whether it may be about somebody else.
#[utoipa::path(
    tag = "outside_records",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 201, body = OutsideRecordView))
)]
#[post("/patients/{patient}/outside-records")]
async fn upload(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    if request.headers().get("content-type").is_none_or(|kind| kind != "application/octet-stream") {
        return Err(Code::UnsupportedMediaType.into());
    }
    Ok(HttpResponse::Created().json(files::upload(&app, &actor, *patient, body).await?))
}

/// One record from elsewhere
///
/// With what it says, section by section.
#[utoipa::path(tag = "outside_records", responses((status = 200, body = OutsideRecordOpened)))]
#[get("/patients/{patient}/outside-records/{outside_record}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<web::Json<OutsideRecordOpened>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::open(&app, &actor, patient, id).await?))
}

/// Remove a record from elsewhere
///
/// By its patient. Its file goes with it.
#[utoipa::path(tag = "outside_records", responses((status = 204)))]
#[delete("/patients/{patient}/outside-records/{outside_record}")]
async fn remove(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::remove(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The file of a record from elsewhere
///
/// As it came; to be saved, never shown.
#[utoipa::path(
    tag = "outside_records",
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>))
)]
#[get("/patients/{patient}/outside-records/{outside_record}/file")]
async fn download(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let (name, format, bytes) = service::download(&app, &actor, patient, id).await?;
    saved(&name, format.media_type(), bytes)
}

/// What was taken into the chart
///
/// The entries of the chart that staff took from records from elsewhere, with their origin, the newest first. An entry
/// keeps its origin when its record is removed.
#[utoipa::path(tag = "outside_records", params(PageQuery), responses((status = 200, body = Page<DecidedEntry>)))]
#[get("/patients/{patient}/outside-entries")]
async fn taken(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<DecidedEntry>>> {
    Ok(web::Json(entries::taken(&app, &actor, *patient, query.into_inner()).await?))
}

/// Take an entry into the chart
///
/// It becomes an entry of the chart that keeps its origin. 409 when it was decided about already.
#[utoipa::path(
    tag = "outside_records",
    params(("entry" = String, Path, description = "Its place in the file")),
    responses((status = 200, body = OutsideEntryView))
)]
#[post("/patients/{patient}/outside-records/{outside_record}/entries/{entry}/accept")]
async fn accept(
    app: web::Data<App>,
    actor: Actor,
    path: OfEntry,
    seen: IfMatch,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    Ok(tagged(&entries::accept(&app, &actor, which(path), seen, key.of(&())?).await?))
}

/// Leave an entry out of the chart
///
/// For a reason that the patient reads. 409 when it was decided about already.
#[utoipa::path(
    tag = "outside_records",
    params(("entry" = String, Path, description = "Its place in the file")),
    responses((status = 200, body = OutsideEntryView))
)]
#[post("/patients/{patient}/outside-records/{outside_record}/entries/{entry}/dismiss")]
async fn dismiss(
    app: web::Data<App>,
    actor: Actor,
    path: OfEntry,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<OutsideDismissal>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    Ok(tagged(&entries::dismiss(&app, &actor, which(path), body.0, seen, once).await?))
}

/// Undo a decision about an entry
///
/// What was taken over leaves the chart, and the entry waits again; also after its record was removed.
#[utoipa::path(
    tag = "outside_records",
    params(("entry" = String, Path, description = "Its place in the file")),
    responses((status = 204))
)]
#[post("/patients/{patient}/outside-records/{outside_record}/entries/{entry}/undo")]
async fn undo(
    app: web::Data<App>,
    actor: Actor,
    path: OfEntry,
    seen: IfMatch,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    entries::undo(&app, &actor, which(path), seen, key.of(&())?).await?;
    Ok(HttpResponse::NoContent().finish())
}
