//! What patients do with payment plans, and what staff do.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    billing::{NewPlan, NewPlanCard, PaymentPlanView, PaymentView, PlanQuery, PlanSummary, StopPlan},
    ids::{PatientId, PaymentPlanId},
    page::Page,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{service, staff};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, idempotency::IdempotencyKey},
};

type OfPatient = web::Path<(PatientId, PaymentPlanId)>;

/// The operations of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(change_card).service(pay_next).service(end);
    config.service(queue).service(stop);
}

/// A patient's payment plans
///
/// The newest first. At most one of them is not over.
#[utoipa::path(tag = "payment_plans", responses((status = 200, body = Vec<PaymentPlanView>)))]
#[get("/patients/{patient}/payment-plans")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<PaymentPlanView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient).await?))
}

/// Agree to a payment plan
///
/// Equal instalments of what is payable, month by month, taken from a kept card; the last takes what does not divide. Never
/// more is taken than is owed on the day.
#[utoipa::path(tag = "payment_plans", responses((status = 201, body = PaymentPlanView)))]
#[post("/patients/{patient}/payment-plans")]
async fn create(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewPlan>,
) -> Result<HttpResponse> {
    let view = service::create(&app, &actor, *patient, body.0, key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Change the card of a plan
///
/// A plan that was paused goes on where it stopped: what was missed now, the rest month by month.
#[utoipa::path(tag = "payment_plans", responses((status = 200, body = PaymentPlanView)))]
#[post("/patients/{patient}/payment-plans/{plan}/change-card")]
async fn change_card(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
    body: Json<NewPlanCard>,
) -> Result<web::Json<PaymentPlanView>> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(web::Json(service::change_card(&app, &actor, patient, id, body.0, once).await?))
}

/// Pay the next instalment now
///
/// With the plan's card, which must be the own. Where the bank asks its owner, `pay_at` leads there.
#[utoipa::path(tag = "payment_plans", responses((status = 201, body = PaymentView)))]
#[post("/patients/{patient}/payment-plans/{plan}/pay-next")]
async fn pay_next(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let view = service::pay_next(&app, &actor, patient, id, key.of(&())?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// End a plan
///
/// What is owed can be paid by hand from then on.
#[utoipa::path(tag = "payment_plans", responses((status = 200, body = PaymentPlanView)))]
#[post("/patients/{patient}/payment-plans/{plan}/end")]
async fn end(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
) -> Result<web::Json<PaymentPlanView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::end(&app, &actor, patient, id, key.of(&())?).await?))
}

/// The practice's payment plans
///
/// Those that run or are paused, or of one state; what changed last first. For billing staff.
#[utoipa::path(tag = "payment_plans", params(PlanQuery), responses((status = 200, body = Page<PlanSummary>)))]
#[get("/billing/payment-plans")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PlanQuery>,
) -> Result<web::Json<Page<PlanSummary>>> {
    Ok(web::Json(staff::queue(&app, &actor, query.into_inner()).await?))
}

/// End a patient's plan
///
/// By billing staff, for a reason that the patient reads.
#[utoipa::path(tag = "payment_plans", responses((status = 200, body = PaymentPlanView)))]
#[post("/patients/{patient}/payment-plans/{plan}/stop")]
async fn stop(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    key: IdempotencyKey,
    body: Json<StopPlan>,
) -> Result<web::Json<PaymentPlanView>> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(web::Json(staff::stop(&app, &actor, patient, id, body.0, once).await?))
}
