//! Telling open pages that something is new. An act announces it in its transaction ([`Work::announce`]); once that is
//! committed, every stream of those concerned hears of it, in every process. A rolled-back act announces nothing.
//!
//! On PostgreSQL an announcement is a NOTIFY of the transaction, which the server hands to all processes at commit, this
//! one included. SQLite has one serving process, which tells its own streams after the commit. Nothing is kept: a stream
//! begins with "everything may be new", and says so again whenever events may have been missed. This room knows neither
//! features nor HTTP.
//!
//! [`Work::announce`]: super::work::Work::announce

mod listener;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use portal_domain::{
    access::Who,
    ids::{AccountId, PatientId},
    live::LiveEvent,
};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::{
    auth::Actor,
    db::{Conn, Db},
};
use crate::error::{Error, Result};

/// The address of the stream. A request there is no use of the session (SEC-3).
pub const PATH: &str = "/api/v1/events";
/// What carries a request that no person asked for: it is no use of the session either.
pub const UNATTENDED: &str = "Portal-Unattended";
/// Streams that one account may have open in one process.
const MAX_STREAMS: usize = 8;
/// How far a stream may fall behind before it is told that everything may be new.
const BACKLOG: usize = 256;

/// Whom an announcement concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Whoever looks at this patient's portal.
    Patient(PatientId),
    /// One account.
    Account(AccountId),
    /// Everybody of the staff.
    Staff,
}

impl Audience {
    /// The other patient whose news this is, for who acts for that patient.
    fn of_another(self, actor: &Actor) -> Option<PatientId> {
        match (self, actor.who()) {
            (Self::Patient(patient), Some(Who::Patient(own))) if patient != *own => Some(patient),
            _ => None,
        }
    }

    fn includes(self, actor: &Actor, watched: &[PatientId]) -> bool {
        match (self, actor.who()) {
            (Self::Patient(patient), Some(Who::Patient(own))) => {
                patient == *own || watched.contains(&patient)
            }
            (Self::Account(account), Some(_)) => actor.id() == Some(account.0),
            (Self::Staff, Some(Who::Staff(_))) => true,
            _ => false,
        }
    }
}

/// Something new, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// For whom.
    pub audience: Audience,
    /// What.
    pub event: LiveEvent,
}

/// What goes to every stream of this process.
#[derive(Clone, Copy, Debug)]
enum Rung {
    Said(Announcement),
    /// Some may have been missed.
    Missed,
    /// The server is about to stop.
    End,
}

/// Every stream of this process. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inside>);

struct Inside {
    bell: broadcast::Sender<Rung>,
    /// How many streams each account has open.
    open: Mutex<HashMap<Uuid, usize>>,
    /// Whether PostgreSQL brings announcements back.
    by_listener: bool,
}

impl Live {
    /// Begins to listen.
    pub fn start(db: &Db) -> Result<Self> {
        let url = db.postgres_url().map(str::to_owned);
        let bell = broadcast::Sender::new(BACKLOG);
        let inside = Inside { bell, open: Mutex::default(), by_listener: url.is_some() };
        let live = Self(Arc::new(inside));
        if let Some(url) = url {
            listener::start(url, Arc::downgrade(&live.0))?;
        }
        Ok(live)
    }

    /// Tells of these as part of a transaction, where the engine can.
    pub(crate) fn within(conn: &mut Conn, announced: &[Announcement]) -> Result<()> {
        announced.iter().try_for_each(|one| listener::notify(conn, &serde_json::to_string(one)?))
    }

    /// Tells of these after their transaction was committed, where the engine does not.
    pub(crate) fn after(&self, announced: &[Announcement]) {
        if !self.0.by_listener {
            announced.iter().for_each(|one| self.0.ring(Rung::Said(*one)));
        }
    }

    /// Ends every stream: the server is about to stop.
    pub(crate) fn end(&self) {
        self.0.ring(Rung::End);
    }

    /// A stream of what concerns this actor. 429 when the account has too many.
    pub fn hear(&self, actor: &Actor, watched: Vec<PatientId>) -> Result<Hearing> {
        let account = actor.account_id()?.0;
        let heard = self.0.bell.subscribe();
        let mut open = self.0.open();
        let count = open.entry(account).or_default();
        if *count >= MAX_STREAMS {
            return Err(Error::TooManyRequests { retry_after_seconds: 60 });
        }
        *count += 1;
        Ok(Hearing { live: self.clone(), account, actor: actor.clone(), watched, heard })
    }
}

impl Inside {
    fn ring(&self, rung: Rung) {
        // Nobody may be listening, and that is fine.
        let _ = self.bell.send(rung);
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One open stream.
pub struct Hearing {
    live: Live,
    account: Uuid,
    actor: Actor,
    /// Other patients whose news is the actor's to hear.
    watched: Vec<PatientId>,
    heard: broadcast::Receiver<Rung>,
}

impl Hearing {
    /// Who hears.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whose news is the actor's to hear besides the own, from now on.
    pub fn watch(&mut self, watched: Vec<PatientId>) {
        self.watched = watched;
    }

    /// Whether the news of this patient is still the actor's to hear.
    pub fn watches(&self, patient: PatientId) -> bool {
        self.watched.contains(&patient)
    }

    /// The next event that concerns the actor, with the other patient whose news it is; none when the server is about to
    /// stop.
    pub async fn next(&mut self) -> Option<(LiveEvent, Option<PatientId>)> {
        loop {
            match self.heard.recv().await {
                Ok(Rung::Said(said)) if said.audience.includes(&self.actor, &self.watched) => {
                    return Some((said.event, said.audience.of_another(&self.actor)));
                }
                Ok(Rung::Said(_)) => {}
                Ok(Rung::Missed) | Err(broadcast::error::RecvError::Lagged(_)) => {
                    return Some((LiveEvent::EVERYTHING, None));
                }
                Ok(Rung::End) | Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        let mut open = self.live.0.open();
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}
