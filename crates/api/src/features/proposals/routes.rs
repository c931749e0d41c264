//! What patients propose, and what staff make of it.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{PatientId, ProposalId},
    page::Page,
    proposals::{
        ChartEntryView, NewProposal, ProposalAnswer, ProposalQueueQuery, ProposalSubject, ProposalSummary,
        ProposalView, ProposalsQuery,
    },
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
        idempotency::IdempotencyKey,
    },
};

type OfPatient = web::Path<(PatientId, ProposalId)>;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(entries).service(queue).service(list).service(propose).service(open);
    config.service(withdraw).service(answer);
}

fn tagged(view: &ProposalView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.proposal.version)).json(view)
}

/// What may be proposed about
///
/// The entries of one part of the chart by field, what is true now first.
#[utoipa::path(
    tag = "proposals",
    params(("about" = ProposalSubject, Path, description = "The part of the chart")),
    responses((status = 200, body = Vec<ChartEntryView>)),
)]
#[get("/patients/{patient}/chart-entries/{about}")]
async fn entries(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ProposalSubject)>,
) -> Result<web::Json<Vec<ChartEntryView>>> {
    let (patient, about) = path.into_inner();
    Ok(web::Json(service::entries(&app, &actor, patient, about).await?))
}

/// The practice's proposals
///
/// Those of one state, soonest due first: a proposed allergy to what the patient takes is due within hours. For staff.
#[utoipa::path(tag = "proposals", params(ProposalQueueQuery), responses((status = 200, body = Page<ProposalSummary>)))]
#[get("/proposals")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<ProposalQueueQuery>,
) -> Result<web::Json<Page<ProposalSummary>>> {
    Ok(web::Json(service::queue(&app, &actor, query.into_inner()).await?))
}

/// What a patient proposed
///
/// Newest first.
#[utoipa::path(tag = "proposals", params(ProposalsQuery), responses((status = 200, body = Page<ProposalSummary>)))]
#[get("/patients/{patient}/proposals")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<ProposalsQuery>,
) -> Result<web::Json<Page<ProposalSummary>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Propose a change of the chart
///
/// The chart stays as it is until staff accept. 412 when the entry is not as it was seen.
#[utoipa::path(tag = "proposals", responses((status = 201, body = ProposalView)))]
#[post("/patients/{patient}/proposals")]
async fn propose(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewProposal>,
) -> Result<HttpResponse> {
    let view = service::propose(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.proposal.version)).json(view))
}

/// One proposal
///
/// Beside it what the chart says now, or said before the answer.
#[utoipa::path(tag = "proposals", responses((status = 200, body = ProposalView)))]
#[get("/patients/{patient}/proposals/{proposal}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::open(&app, &actor, patient, id).await?))
}

/// Take a proposal back
///
/// While it waits for an answer; afterwards 409 tells its state.
#[utoipa::path(tag = "proposals", responses((status = 200, body = ProposalView)))]
#[post("/patients/{patient}/proposals/{proposal}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::withdraw(&app, &actor, patient, id, key.of(&())?).await?))
}

/// Answer a proposal
///
/// Accept it, correct and accept it, or decline it with a reason. The chart changes with the answer or not at all; 412
/// when it is not as it was seen.
#[utoipa::path(tag = "proposals", responses((status = 200, body = ProposalView)))]
#[post("/patients/{patient}/proposals/{proposal}/answer")]
async fn answer(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<ProposalAnswer>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&service::answer(&app, &actor, patient, id, body.0, seen, once).await?))
}
