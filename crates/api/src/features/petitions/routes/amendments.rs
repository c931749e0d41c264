//! What patients and staff do with requests to correct the record.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    amendments::{AmendmentAnswer, AmendmentView, NewAmendment},
    ids::{PatientId, PetitionId},
    page::{Page, PageQuery},
    petitions::PetitionQueueQuery,
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

fn tagged(view: &AmendmentView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.petitioned.version)).json(view)
}

/// The practice's requests to correct a record
///
/// Those of one state, soonest due first. For staff.
#[utoipa::path(tag = "amendments", params(PetitionQueueQuery), responses((status = 200, body = Page<AmendmentView>)))]
#[get("/amendments")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PetitionQueueQuery>,
) -> Result<web::Json<Page<AmendmentView>>> {
    Ok(web::Json(service::queue::<NewAmendment>(&app, &actor, query.into_inner()).await?))
}

/// A patient's requests to correct the record
///
/// Newest first.
#[utoipa::path(tag = "amendments", params(PageQuery), responses((status = 200, body = Page<AmendmentView>)))]
#[get("/patients/{patient}/amendments")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<AmendmentView>>> {
    Ok(web::Json(service::list::<NewAmendment>(&app, &actor, *patient, query.into_inner()).await?))
}

/// Ask for a correction of the record
///
/// The practice has 60 days to act on it (45 CFR 164.526); the answer arrives in the inbox.
#[utoipa::path(tag = "amendments", responses((status = 201, body = AmendmentView)))]
#[post("/patients/{patient}/amendments")]
async fn request(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewAmendment>,
) -> Result<HttpResponse> {
    let view = service::request(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.petitioned.version)).json(view))
}

/// One request to correct the record
///
/// With the practice's answer.
#[utoipa::path(tag = "amendments", responses((status = 200, body = AmendmentView)))]
#[get("/patients/{patient}/amendments/{amendment}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::open::<NewAmendment>(&app, &actor, patient, id).await?))
}

/// Take a request to correct the record back
///
/// While it waits for an answer; afterwards 409 tells its state.
#[utoipa::path(tag = "amendments", responses((status = 200, body = AmendmentView)))]
#[post("/patients/{patient}/amendments/{amendment}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::withdraw::<NewAmendment>(&app, &actor, patient, id, key.of(&())?).await?))
}

/// Answer a request to correct the record
///
/// Accept it, or deny it for one of the reasons that the law knows. It changes no chart.
#[utoipa::path(tag = "amendments", responses((status = 200, body = AmendmentView)))]
#[post("/patients/{patient}/amendments/{amendment}/answer")]
async fn answer(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<AmendmentAnswer>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&service::answer::<NewAmendment>(&app, &actor, patient, id, body.0, seen, once).await?))
}
