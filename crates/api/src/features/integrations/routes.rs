//! What integrators call.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use portal_domain::problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ingest,
    service::{self, AccessToken},
};
use crate::{app::App, error::Result, platform::keys::Jwk};

/// The operations of this slice below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    ingest::routes(config);
}

/// The operations that OAuth places at the root.
pub fn root_routes(config: &mut ServiceConfig<'_>) {
    config.service(token).service(jwks);
}

/// A token request (RFC 6749, section 4.4.2).
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// Unless sent by HTTP Basic.
    client_id: Option<String>,
    /// Unless sent by HTTP Basic.
    client_secret: Option<String>,
    /// Scopes parted by spaces; all of the client's when absent.
    scope: Option<String>,
}

/// Trade a client secret for an access token
///
/// OAuth 2 client credentials; the client authenticates by HTTP Basic or in the form. Tokens live 5 minutes.
#[utoipa::path(
    tag = "integrations",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = AccessToken)),
    security(())
)]
#[post("/oauth/token")]
async fn token(
    app: web::Data<App>,
    request: HttpRequest,
    form: web::Form<TokenRequest>,
) -> Result<HttpResponse> {
    if form.grant_type != "client_credentials" {
        return Err(Problem::field("grant_type", "unsupported", "Use client_credentials.").into());
    }
    let (client, secret) = match (basic(&request), &form.client_id, &form.client_secret) {
        (Some(basic), None, None) => basic,
        (None, Some(client), Some(secret)) => (client.clone(), secret.clone()),
        _ => return Err(Code::InvalidClient.into()),
    };
    let token = service::token(&app, &client, &secret, form.scope.as_deref()).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(token))
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    Some((client.into(), secret.into()))
}

/// A JSON Web Key Set (RFC 7517).
#[derive(Serialize, utoipa::ToSchema)]
struct KeySet {
    /// The keys in use.
    keys: Vec<Jwk>,
}

/// The keys that sign access tokens
///
/// Newest first; the portal itself is the only one who needs them so far.
#[utoipa::path(tag = "integrations", responses((status = 200, body = KeySet)), security(()))]
#[get("/.well-known/jwks.json")]
async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(KeySet { keys: app.keys.public_set() })
}
