//! One effect per `Idempotency-Key` (API-1): a repeat gets the first answer, whatever happened in between.

use std::{
    future::{Ready, ready},
    sync::atomic::{AtomicI64, Ordering},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    problem::{Code, Problem},
    time::Time,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    db::{AnyId, Json, schema::idempotency_keys},
    secret,
    work::Work,
};
use crate::error::{Error, Result};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How often answers older than that are cleared away. Not with every write: a look at the oldest ones would make
/// writes that have nothing to do with each other get in each other's way (PostgreSQL, SERIALIZABLE).
const CLEARED_EVERY: TimeDelta = TimeDelta::minutes(10);
/// The longest key, in characters.
const MAX_KEY: usize = 64;

/// Whether it is time to clear; true once for each time that it is.
fn is_clearing_due(now: Time) -> bool {
    static CLEARED: AtomicI64 = AtomicI64::new(i64::MIN);
    let before = now.plus(-CLEARED_EVERY).micros();
    let claim = |last| (last <= before).then_some(now.micros());
    CLEARED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim).is_ok()
}

/// The key of a request, if it carries one.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.headers().get("idempotency-key") {
            None => Ok(Self(None)),
            Some(value) => {
                match value.to_str() {
                    Ok(key) if (1..=MAX_KEY).contains(&key.len()) => {
                        Ok(Self(Some(format!("{} {key}", request.path()))))
                    }
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
        Ok(Once { key: self.0, request_hash: secret::hash(&serde_json::to_vec(body)?) })
    }
}

/// A request that has its effect once.
#[derive(Clone, Debug)]
pub struct Once {
    key: Option<String>,
    request_hash: Vec<u8>,
}

impl Once {
    /// Runs `act` inside the caller's transaction, or answers what it answered the first time.
    pub fn run<T: Serialize + DeserializeOwned>(
        &self,
        work: &mut Work<'_>,
        act: impl FnOnce(&mut Work<'_>) -> Result<T>,
    ) -> Result<T> {
        let (Some(key), Some(actor)) = (&self.key, work.actor.id()) else { return act(work) };
        let actor = AnyId(actor);
        let known = idempotency_keys::table.find((actor, key));
        let earlier = known
            .select((idempotency_keys::request_hash, idempotency_keys::answer, idempotency_keys::created_at))
            .first::<(Vec<u8>, Json, Time)>(work.conn)
            .optional()?;
        let oldest = work.now.plus(-KEPT);
        if let Some((request_hash, answer, created_at)) = earlier {
            if created_at < oldest {
                diesel::delete(known).execute(work.conn)?;
                return self.keep(work, act);
            }
            return if request_hash == self.request_hash {
                Ok(answer.read()?)
            } else {
                Err(Code::IdempotencyKeyReused.into())
            };
        }
        self.keep(work, act)
    }

    /// Runs `act` and keeps its answer.
    fn keep<T: Serialize>(
        &self,
        work: &mut Work<'_>,
        act: impl FnOnce(&mut Work<'_>) -> Result<T>,
    ) -> Result<T> {
        let answer = act(work)?;
        let (Some(key), Some(actor)) = (&self.key, work.actor.id()) else { return Ok(answer) };
        if is_clearing_due(work.now) {
            let old = idempotency_keys::created_at.lt(work.now.plus(-KEPT));
            diesel::delete(idempotency_keys::table.filter(old)).execute(work.conn)?;
        }
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::actor_id.eq(AnyId(actor)),
                idempotency_keys::idempotency_key.eq(key),
                idempotency_keys::request_hash.eq(&self.request_hash),
                idempotency_keys::answer.eq(Json::of(&answer)?),
                idempotency_keys::created_at.eq(work.now),
            ))
            .execute(work.conn)?;
        Ok(answer)
    }
}
