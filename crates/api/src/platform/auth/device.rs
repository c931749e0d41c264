//! Browsers that an account signed in from before: known by a cookie of their own, which opens nothing (SEC-4, SEC-7).

use actix_web::{HttpRequest, http::header};
use diesel::prelude::*;
use portal_domain::{
    accounts::device_label,
    ids::{AccountId, DeviceId},
    time::Time,
};

use super::{cookie::Kind, session::new_token};
use crate::{
    config::Settings,
    error::Result,
    platform::{
        clock::new_id,
        db::{
            Conn,
            schema::{accounts, devices},
        },
        secret,
    },
};

/// The browser that a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// The hash of the device cookie's token.
    token_hash: Option<Vec<u8>>,
    /// In words.
    pub label: String,
}

/// A browser that an account signs in from.
pub struct Recognised {
    /// The account's record of it; none when no browser asked (the demo's set-up).
    pub device: Option<DeviceId>,
    /// The token of a new device cookie, for a browser that has none.
    pub cookie: Option<String>,
    /// Whether the account was never signed in from it before, but from others.
    pub is_news: bool,
}

impl Browser {
    /// The browser of a request.
    pub fn of(request: &HttpRequest, settings: &Settings) -> Self {
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            token_hash: Kind::Device.presented(request, settings),
            label: device_label(agent.unwrap_or_default()),
        }
    }

    /// How the failures of this browser are counted when the account with this folded username knows it.
    pub fn known_to(&self, conn: &mut Conn, username_folded: &str) -> Result<Option<DeviceId>> {
        let Some(hash) = &self.token_hash else { return Ok(None) };
        let known = devices::table
            .inner_join(accounts::table.on(accounts::id.eq(devices::account_id)))
            .filter(devices::token_hash.eq(hash))
            .filter(accounts::username_folded.eq(username_folded));
        Ok(known.select(devices::id).first(conn).optional()?)
    }

    /// Knows the browser again, or gets to know it.
    pub fn recognise(&self, conn: &mut Conn, account: AccountId, now: Time) -> Result<Recognised> {
        if self.label.is_empty() {
            return Ok(Recognised { device: None, cookie: None, is_news: false });
        }
        let of_account = devices::table.filter(devices::account_id.eq(account));
        if let Some(hash) = &self.token_hash {
            let known: Option<DeviceId> = diesel::update(of_account.filter(devices::token_hash.eq(hash)))
                .set((devices::last_seen_at.eq(now), devices::label.eq(&self.label)))
                .returning(devices::id)
                .get_result(conn)
                .optional()?;
            if known.is_some() {
                return Ok(Recognised { device: known, cookie: None, is_news: false });
            }
        }
        let is_news: bool = diesel::select(diesel::dsl::exists(of_account)).get_result(conn)?;
        // A cookie that no account knows was not made here: it is never taken on.
        let (token_hash, cookie) = match &self.token_hash {
            Some(hash) if is_ours(conn, hash)? => (hash.clone(), None),
            _ => {
                let token = new_token()?;
                (secret::hash(token.as_bytes()), Some(token))
            }
        };
        let device = DeviceId(new_id());
        diesel::insert_into(devices::table)
            .values((
                devices::id.eq(device),
                devices::account_id.eq(account),
                devices::token_hash.eq(token_hash),
                devices::label.eq(&self.label),
                devices::first_seen_at.eq(now),
                devices::last_seen_at.eq(now),
            ))
            .execute(conn)?;
        Ok(Recognised { device: Some(device), cookie, is_news })
    }
}

fn is_ours(conn: &mut Conn, hash: &[u8]) -> Result<bool> {
    let known = devices::table.filter(devices::token_hash.eq(hash));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}
