//! Restricted records, for the privacy officer.

use actix_web::{HttpResponse, get, post, put, web};
use portal_domain::{
    ids::PatientId,
    page::{Page, PageQuery},
    restricted::{NewRestrictedRecord, RestrictedRecord, RestrictedStanding},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(open).service(restrict).service(lift);
}

fn tagged(standing: &RestrictedStanding) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(standing.version)).json(standing)
}

/// The practice's restricted records
///
/// The newest restriction first. For the privacy officer.
#[utoipa::path(tag = "restricted", params(PageQuery), responses((status = 200, body = Page<RestrictedRecord>)))]
#[get("/restricted-records")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<RestrictedRecord>>> {
    Ok(web::Json(service::list(&app, &actor, query.into_inner()).await?))
}

/// Whether a record is restricted
///
/// To whom, and whom of the staff one can name. For the privacy officer.
#[utoipa::path(tag = "restricted", responses((status = 200, body = RestrictedStanding)))]
#[get("/patients/{patient}/restricted-record")]
async fn open(app: web::Data<App>, actor: Actor, patient: web::Path<PatientId>) -> Result<HttpResponse> {
    Ok(tagged(&service::open(&app, &actor, *patient).await?))
}

/// Restrict a record to named staff
///
/// Or say anew to whom it is. It counts from the next request on: for everybody else the record opens in an emergency only,
/// queues leave the patient out, and the search finds the patient by number, or by whole last name and date of birth.
#[utoipa::path(tag = "restricted", responses((status = 200, body = RestrictedStanding)))]
#[put("/patients/{patient}/restricted-record")]
async fn restrict(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    seen: IfMatch,
    body: Json<NewRestrictedRecord>,
) -> Result<HttpResponse> {
    Ok(tagged(&service::restrict(&app, &actor, *patient, seen, body.0).await?))
}

/// Lift the restriction of a record
///
/// It is open again as other records are.
#[utoipa::path(tag = "restricted", responses((status = 200, body = RestrictedStanding)))]
#[post("/patients/{patient}/restricted-record/lift")]
async fn lift(app: web::Data<App>, actor: Actor, patient: web::Path<PatientId>) -> Result<HttpResponse> {
    Ok(tagged(&service::lift(&app, &actor, *patient).await?))
}
