//! Finding and opening patients.

use actix_web::{get, web};
use portal_domain::{
    ids::PatientId,
    page::Page,
    patients::{PatientQuery, PatientSummary, PatientView},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(find).service(open);
}

/// Find patients
///
/// By the beginning of the name, by MRN or by date of birth; ordered by name. For staff.
#[utoipa::path(tag = "patients", params(PatientQuery), responses((status = 200, body = Page<PatientSummary>)))]
#[get("/patients")]
async fn find(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PatientQuery>,
) -> Result<web::Json<Page<PatientSummary>>> {
    Ok(web::Json(service::find(&app, &actor, query.into_inner()).await?))
}

/// One patient with contact data
///
/// The own one, or for staff any.
#[utoipa::path(tag = "patients", responses((status = 200, body = PatientView)))]
#[get("/patients/{patient}")]
async fn open(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<PatientView>> {
    Ok(web::Json(service::open(&app, &actor, *patient).await?))
}
