//! The audit trail (AUD-1, AUD-2): rows are only ever added.
//!
//! A write's notes are part of its transaction. A read's notes are committed before its answer leaves, together
//! with those of other reads that wait at the same time; when they can't be written the read fails.
//!
//! Each row carries a MAC, and a moment after its commit it is sealed into a chain whose end is kept outside of the
//! database too, so that whoever changes, deletes, swaps, inserts or cuts off rows is found out (decision 0030).

mod chain;
mod entry;
mod head;
mod seal;
mod verify;

use std::{path::PathBuf, sync::Arc};

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Binary, Nullable},
};
use portal_domain::{
    access::{Action, Category},
    audit::{ActorKind, Outcome},
    ids::{AccountId, EmergencyAccessId, PatientId, ProxyGrantId},
    time::Time,
};
use uuid::Uuid;

use super::{
    auth::Actor,
    clock::new_id,
    db::{self, AnyId, Appender, Conn, Db, Guid, Instant, MultiBackend, Word, schema::audit_entries},
    request_id,
    secret::MacKey,
};
use crate::error::{Error, Result};
use entry::Signed;
pub use {
    chain::{Bad, Finding},
    seal::Look,
    verify::Report,
};

/// One row of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
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
    proxy_grant_id: Option<AnyId>,
    emergency_access_id: Option<AnyId>,
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
            proxy_grant_id: None,
            emergency_access_id: None,
        }
    }

    /// The same act, done on behalf of the patient by this grant (PRX-1).
    pub(super) fn by_grant(mut self, grant: Option<ProxyGrantId>) -> Self {
        self.proxy_grant_id = grant.map(|grant| AnyId(grant.0));
        self
    }

    /// The same act, done under this emergency access (ADM-6).
    pub(super) fn in_emergency(mut self, access: Option<EmergencyAccessId>) -> Self {
        self.emergency_access_id = access.map(|access| AnyId(access.0));
        self
    }

    /// The same act, which came to nothing after all: there was no such thing, or its state did not allow it.
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }
}

/// When a patient, or somebody on the patient's behalf, first looked at one thing of the chart in a span of time.
pub fn first_opened(
    conn: &mut Conn,
    patient: PatientId,
    subject: Uuid,
    from: Time,
    to: Time,
) -> Result<Option<Time>> {
    use audit_entries::dsl as a;
    let looks = audit_entries::table
        .filter(a::patient_id.eq(AnyId(patient.0)))
        .filter(a::at.ge(from).and(a::at.le(to)))
        .filter(a::actor_kind.eq(ActorKind::Patient))
        .filter(a::action.eq(Action::View))
        .filter(a::outcome.eq(Outcome::Done))
        .filter(a::subject_id.eq(AnyId(subject)));
    Ok(looks.select(diesel::dsl::min(a::at)).first(conn)?)
}

/// Whether this member of staff looked at one thing of a patient's chart since then.
pub fn was_opened_by(
    conn: &mut Conn,
    account: AccountId,
    patient: PatientId,
    subject: Uuid,
    since: Time,
) -> Result<bool> {
    use audit_entries::dsl as a;
    let looks = audit_entries::table
        .filter(a::patient_id.eq(AnyId(patient.0)))
        .filter(a::at.ge(since))
        .filter(a::actor_kind.eq(ActorKind::Staff))
        .filter(a::actor_id.eq(AnyId(account.0)))
        .filter(a::action.eq(Action::View))
        .filter(a::outcome.eq(Outcome::Done))
        .filter(a::subject_id.eq(AnyId(subject)));
    Ok(diesel::select(diesel::dsl::exists(looks)).get_result(conn)?)
}

/// Adds rows, inside the caller's transaction when there is one. When that fails, so must the act: nothing is done
/// unrecorded. On PostgreSQL it is one statement.
fn insert(conn: &mut Conn, rows: &[Signed]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let done = match conn {
        Conn::Pg(conn) => Columns::of(rows).execute(conn).map(drop),
        // Row by row: a statement for so many rows would be prepared anew for each number of rows.
        Conn::Sqlite(conn) => rows.iter().try_for_each(|row| {
            diesel::insert_into(audit_entries::table).values(row).execute(conn).map(drop)
        }),
    };
    match done {
        Ok(()) => Ok(()),
        // The engine asks for another run; the caller knows how.
        Err(why) if db::another_run_may_do(&why) => Err(why.into()),
        Err(why) => {
            tracing::error!(%why, "the audit trail can't be written");
            Err(Error::Unavailable)
        }
    }
}

/// The trail: writes notes, seals them, checks them.
#[derive(Clone)]
pub struct Trail {
    db: Db,
    key: MacKey,
    /// Where the end of the chain is kept outside of the database.
    head: Arc<PathBuf>,
    appender: Appender<Signed>,
}

impl Trail {
    /// A trail in this database, whose end is kept in the file `head`.
    pub fn start(db: &Db, secret: &str, head: PathBuf) -> Result<Self> {
        let key = MacKey::new(secret, "audit trail")?;
        let appender = db.appender("audit-trail", insert)?;
        Ok(Self { db: db.clone(), key, head: Arc::new(head), appender })
    }

    /// Returns once the notes are durable. An error means that the act must not be answered.
    pub async fn record(&self, notes: Vec<Note>) -> Result<()> {
        if notes.is_empty() { Ok(()) } else { self.appender.append(self.signed(notes)).await }
    }

    /// Adds notes inside the transaction of what they tell.
    pub fn insert(&self, conn: &mut Conn, notes: Vec<Note>) -> Result<()> {
        insert(conn, &self.signed(notes))
    }

    fn signed(&self, notes: Vec<Note>) -> Vec<Signed> {
        let mut buffer = Vec::new();
        notes.into_iter().map(|note| Signed::new(&self.key, note, &mut buffer)).collect()
    }
}

/// Notes as columns: an INSERT of arrays is the same statement for any number of rows, and stays prepared.
struct Columns {
    id: Vec<AnyId>,
    at: Vec<Time>,
    actor_kind: Vec<ActorKind>,
    actor_id: Vec<Option<AnyId>>,
    patient_id: Vec<Option<AnyId>>,
    category: Vec<Category>,
    action: Vec<Action>,
    outcome: Vec<Outcome>,
    subject_id: Vec<Option<AnyId>>,
    request_id: Vec<AnyId>,
    proxy_grant_id: Vec<Option<AnyId>>,
    emergency_access_id: Vec<Option<AnyId>>,
    mac: Vec<Option<Vec<u8>>>,
}

impl Columns {
    fn of(rows: &[Signed]) -> Self {
        let notes = || rows.iter().map(|row| &row.note);
        Self {
            id: notes().map(|note| note.id).collect(),
            at: notes().map(|note| note.at).collect(),
            actor_kind: notes().map(|note| note.actor_kind).collect(),
            actor_id: notes().map(|note| note.actor_id).collect(),
            patient_id: notes().map(|note| note.patient_id).collect(),
            category: notes().map(|note| note.category).collect(),
            action: notes().map(|note| note.action).collect(),
            outcome: notes().map(|note| note.outcome).collect(),
            subject_id: notes().map(|note| note.subject_id).collect(),
            request_id: notes().map(|note| note.request_id).collect(),
            proxy_grant_id: notes().map(|note| note.proxy_grant_id).collect(),
            emergency_access_id: notes().map(|note| note.emergency_access_id).collect(),
            mac: rows.iter().map(|row| row.mac.clone()).collect(),
        }
    }
}

impl QueryFragment<Pg> for Columns {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO audit_entries (id, at, actor_kind, actor_id, patient_id, category, action, outcome, \
             subject_id, request_id, proxy_grant_id, emergency_access_id, mac) SELECT * FROM unnest(",
        );
        out.push_bind_param::<Array<Guid>, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Instant>, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Word>, _>(&self.actor_kind)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Guid>>, _>(&self.actor_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Guid>>, _>(&self.patient_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Word>, _>(&self.category)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Word>, _>(&self.action)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Word>, _>(&self.outcome)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Guid>>, _>(&self.subject_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Guid>, _>(&self.request_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Guid>>, _>(&self.proxy_grant_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Guid>>, _>(&self.emergency_access_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Binary>>, _>(&self.mac)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Columns {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<PgConnection> for Columns {}

/// The id of the request at hand, or a new one where there is none (the command line, jobs).
pub fn request_id_or_new() -> Uuid {
    request_id::current().unwrap_or_else(new_id)
}
