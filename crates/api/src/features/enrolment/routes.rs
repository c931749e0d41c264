//! Enrolment: two operations for staff, two for people who have no account yet.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use portal_domain::{
    accounts::SessionView,
    enrolment::{EnrolmentState, Identity, IdentityConfirmed, IssuedToken, NewAccount},
    ids::PatientId,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    features::accounts,
    platform::{auth::Actor, extract::Json, origin},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(state).service(issue).service(confirm).service(create_account);
}

/// Where a patient stands with enrolment
///
/// The account, or the token that may still be used (but not its text). For staff.
#[utoipa::path(tag = "enrolment", responses((status = 200, body = EnrolmentState)))]
#[get("/patients/{patient}/enrolment")]
async fn state(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<EnrolmentState>> {
    Ok(web::Json(service::state(&app, &actor, *patient).await?))
}

/// Hand out an enrolment token
///
/// Shown this once; the token handed out before dies with it.
#[utoipa::path(tag = "enrolment", responses((status = 201, body = IssuedToken)))]
#[post("/patients/{patient}/enrolment/tokens")]
async fn issue(app: web::Data<App>, actor: Actor, patient: web::Path<PatientId>) -> Result<HttpResponse> {
    let issued = service::issue(&app, &actor, *patient).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(issued))
}

/// Check token, date of birth and last name
///
/// Every failure gets the same answer. A wrong date or name counts against the token; five burn it.
#[utoipa::path(tag = "enrolment", responses((status = 200, body = IdentityConfirmed)), security(()))]
#[post("/enrolment/identity")]
async fn confirm(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<Identity>,
) -> Result<web::Json<IdentityConfirmed>> {
    origin::check(&request, &app.settings.public_url)?;
    let from = address(&app, &request);
    Ok(web::Json(service::confirm(&app, &from, body.0).await?))
}

fn address(app: &App, request: &HttpRequest) -> String {
    origin::address(request, &app.settings).map_or_else(|| "unknown".into(), |address| address.to_string())
}

/// Create the account
///
/// Uses the token up and signs the person in.
#[utoipa::path(tag = "enrolment", responses((status = 201, body = SessionView)), security(()))]
#[post("/enrolment/accounts")]
async fn create_account(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<NewAccount>,
) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    let from = address(&app, &request);
    let (view, opened) = service::create_account(&app, &from, body.0).await?;
    Ok(accounts::answer_with_session(&app, HttpResponse::Created(), &view, opened))
}
