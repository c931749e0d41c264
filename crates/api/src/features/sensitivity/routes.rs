//! What is kept back, for clinical staff.

use actix_web::{get, put, web};
use portal_domain::{
    ids::{PatientId, ProxyGrantId},
    sensitivity::{ProxyPreview, SensitivityChange, SensitivityView},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(change).service(preview);
}

/// What can be kept from those who act for a patient
///
/// Results, medications, documents and appointments, the newest 100 of each, and the conversations that are kept back; each
/// with since when. And who acts for the patient. For clinical staff.
#[utoipa::path(tag = "sensitivity", responses((status = 200, body = SensitivityView)))]
#[get("/patients/{patient}/sensitive-items")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<SensitivityView>> {
    Ok(web::Json(service::list(&app, &actor, *patient).await?))
}

/// Keep something from those who act for a patient, or show it again
///
/// It counts from their next request on, in lists, searches, counts, records and news alike. For providers.
#[utoipa::path(tag = "sensitivity", responses((status = 200, body = SensitivityView)))]
#[put("/patients/{patient}/sensitive-items")]
async fn change(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    body: Json<SensitivityChange>,
) -> Result<web::Json<SensitivityView>> {
    Ok(web::Json(service::change(&app, &actor, *patient, body.0).await?))
}

/// See as somebody who acts for a patient
///
/// What their own pages show today, read the same way. Nothing can be done with it. For staff.
#[utoipa::path(tag = "sensitivity", responses((status = 200, body = ProxyPreview)))]
#[get("/patients/{patient}/proxies/{proxy}/preview")]
async fn preview(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ProxyGrantId)>,
) -> Result<web::Json<ProxyPreview>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::preview(&app, &actor, patient, id).await?))
}
