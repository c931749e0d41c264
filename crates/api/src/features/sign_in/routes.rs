//! The session: who is signed in, signing in and out, and proof.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, post, web};
use portal_domain::accounts::{CurrentSession, Proof, SecondStepCode, SessionView, SignIn, SignInAnswer};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, SignedIn};
use crate::{
    app::App,
    error::Result,
    features::accounts::answer_with_session,
    platform::{
        auth::{Browser, CookieKind, MaybeActor, Owing},
        extract::Json,
        origin,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(current).service(sign_in).service(second_step).service(proof).service(sign_out);
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
/// Sets the session's cookie (201), or that of the first step when a second one is switched on (200). A session that was
/// there before is not used again. Temporary credentials lead to enrolment, with the temporary password as token (200).
#[utoipa::path(tag = "session", responses(
    (status = 201, body = SignInAnswer, description = "Signed in"),
    (status = 200, body = SignInAnswer, description = "Something is needed first"),
), security(()))]
#[post("/session")]
async fn sign_in(app: web::Data<App>, request: HttpRequest, body: Json<SignIn>) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    let earlier = CookieKind::Session.presented(&request, &app.settings);
    let browser = Browser::of(&request, &app.settings);
    Ok(match service::sign_in(&app, body.0, browser, earlier).await? {
        SignedIn::Session(session, opened) => answer_with_session(&app, HttpResponse::Created(), opened)
            .json(SignInAnswer::SignedIn { session }),
        SignedIn::Step(answer, token) => {
            HttpResponse::Ok().cookie(CookieKind::Step.cookie(&app.settings, token)).json(answer)
        }
        SignedIn::ChooseOwn(answer) => HttpResponse::Ok().json(answer),
    })
}

/// Do the second step by a code
///
/// A code of the authenticator app or a recovery code, within five minutes of the password. Each code works once.
#[utoipa::path(tag = "session", responses((status = 201, body = SessionView)), security(()))]
#[post("/session/second-step")]
async fn second_step(
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<SecondStepCode>,
) -> Result<HttpResponse> {
    origin::check(&request, &app.settings.public_url)?;
    let step = CookieKind::Step.presented(&request, &app.settings);
    let browser = Browser::of(&request, &app.settings);
    let (view, opened) = service::second_step(&app, body.0, browser, step).await?;
    Ok(answer_with_session(&app, HttpResponse::Created(), opened).json(view))
}

/// Give the password again
///
/// For five minutes the session may then do what asks for it: an operation that does answers `proof_required` before.
/// The session goes on under a new token.
#[utoipa::path(tag = "session", responses((status = 201, body = SessionView)))]
#[post("/session/proof")]
async fn proof(app: web::Data<App>, Owing(actor): Owing, body: Json<Proof>) -> Result<HttpResponse> {
    let (view, opened) = service::prove(&app, &actor, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::Created(), opened).json(view))
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
        .cookie(CookieKind::Session.end(&app.settings))
        .cookie(CookieKind::Step.end(&app.settings))
        .finish())
}
