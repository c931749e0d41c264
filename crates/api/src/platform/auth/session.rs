//! Browser sessions: an opaque token in a cookie, its SHA-256 in the database, an end that the server decides.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    access::{Role, Who},
    accounts::{Duty, PROOF_LIFETIME, SessionPolicy},
    ids::{AccountId, PatientId, SessionId},
    problem::Code,
    time::Time,
};

use super::{Actor, device::Recognised};
use crate::{
    app::App,
    error::Result,
    platform::{
        clock::new_id,
        db::{
            Conn,
            schema::{account_roles, accounts, devices, passkeys, practices, sessions, totp_secrets},
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
    /// How its owner names it.
    pub id: SessionId,
    /// How long it lives.
    pub policy: SessionPolicy,
    /// When it ends if nothing more is asked.
    pub ends_at: Time,
    /// When a password or passkey was last given.
    pub proven_at: Time,
}

impl SessionRef {
    /// Until when the password or passkey counts as just given (SEC-5).
    pub fn proven_until(&self) -> Time {
        self.proven_at.plus(PROOF_LIFETIME)
    }
}

/// A session just begun, or one with a new token, which is kept nowhere but in the cookie.
pub struct Opened {
    /// The cookie's value.
    pub token: String,
    /// The value of a new device cookie, for a browser that had none.
    pub device_token: Option<String>,
    /// The session.
    pub session: SessionRef,
}

/// A token of 256 random bits, as a cookie carries it.
pub fn new_token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(secret::random::<32>()?))
}

/// How long the sessions of patients, or of staff, live in a practice of these idle times (SEC-3).
fn policy_of(minutes: Option<(i64, i64)>, staff: bool) -> SessionPolicy {
    // A portal without a practice yet has only its first administrator.
    let (patient_idle, staff_idle) = minutes.unwrap_or((15, 10));
    SessionPolicy::idle_minutes(if staff { staff_idle } else { patient_idle })
}

/// Begins a session: always a new token, never one that was there before (no fixation).
pub fn open(
    conn: &mut Conn,
    account: AccountId,
    policy: SessionPolicy,
    recognised: Recognised,
    now: Time,
) -> Result<Opened> {
    let token = new_token()?;
    let session = SessionRef {
        token_hash: secret::hash(token.as_bytes()),
        id: SessionId(new_id()),
        policy,
        ends_at: policy.end(now, now),
        proven_at: now,
    };
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(&session.token_hash),
            sessions::id.eq(session.id),
            sessions::account_id.eq(account),
            sessions::device_id.eq(recognised.device),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::expires_at.eq(now.plus(policy.absolute)),
            sessions::proven_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Opened { token, device_token: recognised.cookie, session })
}

/// Gives a session a new token, as its rights change: the old one opens nothing any more. With `proven` the password or
/// passkey was just given.
pub fn renew(conn: &mut Conn, session: &SessionRef, proven: bool, now: Time) -> Result<Opened> {
    let token = new_token()?;
    let token_hash = secret::hash(token.as_bytes());
    let proven_at = if proven { now } else { session.proven_at };
    let live = sessions::table.find(&session.token_hash).filter(sessions::ended_at.is_null());
    let renewed = diesel::update(live)
        .set((sessions::token_hash.eq(&token_hash), sessions::proven_at.eq(proven_at)))
        .execute(conn)?;
    // It ended, or was renewed, at this very moment.
    if renewed == 0 {
        return Err(Code::SignInRequired.into());
    }
    Ok(Opened { token, device_token: None, session: SessionRef { token_hash, proven_at, ..session.clone() } })
}

/// Ends a session: it is refused from the next request on, in every process.
pub fn end(conn: &mut Conn, session: &SessionRef, now: Time) -> Result<()> {
    end_presented(conn, &session.token_hash, now)
}

/// Ends the session with this token's hash, if there is one.
pub fn end_presented(conn: &mut Conn, token_hash: &[u8], now: Time) -> Result<()> {
    let open = sessions::table.find(token_hash.to_vec()).filter(sessions::ended_at.is_null());
    diesel::update(open).set(sessions::ended_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Ends every session of an account but this one.
pub fn end_all(conn: &mut Conn, account: AccountId, but: Option<SessionId>, now: Time) -> Result<()> {
    let open = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::ended_at.is_null());
    match but {
        Some(but) => {
            diesel::update(open.filter(sessions::id.ne(but))).set(sessions::ended_at.eq(now)).execute(conn)?
        }
        None => diesel::update(open).set(sessions::ended_at.eq(now)).execute(conn)?,
    };
    Ok(())
}

/// Ends one session of an account by its id. False when the account has no such open session.
pub fn end_one(conn: &mut Conn, account: AccountId, id: SessionId, now: Time) -> Result<bool> {
    let open = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::id.eq(id))
        .filter(sessions::ended_at.is_null());
    Ok(diesel::update(open).set(sessions::ended_at.eq(now)).execute(conn)? > 0)
}

/// An open session, for its owner.
pub struct OpenSession {
    /// The id.
    pub id: SessionId,
    /// The device in words.
    pub device: String,
    /// Since when.
    pub created_at: Time,
    /// When it was last used.
    pub seen_at: Time,
}

/// The open sessions of an account, the latest used first.
pub fn open_ones(
    conn: &mut Conn,
    account: AccountId,
    policy: SessionPolicy,
    now: Time,
) -> Result<Vec<OpenSession>> {
    let rows: Vec<(SessionId, Option<String>, Time, Time)> = sessions::table
        .left_join(devices::table.on(devices::id.nullable().eq(sessions::device_id)))
        .filter(sessions::account_id.eq(account))
        .filter(sessions::ended_at.is_null())
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select((sessions::id, devices::label.nullable(), sessions::created_at, sessions::seen_at))
        .load(conn)?;
    let open = rows.into_iter().filter(|(.., created_at, seen_at)| now < policy.end(*created_at, *seen_at));
    Ok(open
        .map(|(id, device, created_at, seen_at)| OpenSession {
            id,
            device: device.unwrap_or_default(),
            created_at,
            seen_at,
        })
        .collect())
}

/// Forgets sessions that can't live any more.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(conn)?)
}

#[derive(Queryable)]
struct Found {
    id: SessionId,
    account: AccountId,
    created_at: Time,
    seen_at: Time,
    proven_at: Time,
    patient: Option<PatientId>,
    terms_version: i64,
    practice: Option<PracticeSays>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = practices, check_for_backend(crate::platform::db::MultiBackend))]
struct PracticeSays {
    patient_idle_minutes: i64,
    staff_idle_minutes: i64,
    staff_second_step: i64,
    terms_version: i64,
}

impl PracticeSays {
    /// Those of patients, and those of staff.
    fn idle_minutes(&self) -> (i64, i64) {
        (self.patient_idle_minutes, self.staff_idle_minutes)
    }
}

/// The account whose live session this token opens; with `counts` this is a use of the session.
pub(super) async fn identify(app: &App, token: &str, counts: bool) -> Result<Option<Actor>> {
    look_up(app, secret::hash(token.as_bytes()), counts).await
}

/// Whether the session that this actor came by is still open, with the same token, the same rights and nothing to do
/// first. Asking is no use of the session.
pub async fn still_stands(app: &App, actor: &Actor) -> Result<bool> {
    let Some(session) = actor.session() else { return Ok(false) };
    let present = look_up(app, session.token_hash.clone(), false).await?;
    Ok(present.is_some_and(|present| present.who() == actor.who() && present.duties().is_empty()))
}

async fn look_up(app: &App, token_hash: Vec<u8>, counts: bool) -> Result<Option<Actor>> {
    let hash = token_hash.clone();
    let found = app.db.read(move |conn| find(conn, &hash)).await?;
    let Some(Known { found, roles, duties }) = found else { return Ok(None) };
    let policy = policy_of(found.practice.as_ref().map(PracticeSays::idle_minutes), found.patient.is_none());
    let now = app.clock.now();
    if now >= policy.end(found.created_at, found.seen_at) {
        return Ok(None);
    }
    if counts && now.since(found.seen_at) >= SEEN_EVERY {
        let hash = token_hash.clone();
        let seen = move |conn: &mut Conn| {
            diesel::update(sessions::table.find(&hash)).set(sessions::seen_at.eq(now)).execute(conn)?;
            Ok(())
        };
        app.db.write(seen).await?;
    }
    let session = SessionRef {
        token_hash,
        id: found.id,
        policy,
        ends_at: policy.end(found.created_at, if counts { now } else { found.seen_at }),
        proven_at: found.proven_at,
    };
    let who = found.patient.map_or(Who::Staff(roles), Who::Patient);
    Ok(Some(Actor::account(found.account, who, Some(session)).owing(duties)))
}

/// What the database knows of a live session.
struct Known {
    found: Found,
    roles: Vec<Role>,
    duties: Vec<Duty>,
}

fn find(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Known>> {
    let found: Option<Found> = sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        // There is one practice, or none yet.
        .left_join(practices::table.on(practices::id.is_not_null()))
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::ended_at.is_null())
        .filter(accounts::disabled_at.is_null())
        .select((
            sessions::id,
            accounts::id,
            sessions::created_at,
            sessions::seen_at,
            sessions::proven_at,
            accounts::patient_id,
            accounts::terms_version,
            Option::<PracticeSays>::as_select(),
        ))
        .first(conn)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let roles = match found.patient {
        Some(_) => Vec::new(),
        None => account_roles::table
            .filter(account_roles::account_id.eq(found.account))
            .order(account_roles::role)
            .select(account_roles::role)
            .load(conn)?,
    };
    let duties = match &found.practice {
        Some(says) => duties_of(conn, found.account, found.patient.is_none(), found.terms_version, says)?,
        None => Vec::new(),
    };
    Ok(Some(Known { found, roles, duties }))
}

/// What an account must do before anything else.
pub fn duties(conn: &mut Conn, account: AccountId) -> Result<Vec<Duty>> {
    Ok(terms(conn, account)?.1)
}

/// On which terms an account is signed in: how long its sessions live (SEC-3), and what it must do before anything else.
pub fn terms(conn: &mut Conn, account: AccountId) -> Result<(SessionPolicy, Vec<Duty>)> {
    let (patient, terms, says): (Option<PatientId>, i64, Option<PracticeSays>) = accounts::table
        // There is one practice, or none yet.
        .left_join(practices::table.on(practices::id.is_not_null()))
        .filter(accounts::id.eq(account))
        .select((accounts::patient_id, accounts::terms_version, Option::<PracticeSays>::as_select()))
        .first(conn)?;
    let staff = patient.is_none();
    let duties = match &says {
        Some(says) => duties_of(conn, account, staff, terms, says)?,
        None => Vec::new(),
    };
    Ok((policy_of(says.as_ref().map(PracticeSays::idle_minutes), staff), duties))
}

fn duties_of(
    conn: &mut Conn,
    account: AccountId,
    staff: bool,
    terms: i64,
    says: &PracticeSays,
) -> Result<Vec<Duty>> {
    // The terms are the patients' (ENR-6), the switch is for staff (SEC-2).
    Ok(match staff {
        false if terms < says.terms_version => vec![Duty::AcceptTerms],
        true if says.staff_second_step != 0 && !has_second_step(conn, account)? => {
            vec![Duty::SetUpSecondStep]
        }
        _ => Vec::new(),
    })
}

/// Whether an account has an authenticator app that is switched on, or a passkey.
pub fn has_second_step(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let (totp, passkey) = second_steps(conn, account)?;
    Ok(totp || passkey)
}

/// Whether an account has an authenticator app that is switched on, and whether it has a passkey.
pub fn second_steps(conn: &mut Conn, account: AccountId) -> Result<(bool, bool)> {
    let totp = totp_secrets::table.find(account).filter(totp_secrets::confirmed_at.is_not_null());
    let passkeys = passkeys::table.filter(passkeys::account_id.eq(account));
    Ok(diesel::select((diesel::dsl::exists(totp), diesel::dsl::exists(passkeys))).get_result(conn)?)
}

/// Whether the practice asks this account for a second step: staff's, where the switch is on (SEC-2).
pub fn must_have_second_step(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let switch: Option<i64> = practices::table.select(practices::staff_second_step).first(conn).optional()?;
    let patient: Option<PatientId> =
        accounts::table.find(account).select(accounts::patient_id).first(conn)?;
    Ok(patient.is_none() && switch.is_some_and(|switch| switch != 0))
}
