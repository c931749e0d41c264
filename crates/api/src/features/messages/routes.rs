//! What a patient does with threads.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{MessageId, PatientId, ThreadId},
    messages::ThreadView,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, idempotency::IdempotencyKey},
};

/// The operations of a thread's patient.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(open).service(mark_read).service(recall);
}

/// A thread
///
/// As its patient sees it, oldest message first, with whether it takes an answer. Staff open threads in their queue.
#[utoipa::path(tag = "messages", operation_id = "thread", responses((status = 200, body = ThreadView)))]
#[get("/patients/{patient}/threads/{thread}")]
async fn open(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ThreadId)>,
) -> Result<web::Json<ThreadView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::open(&app, &actor, patient, id).await?))
}

/// Mark a thread as read
///
/// What the care team wrote counts as opened from here on; the first time counts.
#[utoipa::path(tag = "messages", operation_id = "mark_read", responses((status = 204)))]
#[post("/patients/{patient}/threads/{thread}/read")]
async fn mark_read(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ThreadId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::mark_read(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take a message back
///
/// Until the care team has opened it; afterwards 409 `message_opened`. Its text is gone then.
#[utoipa::path(tag = "messages", operation_id = "recall", responses((status = 200, body = ThreadView)))]
#[post("/patients/{patient}/messages/{message}/recall")]
async fn recall(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, MessageId)>,
    key: IdempotencyKey,
) -> Result<web::Json<ThreadView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::recall(&app, &actor, patient, id, key.of(&())?).await?))
}
