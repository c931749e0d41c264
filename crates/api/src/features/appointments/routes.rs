//! Requests and appointments: what patients do, what front desk decides.

use actix_web::{HttpResponse, get, http::header, post, web};
use portal_domain::{
    appointments::{AppointmentQuery, AppointmentView, Booking, Move, NewRequest, QueueQuery, Refusal},
    ids::{AppointmentId, PatientId},
    page::Page,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, Decision};
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

type OfPatient = web::Path<(PatientId, AppointmentId)>;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(queue).service(list).service(request).service(open).service(calendar_file);
    config.service(recall).service(accept).service(decline).service(cancel);
    config.service(approve).service(propose).service(deny).service(clinic_cancel);
}

fn answer(view: &AppointmentView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// The practice's requests and appointments
///
/// Those of one state, longest waiting first. For staff.
#[utoipa::path(tag = "appointments", params(QueueQuery), responses((status = 200, body = Page<AppointmentView>)))]
#[get("/appointments")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<QueueQuery>,
) -> Result<web::Json<Page<AppointmentView>>> {
    Ok(web::Json(service::queue(&app, &actor, query.into_inner()).await?))
}

/// A patient's appointments
///
/// Upcoming, pending or past ones.
#[utoipa::path(tag = "appointments", params(AppointmentQuery), responses((status = 200, body = Page<AppointmentView>)))]
#[get("/patients/{patient}/appointments")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<AppointmentQuery>,
) -> Result<web::Json<Page<AppointmentView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Ask for an appointment
///
/// Front desk answers; the answer arrives in the inbox.
#[utoipa::path(tag = "appointments", responses((status = 201, body = AppointmentView)))]
#[post("/patients/{patient}/appointments")]
async fn request(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewRequest>,
) -> Result<HttpResponse> {
    let view = service::request(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// One request or appointment
///
/// With what may be done with it now.
#[utoipa::path(tag = "appointments", responses((status = 200, body = AppointmentView)))]
#[get("/patients/{patient}/appointments/{appointment}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(answer(&service::open(&app, &actor, patient, id).await?))
}

/// The calendar file of a booked appointment
///
/// RFC 5545, with the location's time zone; after a cancellation it takes the appointment out of the calendar.
#[utoipa::path(tag = "appointments", responses((status = 200, content_type = "text/calendar", body = String)))]
#[get("/patients/{patient}/appointments/{appointment}/calendar.ics")]
async fn calendar_file(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let file = service::calendar_file(&app, &actor, patient, id).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\""))
        .body(file))
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $step:expr;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(tag = "appointments", responses((status = 200, body = AppointmentView)))]
        #[post($path)]
        async fn $name(app: web::Data<App>, actor: Actor, path: OfPatient, key: IdempotencyKey) -> Result<HttpResponse> {
            let (patient, id) = path.into_inner();
            Ok(answer(&service::step(&app, &actor, patient, id, $step, key.of(&())?).await?))
        }
    )+};
}

steps! {
    /// Take a request back
    ///
    /// While it waits for an answer; afterwards 409 tells its state.
    recall = "/patients/{patient}/appointments/{appointment}/recall", Move::Recall;
    /// Take the offered time
    ///
    /// The appointment is booked; when the time is gone meanwhile the answer is 409.
    accept = "/patients/{patient}/appointments/{appointment}/accept", Move::Accept;
    /// Ask for another time than the offered one
    ///
    /// The request waits for front desk again.
    decline = "/patients/{patient}/appointments/{appointment}/decline", Move::Decline;
    /// Cancel a booked appointment
    ///
    /// Where the location allows it; otherwise 409 says to call.
    cancel = "/patients/{patient}/appointments/{appointment}/cancel", Move::PatientCancel;
}

macro_rules! decisions {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $body:ty, $decision:expr;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(tag = "appointments", responses((status = 200, body = AppointmentView)))]
        #[post($path)]
        async fn $name(
            app: web::Data<App>,
            actor: Actor,
            path: OfPatient,
            seen: IfMatch,
            key: IdempotencyKey,
            body: Json<$body>,
        ) -> Result<HttpResponse> {
            let (patient, id) = path.into_inner();
            let once = key.of(&body.0)?;
            Ok(answer(&service::decide(&app, &actor, patient, id, $decision(body.0), seen, once).await?))
        }
    )+};
}

decisions! {
    /// Book a request
    ///
    /// At a concrete time; a provider's second appointment at that time is 409.
    approve = "/patients/{patient}/appointments/{appointment}/approve", Booking, Decision::Approve;
    /// Offer another time
    ///
    /// The patient accepts or declines.
    propose = "/patients/{patient}/appointments/{appointment}/propose", Booking, Decision::Propose;
    /// Say no
    ///
    /// With a reason that the patient reads.
    deny = "/patients/{patient}/appointments/{appointment}/deny", Refusal, Decision::Deny;
    /// Cancel what is booked
    ///
    /// With a reason that the patient reads.
    clinic_cancel = "/patients/{patient}/appointments/{appointment}/clinic-cancel", Refusal, Decision::Cancel;
}
