//! Beginning a session, whatever opened the door, and renewing it.

use portal_domain::{
    access::{Role, Who},
    accounts::{AccountEvent, Duty, SessionView},
    ids::AccountId,
    problem::Code,
    time::Time,
};

use super::{
    service::tell,
    store::{self, AccountRow},
};
use crate::{
    error::Result,
    features::patients,
    platform::{
        auth::{self, Actor, Browser, Opened, SessionRef},
        db::Conn,
        work::Work,
    },
};

/// Signs an account in from this browser: a new session, and news for the owner when the browser is new. From here on
/// the account is the one that acts. An account that is switched off is refused like one that is not there.
pub fn begin(work: &mut Work<'_>, account: AccountId, browser: &Browser) -> Result<(SessionView, Opened)> {
    let account = store::by_id(work.conn, account)?;
    if account.disabled_at.is_some() {
        return Err(Code::SignInFailed.into());
    }
    let roles = roles_of(work.conn, &account)?;
    let who = account.patient_id.map_or_else(|| Who::Staff(roles.clone()), Who::Patient);
    work.actor = Actor::account(account.id, who, None);
    let recognised = browser.recognise(work.conn, account.id, work.now)?;
    if recognised.is_news {
        tell(work, account.id, AccountEvent::NewDevice, &browser.label)?;
    }
    let (policy, duties) = auth::terms(work.conn, account.id)?;
    let opened = auth::open(work.conn, account.id, policy, recognised, work.now)?;
    let view = view(work.conn, &account, roles, duties, &opened.session, work.now)?;
    Ok((view, opened))
}

/// Gives the session of the one who acts a new token, because its rights change. With `proven` a password or passkey
/// was just given (SEC-5).
pub fn renewed(work: &mut Work<'_>, proven: bool) -> Result<(SessionView, Opened)> {
    let account = work.actor.account_id()?;
    let session = work.actor.session().cloned().ok_or(Code::SignInRequired)?;
    let opened = auth::renew(work.conn, &session, proven, work.now)?;
    let view = session_view(work.conn, account, &opened.session, work.now)?;
    Ok((view, opened))
}

/// The session of an account.
pub fn session_view(
    conn: &mut Conn,
    account: AccountId,
    session: &SessionRef,
    now: Time,
) -> Result<SessionView> {
    let account = store::by_id(conn, account)?;
    let (roles, duties) = (roles_of(conn, &account)?, auth::duties(conn, account.id)?);
    view(conn, &account, roles, duties, session, now)
}

/// Only staff have roles.
fn roles_of(conn: &mut Conn, account: &AccountRow) -> Result<Vec<Role>> {
    if account.patient_id.is_some() { Ok(Vec::new()) } else { store::roles(conn, account.id) }
}

fn view(
    conn: &mut Conn,
    account: &AccountRow,
    roles: Vec<Role>,
    duties: Vec<Duty>,
    session: &SessionRef,
    now: Time,
) -> Result<SessionView> {
    Ok(SessionView {
        account_id: account.id,
        username: account.username.clone(),
        display_name: account.display_name.clone(),
        patient: account.patient_id.map(|patient| patients::summary(conn, patient)).transpose()?,
        roles,
        provider_id: account.provider_id,
        duties,
        idle_seconds: session.policy.idle.num_seconds(),
        ends_at: session.ends_at,
        proven_until: session.proven_until(),
        now,
    })
}
