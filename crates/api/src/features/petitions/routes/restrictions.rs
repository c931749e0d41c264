//! What patients and staff do with requests not to share or use something of the record.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{PatientId, PetitionId},
    page::{Page, PageQuery},
    petitions::PetitionQueueQuery,
    restrictions::{NewRestriction, RestrictionAnswer, RestrictionView},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::service;
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
        idempotency::IdempotencyKey,
    },
};

type OfPatient = web::Path<(PatientId, PetitionId)>;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(queue).service(list).service(request).service(open).service(withdraw).service(answer);
}

fn tagged(view: &RestrictionView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.petitioned.version)).json(view)
}

/// The practice's requests not to share or use something
///
/// Those of one state, soonest due first. For staff who answer them.
#[utoipa::path(tag = "restrictions", params(PetitionQueueQuery), responses((status = 200, body = Page<RestrictionView>)))]
#[get("/restrictions")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PetitionQueueQuery>,
) -> Result<web::Json<Page<RestrictionView>>> {
    Ok(web::Json(service::queue::<NewRestriction>(&app, &actor, query.into_inner()).await?))
}

/// A patient's requests not to share or use something
///
/// Newest first. Staff who do not answer them see those that were agreed, which bind everybody.
#[utoipa::path(tag = "restrictions", params(PageQuery), responses((status = 200, body = Page<RestrictionView>)))]
#[get("/patients/{patient}/restrictions")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<RestrictionView>>> {
    Ok(web::Json(service::list::<NewRestriction>(&app, &actor, *patient, query.into_inner()).await?))
}

/// Ask the practice not to share or use something
///
/// It answers within 30 days (45 CFR 164.522(a)), into the inbox. It must agree to keep from a health plan what was paid for
/// in full.
#[utoipa::path(tag = "restrictions", responses((status = 201, body = RestrictionView)))]
#[post("/patients/{patient}/restrictions")]
async fn request(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewRestriction>,
) -> Result<HttpResponse> {
    let view = service::request(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.petitioned.version)).json(view))
}

/// One request not to share or use something
///
/// With the practice's answer.
#[utoipa::path(tag = "restrictions", responses((status = 200, body = RestrictionView)))]
#[get("/patients/{patient}/restrictions/{restriction}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::open::<NewRestriction>(&app, &actor, patient, id).await?))
}

/// Take a request not to share or use something back
///
/// While it waits for an answer, or once it was agreed, which ends it; otherwise 409 tells its state.
#[utoipa::path(tag = "restrictions", responses((status = 200, body = RestrictionView)))]
#[post("/patients/{patient}/restrictions/{restriction}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::withdraw::<NewRestriction>(&app, &actor, patient, id, key.of(&())?).await?))
}

/// Answer a request not to share or use something
///
/// Agree, or decline for one of the reasons that fit what was asked, in words.
#[utoipa::path(tag = "restrictions", responses((status = 200, body = RestrictionView)))]
#[post("/patients/{patient}/restrictions/{restriction}/answer")]
async fn answer(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<RestrictionAnswer>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&service::answer::<NewRestriction>(&app, &actor, patient, id, body.0, seen, once).await?))
}
