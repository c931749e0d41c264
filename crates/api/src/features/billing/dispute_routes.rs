//! What patients question of a bill, and what staff decide.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    billing::{DisputeDecision, DisputeQuery, DisputeView, NewDispute},
    ids::{DisputeId, PatientId},
    page::Page,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::disputes;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, idempotency::IdempotencyKey},
};

type OfPatient = web::Path<(PatientId, DisputeId)>;

/// The operations of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(open).service(list).service(one).service(withdraw).service(decide).service(queue);
}

/// Question something of a bill
///
/// A line of the account, a statement or a payment. Opens a conversation with the billing team, which the answer names. The
/// same thing is questioned once at a time (409 `already_disputed`); what is owed can be paid meanwhile.
#[utoipa::path(tag = "billing", operation_id = "dispute", responses((status = 201, body = DisputeView)))]
#[post("/patients/{patient}/billing/disputes")]
async fn open(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewDispute>,
) -> Result<HttpResponse> {
    let view = disputes::open(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// What a patient questions
///
/// Open and resolved ones unless one state is asked for, the newest first.
#[utoipa::path(
    tag = "billing",
    operation_id = "disputes",
    params(DisputeQuery),
    responses((status = 200, body = Page<DisputeView>))
)]
#[get("/patients/{patient}/billing/disputes")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<DisputeQuery>,
) -> Result<web::Json<Page<DisputeView>>> {
    Ok(web::Json(disputes::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// One thing that a patient questions
#[utoipa::path(tag = "billing", operation_id = "open_dispute", responses((status = 200, body = DisputeView)))]
#[get("/patients/{patient}/billing/disputes/{dispute}")]
async fn one(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<web::Json<DisputeView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(disputes::one(&app, &actor, patient, id).await?))
}

/// Take it back
///
/// The conversation stays, and waits for no answer.
#[utoipa::path(tag = "billing", operation_id = "withdraw_dispute", responses((status = 200, body = DisputeView)))]
#[post("/patients/{patient}/billing/disputes/{dispute}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
) -> Result<web::Json<DisputeView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(disputes::withdraw(&app, &actor, patient, id, key.of(&())?).await?))
}

/// Decide about something that is questioned
///
/// For the members of the care team that has the conversation, once they have opened what the patient wrote. The answer
/// becomes a message there. An outcome that says that the ledger was changed needs that entry to stand there (422
/// `not_in_ledger`).
#[utoipa::path(tag = "billing", operation_id = "decide_dispute", responses((status = 200, body = DisputeView)))]
#[post("/patients/{patient}/billing/disputes/{dispute}/decide")]
async fn decide(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
    body: Json<DisputeDecision>,
) -> Result<web::Json<DisputeView>> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(web::Json(disputes::decide(&app, &actor, patient, id, body.0, once).await?))
}

/// What patients question
///
/// The practice's, soonest due first. For billing staff.
#[utoipa::path(
    tag = "billing",
    operation_id = "dispute_queue",
    params(DisputeQuery),
    responses((status = 200, body = Page<DisputeView>))
)]
#[get("/billing/disputes")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<DisputeQuery>,
) -> Result<web::Json<Page<DisputeView>>> {
    Ok(web::Json(disputes::queue(&app, &actor, query.into_inner()).await?))
}
