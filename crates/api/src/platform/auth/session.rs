//! Browser sessions: an opaque token in a cookie, its SHA-256 in the database, an end that the server decides.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    access::{Role, Who},
    accounts::SessionPolicy,
    ids::{AccountId, PatientId},
    time::Time,
};

use super::Actor;
use crate::{
    app::App,
    config::Settings,
    error::Result,
    platform::{
        db::{
            Conn,
            schema::{account_roles, accounts, sessions},
        },
        secret,
    },
};

/// How often the time of last use is written: a session may end this much early, never late.
const SEEN_EVERY: TimeDelta = TimeDelta::seconds(15);

/// The session that a request rides on.
#[derive(Clone, Debug)]
pub struct SessionRef {
    token_hash: Vec<u8>,
    /// When it ends if nothing more is asked.
    pub ends_at: Time,
}

/// A session just begun: the token for the cookie, which is kept nowhere else.
pub struct Opened {
    /// The cookie's value.
    pub token: String,
    /// The session.
    pub session: SessionRef,
}

/// The cookie's name: bound to the host and to TLS, but for a portal on plain http (localhost).
pub(super) fn cookie_name(settings: &Settings) -> &'static str {
    if settings.is_secure() { "__Host-portal_session" } else { "portal_session" }
}

/// The cookie that carries a session's token.
pub fn cookie(settings: &Settings, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(settings), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(settings.is_secure())
        .finish()
}

/// The session whose cookie a request brings along, ended or not.
pub fn presented(request: &HttpRequest, settings: &Settings) -> Option<SessionRef> {
    let cookie = request.cookie(cookie_name(settings))?;
    let token_hash = secret::hash(cookie.value().as_bytes());
    Some(SessionRef { token_hash, ends_at: Time::from_micros(0).ok()? })
}

/// The cookie that takes the session's away.
pub fn end_cookie(settings: &Settings) -> Cookie<'static> {
    let mut cookie = cookie(settings, String::new());
    cookie.make_removal();
    cookie
}

/// Begins a session: always a new token, never one that was there before (no fixation).
pub fn open(conn: &mut Conn, account: AccountId, staff: bool, now: Time) -> Result<Opened> {
    let token = URL_SAFE_NO_PAD.encode(secret::random::<32>()?);
    let token_hash = secret::hash(token.as_bytes());
    let policy = SessionPolicy::of(staff);
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(&token_hash),
            sessions::account_id.eq(account),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::expires_at.eq(now.plus(policy.absolute)),
        ))
        .execute(conn)?;
    Ok(Opened { token, session: SessionRef { token_hash, ends_at: policy.end(now, now) } })
}

/// Ends a session: it is refused from the next request on, in every process.
pub fn end(conn: &mut Conn, session: &SessionRef, now: Time) -> Result<()> {
    diesel::update(sessions::table.find(&session.token_hash))
        .set(sessions::ended_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Forgets sessions that can't live any more.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(conn)?)
}

type Found = (AccountId, Time, Time, Option<PatientId>);

/// The account whose live session this token opens.
pub(super) async fn identify(app: &App, token: &str) -> Result<Option<Actor>> {
    let token_hash = secret::hash(token.as_bytes());
    let hash = token_hash.clone();
    let found = app.db.read(move |conn| find(conn, &hash)).await?;
    let Some(((account, created_at, seen_at, patient), roles)) = found else { return Ok(None) };
    let policy = SessionPolicy::of(patient.is_none());
    let now = app.clock.now();
    if now >= policy.end(created_at, seen_at) {
        return Ok(None);
    }
    if now.since(seen_at) >= SEEN_EVERY {
        let hash = token_hash.clone();
        let seen = move |conn: &mut Conn| {
            diesel::update(sessions::table.find(&hash)).set(sessions::seen_at.eq(now)).execute(conn)?;
            Ok(())
        };
        app.db.write(seen).await?;
    }
    let session = SessionRef { token_hash, ends_at: policy.end(created_at, now) };
    let who = patient.map_or(Who::Staff(roles), Who::Patient);
    Ok(Some(Actor::account(account, who, Some(session))))
}

fn find(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<(Found, Vec<Role>)>> {
    let found: Option<Found> = sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::ended_at.is_null())
        .filter(accounts::disabled_at.is_null())
        .select((accounts::id, sessions::created_at, sessions::seen_at, accounts::patient_id))
        .first(conn)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let roles = match found.3 {
        Some(_) => Vec::new(),
        None => account_roles::table
            .filter(account_roles::account_id.eq(found.0))
            .order(account_roles::role)
            .select(account_roles::role)
            .load(conn)?,
    };
    Ok(Some((found, roles)))
}
