//! Enrolment: two operations for staff, two for people who have no account yet.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use portal_domain::{
    accounts::SessionView,
    enrolment::{
        CredentialsMailed, EnrolmentState, Identity, IdentityConfirmed, IssuedToken, NewAccount,
        TemporaryCredentials,
    },
    ids::PatientId,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    features::accounts,
    platform::{
        auth::{Actor, Browser},
        extract::Json,
        origin,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(state).service(issue).service(mail_credentials).service(confirm).service(create_account);
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

/// Mail temporary credentials
///
/// A username and a password that lead to choosing one's own (ENR-2). The password stands in the mail alone; the token
/// handed out before dies.
#[utoipa::path(tag = "enrolment", responses((status = 201, body = CredentialsMailed)))]
#[post("/patients/{patient}/enrolment/temporary-credentials")]
async fn mail_credentials(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    body: Json<TemporaryCredentials>,
) -> Result<HttpResponse> {
    Ok(HttpResponse::Created().json(service::mail_credentials(&app, &actor, *patient, body.0).await?))
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
    let from = origin::address_text(&request, &app.settings);
    Ok(web::Json(service::confirm(&app, &from, body.0).await?))
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
    let from = origin::address_text(&request, &app.settings);
    let browser = Browser::of(&request, &app.settings);
    let (view, opened) = service::create_account(&app, &from, browser, body.0).await?;
    Ok(accounts::answer_with_session(&app, HttpResponse::Created(), opened).json(view))
}
