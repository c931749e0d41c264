//! Sending copies of a health record, and opening them.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use portal_domain::{
    ids::{HealthRecordId, PatientId, TransmissionId},
    page::{Page, PageQuery},
    transmissions::{
        NewTransmission, TransmissionKey, TransmissionOpened, TransmissionSent, TransmissionView,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{opening, service};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, files::saved, idempotency::IdempotencyKey, origin},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(send).service(list).service(withdraw).service(open).service(download);
}

/// Send a copy of a health record
///
/// One that is ready, in one of its formats, to an e-mail address. Needs a proof of the last five minutes. A link opens with
/// the pass code of the answer, which is shown this once; an unencrypted attachment needs `accepts_unencrypted`. At most
/// ten copies can be sent in a day.
#[utoipa::path(tag = "transmissions", responses((status = 201, body = TransmissionSent)))]
#[post("/patients/{patient}/health-records/{health_record}/transmissions")]
async fn send(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, HealthRecordId)>,
    key: IdempotencyKey,
    body: Json<NewTransmission>,
) -> Result<HttpResponse> {
    let (patient, record) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(HttpResponse::Created().json(service::send(&app, &actor, patient, record, body.0, once).await?))
}

/// Copies that were sent
///
/// To whom, and what became of each; newest first.
#[utoipa::path(tag = "transmissions", params(PageQuery), responses((status = 200, body = Page<TransmissionView>)))]
#[get("/patients/{patient}/transmissions")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<TransmissionView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Take a copy back
///
/// Its link opens nothing from here on. An attachment can be taken back until its e-mail left.
#[utoipa::path(tag = "transmissions", responses((status = 200, body = TransmissionView)))]
#[post("/patients/{patient}/transmissions/{transmission}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, TransmissionId)>,
) -> Result<web::Json<TransmissionView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::withdraw(&app, &actor, patient, id).await?))
}

/// Open a copy that was sent
///
/// By the token of the mailed link and the pass code, without signing in. Whatever is wrong, the answer is the same; five
/// wrong codes close the link.
#[utoipa::path(tag = "transmissions", responses((status = 200, body = TransmissionOpened)), security(()))]
#[post("/transmissions/open")]
async fn open(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<TransmissionKey>,
) -> Result<web::Json<TransmissionOpened>> {
    origin::check(&request, &app.settings.public_url)?;
    Ok(web::Json(opening::open(&app, body.0).await?))
}

/// Save a copy that was sent
///
/// By the same token and pass code, as a form, so that they stand in no address.
#[utoipa::path(
    tag = "transmissions",
    request_body(content = TransmissionKey, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>, description = "The file")),
    security(())
)]
#[post("/transmissions/download")]
async fn download(
    app: web::Data<App>,
    request: HttpRequest,
    form: web::Form<TransmissionKey>,
) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    let (name, media_type, bytes) = opening::download(&app, form.into_inner()).await?;
    saved(&name, media_type, bytes)
}
