//! Results: lists, one result, its release.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use portal_domain::{
    ids::{PatientId, ResultId},
    page::{Page, PageQuery},
    results::{Recall, Recalled, Release, ResultSummary, ResultView, UnreleasedResult},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, Listed};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, Held, IfMatch},
        extract::Json,
        idempotency::IdempotencyKey,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(unreleased).service(list).service(open).service(release).service(recall);
}

/// Results that wait for release
///
/// Of the whole practice, longest waiting first. For providers.
#[utoipa::path(tag = "results", params(PageQuery), responses((status = 200, body = Page<UnreleasedResult>)))]
#[get("/results/unreleased")]
async fn unreleased(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<UnreleasedResult>>> {
    Ok(web::Json(service::unreleased(&app, &actor, query.into_inner()).await?))
}

/// A patient's results
///
/// Newest first. A patient sees released ones only. With `If-None-Match` an unchanged list is 304.
#[utoipa::path(
    tag = "results",
    params(PageQuery),
    responses((status = 200, body = Page<ResultSummary>), (status = 304, description = "Unchanged"))
)]
#[get("/patients/{patient}/results")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    request: HttpRequest,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse> {
    let held = Held::of(&request);
    Ok(match service::list(&app, &actor, *patient, query.into_inner(), move |tag| held.has(tag)).await? {
        Listed::Held(tag) => HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish(),
        Listed::Page(page, tag) => HttpResponse::Ok().insert_header((header::ETAG, tag)).json(page),
    })
}

/// One result with its values
///
/// With the usual ranges, flags, earlier values, laboratory and provider's comment.
#[utoipa::path(tag = "results", responses((status = 200, body = ResultView)))]
#[get("/patients/{patient}/results/{result}")]
async fn open(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ResultId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let view = service::open(&app, &actor, patient, id).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view))
}

/// Release a result
///
/// Makes it visible to the patient and puts it into the inbox, in one transaction. For providers.
#[utoipa::path(tag = "results", responses((status = 200, body = ResultView)))]
#[post("/patients/{patient}/results/{result}/release")]
async fn release(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ResultId)>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<Release>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    let view = service::release(&app, &actor, patient, id, body.0, seen, once).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view))
}

/// Take back a mistaken release
///
/// The result waits for release again, and its news leaves the inbox, in one transaction. The answer tells whether the
/// patient had opened it. For providers.
#[utoipa::path(tag = "results", responses((status = 200, body = Recalled)))]
#[post("/patients/{patient}/results/{result}/recall")]
async fn recall(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ResultId)>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<Recall>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    let answer = service::recall(&app, &actor, patient, id, body.0, seen, once).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(answer.result.version)).json(answer))
}
