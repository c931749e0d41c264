//! Emergency access, for staff and for the privacy officer.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    emergency::{EmergencyAccessView, EmergencyStanding, NewEmergencyAccess},
    ids::PatientId,
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, idempotency::IdempotencyKey},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(standing).service(begin).service(end).service(list);
}

/// How one stands to a patient
///
/// Whether the record opens only in an emergency, and the emergency access that holds now. For staff.
#[utoipa::path(tag = "emergency", responses((status = 200, body = EmergencyStanding)))]
#[get("/patients/{patient}/emergency-access")]
async fn standing(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<EmergencyStanding>> {
    Ok(web::Json(service::standing(&app, &actor, *patient).await?))
}

/// Open a record in an emergency
///
/// For staff, of a patient of other locations or whose record is restricted to others: for four hours, as far as the own role goes. The privacy officer
/// is told, and the patient sees it.
#[utoipa::path(tag = "emergency", responses((status = 201, body = EmergencyAccessView)))]
#[post("/patients/{patient}/emergency-access")]
async fn begin(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    patient: web::Path<PatientId>,
    body: Json<NewEmergencyAccess>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    Ok(HttpResponse::Created().json(service::begin(&app, &actor, *patient, body.0, once).await?))
}

/// End an emergency access
///
/// The own one, before its time.
#[utoipa::path(tag = "emergency", responses((status = 200, body = EmergencyStanding)))]
#[post("/patients/{patient}/emergency-access/end")]
async fn end(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<EmergencyStanding>> {
    Ok(web::Json(service::end(&app, &actor, *patient).await?))
}

/// The practice's emergency accesses
///
/// Who opened whose record and why, the newest first. For the privacy officer.
#[utoipa::path(tag = "emergency", params(PageQuery), responses((status = 200, body = Page<EmergencyAccessView>)))]
#[get("/emergency-accesses")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<EmergencyAccessView>>> {
    Ok(web::Json(service::list(&app, &actor, query.into_inner()).await?))
}
