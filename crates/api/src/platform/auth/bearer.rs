//! Integrators' access tokens: signed, five minutes, and revoked with their client on the next request.

use diesel::prelude::*;
use portal_domain::{
    access::{Scope, Who},
    ids::ClientId,
    problem::Code,
};
use serde::{Deserialize, Serialize};

use super::Actor;
use crate::{app::App, error::Result, platform::db::schema::api_clients};

/// How long an access token lives, in seconds (API-2).
pub const TOKEN_SECONDS: i64 = 300;

/// What an access token says (RFC 9068).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The client.
    pub sub: ClientId,
    /// The scopes granted, parted by spaces.
    pub scope: String,
}

pub(super) async fn identify(app: &App, token: &str) -> Result<Actor> {
    let issuer = &app.settings.public_url;
    let claims: AccessClaims = app.keys.verify(token, issuer, issuer, app.clock.now()).await?;
    let client = claims.sub;
    let live = app
        .db
        .read(move |conn| {
            let live = api_clients::table.find(client).filter(api_clients::revoked_at.is_null());
            Ok(diesel::select(diesel::dsl::exists(live)).get_result::<bool>(conn)?)
        })
        .await?;
    if !live {
        return Err(Code::InvalidToken.into());
    }
    let scopes = claims.scope.split(' ').filter_map(|scope| scope.parse::<Scope>().ok()).collect();
    Ok(Actor::client(client, Who::Client(scopes)))
}
