//! Asking for a health record, and downloading it.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{HealthRecordId, PatientId},
    page::{Page, PageQuery},
    record::{
        ChartSection, HealthRecordView, NewHealthRecord, RecordDownload, RecordFormat, Section, SectionQuery,
        VitalSign,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{reading, service};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, files::saved, idempotency::IdempotencyKey},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(section).service(vital_signs);
    config.service(list).service(request).service(open).service(retry).service(check).service(download);
}

/// A section of the chart
///
/// In the words of the health record, newest first; of results the released ones.
#[utoipa::path(
    tag = "chart",
    params(("section" = Section, Path, description = "The section"), SectionQuery),
    responses((status = 200, body = ChartSection))
)]
#[get("/patients/{patient}/chart/{section}")]
async fn section(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, Section)>,
    query: web::Query<SectionQuery>,
) -> Result<web::Json<ChartSection>> {
    let (patient, section) = path.into_inner();
    Ok(web::Json(reading::section(&app, &actor, patient, section, *query).await?))
}

/// Vital signs over time
///
/// Each with its newest values, the sign that was measured last first.
#[utoipa::path(tag = "chart", responses((status = 200, body = Vec<VitalSign>)))]
#[get("/patients/{patient}/vital-signs")]
async fn vital_signs(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<VitalSign>>> {
    Ok(web::Json(reading::vital_signs(&app, &actor, *patient).await?))
}

/// Health records that were asked for
///
/// Newest first, with where each stands.
#[utoipa::path(tag = "health_records", params(PageQuery), responses((status = 200, body = Page<HealthRecordView>)))]
#[get("/patients/{patient}/health-records")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<HealthRecordView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Ask for a health record
///
/// Needs a proof of the last five minutes. The record is made within minutes and arrives in the inbox; at most ten can be
/// asked for in a day.
#[utoipa::path(tag = "health_records", responses((status = 201, body = HealthRecordView)))]
#[post("/patients/{patient}/health-records")]
async fn request(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewHealthRecord>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    Ok(HttpResponse::Created().json(service::request(&app, &actor, *patient, body.0, once).await?))
}

/// One health record that was asked for
///
/// With its files once it is ready.
#[utoipa::path(tag = "health_records", responses((status = 200, body = HealthRecordView)))]
#[get("/patients/{patient}/health-records/{health_record}")]
async fn open(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, HealthRecordId)>,
) -> Result<web::Json<HealthRecordView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::open(&app, &actor, patient, id).await?))
}

/// Try again to make a health record
///
/// One that failed. Needs a proof of the last five minutes.
#[utoipa::path(tag = "health_records", responses((status = 200, body = HealthRecordView)))]
#[post("/patients/{patient}/health-records/{health_record}/retry")]
async fn retry(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, HealthRecordId)>,
) -> Result<web::Json<HealthRecordView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::retry(&app, &actor, patient, id).await?))
}

/// Ask whether a file can be downloaded now
///
/// Refused as the download would be, so that a page can ask for the proof before a browser follows the link.
#[utoipa::path(tag = "health_records", responses((status = 204, description = "It can")))]
#[post("/patients/{patient}/health-records/{health_record}/downloads")]
async fn check(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, HealthRecordId)>,
    body: Json<RecordDownload>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::may_download(&app, &actor, patient, id, body.0.format).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Download a file of a health record
///
/// Needs a proof of the last five minutes.
#[utoipa::path(
    tag = "health_records",
    params(("format" = RecordFormat, Path, description = "The format")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>, description = "The file"))
)]
#[get("/patients/{patient}/health-records/{health_record}/files/{format}")]
async fn download(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, HealthRecordId, RecordFormat)>,
) -> Result<HttpResponse> {
    let (patient, id, format) = path.into_inner();
    let (name, bytes) = service::download(&app, &actor, patient, id, format).await?;
    saved(&name, format.media_type(), bytes)
}
