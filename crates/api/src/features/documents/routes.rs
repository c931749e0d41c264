//! Documents of a chart.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use portal_domain::{
    documents::{DocumentView, DocumentWithdrawal, NewDocument},
    ids::{DocumentId, PatientId},
    page::{Page, PageQuery},
    problem::Code,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{files, service};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
        files::attachment,
        idempotency::IdempotencyKey,
    },
};

type OfPatient = web::Path<(PatientId, DocumentId)>;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(open).service(discard);
    config.service(upload).service(download).service(release).service(withdraw).service(mark_read);
}

fn tagged(view: &DocumentView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Named {
    /// With an ending that says what it is, such as `scan.pdf`; at most 200 characters.
    name: String,
}

/// Documents of a patient
///
/// Newest first, without their text: for the patient the released ones, for staff all.
#[utoipa::path(tag = "documents", params(PageQuery), responses((status = 200, body = Page<DocumentView>)))]
#[get("/patients/{patient}/documents")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<DocumentView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Attach a document
///
/// The patient sees nothing of it before its release. A file may follow.
#[utoipa::path(tag = "documents", responses((status = 201, body = DocumentView)))]
#[post("/patients/{patient}/documents")]
async fn create(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewDocument>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    let view = service::create(&app, &actor, *patient, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// One document
///
/// With what it says.
#[utoipa::path(tag = "documents", responses((status = 200, body = DocumentView)))]
#[get("/patients/{patient}/documents/{document}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::open(&app, &actor, patient, id).await?))
}

/// Throw a document away
///
/// One that was never released, with its file.
#[utoipa::path(tag = "documents", responses((status = 204)))]
#[delete("/patients/{patient}/documents/{document}")]
async fn discard(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::discard(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Give a document its file
///
/// The body is the file, of at most 6 MiB; the content must be what the name's ending says. One file a document, before
/// its release.
#[utoipa::path(
    tag = "documents",
    params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 201, body = DocumentView))
)]
#[post("/patients/{patient}/documents/{document}/file")]
async fn upload(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    named: web::Query<Named>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    if request.headers().get("content-type").is_none_or(|kind| kind != "application/octet-stream") {
        return Err(Code::UnsupportedMediaType.into());
    }
    let (patient, id) = path.into_inner();
    let view = files::upload(&app, &actor, patient, id, named.into_inner().name, body).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// The file of a document
///
/// To be saved, never shown.
#[utoipa::path(
    tag = "documents",
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>))
)]
#[get("/patients/{patient}/documents/{document}/file")]
async fn download(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let (name, kind, bytes) = files::download(&app, &actor, patient, id).await?;
    attachment(&name, kind, bytes)
}

/// Release a document
///
/// The patient sees it from here on and is told in the inbox.
#[utoipa::path(tag = "documents", responses((status = 200, body = DocumentView)))]
#[post("/patients/{patient}/documents/{document}/release")]
async fn release(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&())?;
    Ok(tagged(&service::release(&app, &actor, patient, id, seen, once).await?))
}

/// Take a released document back
///
/// With a reason for colleagues. It, its inbox item and a waiting e-mail are gone for the patient.
#[utoipa::path(tag = "documents", responses((status = 200, body = DocumentView)))]
#[post("/patients/{patient}/documents/{document}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<DocumentWithdrawal>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&service::withdraw(&app, &actor, patient, id, body.0, seen, once).await?))
}

/// Mark a document as read
///
/// By its patient.
#[utoipa::path(tag = "documents", responses((status = 204)))]
#[post("/patients/{patient}/documents/{document}/read")]
async fn mark_read(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::mark_read(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
