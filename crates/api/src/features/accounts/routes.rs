//! The session: who is signed in, signing in and out.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, get, http::header, post, web};
use portal_domain::accounts::{CurrentSession, SessionView, SignIn};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::{self, MaybeActor, Opened},
        extract::Json,
        origin,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(current).service(sign_in).service(sign_out);
}

/// Who is signed in
///
/// `session` is null when nobody is. Asking counts as use of the session.
#[utoipa::path(tag = "session", responses((status = 200, body = CurrentSession)), security((), ("session" = [])))]
#[get("/session")]
async fn current(app: web::Data<App>, actor: MaybeActor) -> Result<web::Json<CurrentSession>> {
    Ok(web::Json(service::current(&app, actor.0).await?))
}

/// Sign in
///
/// Sets the session's cookie. A session that was there before is not used again.
#[utoipa::path(tag = "session", responses((status = 201, body = SessionView)), security(()))]
#[post("/session")]
async fn sign_in(app: web::Data<App>, request: HttpRequest, body: Json<SignIn>) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    let earlier = auth::presented(&request, &app.settings);
    let (view, opened) = service::sign_in(&app, body.0, earlier).await?;
    Ok(answer_with_session(&app, HttpResponse::Created(), &view, opened))
}

/// Sign out
///
/// Ends the session and wipes what the browser keeps of this site, also when the session had ended before.
#[utoipa::path(tag = "session", responses((status = 204)), security((), ("session" = [])))]
#[delete("/session")]
async fn sign_out(app: web::Data<App>, actor: MaybeActor) -> Result<HttpResponse> {
    if let Some(actor) = actor.0 {
        service::sign_out(&app, &actor).await?;
    }
    Ok(HttpResponse::NoContent()
        .insert_header((header::HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\""))
        .cookie(auth::end_cookie(&app.settings))
        .finish())
}

/// An answer that begins a session.
pub fn answer_with_session(
    app: &App,
    mut answer: HttpResponseBuilder,
    view: &SessionView,
    opened: Opened,
) -> HttpResponse {
    answer.cookie(auth::cookie(&app.settings, opened.token)).json(view)
}
