//! What a care team does with the threads of its queue.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{PatientId, ThreadId},
    messages::{
        Assignment, BulkOutcome, Closing, NewNote, QueueEntry, QueueList, QueueQuery, Rerouting, StaffThread,
        TeamCounts, ThreadState,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::queue;
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

type OfPatient = web::Path<(PatientId, ThreadId)>;

/// The operations of care teams.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(teams).service(list).service(close_all);
    config
        .service(open)
        .service(claim)
        .service(assign)
        .service(reroute)
        .service(note)
        .service(close)
        .service(reopen);
}

fn answer(entry: &QueueEntry) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(entry.version)).json(entry)
}

/// The own queues
///
/// The teams that the reader works in, with what waits there.
#[utoipa::path(tag = "messages", operation_id = "teams", responses((status = 200, body = Vec<TeamCounts>)))]
#[get("/message-teams")]
async fn teams(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<TeamCounts>>> {
    Ok(web::Json(queue::teams(&app, &actor).await?))
}

/// A page of the own queues
///
/// What waits in the order of its due time, the rest newest first. No message is told here: only opening a thread does.
#[utoipa::path(tag = "messages", operation_id = "queue", params(QueueQuery), responses((status = 200, body = QueueList)))]
#[get("/message-queue")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<QueueQuery>,
) -> Result<web::Json<QueueList>> {
    Ok(web::Json(queue::list(&app, &actor, query.into_inner()).await?))
}

/// End several threads
///
/// Each for itself; what can't be ended is told by its problem.
#[utoipa::path(tag = "messages", operation_id = "close_all", responses((status = 200, body = Vec<BulkOutcome>)))]
#[post("/message-queue/close")]
async fn close_all(
    app: web::Data<App>,
    actor: Actor,
    body: Json<Closing>,
) -> Result<web::Json<Vec<BulkOutcome>>> {
    Ok(web::Json(queue::close_all(&app, &actor, body.0).await?))
}

/// Open a thread as its care team
///
/// With notes. What the patient wrote counts as opened from here on and can't be taken back.
#[utoipa::path(tag = "messages", operation_id = "open", responses((status = 200, body = StaffThread)))]
#[post("/patients/{patient}/threads/{thread}/open")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let view = queue::open(&app, &actor, patient, id).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(view.entry.version)).json(view))
}

/// Claim a thread
///
/// That nobody has; of several who try, one gets it, and the others are told who.
#[utoipa::path(tag = "messages", operation_id = "claim", responses((status = 200, body = QueueEntry)))]
#[post("/patients/{patient}/threads/{thread}/claim")]
async fn claim(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&queue::claim(&app, &actor, patient, id).await?))
}

/// Give a thread to a colleague
///
/// Or back to the queue.
#[utoipa::path(tag = "messages", operation_id = "assign", responses((status = 200, body = QueueEntry)))]
#[post("/patients/{patient}/threads/{thread}/assign")]
async fn assign(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    body: Json<Assignment>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&queue::assign(&app, &actor, patient, id, seen, body.0).await?))
}

/// Send a thread to another care team
///
/// Without a word to the patient.
#[utoipa::path(tag = "messages", operation_id = "reroute", responses((status = 200, body = QueueEntry)))]
#[post("/patients/{patient}/threads/{thread}/reroute")]
async fn reroute(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    body: Json<Rerouting>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&queue::reroute(&app, &actor, patient, id, seen, body.0).await?))
}

/// Add an internal note
///
/// No patient ever sees it.
#[utoipa::path(tag = "messages", operation_id = "note", responses((status = 201, body = StaffThread)))]
#[post("/patients/{patient}/threads/{thread}/notes")]
async fn note(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
    body: Json<NewNote>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    let view = queue::note(&app, &actor, patient, id, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.entry.version)).json(view))
}

/// End a thread
///
/// The patient can't answer any more.
#[utoipa::path(tag = "messages", operation_id = "close", responses((status = 200, body = QueueEntry)))]
#[post("/patients/{patient}/threads/{thread}/close")]
async fn close(app: web::Data<App>, actor: Actor, path: OfPatient, seen: IfMatch) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&queue::set_state(&app, &actor, patient, id, seen, ThreadState::Closed).await?))
}

/// Open an ended thread again
///
/// A message that nobody answered waits again.
#[utoipa::path(tag = "messages", operation_id = "reopen", responses((status = 200, body = QueueEntry)))]
#[post("/patients/{patient}/threads/{thread}/reopen")]
async fn reopen(app: web::Data<App>, actor: Actor, path: OfPatient, seen: IfMatch) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&queue::set_state(&app, &actor, patient, id, seen, ThreadState::Open).await?))
}
