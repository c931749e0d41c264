//! Drafts, and sending them.

use actix_web::{HttpResponse, delete, get, post, put, web};
use portal_domain::{
    ids::{DraftId, PatientId},
    messages::{DraftText, DraftView, ThreadView},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{drafts, sending};
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

type OfPatient = web::Path<(PatientId, DraftId)>;

/// The operations of a draft's writer: a patient, or a member of a care team.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(begin).service(open).service(save).service(delete_draft).service(send);
}

fn answer(view: &DraftView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// The own drafts
///
/// About this patient, last saved first. Nobody else's are ever seen.
#[utoipa::path(tag = "messages", operation_id = "drafts", params(PageQuery), responses((status = 200, body = Page<DraftView>)))]
#[get("/patients/{patient}/drafts")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<DraftView>>> {
    Ok(web::Json(drafts::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Begin a draft
///
/// An answer to a thread is there once: a second beginning opens the first one.
#[utoipa::path(tag = "messages", operation_id = "begin_draft", responses((status = 201, body = DraftView)))]
#[post("/patients/{patient}/drafts")]
async fn begin(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<DraftText>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    let view = drafts::begin(&app, &actor, *patient, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// A draft
///
/// With the files that will go with it.
#[utoipa::path(tag = "messages", operation_id = "draft", responses((status = 200, body = DraftView)))]
#[get("/patients/{patient}/drafts/{draft}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&drafts::open(&app, &actor, patient, id).await?))
}

/// Save a draft
///
/// As it is, whole or half. 412 when another page saved it since.
#[utoipa::path(tag = "messages", operation_id = "save_draft", responses((status = 200, body = DraftView)))]
#[put("/patients/{patient}/drafts/{draft}")]
async fn save(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    body: Json<DraftText>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&drafts::save(&app, &actor, patient, id, seen, body.0).await?))
}

/// Throw a draft away
///
/// With its files.
#[utoipa::path(tag = "messages", operation_id = "delete_draft", responses((status = 204)))]
#[delete("/patients/{patient}/drafts/{draft}")]
async fn delete_draft(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    drafts::delete(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Send a draft
///
/// As it was seen. 409 `no_reply` when its thread takes no message any more.
#[utoipa::path(tag = "messages", operation_id = "send", responses((status = 201, body = ThreadView)))]
#[post("/patients/{patient}/drafts/{draft}/send")]
async fn send(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let view = sending::send(&app, &actor, patient, id, seen, key.of(&())?).await?;
    Ok(HttpResponse::Created().json(view))
}
