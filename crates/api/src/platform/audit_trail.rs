//! The audit trail (AUD-1, AUD-2): rows are only ever added.
//!
//! A write's notes are part of its transaction. A read's notes are committed before its answer leaves, together
//! with those of other reads that wait at the same time; when they can't be written the read fails.

use diesel::prelude::*;
use portal_domain::{
    access::{Action, Category},
    audit::{ActorKind, Outcome},
    ids::PatientId,
    time::Time,
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    auth::Actor,
    clock::new_id,
    db::{self, AnyId, Conn, Db, schema::audit_entries},
    request_id,
};
use crate::{
    each_engine,
    error::{Error, Result},
};

/// How many notes may share one commit.
const GROUP: usize = 512;
/// How many rows go into one statement: PostgreSQL binds at most 65,535 values in one, SQLite 32,766.
const BATCH: usize = 500;

/// One row of the trail.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct Note {
    id: AnyId,
    at: Time,
    actor_kind: ActorKind,
    actor_id: Option<AnyId>,
    patient_id: Option<AnyId>,
    category: Category,
    action: Action,
    outcome: Outcome,
    subject_id: Option<AnyId>,
    request_id: AnyId,
}

impl Note {
    pub(super) fn new(
        actor: &Actor,
        at: Time,
        action: Action,
        category: Category,
        patient: Option<PatientId>,
        subject: Option<Uuid>,
        outcome: Outcome,
    ) -> Self {
        Self {
            id: AnyId(new_id()),
            at,
            actor_kind: actor.kind(),
            actor_id: actor.id().map(AnyId),
            patient_id: patient.map(|patient| AnyId(patient.0)),
            category,
            action,
            outcome,
            subject_id: subject.map(AnyId),
            request_id: AnyId(actor.request_id()),
        }
    }

    /// The same act, which came to nothing after all: there was no such thing, or its state did not allow it.
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }
}

/// Adds rows inside the caller's transaction. When that fails, so must the act: nothing is done unrecorded.
pub fn insert(conn: &mut Conn, notes: &[Note]) -> Result<()> {
    for notes in notes.chunks(BATCH) {
        let done =
            each_engine!(conn, conn => diesel::insert_into(audit_entries::table).values(notes).execute(conn));
        match done {
            Ok(_) => {}
            // The engine asks for another run; the caller knows how.
            Err(why) if db::another_run_may_do(&why) => return Err(why.into()),
            Err(why) => {
                tracing::error!(%why, "the audit trail can't be written");
                return Err(Error::Unavailable);
            }
        }
    }
    Ok(())
}

/// Commits the notes of reads in groups.
#[derive(Clone)]
pub struct Trail(mpsc::Sender<Waiting>);

struct Waiting {
    notes: Vec<Note>,
    written: oneshot::Sender<bool>,
}

impl Trail {
    /// Starts the task that writes; it ends when every `Trail` is gone.
    pub fn start(db: Db) -> Self {
        let (sender, mut waiting) = mpsc::channel::<Waiting>(1024);
        tokio::spawn(async move {
            let mut group = Vec::new();
            while waiting.recv_many(&mut group, GROUP).await > 0 {
                let notes: Vec<Note> =
                    group.iter_mut().flat_map(|one| std::mem::take(&mut one.notes)).collect();
                let written = db.write(move |conn| insert(conn, &notes)).await;
                if let Err(why) = &written {
                    tracing::error!(%why, "the audit trail can't be written");
                }
                for one in group.drain(..) {
                    let _ = one.written.send(written.is_ok());
                }
            }
        });
        Self(sender)
    }

    /// Returns once the notes are durable. An error means that the act must not be answered.
    pub async fn record(&self, notes: Vec<Note>) -> Result<()> {
        if notes.is_empty() {
            return Ok(());
        }
        let (written, answer) = oneshot::channel();
        self.0.send(Waiting { notes, written }).await.map_err(|_| Error::Unavailable)?;
        match answer.await {
            Ok(true) => Ok(()),
            _ => Err(Error::Unavailable),
        }
    }
}

/// The id of the request at hand, or a new one where there is none (the command line, jobs).
pub fn request_id_or_new() -> Uuid {
    request_id::current().unwrap_or_else(new_id)
}
