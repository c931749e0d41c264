//! The own second step.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::accounts::{RecoveryCodes, SecondStepOff, SecondStepView, TotpCode, TotpSetup};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    features::accounts::answer_with_session,
    platform::{auth::Owing, extract::Json},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(view).service(set_up).service(confirm).service(switch_off).service(new_recovery_codes);
}

/// How the second step stands
///
/// Whether the authenticator app is switched on, and how many recovery codes are left.
#[utoipa::path(tag = "second_step", responses((status = 200, body = SecondStepView)))]
#[get("/account/second-step")]
async fn view(app: web::Data<App>, Owing(actor): Owing) -> Result<web::Json<SecondStepView>> {
    Ok(web::Json(service::view(&app, &actor).await?))
}

/// Set up an authenticator app
///
/// Makes a secret, shown this once; it works after one right code. Needs a password or passkey given within the last
/// five minutes.
#[utoipa::path(tag = "second_step", responses((status = 200, body = TotpSetup)))]
#[post("/account/totp")]
async fn set_up(app: web::Data<App>, Owing(actor): Owing) -> Result<web::Json<TotpSetup>> {
    Ok(web::Json(service::set_up(&app, &actor).await?))
}

/// Switch the authenticator app on
///
/// By one right code. Answers ten recovery codes, shown this once. Every other session ends.
#[utoipa::path(tag = "second_step", responses((status = 200, body = RecoveryCodes)))]
#[post("/account/totp/confirmation")]
async fn confirm(app: web::Data<App>, Owing(actor): Owing, body: Json<TotpCode>) -> Result<HttpResponse> {
    let (codes, opened) = service::confirm(&app, &actor, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::Ok(), opened).json(codes))
}

/// Switch the authenticator app off
///
/// Needs the password and a fresh code. Every other session ends.
#[utoipa::path(tag = "second_step", responses((status = 204)))]
#[post("/account/totp/removal")]
async fn switch_off(
    app: web::Data<App>,
    Owing(actor): Owing,
    body: Json<SecondStepOff>,
) -> Result<HttpResponse> {
    let opened = service::switch_off(&app, &actor, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::NoContent(), opened).finish())
}

/// Make new recovery codes
///
/// Those of before work no more. Needs a password or passkey given within the last five minutes.
#[utoipa::path(tag = "second_step", responses((status = 200, body = RecoveryCodes)))]
#[post("/account/recovery-codes")]
async fn new_recovery_codes(app: web::Data<App>, Owing(actor): Owing) -> Result<web::Json<RecoveryCodes>> {
    Ok(web::Json(service::new_recovery_codes(&app, &actor).await?))
}
