//! E-mail addresses and getting back in.

use actix_web::{HttpRequest, HttpResponse, delete, post, put, web};
use portal_domain::accounts::{
    AccountView, EmailChange, EmailProof, EmailProven, ForgottenPassword, ForgottenUsername, PasswordReset,
    ResetDone,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{email, reset};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json, origin},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(change_email)
        .service(remove_email)
        .service(prove_email)
        .service(forgot_username)
        .service(forgot_password)
        .service(reset_password);
}

/// Change the e-mail address
///
/// A link is mailed to it; it counts once the link was opened. Asking again mails another link. Needs a password or
/// passkey given within the last five minutes.
#[utoipa::path(tag = "recovery", responses((status = 200, body = AccountView)))]
#[put("/account/email")]
async fn change_email(
    app: web::Data<App>,
    actor: Actor,
    body: Json<EmailChange>,
) -> Result<web::Json<AccountView>> {
    Ok(web::Json(email::change(&app, &actor, body.0).await?))
}

/// Remove the e-mail address
///
/// Needs a password or passkey given within the last five minutes.
#[utoipa::path(tag = "recovery", responses((status = 200, body = AccountView)))]
#[delete("/account/email")]
async fn remove_email(app: web::Data<App>, actor: Actor) -> Result<web::Json<AccountView>> {
    Ok(web::Json(email::remove(&app, &actor).await?))
}

/// Prove an e-mail address
///
/// By the token of the mailed link, signed in or not.
#[utoipa::path(tag = "recovery", responses((status = 200, body = EmailProven)), security(()))]
#[post("/recovery/email")]
async fn prove_email(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<EmailProof>,
) -> Result<web::Json<EmailProven>> {
    origin::check(&request, &app.settings.public_url)?;
    Ok(web::Json(email::prove(&app, body.0).await?))
}

/// Have the username mailed
///
/// The answer is the same whether an account has this verified address or not.
#[utoipa::path(tag = "recovery", responses((status = 202)), security(()))]
#[post("/recovery/username")]
async fn forgot_username(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<ForgottenUsername>,
) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    reset::forgot_username(&app, body.0).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Have a reset link mailed
///
/// The answer is the same whether there is such an account with a verified address or not.
#[utoipa::path(tag = "recovery", responses((status = 202)), security(()))]
#[post("/recovery/password")]
async fn forgot_password(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<ForgottenPassword>,
) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    reset::forgot_password(&app, body.0).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Reset the password
///
/// By the token of a mailed link, or by a token from the desk with the username. Every session ends; a second step stays
/// switched on.
#[utoipa::path(tag = "recovery", responses((status = 200, body = ResetDone)), security(()))]
#[post("/recovery/reset")]
async fn reset_password(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<PasswordReset>,
) -> Result<web::Json<ResetDone>> {
    origin::check(&request, &app.settings.public_url)?;
    let from = origin::address_text(&request, &app.settings);
    Ok(web::Json(reset::reset(&app, &from, body.0).await?))
}
