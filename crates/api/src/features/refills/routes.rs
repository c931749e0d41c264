//! The medication list, and what patients and staff do with requests for refills and renewals.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{MedicationRequestId, PatientId},
    page::{Page, PageQuery},
    refills::{
        MedicationRequestView, MedicationView, NewMedicationRequest, RefillAnswer, RefillQueueQuery,
        Withdrawal,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{medications, service};
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

type OfPatient = web::Path<(PatientId, MedicationRequestId)>;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(medication_list).service(queue).service(list).service(request).service(open);
    config.service(withdraw).service(answer);
}

fn tagged(view: &MedicationRequestView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// A patient's medications
///
/// What is taken now first, each with its refills and with what may be asked for.
#[utoipa::path(tag = "medications", operation_id = "list", responses((status = 200, body = Vec<MedicationView>)))]
#[get("/patients/{patient}/medications")]
async fn medication_list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<MedicationView>>> {
    Ok(web::Json(medications::list(&app, &actor, *patient).await?))
}

/// The practice's requests for refills and renewals
///
/// Those of one state, longest waiting first. For staff.
#[utoipa::path(tag = "refills", params(RefillQueueQuery), responses((status = 200, body = Page<MedicationRequestView>)))]
#[get("/medication-requests")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<RefillQueueQuery>,
) -> Result<web::Json<Page<MedicationRequestView>>> {
    Ok(web::Json(service::queue(&app, &actor, query.into_inner()).await?))
}

/// A patient's requests for refills and renewals
///
/// Newest first.
#[utoipa::path(tag = "refills", params(PageQuery), responses((status = 200, body = Page<MedicationRequestView>)))]
#[get("/patients/{patient}/medication-requests")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<MedicationRequestView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Ask for refills and renewals
///
/// Each as the medication list offers it now, or nothing is asked for. Staff answer; the answer arrives in the inbox.
#[utoipa::path(tag = "refills", responses((status = 201, body = MedicationRequestView)))]
#[post("/patients/{patient}/medication-requests")]
async fn request(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewMedicationRequest>,
) -> Result<HttpResponse> {
    let view = service::request(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// One request for refills and renewals
///
/// With what the practice said of each medication.
#[utoipa::path(tag = "refills", responses((status = 200, body = MedicationRequestView)))]
#[get("/patients/{patient}/medication-requests/{medication_request}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&service::open(&app, &actor, patient, id).await?))
}

/// Take medications of a request back
///
/// While they wait for an answer; afterwards 409 tells their state.
#[utoipa::path(tag = "refills", responses((status = 200, body = MedicationRequestView)))]
#[post("/patients/{patient}/medication-requests/{medication_request}/withdraw")]
async fn withdraw(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
    body: Json<Withdrawal>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&service::withdraw(&app, &actor, patient, id, body.0, once).await?))
}

/// Answer a request for refills and renewals
///
/// Medication by medication; those left out wait on. The chart is not changed: the prescriber and the pharmacy do that.
#[utoipa::path(tag = "refills", responses((status = 200, body = MedicationRequestView)))]
#[post("/patients/{patient}/medication-requests/{medication_request}/answer")]
async fn answer(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<RefillAnswer>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&service::answer(&app, &actor, patient, id, body.0, seen, once).await?))
}
