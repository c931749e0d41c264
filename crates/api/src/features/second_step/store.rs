//! Rows of authenticator secrets and recovery codes.

use diesel::prelude::*;
use portal_domain::{ids::AccountId, time::Time};

use crate::{
    each_engine,
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{recovery_codes, totp_secrets},
    },
};

/// An authenticator's secret.
#[derive(Queryable, Selectable)]
#[diesel(table_name = totp_secrets, check_for_backend(MultiBackend))]
pub struct SecretRow {
    /// Sealed with the configured secret.
    pub sealed: Vec<u8>,
    /// Since when it is switched on; none until one right code was given.
    pub confirmed_at: Option<Time>,
    /// The newest time step whose code was used.
    pub last_step: i64,
}

/// The secret of an account, switched on or not.
pub fn secret(conn: &mut Conn, account: AccountId) -> Result<Option<SecretRow>> {
    Ok(totp_secrets::table.find(account).select(SecretRow::as_select()).first(conn).optional()?)
}

/// Puts a secret in place of one that was never switched on.
pub fn replace_secret(conn: &mut Conn, account: AccountId, sealed: &[u8], now: Time) -> Result<()> {
    diesel::delete(totp_secrets::table.find(account)).execute(conn)?;
    diesel::insert_into(totp_secrets::table)
        .values((
            totp_secrets::account_id.eq(account),
            totp_secrets::sealed.eq(sealed),
            totp_secrets::created_at.eq(now),
            totp_secrets::last_step.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Switches the secret on.
pub fn confirm(conn: &mut Conn, account: AccountId, now: Time) -> Result<()> {
    diesel::update(totp_secrets::table.find(account))
        .set(totp_secrets::confirmed_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Uses a time step up: its code and older ones work no more. False when it was used already.
pub fn take_step(conn: &mut Conn, account: AccountId, step: i64) -> Result<bool> {
    let fresh = totp_secrets::table.find(account).filter(totp_secrets::last_step.lt(step));
    Ok(diesel::update(fresh).set(totp_secrets::last_step.eq(step)).execute(conn)? == 1)
}

/// Uses a recovery code up. False when it is none, or was used already.
pub fn take_recovery_code(conn: &mut Conn, account: AccountId, hash: &[u8], now: Time) -> Result<bool> {
    let fresh =
        recovery_codes::table.find((account, hash.to_vec())).filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(fresh).set(recovery_codes::used_at.eq(now)).execute(conn)? == 1)
}

/// Recovery codes that still work.
pub fn codes_left(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let left = recovery_codes::table
        .filter(recovery_codes::account_id.eq(account))
        .filter(recovery_codes::used_at.is_null());
    Ok(left.count().get_result(conn)?)
}

#[derive(Insertable)]
#[diesel(table_name = recovery_codes)]
struct CodeRow {
    account_id: AccountId,
    code_hash: Vec<u8>,
}

/// Puts new recovery codes in place of those of before.
pub fn replace_codes(conn: &mut Conn, account: AccountId, hashes: &[Vec<u8>]) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(conn)?;
    let rows: Vec<CodeRow> =
        hashes.iter().map(|hash| CodeRow { account_id: account, code_hash: hash.clone() }).collect();
    each_engine!(conn, conn => diesel::insert_into(recovery_codes::table).values(&rows).execute(conn))?;
    Ok(())
}

/// Takes authenticator and recovery codes away.
pub fn remove(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(totp_secrets::table.find(account)).execute(conn)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(conn)?;
    Ok(())
}
