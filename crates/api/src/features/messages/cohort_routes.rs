//! Messages to cohorts.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    audience::Audience,
    ids::CohortMessageId,
    messages::{CohortMessageView, CohortRecipient, NewCohortMessage},
    notices::Reach,
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::cohort;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, idempotency::IdempotencyKey},
};

/// The operations of care teams.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(reach).service(send).service(list).service(open).service(recipients);
}

/// How many patients a cohort has
///
/// As of today; changes nothing. For whoever may write to patients.
#[utoipa::path(tag = "messages", operation_id = "cohort_reach", responses((status = 200, body = Reach)))]
#[post("/cohorts/reach")]
async fn reach(app: web::Data<App>, actor: Actor, body: Json<Audience>) -> Result<web::Json<Reach>> {
    Ok(web::Json(cohort::reach(&app, &actor, body.0).await?))
}

/// Write to a cohort
///
/// Each of its patients gets a conversation of their own with the team, who may answer in it as in any other. The first
/// 50 have it when this answers, the others soon after. Above 100 patients their number is confirmed.
#[utoipa::path(tag = "messages", operation_id = "send_to_cohort", responses((status = 201, body = CohortMessageView)))]
#[post("/cohort-messages")]
async fn send(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Json<NewCohortMessage>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    Ok(HttpResponse::Created().json(cohort::send(&app, &actor, body.0, once).await?))
}

/// What the own teams wrote to cohorts
///
/// The newest first, with how many patients have it and how many of them opened it.
#[utoipa::path(tag = "messages", operation_id = "cohort_messages", params(PageQuery), responses((status = 200, body = Page<CohortMessageView>)))]
#[get("/cohort-messages")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<CohortMessageView>>> {
    Ok(web::Json(cohort::list(&app, &actor, query.into_inner()).await?))
}

/// One message to a cohort
///
/// Of one of the own teams.
#[utoipa::path(tag = "messages", operation_id = "cohort_message", responses((status = 200, body = CohortMessageView)))]
#[get("/cohort-messages/{cohort_message}")]
async fn open(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<CohortMessageId>,
) -> Result<web::Json<CohortMessageView>> {
    Ok(web::Json(cohort::open(&app, &actor, *id).await?))
}

/// To whom it went
///
/// Whoever belonged to the cohort when it was sent, with when each got and opened it.
#[utoipa::path(tag = "messages", operation_id = "cohort_recipients", params(PageQuery), responses((status = 200, body = Page<CohortRecipient>)))]
#[get("/cohort-messages/{cohort_message}/recipients")]
async fn recipients(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<CohortMessageId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<CohortRecipient>>> {
    Ok(web::Json(cohort::recipients(&app, &actor, *id, query.into_inner()).await?))
}
