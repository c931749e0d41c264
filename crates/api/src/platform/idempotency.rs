//! One effect per `Idempotency-Key` (API-1): a repeat gets the first answer, whatever happened in between.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    problem::{Code, Problem},
    time::Time,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    db::{AnyId, Conn, Json, schema::idempotency_keys},
    secret,
    work::Work,
};
use crate::error::{Error, Result};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// The longest key, in characters.
const MAX_KEY: usize = 64;

/// Forgets the answers that were kept long enough. Not part of each write: a delete over a range would make
/// PostgreSQL serialise writes that have nothing to do with each other.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(now.plus(-KEPT)));
    Ok(diesel::delete(old).execute(conn)?)
}

/// The key of a request, if it carries one.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    key: Option<String>,
    path: String,
}

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let path = request.path().to_owned();
        ready(match request.headers().get("idempotency-key") {
            None => Ok(Self { key: None, path }),
            Some(value) => {
                match value.to_str() {
                    Ok(key) if (1..=MAX_KEY).contains(&key.len()) => Ok(Self { key: Some(key.into()), path }),
                    _ => Err(Problem::field("Idempotency-Key", "invalid", "Use 1 to 64 visible characters.")
                        .into()),
                }
            }
        })
    }
}

impl IdempotencyKey {
    /// This key for a request with this body.
    pub fn of(self, body: &impl Serialize) -> Result<Once> {
        Ok(Once { key: self.key, request_hash: secret::hash(&serde_json::to_vec(&(self.path, body))?) })
    }
}

/// A request that has its effect once.
#[derive(Clone, Debug)]
pub struct Once {
    key: Option<String>,
    request_hash: Vec<u8>,
}

impl Once {
    /// A request without a key has its effect each time.
    pub fn without_key() -> Self {
        Self { key: None, request_hash: Vec::new() }
    }

    /// Runs `act` inside the caller's transaction, or answers what it answered the first time.
    pub fn run<T: Serialize + DeserializeOwned>(
        &self,
        work: &mut Work<'_>,
        act: impl FnOnce(&mut Work<'_>) -> Result<T>,
    ) -> Result<T> {
        let (Some(key), Some(actor)) = (&self.key, work.actor.id()) else { return act(work) };
        let actor = AnyId(actor);
        let earlier = idempotency_keys::table
            .find((actor, key))
            .select((idempotency_keys::request_hash, idempotency_keys::answer))
            .first::<(Vec<u8>, Json)>(work.conn)
            .optional()?;
        if let Some((request_hash, answer)) = earlier {
            return if request_hash == self.request_hash {
                Ok(answer.read()?)
            } else {
                Err(Code::IdempotencyKeyReused.into())
            };
        }
        let answer = act(work)?;
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::actor_id.eq(actor),
                idempotency_keys::idempotency_key.eq(key),
                idempotency_keys::request_hash.eq(&self.request_hash),
                idempotency_keys::answer.eq(Json::of(&answer)?),
                idempotency_keys::created_at.eq(work.now),
            ))
            .execute(work.conn)?;
        Ok(answer)
    }
}
