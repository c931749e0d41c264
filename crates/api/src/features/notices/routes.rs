//! Notices: written by staff, read and acknowledged by patients.

use actix_web::{HttpResponse, get, http::header, post, put, web};
use portal_domain::{
    audience::Audience,
    ids::{NoticeId, PatientId},
    notices::{Acknowledgement, NoticeContent, NoticeView, PatientNotice, Reach},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{reader, service};
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

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(publish).service(reach).service(open).service(change).service(withdraw);
    config.service(acknowledgements).service(acknowledgement_table);
    config.service(current).service(read).service(acknowledge);
}

fn answer(view: &NoticeView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// The practice's notices
///
/// The newest first, with how many patients have them. For front desk and administrators.
#[utoipa::path(tag = "notices", params(PageQuery), responses((status = 200, body = Page<NoticeView>)))]
#[get("/notices")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<NoticeView>>> {
    Ok(web::Json(service::list(&app, &actor, query.into_inner()).await?))
}

/// Publish a notice
///
/// It is shown from the midnight that begins its first day, and delivered into the inboxes of its audience then.
#[utoipa::path(tag = "notices", responses((status = 201, body = NoticeView)))]
#[post("/notices")]
async fn publish(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Json<NoticeContent>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    let view = service::publish(&app, &actor, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// How many patients an audience has
///
/// As of today; changes nothing.
#[utoipa::path(tag = "notices", responses((status = 200, body = Reach)))]
#[post("/audiences/reach")]
async fn reach(app: web::Data<App>, actor: Actor, body: Json<Audience>) -> Result<web::Json<Reach>> {
    Ok(web::Json(service::reach(&app, &actor, body.0).await?))
}

/// One notice
///
/// As staff wrote it, with where it stands. The ETag is the version that an edit names.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeView)))]
#[get("/notices/{notice}")]
async fn open(app: web::Data<App>, actor: Actor, id: web::Path<NoticeId>) -> Result<HttpResponse> {
    Ok(answer(&service::open(&app, &actor, *id).await?))
}

/// Edit a notice
///
/// Until it ends. Once it has begun, its audience and first day stay as they are.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeView)))]
#[put("/notices/{notice}")]
async fn change(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<NoticeId>,
    seen: IfMatch,
    body: Json<NoticeContent>,
) -> Result<HttpResponse> {
    Ok(answer(&service::change(&app, &actor, *id, body.0, seen).await?))
}

/// Take a notice back
///
/// It disappears from home pages and inboxes. Who acknowledged it stays on record.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeView)))]
#[post("/notices/{notice}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<NoticeId>,
    seen: IfMatch,
) -> Result<HttpResponse> {
    Ok(answer(&service::withdraw(&app, &actor, *id, seen).await?))
}

/// Who acknowledged a notice
///
/// And who has it and did not, in the order in which it reached them.
#[utoipa::path(tag = "notices", params(PageQuery), responses((status = 200, body = Page<Acknowledgement>)))]
#[get("/notices/{notice}/acknowledgements")]
async fn acknowledgements(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<NoticeId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<Acknowledgement>>> {
    Ok(web::Json(service::acknowledgements(&app, &actor, *id, query.into_inner()).await?))
}

/// The same as a table
///
/// Comma-separated (RFC 4180), times in the practice's zone. No cell is read as a formula.
#[utoipa::path(tag = "notices", responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/notices/{notice}/acknowledgements.csv")]
async fn acknowledgement_table(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<NoticeId>,
) -> Result<HttpResponse> {
    let table = service::acknowledgement_table(&app, &actor, *id).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"acknowledgements.csv\""))
        .body(table))
}

/// The notices that are running for a patient
///
/// The most severe first.
#[utoipa::path(tag = "notices", responses((status = 200, body = Vec<PatientNotice>)))]
#[get("/patients/{patient}/notices")]
async fn current(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<PatientNotice>>> {
    Ok(web::Json(reader::current(&app, &actor, *patient).await?))
}

/// One notice, for its reader
///
/// Also after it has ended, for whoever got it.
#[utoipa::path(tag = "notices", responses((status = 200, body = PatientNotice)))]
#[get("/patients/{patient}/notices/{notice}")]
async fn read(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, NoticeId)>,
) -> Result<web::Json<PatientNotice>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(reader::open(&app, &actor, patient, id).await?))
}

/// Confirm having read a notice
///
/// The first time counts; later ones change nothing. 409 where the practice does not ask for it.
#[utoipa::path(tag = "notices", responses((status = 200, body = PatientNotice)))]
#[post("/patients/{patient}/notices/{notice}/acknowledge")]
async fn acknowledge(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, NoticeId)>,
) -> Result<web::Json<PatientNotice>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(reader::acknowledge(&app, &actor, patient, id).await?))
}
