//! Rows of passkeys and of ceremonies under way.

use diesel::prelude::*;
use portal_domain::{
    accounts::{CEREMONY_LIFETIME, PasskeyPurpose, PasskeyView},
    ids::{AccountId, CeremonyId, PasskeyId},
    time::Time,
};
use serde::{Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::Passkey;

use crate::{
    error::Result,
    platform::{
        clock::new_id,
        db::{
            Conn, Json, MultiBackend, columns,
            schema::{ceremonies, passkeys},
        },
    },
};

/// A registered passkey.
#[derive(Queryable, Selectable)]
#[diesel(table_name = passkeys, check_for_backend(MultiBackend))]
pub struct PasskeyRow {
    /// The id.
    pub id: PasskeyId,
    /// Whose.
    #[diesel(column_name = account_id)]
    pub account: AccountId,
    body: Json,
    /// As the owner calls it.
    pub name: String,
    created_at: Time,
    last_used_at: Option<Time>,
}

impl PasskeyRow {
    /// Public key, counter and flags.
    pub fn passkey(&self) -> Result<Passkey> {
        Ok(self.body.read()?)
    }

    /// For its owner.
    pub fn view(self) -> PasskeyView {
        let Self { id, name, created_at, last_used_at, .. } = self;
        PasskeyView { id, name, created_at, last_used_at }
    }
}

/// The passkeys of an account, the oldest first.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<PasskeyRow>> {
    let found = passkeys::table.filter(passkeys::account_id.eq(account)).order(passkeys::id);
    Ok(found.select(PasskeyRow::as_select()).load(conn)?)
}

/// The same, as the library takes them.
pub fn keys_of(conn: &mut Conn, account: AccountId) -> Result<Vec<Passkey>> {
    of_account(conn, account)?.iter().map(PasskeyRow::passkey).collect()
}

/// The passkey with this credential id, whosever it is.
pub fn by_credential(conn: &mut Conn, credential_id: &[u8]) -> Result<Option<PasskeyRow>> {
    let found = passkeys::table.filter(passkeys::credential_id.eq(credential_id));
    Ok(found.select(PasskeyRow::as_select()).first(conn).optional()?)
}

/// Adds a passkey.
pub fn insert(
    conn: &mut Conn,
    account: AccountId,
    passkey: &Passkey,
    name: &str,
    now: Time,
) -> Result<PasskeyView> {
    let id = PasskeyId(new_id());
    diesel::insert_into(passkeys::table)
        .values((
            passkeys::id.eq(id),
            passkeys::account_id.eq(account),
            passkeys::credential_id.eq(passkey.cred_id().as_slice()),
            passkeys::body.eq(Json::of(passkey)?),
            passkeys::name.eq(name),
            passkeys::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(PasskeyView { id, name: name.into(), created_at: now, last_used_at: None })
}

/// A passkey was used; `changed` when its counter or backup state went on.
pub fn used(conn: &mut Conn, id: PasskeyId, changed: Option<&Passkey>, now: Time) -> Result<()> {
    diesel::update(passkeys::table.find(id)).set(passkeys::last_used_at.eq(now)).execute(conn)?;
    if let Some(passkey) = changed {
        let body = Json::of(passkey)?;
        diesel::update(passkeys::table.find(id)).set(passkeys::body.eq(body)).execute(conn)?;
    }
    Ok(())
}

/// Gives a passkey of this account another name. None when the account has no such passkey.
pub fn rename(conn: &mut Conn, account: AccountId, id: PasskeyId, name: &str) -> Result<Option<PasskeyView>> {
    let own = passkeys::table.find(id).filter(passkeys::account_id.eq(account));
    let renamed: Option<PasskeyRow> = diesel::update(own)
        .set(passkeys::name.eq(name))
        .returning(columns::<PasskeyRow>())
        .get_result(conn)
        .optional()?;
    Ok(renamed.map(PasskeyRow::view))
}

/// Removes a passkey of this account; answers its name. None when the account has no such passkey.
pub fn remove(conn: &mut Conn, account: AccountId, id: PasskeyId) -> Result<Option<String>> {
    let own = passkeys::table.find(id).filter(passkeys::account_id.eq(account));
    Ok(diesel::delete(own).returning(passkeys::name).get_result(conn).optional()?)
}

/// A ceremony that an answer came to.
#[derive(Queryable, Selectable)]
#[diesel(table_name = ceremonies, check_for_backend(MultiBackend))]
pub struct Ceremony {
    /// What for.
    #[diesel(column_name = kind)]
    pub purpose: PasskeyPurpose,
    /// Whose passkey must answer; nobody's in particular at a sign-in.
    #[diesel(column_name = account_id)]
    pub account: Option<AccountId>,
    state: Json,
}

/// What is kept of a ceremony until its answer comes.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Kept<S> {
    /// The browser, sign-in or session that began it, and alone may end it.
    pub begun_by: String,
    /// What the answer is checked by.
    pub state: S,
}

impl Ceremony {
    /// What was kept of it.
    pub fn kept<S: DeserializeOwned>(&self) -> Result<Kept<S>> {
        Ok(self.state.read()?)
    }
}

/// Begins a ceremony.
pub fn begin<S: Serialize>(
    conn: &mut Conn,
    purpose: PasskeyPurpose,
    account: Option<AccountId>,
    kept: &Kept<S>,
    now: Time,
) -> Result<CeremonyId> {
    let id = CeremonyId(new_id());
    diesel::insert_into(ceremonies::table)
        .values((
            ceremonies::id.eq(id),
            ceremonies::kind.eq(purpose),
            ceremonies::account_id.eq(account),
            ceremonies::state.eq(Json::of(kept)?),
            ceremonies::expires_at.eq(now.plus(CEREMONY_LIFETIME)),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Takes a ceremony away: whoever gets it answers it, and nobody else. None when it is over.
pub fn take(conn: &mut Conn, id: CeremonyId, now: Time) -> Result<Option<Ceremony>> {
    let live = ceremonies::table.find(id).filter(ceremonies::expires_at.gt(now));
    Ok(diesel::delete(live).returning(columns::<Ceremony>()).get_result(conn).optional()?)
}

/// Forgets ceremonies that nobody answered in time.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    Ok(diesel::delete(ceremonies::table.filter(ceremonies::expires_at.le(now))).execute(conn)?)
}
