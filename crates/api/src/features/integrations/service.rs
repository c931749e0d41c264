//! Clients and their access tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portal_domain::{
    access::{Action, Category, Scope},
    audit::Outcome,
    ids::ClientId,
    problem::{Code, Problem},
};
use serde::Serialize;

use super::store::{self, NewClient};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::{AccessClaims, Actor, TOKEN_SECONDS},
        clock::new_id,
        secret,
    },
};

/// A registered client with its secret, which is shown this once.
pub struct CreatedClient {
    /// `client_id`.
    pub id: ClientId,
    /// `client_secret`.
    pub secret: String,
}

/// Registers an integrator (command line).
pub async fn create_client(
    app: &App,
    actor: &Actor,
    name: String,
    scopes: &[Scope],
    source_system: String,
) -> Result<CreatedClient> {
    let secret = URL_SAFE_NO_PAD.encode(secret::random::<32>()?);
    let client = NewClient {
        id: ClientId(new_id()),
        name,
        secret_hash: secret::hash(secret.as_bytes()),
        scopes: spell(scopes),
        source_system,
        created_at: app.now(),
    };
    let id = client.id;
    app.write(actor, move |work| {
        work.note(Action::Issue, Category::Account, None, Some(id.0), Outcome::Done);
        store::insert(work.conn, &client)
    })
    .await?;
    Ok(CreatedClient { id, secret })
}

fn spell(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// The answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccessToken {
    /// A signed token (JWT, EdDSA).
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds until it ends.
    pub expires_in: i64,
    /// The scopes granted, parted by spaces.
    pub scope: String,
}

/// What the token says.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    #[serde(flatten)]
    access: AccessClaims,
}

/// Trades a client's secret for an access token (RFC 6749, section 4.4). `wanted` narrows the scopes.
pub async fn token(app: &App, client: &str, secret: &str, wanted: Option<&str>) -> Result<AccessToken> {
    let id: ClientId = client.parse().map_err(|_| Code::InvalidClient)?;
    let hash = secret::hash(secret.as_bytes());
    let known = app.db.read(move |conn| store::credentials(conn, id)).await?;
    let Some((_, granted)) = known.filter(|(known, _)| secret::same(known, &hash)) else {
        app.write(&Actor::nobody(), move |work| {
            work.note(Action::SignIn, Category::Account, None, Some(id.0), Outcome::Refused);
            Ok(())
        })
        .await?;
        return Err(Code::InvalidClient.into());
    };
    let scope = narrowed(&granted, wanted)?;
    let now = app.now().utc().timestamp();
    let issuer = &app.settings.public_url;
    let claims = Claims {
        iss: issuer,
        aud: issuer,
        iat: now,
        nbf: now,
        exp: now + TOKEN_SECONDS,
        jti: new_id().to_string(),
        access: AccessClaims { sub: id, scope: scope.clone() },
    };
    let access_token = app.keys.sign(&claims)?;
    app.write(&Actor::nobody(), move |work| {
        work.note(Action::SignIn, Category::Account, None, Some(id.0), Outcome::Done);
        Ok(())
    })
    .await?;
    Ok(AccessToken { access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS, scope })
}

/// The scopes asked for, all of which must have been granted; all of the granted ones when none is asked for.
fn narrowed(granted: &str, wanted: Option<&str>) -> Result<String> {
    let wanted = wanted.unwrap_or_default().trim();
    if wanted.is_empty() {
        return Ok(granted.into());
    }
    let granted: Vec<&str> = granted.split(' ').collect();
    if wanted.split(' ').all(|scope| granted.contains(&scope)) {
        Ok(wanted.into())
    } else {
        Err(Problem::field(
            "scope",
            "not_granted",
            "Ask only for scopes that the client was registered with.",
        )
        .into())
    }
}
