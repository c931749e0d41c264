//! Passkeys over HTTP.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use portal_domain::{
    accounts::{
        CeremonyOptions, NewPasskey, PasskeyAnswer, PasskeyName, PasskeyPurpose, PasskeyRequest, PasskeyView,
        SessionView,
    },
    ids::PasskeyId,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    entering::{self, Caller},
    service,
};
use crate::{
    app::App,
    error::Result,
    features::accounts::answer_with_session,
    platform::{
        auth::{self, Browser, CookieKind, MaybeActor, Owing},
        extract::Json,
        origin, secret,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(passkey_options)
        .service(answer_with_passkey)
        .service(list)
        .service(begin)
        .service(add)
        .service(rename)
        .service(remove);
}

/// Ask for a passkey
///
/// `sign_in` needs nobody's name: the browser finds the passkey. `second_step` needs a password given before, `proof` a
/// session. The answer must come from the same browser within five minutes.
#[utoipa::path(tag = "session", responses((status = 200, body = CeremonyOptions)), security((), ("session" = [])))]
#[post("/session/passkey-options")]
async fn passkey_options(
    app: web::Data<App>,
    request: HttpRequest,
    actor: MaybeActor,
    body: Json<PasskeyRequest>,
) -> Result<HttpResponse> {
    let mut caller = caller(&app, &request, actor)?;
    let mut response = HttpResponse::Ok();
    if body.0.purpose == PasskeyPurpose::SignIn && caller.ceremony.is_none() {
        let token = auth::new_token()?;
        caller.ceremony = Some(secret::hash(token.as_bytes()));
        response.cookie(CookieKind::Ceremony.cookie(&app.settings, token));
    }
    let options = entering::ask(&app, caller, body.0.purpose).await?;
    Ok(response.json(options))
}

/// Answer with a passkey
///
/// Does what the options were for: signs in, does the second step, or gives proof. A passkey that verified its user
/// counts as both steps of a sign-in.
#[utoipa::path(tag = "session", responses((status = 201, body = SessionView)), security((), ("session" = [])))]
#[post("/session/passkey")]
async fn answer_with_passkey(
    app: web::Data<App>,
    request: HttpRequest,
    actor: MaybeActor,
    body: Json<PasskeyAnswer>,
) -> Result<HttpResponse> {
    let caller = caller(&app, &request, actor)?;
    let (view, opened) = entering::answer(&app, caller, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::Created(), opened).json(view))
}

fn caller(app: &App, request: &HttpRequest, actor: MaybeActor) -> Result<Caller> {
    origin::check(request, &app.settings.public_url)?;
    let presented = |kind: CookieKind| kind.presented(request, &app.settings);
    Ok(Caller {
        actor: actor.0,
        session: presented(CookieKind::Session),
        step: presented(CookieKind::Step),
        ceremony: presented(CookieKind::Ceremony),
        browser: Browser::of(request, &app.settings),
    })
}

/// List the own passkeys
#[utoipa::path(tag = "passkeys", responses((status = 200, body = Vec<PasskeyView>)))]
#[get("/account/passkeys")]
async fn list(app: web::Data<App>, Owing(actor): Owing) -> Result<web::Json<Vec<PasskeyView>>> {
    Ok(web::Json(service::list(&app, &actor).await?))
}

/// Begin to make a passkey
///
/// Needs a password or passkey just given. An account has at most 20 passkeys.
#[utoipa::path(tag = "passkeys", responses((status = 200, body = CeremonyOptions)))]
#[post("/account/passkey-options")]
async fn begin(app: web::Data<App>, Owing(actor): Owing) -> Result<web::Json<CeremonyOptions>> {
    Ok(web::Json(service::begin(&app, &actor).await?))
}

/// Add a passkey
///
/// Needs a password or passkey just given. Ends every other session of the account; this one
/// goes on under a new token.
#[utoipa::path(tag = "passkeys", responses((status = 201, body = PasskeyView)))]
#[post("/account/passkeys")]
async fn add(app: web::Data<App>, Owing(actor): Owing, body: Json<NewPasskey>) -> Result<HttpResponse> {
    let (view, opened) = service::add(&app, &actor, body.0).await?;
    Ok(answer_with_session(&app, HttpResponse::Created(), opened).json(view))
}

/// Rename a passkey
#[utoipa::path(tag = "passkeys", responses((status = 200, body = PasskeyView)))]
#[put("/account/passkeys/{passkey}")]
async fn rename(
    app: web::Data<App>,
    Owing(actor): Owing,
    passkey: web::Path<PasskeyId>,
    body: Json<PasskeyName>,
) -> Result<web::Json<PasskeyView>> {
    Ok(web::Json(service::rename(&app, &actor, passkey.into_inner(), body.0).await?))
}

/// Remove a passkey
///
/// Needs a password or passkey just given. Ends every other session of the account; this one
/// goes on under a new token.
#[utoipa::path(tag = "passkeys", responses((status = 204)))]
#[delete("/account/passkeys/{passkey}")]
async fn remove(
    app: web::Data<App>,
    Owing(actor): Owing,
    passkey: web::Path<PasskeyId>,
) -> Result<HttpResponse> {
    let opened = service::remove(&app, &actor, passkey.into_inner()).await?;
    Ok(answer_with_session(&app, HttpResponse::NoContent(), opened).finish())
}
