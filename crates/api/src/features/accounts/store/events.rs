//! What the owner of an account is told (SEC-7).

use diesel::prelude::*;
use portal_domain::{
    accounts::{AccountEvent, AccountEventView},
    ids::AccountId,
    time::Time,
};
use uuid::Uuid;

use crate::{
    error::Result,
    platform::{
        clock::new_id,
        db::{AnyId, Conn, schema::account_events},
    },
};

/// So many are shown.
const SHOWN: i64 = 50;

/// Adds one; answers its id.
pub fn add_event(
    conn: &mut Conn,
    account: AccountId,
    event: AccountEvent,
    label: &str,
    now: Time,
) -> Result<Uuid> {
    let id = new_id();
    diesel::insert_into(account_events::table)
        .values((
            account_events::account_id.eq(account),
            account_events::at.eq(now),
            account_events::id.eq(AnyId(id)),
            account_events::event.eq(event),
            account_events::label.eq(label),
        ))
        .execute(conn)?;
    Ok(id)
}

/// The latest ones, newest first.
pub fn events(conn: &mut Conn, account: AccountId) -> Result<Vec<AccountEventView>> {
    let rows: Vec<(AnyId, AccountEvent, Time, String)> = account_events::table
        .filter(account_events::account_id.eq(account))
        .order((account_events::at.desc(), account_events::id.desc()))
        .limit(SHOWN)
        .select((account_events::id, account_events::event, account_events::at, account_events::label))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, event, at, label)| AccountEventView { id: id.0, event, at, label })
        .collect())
}
