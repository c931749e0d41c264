//! The own account: settings, sessions, and what happened to it.

use actix_web::{HttpResponse, HttpResponseBuilder, delete, get, post, put, web};
use portal_domain::{
    accounts::{
        AccountEventView, AccountView, DeviceSession, PasswordChange, Preferences, SessionView,
        TermsAccepted, UsernameChange,
    },
    ids::SessionId,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::{Actor, CookieKind, Opened, Owing},
        extract::Json,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(own)
        .service(change_username)
        .service(change_password)
        .service(change_preferences)
        .service(accept_terms)
        .service(events)
        .service(sessions)
        .service(end_session)
        .service(end_other_sessions);
}

/// The own account
///
/// Username, e-mail address and preferences.
#[utoipa::path(tag = "account", responses((status = 200, body = AccountView)))]
#[get("/account")]
async fn own(app: web::Data<App>, Owing(actor): Owing) -> Result<web::Json<AccountView>> {
    Ok(web::Json(service::view(&app, &actor).await?))
}

/// Change the username
///
/// Free once. Needs a password or passkey given within the last five minutes.
#[utoipa::path(tag = "account", responses((status = 200, body = AccountView)))]
#[put("/account/username")]
async fn change_username(
    app: web::Data<App>,
    actor: Actor,
    body: Json<UsernameChange>,
) -> Result<web::Json<AccountView>> {
    Ok(web::Json(service::change_username(&app, &actor, body.0).await?))
}

/// Change the password
///
/// Every other session ends; this one goes on under a new token.
#[utoipa::path(tag = "account", responses((status = 200, body = SessionView)))]
#[put("/account/password")]
async fn change_password(
    app: web::Data<App>,
    actor: Actor,
    body: Json<PasswordChange>,
) -> Result<HttpResponse> {
    let (view, opened) = service::change_password(&app, &actor, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::Ok(), opened).json(view))
}

/// Change language and notices
///
/// Security notices are mailed in any case.
#[utoipa::path(tag = "account", responses((status = 200, body = AccountView)))]
#[put("/account/preferences")]
async fn change_preferences(
    app: web::Data<App>,
    actor: Actor,
    body: Json<Preferences>,
) -> Result<web::Json<AccountView>> {
    Ok(web::Json(service::change_preferences(&app, &actor, body.0).await?))
}

/// Accept the terms of use
///
/// The present version; it is asked for again whenever they change.
#[utoipa::path(tag = "account", responses((status = 200, body = SessionView)))]
#[post("/account/terms")]
async fn accept_terms(
    app: web::Data<App>,
    Owing(actor): Owing,
    body: Json<TermsAccepted>,
) -> Result<HttpResponse> {
    let (view, opened) = service::accept_terms(&app, &actor, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::Ok(), opened).json(view))
}

/// What happened to the account
///
/// The latest fifty events, newest first.
#[utoipa::path(tag = "account", responses((status = 200, body = Vec<AccountEventView>)))]
#[get("/account/events")]
async fn events(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<AccountEventView>>> {
    Ok(web::Json(service::events(&app, &actor).await?))
}

/// Open sessions
///
/// The devices that are signed in to the own account, the present one first.
#[utoipa::path(tag = "account", responses((status = 200, body = Vec<DeviceSession>)))]
#[get("/account/sessions")]
async fn sessions(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<DeviceSession>>> {
    Ok(web::Json(service::sessions(&app, &actor).await?))
}

/// End a session
///
/// It is refused from its next request on.
#[utoipa::path(tag = "account", responses((status = 204)))]
#[delete("/account/sessions/{session}")]
async fn end_session(
    app: web::Data<App>,
    actor: Actor,
    session: web::Path<SessionId>,
) -> Result<HttpResponse> {
    service::end_session(&app, &actor, *session).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End every other session
///
/// All but the present one.
#[utoipa::path(tag = "account", responses((status = 204)))]
#[delete("/account/sessions")]
async fn end_other_sessions(app: web::Data<App>, actor: Actor) -> Result<HttpResponse> {
    service::end_other_sessions(&app, &actor).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An answer that sets the cookies of a session; the step of a sign-in, if there was one, is over.
pub fn answer_with_session(
    app: &App,
    mut answer: HttpResponseBuilder,
    opened: Opened,
) -> HttpResponseBuilder {
    answer.cookie(CookieKind::Session.cookie(&app.settings, opened.token));
    answer.cookie(CookieKind::Step.end(&app.settings));
    if let Some(device) = opened.device_token {
        answer.cookie(CookieKind::Device.cookie(&app.settings, device));
    }
    answer
}
