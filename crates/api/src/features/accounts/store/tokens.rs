//! Tokens of accounts: links, steps of a sign-in and reset tokens of the desk. Each works once.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    accounts::{MAX_TOKEN_FAILURES, TokenPurpose},
    ids::{AccountId, AccountTokenId},
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        clock::new_id,
        db::{
            Conn, MultiBackend,
            schema::{account_tokens, accounts},
        },
        secret,
    },
};

/// How long a dead token is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// A token to be.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// Whose.
    pub account: AccountId,
    /// What it is good for.
    pub purpose: TokenPurpose,
    /// What is hashed and kept: the token in its one form.
    pub token: &'a str,
    /// The address that it proves.
    pub email: Option<&'a str>,
    /// The member of staff who hands it out.
    pub issued_by: Option<AccountId>,
    /// How long it lives.
    pub lifetime: TimeDelta,
}

/// A token that may still be used.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = account_tokens, check_for_backend(MultiBackend))]
pub struct Live {
    /// The id.
    pub id: AccountTokenId,
    /// Whose.
    #[diesel(column_name = account_id)]
    pub account: AccountId,
    /// The address that it proves.
    pub email: Option<String>,
    /// When it was made.
    pub issued_at: Time,
    /// Until when it may be used.
    pub expires_at: Time,
    /// Wrong tries with it so far.
    pub failures: i64,
}

/// A token that was used up just now: proof that nobody else used it.
#[derive(Debug)]
pub struct Taken {
    /// Whose it was.
    pub account: AccountId,
}

/// Makes a token; those of the same account and purpose die with it. Answers until when it lives.
pub fn issue(conn: &mut Conn, new: &NewToken<'_>, now: Time) -> Result<Time> {
    revoke_of(conn, new.account, &[new.purpose], now)?;
    let expires_at = now.plus(new.lifetime);
    diesel::insert_into(account_tokens::table)
        .values((
            account_tokens::id.eq(AccountTokenId(new_id())),
            account_tokens::token_hash.eq(secret::hash(new.token.as_bytes())),
            account_tokens::account_id.eq(new.account),
            account_tokens::purpose.eq(new.purpose),
            account_tokens::email.eq(new.email),
            account_tokens::issued_by.eq(new.issued_by),
            account_tokens::issued_at.eq(now),
            account_tokens::expires_at.eq(expires_at),
            account_tokens::failures.eq(0),
        ))
        .execute(conn)?;
    Ok(expires_at)
}

/// The token with this hash, if it may still be used for this purpose and its account is not switched off.
pub fn live(conn: &mut Conn, purpose: TokenPurpose, hash: &[u8], now: Time) -> Result<Option<Live>> {
    let found = account_tokens::table
        .inner_join(accounts::table.on(accounts::id.eq(account_tokens::account_id)))
        .filter(accounts::disabled_at.is_null())
        .filter(account_tokens::token_hash.eq(hash))
        .filter(account_tokens::purpose.eq(purpose))
        .filter(account_tokens::used_at.is_null())
        .filter(account_tokens::revoked_at.is_null())
        .filter(account_tokens::expires_at.gt(now));
    Ok(found.select(Live::as_select()).first(conn).optional()?)
}

/// The token of an account that may still be used for this purpose.
pub fn open_of(
    conn: &mut Conn,
    account: AccountId,
    purpose: TokenPurpose,
    now: Time,
) -> Result<Option<Live>> {
    let found = account_tokens::table
        .filter(account_tokens::account_id.eq(account))
        .filter(account_tokens::purpose.eq(purpose))
        .filter(account_tokens::used_at.is_null())
        .filter(account_tokens::revoked_at.is_null())
        .filter(account_tokens::expires_at.gt(now));
    Ok(found.select(Live::as_select()).first(conn).optional()?)
}

/// Uses a token up. None when somebody else did so first, or when it was killed or ran out meanwhile.
pub fn use_up(conn: &mut Conn, token: &Live, now: Time) -> Result<Option<Taken>> {
    let used = diesel::update(account_tokens::table.find(token.id))
        .filter(account_tokens::used_at.is_null())
        .filter(account_tokens::revoked_at.is_null())
        .filter(account_tokens::expires_at.gt(now))
        .set(account_tokens::used_at.eq(now))
        .execute(conn)?;
    Ok((used == 1).then_some(Taken { account: token.account }))
}

/// Counts a wrong try with a token; the fifth burns it.
pub fn count_failure(conn: &mut Conn, token: &Live, now: Time) -> Result<()> {
    let failures = token.failures + 1;
    let burnt = (failures >= i64::from(MAX_TOKEN_FAILURES)).then_some(now);
    diesel::update(account_tokens::table.find(token.id))
        .set((account_tokens::failures.eq(failures), account_tokens::revoked_at.eq(burnt)))
        .execute(conn)?;
    Ok(())
}

/// Kills every open token of an account for these purposes.
pub fn revoke_of(conn: &mut Conn, account: AccountId, purposes: &[TokenPurpose], now: Time) -> Result<()> {
    diesel::update(account_tokens::table)
        .filter(account_tokens::account_id.eq(account))
        .filter(account_tokens::purpose.eq_any(purposes.to_vec()))
        .filter(account_tokens::used_at.is_null())
        .filter(account_tokens::revoked_at.is_null())
        .set(account_tokens::revoked_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Forgets tokens that have been dead for a week.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    let dead = account_tokens::table.filter(account_tokens::expires_at.lt(now.plus(-KEPT)));
    Ok(diesel::delete(dead).execute(conn)?)
}
