//! Results: lists, one result, its release.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, put, web};
use portal_domain::{
    ids::{PatientId, ResultId},
    page::Page,
    results::{
        BulkRelease, Hold, Recall, Recalled, Release, ReleaseOutcome, ReleasePolicies, ReleasePoliciesView,
        ReleaseQueueQuery, ResultSummary, ResultView, ResultsQuery, TestView, UnreleasedResult, Waiting,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    lists::{self, Listed},
    policies, service, waiting,
};
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
    config
        .service(unreleased)
        .service(release_all)
        .service(list)
        .service(open)
        .service(release)
        .service(recall);
    config.service(tests).service(waiting_for).service(hold).service(lift);
    config.service(release_policies).service(change_release_policies);
}

/// Results that wait for release
///
/// Of the whole practice, longest waiting first, each with what becomes of it. For providers.
#[utoipa::path(tag = "results", params(ReleaseQueueQuery), responses((status = 200, body = Page<UnreleasedResult>)))]
#[get("/results/unreleased")]
async fn unreleased(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<ReleaseQueueQuery>,
) -> Result<web::Json<Page<UnreleasedResult>>> {
    Ok(web::Json(waiting::unreleased(&app, &actor, query.into_inner()).await?))
}

/// Release several results
///
/// Each for itself, with one comment or none. The answer tells of each whether it was released, or why not: a result with
/// a critical value must have been opened by the same provider. For providers.
#[utoipa::path(tag = "results", responses((status = 200, body = Vec<ReleaseOutcome>)))]
#[post("/results/release")]
async fn release_all(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Json<BulkRelease>,
) -> Result<web::Json<Vec<ReleaseOutcome>>> {
    let once = key.of(&body.0)?;
    Ok(web::Json(waiting::release_all(&app, &actor, body.0, once).await?))
}

/// A patient's results
///
/// Newest first, all or those that `q` and `only` leave. A patient sees released ones only. With `If-None-Match` an
/// unchanged list is 304.
#[utoipa::path(
    tag = "results",
    params(ResultsQuery),
    responses((status = 200, body = Page<ResultSummary>), (status = 304, description = "Unchanged"))
)]
#[get("/patients/{patient}/results")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    request: HttpRequest,
    patient: web::Path<PatientId>,
    query: web::Query<ResultsQuery>,
) -> Result<HttpResponse> {
    let held = Held::of(&request);
    let listed = lists::list(&app, &actor, *patient, query.into_inner(), move |tag| held.has(tag)).await?;
    Ok(answer(listed))
}

/// A patient's tests
///
/// By name, each with its newest value and how it went. A patient sees released values only. With `If-None-Match` an
/// unchanged list is 304.
#[utoipa::path(
    tag = "results",
    params(ResultsQuery),
    responses((status = 200, body = Page<TestView>), (status = 304, description = "Unchanged"))
)]
#[get("/patients/{patient}/tests")]
async fn tests(
    app: web::Data<App>,
    actor: Actor,
    request: HttpRequest,
    patient: web::Path<PatientId>,
    query: web::Query<ResultsQuery>,
) -> Result<HttpResponse> {
    let held = Held::of(&request);
    let listed = lists::tests(&app, &actor, *patient, query.into_inner(), move |tag| held.has(tag)).await?;
    Ok(answer(listed))
}

fn answer<T: serde::Serialize>(listed: Listed<T>) -> HttpResponse {
    match listed {
        Listed::Held(tag) => HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish(),
        Listed::Page(page, tag) => HttpResponse::Ok().insert_header((header::ETAG, tag)).json(page),
    }
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

/// What a result waits for
///
/// Whose turn it is to release it, by when, and why it is held back. Never told to patients. For providers and nurses.
#[utoipa::path(tag = "results", responses((status = 200, body = Waiting)))]
#[get("/patients/{patient}/results/{result}/waiting")]
async fn waiting_for(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ResultId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let view = waiting::open(&app, &actor, patient, id).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view))
}

/// Hold a result back
///
/// No policy releases it until the hold ends, and no provider before it is lifted. For providers.
#[utoipa::path(tag = "results", responses((status = 200, body = Waiting)))]
#[post("/patients/{patient}/results/{result}/hold")]
async fn hold(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ResultId)>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<Hold>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    let view = waiting::hold(&app, &actor, patient, id, body.0, seen, once).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view))
}

/// Lift a hold
///
/// What the policy would have released meanwhile is released at once. For providers.
#[utoipa::path(tag = "results", responses((status = 200, body = Waiting)))]
#[post("/patients/{patient}/results/{result}/lift")]
async fn lift(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ResultId)>,
    seen: IfMatch,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&())?;
    let view = waiting::lift(&app, &actor, patient, id, seen, once).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view))
}

/// The policies for releasing results
///
/// For administrators. The ETag is the version that an edit names.
#[utoipa::path(tag = "results", responses((status = 200, body = ReleasePoliciesView)))]
#[get("/practice/release-policies")]
async fn release_policies(app: web::Data<App>, actor: Actor) -> Result<HttpResponse> {
    let present = policies::policies(&app, &actor).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(present.version)).json(present))
}

/// Change the policies for releasing results
///
/// They hold for what waits as well as for what comes in from now on.
#[utoipa::path(tag = "results", responses((status = 200, body = ReleasePoliciesView)))]
#[put("/practice/release-policies")]
async fn change_release_policies(
    app: web::Data<App>,
    actor: Actor,
    seen: IfMatch,
    body: Json<ReleasePolicies>,
) -> Result<HttpResponse> {
    let changed = policies::change_policies(&app, &actor, seen, body.0).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(changed.version)).json(changed))
}
