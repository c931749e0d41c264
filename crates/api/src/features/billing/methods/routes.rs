//! What people do with the cards of their login.

use actix_web::{HttpResponse, delete, get, post, web};
use portal_domain::{
    billing::{PaymentMethodView, RemoveMethodQuery},
    ids::{PatientId, PaymentMethodId},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, idempotency::IdempotencyKey},
};

type OfPatient = web::Path<(PatientId, PaymentMethodId)>;

/// The operations of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(add).service(check).service(remove);
}

/// The own kept cards
///
/// Cards belong to the login that kept them, whomever it pays for: nobody else sees them, and staff have none.
#[utoipa::path(tag = "payment_methods", responses((status = 200, body = Vec<PaymentMethodView>)))]
#[get("/patients/{patient}/payment-methods")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<PaymentMethodView>>> {
    Ok(web::Json(service::list(&app, &actor, *patient).await?))
}

/// Keep a card
///
/// Without a payment: `add_at` is the gateway's page, which asks for the card. To keep the card of a payment, begin the
/// payment with `keep`.
#[utoipa::path(tag = "payment_methods", responses((status = 201, body = PaymentMethodView)))]
#[post("/patients/{patient}/payment-methods")]
async fn add(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let view = service::add(&app, &actor, *patient, key.of(&())?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Ask the gateway whether it keeps a card
///
/// And write that down. May be repeated.
#[utoipa::path(tag = "payment_methods", responses((status = 200, body = PaymentMethodView)))]
#[post("/patients/{patient}/payment-methods/{method}/check")]
async fn check(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<web::Json<PaymentMethodView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::check(&app, &actor, patient, id).await?))
}

/// Take a card away
///
/// The gateway forgets it. A card that a payment plan pays with is 409 `card_in_use`, unless the plan may pause.
#[utoipa::path(tag = "payment_methods", params(RemoveMethodQuery), responses((status = 204)))]
#[delete("/patients/{patient}/payment-methods/{method}")]
async fn remove(
    app: web::Data<App>,
    actor: Actor,
    path: OfPatient,
    query: web::Query<RemoveMethodQuery>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::remove(&app, &actor, patient, id, query.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
