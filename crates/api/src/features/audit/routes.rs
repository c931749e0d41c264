//! Reading the audit trail.

use actix_web::{HttpResponse, get, http::header, web};
use portal_domain::{
    audit::{AccessCount, AccessQuery, AccessView, AuditEntryView, AuditQuery, AuditSummary},
    ids::PatientId,
    page::Page,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(access_log).service(access_people).service(access_table);
    config.service(entries).service(summary).service(entry_table);
}

/// A table to save: its name has nothing of what is in it.
fn table(name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(text)
}

/// Who looked at a patient's record
///
/// What was done with it, by whom, the newest first. For the patient and for the privacy officer.
#[utoipa::path(tag = "audit", params(AccessQuery), responses((status = 200, body = Page<AccessView>)))]
#[get("/patients/{patient}/access-log")]
async fn access_log(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<AccessQuery>,
) -> Result<web::Json<Page<AccessView>>> {
    Ok(web::Json(service::access_log(&app, &actor, *patient, query.into_inner()).await?))
}

/// Who looked at a patient's record, counted
///
/// Each person and how often, most first. `cursor` and `limit` are not used.
#[utoipa::path(tag = "audit", params(AccessQuery), responses((status = 200, body = Vec<AccessCount>)))]
#[get("/patients/{patient}/access-log/people")]
async fn access_people(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<AccessQuery>,
) -> Result<web::Json<Vec<AccessCount>>> {
    Ok(web::Json(service::access_people(&app, &actor, *patient, query.into_inner()).await?))
}

/// Who looked at a patient's record, as a table
///
/// Comma-separated (RFC 4180), times in the practice's zone, at most 20,000 rows. No cell is read as a formula. `cursor`
/// and `limit` are not used.
#[utoipa::path(tag = "audit", params(AccessQuery), responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/patients/{patient}/access-log.csv")]
async fn access_table(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<AccessQuery>,
) -> Result<HttpResponse> {
    Ok(table("access-log.csv", service::access_table(&app, &actor, *patient, query.into_inner()).await?))
}

/// The audit trail
///
/// Everything that was done or refused in a period, the newest first. For the privacy officer.
#[utoipa::path(tag = "audit", params(AuditQuery), responses((status = 200, body = Page<AuditEntryView>)))]
#[get("/audit-entries")]
async fn entries(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<AuditQuery>,
) -> Result<web::Json<Page<AuditEntryView>>> {
    Ok(web::Json(service::entries(&app, &actor, query.into_inner()).await?))
}

/// The audit trail, counted
///
/// By day and by person. `cursor` and `limit` are not used.
#[utoipa::path(tag = "audit", params(AuditQuery), responses((status = 200, body = AuditSummary)))]
#[get("/audit-entries/summary")]
async fn summary(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<AuditQuery>,
) -> Result<web::Json<AuditSummary>> {
    Ok(web::Json(service::summary(&app, &actor, query.into_inner()).await?))
}

/// The audit trail as a table
///
/// Comma-separated (RFC 4180), times in the practice's zone, at most 20,000 rows. No cell is read as a formula. `cursor`
/// and `limit` are not used.
#[utoipa::path(tag = "audit", params(AuditQuery), responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/audit-entries.csv")]
async fn entry_table(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse> {
    Ok(table("audit.csv", service::entry_table(&app, &actor, query.into_inner()).await?))
}
