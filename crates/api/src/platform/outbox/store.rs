//! Rows of the outbox.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use diesel::{dsl::exists, prelude::*};
use portal_domain::{
    ids::{AccountId, MailId},
    notifications::{MailView, masked},
    outbox::{MailKind, MailState},
    page::Page,
    time::Time,
};

use super::Mail;
use crate::{
    error::Result,
    platform::{
        db::{
            Conn, MultiBackend,
            schema::{outbox_mails, practices},
        },
        page::{Cursor, Keyset},
    },
};

/// How long the process that took a mail has to hand it over, before another one takes it to be dead. Longer than the
/// longest conversation with a mail server.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// How long rows are kept after their mail was written.
const KEPT: TimeDelta = TimeDelta::days(90);

/// Who writes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = practices, check_for_backend(MultiBackend))]
pub struct Practice {
    /// Its name.
    pub name: String,
    /// The main phone number.
    pub phone: String,
}

/// A mail that this process has taken to hand it over.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_mails, check_for_backend(MultiBackend))]
pub struct Taken {
    /// The id.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// To whom.
    pub to_address: String,
    /// What it says, sealed.
    pub sealed: Option<Vec<u8>>,
    /// How often it was taken before.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Time,
}

/// What became of a mail that was taken.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was handed over.
    Sent,
    /// It is tried again then, because of this.
    Again(Time, String),
    /// It is given up, because of this.
    Failed(String),
}

/// Who writes: the practice.
pub fn practice(conn: &mut Conn) -> Result<Practice> {
    Ok(practices::table.select(Practice::as_select()).first(conn)?)
}

/// When a mail is written, and when it may leave.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Written.
    pub now: Time,
    /// Not handed over before.
    pub due: Time,
}

/// A mail that waits from now on.
pub fn insert(conn: &mut Conn, id: MailId, mail: &Mail, to: &str, sealed: Vec<u8>, when: When) -> Result<()> {
    use outbox_mails::dsl as m;
    diesel::insert_into(outbox_mails::table)
        .values((
            m::id.eq(id),
            m::kind.eq(mail.kind),
            m::account_id.eq(mail.account),
            m::to_address.eq(to),
            m::sealed.eq(Some(sealed)),
            m::state.eq(MailState::Queued),
            m::attempts.eq(0),
            m::next_attempt_at.eq(when.due),
            m::useless_after.eq(mail.useless_after),
            m::created_at.eq(when.now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Mails whose time has come and that no living process has taken.
macro_rules! due {
    ($now:expr) => {
        outbox_mails::sealed
            .is_not_null()
            .and(outbox_mails::next_attempt_at.le($now))
            .and(outbox_mails::lease_until.is_null().or(outbox_mails::lease_until.le($now)))
    };
}

/// Whether a mail is due.
pub fn is_any_due(conn: &mut Conn, now: Time) -> Result<bool> {
    Ok(diesel::select(exists(outbox_mails::table.filter(due!(now)))).get_result(conn)?)
}

/// Takes up to `many` due mails, so that no other process does. Those that would help nobody any more are put away.
pub fn take_due(conn: &mut Conn, now: Time, many: i64) -> Result<Vec<Taken>> {
    use outbox_mails::dsl as m;
    diesel::update(outbox_mails::table.filter(due!(now)).filter(m::useless_after.le(now)))
        .set((
            m::state.eq(MailState::Suppressed),
            m::reason.eq("what it leads to had expired before it could be sent"),
            m::sealed.eq(None::<Vec<u8>>),
            m::lease_until.eq(None::<Time>),
        ))
        .execute(conn)?;
    let waiting: Vec<Taken> = outbox_mails::table
        .filter(due!(now))
        .order((m::next_attempt_at, m::id))
        .limit(many)
        .select(Taken::as_select())
        .load(conn)?;
    let mut taken = Vec::new();
    for mail in waiting {
        let done = diesel::update(outbox_mails::table.filter(m::id.eq(mail.id)).filter(due!(now)))
            .set((
                m::state.eq(MailState::Sending),
                m::lease_until.eq(now.plus(LEASE)),
                m::attempts.eq(mail.attempts + 1),
            ))
            .execute(conn)?;
        if done == 1 {
            taken.push(Taken { attempts: mail.attempts + 1, ..mail });
        }
    }
    Ok(taken)
}

/// Writes down what became of a mail, unless another process has taken it since.
pub fn settle(conn: &mut Conn, mail: &Taken, outcome: &Outcome, now: Time) -> Result<()> {
    use outbox_mails::dsl as m;
    let ours = m::id.eq(mail.id).and(m::state.eq(MailState::Sending)).and(m::attempts.eq(mail.attempts));
    let row = diesel::update(outbox_mails::table.filter(ours));
    let free = m::lease_until.eq(None::<Time>);
    let wiped = m::sealed.eq(None::<Vec<u8>>);
    match outcome {
        Outcome::Sent => row
            .set((
                m::state.eq(MailState::Sent),
                m::sent_at.eq(now),
                m::reason.eq(None::<String>),
                wiped,
                free,
            ))
            .execute(conn)?,
        Outcome::Again(at, reason) => row
            .set((m::state.eq(MailState::Queued), m::next_attempt_at.eq(at), m::reason.eq(reason), free))
            .execute(conn)?,
        Outcome::Failed(reason) => {
            row.set((m::state.eq(MailState::Failed), m::reason.eq(reason), wiped, free)).execute(conn)?
        }
    };
    Ok(())
}

/// A mail that is still to leave.
#[derive(Clone, Copy, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_mails, check_for_backend(MultiBackend))]
pub struct Waiting {
    /// The id.
    pub id: MailId,
    /// When it may leave.
    pub next_attempt_at: Time,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Time,
}

/// The mail of this kind to an account that waits; none while a process has it in its hands.
pub fn waiting(conn: &mut Conn, account: AccountId, kind: MailKind) -> Result<Option<Waiting>> {
    use outbox_mails::dsl as m;
    let waiting = m::account_id.eq(account).and(m::kind.eq(kind)).and(m::state.eq(MailState::Queued));
    Ok(outbox_mails::table.filter(waiting).select(Waiting::as_select()).first(conn).optional()?)
}

/// The accounts for which a mail of this kind waits.
pub fn all_waiting(conn: &mut Conn, kind: MailKind) -> Result<HashSet<AccountId>> {
    use outbox_mails::dsl as m;
    let waiting = m::kind.eq(kind).and(m::state.eq(MailState::Queued));
    let accounts: Vec<Option<AccountId>> =
        outbox_mails::table.filter(waiting).select(m::account_id).load(conn)?;
    Ok(accounts.into_iter().flatten().collect())
}

/// When the last mail of this kind to an account left. One that is on its way leaves `now`.
pub fn last_left(conn: &mut Conn, account: AccountId, kind: MailKind, now: Time) -> Result<Option<Time>> {
    use outbox_mails::dsl as m;
    let gone = m::state.eq(MailState::Sent).or(m::state.eq(MailState::Sending));
    let last: Option<Option<Time>> = outbox_mails::table
        .filter(m::account_id.eq(account).and(m::kind.eq(kind)).and(gone))
        .order((m::created_at.desc(), m::id.desc()))
        .select(m::sent_at)
        .first(conn)
        .optional()?;
    Ok(last.map(|sent_at| sent_at.unwrap_or(now)))
}

/// Lets a mail that waits leave earlier.
pub fn bring_forward(conn: &mut Conn, id: MailId, due: Time) -> Result<()> {
    use outbox_mails::dsl as m;
    diesel::update(outbox_mails::table.find(id)).set(m::next_attempt_at.eq(due)).execute(conn)?;
    Ok(())
}

/// Has the mails of this kind to an account that wait not sent, because of this. One that a process has in its hands goes.
pub fn suppress(conn: &mut Conn, account: AccountId, kind: MailKind, reason: &str) -> Result<()> {
    use outbox_mails::dsl as m;
    let waiting = m::account_id.eq(account).and(m::kind.eq(kind)).and(m::state.eq(MailState::Queued));
    diesel::update(outbox_mails::table.filter(waiting))
        .set((m::state.eq(MailState::Suppressed), m::reason.eq(reason), m::sealed.eq(None::<Vec<u8>>)))
        .execute(conn)?;
    Ok(())
}

/// Has one mail not sent, because of this; false when it does not wait any more.
pub fn hold_back(conn: &mut Conn, id: MailId, reason: &str) -> Result<bool> {
    use outbox_mails::dsl as m;
    let waiting = m::id.eq(id).and(m::state.eq(MailState::Queued));
    let held = diesel::update(outbox_mails::table.filter(waiting))
        .set((m::state.eq(MailState::Suppressed), m::reason.eq(reason), m::sealed.eq(None::<Vec<u8>>)))
        .execute(conn)?;
    Ok(held == 1)
}

/// Where these mails stand; those that were forgotten are left out.
pub fn states(conn: &mut Conn, ids: &[MailId]) -> Result<HashMap<MailId, MailState>> {
    use outbox_mails::dsl as m;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mails = outbox_mails::table.filter(m::id.eq_any(ids.to_vec()));
    Ok(mails.select((m::id, m::state)).load(conn)?.into_iter().collect())
}

/// Notes a mail that was not even written, because of this.
pub fn note_suppressed(
    conn: &mut Conn,
    id: MailId,
    account: AccountId,
    kind: MailKind,
    reason: &str,
    now: Time,
) -> Result<()> {
    use outbox_mails::dsl as m;
    diesel::insert_into(outbox_mails::table)
        .values((
            m::id.eq(id),
            m::kind.eq(kind),
            m::account_id.eq(account),
            m::to_address.eq(""),
            m::state.eq(MailState::Suppressed),
            m::reason.eq(reason),
            m::attempts.eq(0),
            m::next_attempt_at.eq(now),
            m::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox_mails, check_for_backend(MultiBackend))]
struct Row {
    id: MailId,
    kind: MailKind,
    state: MailState,
    reason: Option<String>,
    to_address: String,
    attempts: i64,
    created_at: Time,
    next_attempt_at: Time,
    sent_at: Option<Time>,
}

/// What became of the mails to an account, newest first (NTF-3).
pub fn of_account(conn: &mut Conn, account: AccountId, keyset: &Keyset) -> Result<Page<MailView>> {
    use outbox_mails::dsl as m;
    let mut query = outbox_mails::table.into_boxed().filter(m::account_id.eq(account));
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(m::created_at.lt(at).or(m::created_at.eq(at).and(m::id.lt(MailId(id)))));
    }
    let rows: Vec<Row> = query
        .order((m::created_at.desc(), m::id.desc()))
        .limit(keyset.rows())
        .select(Row::as_select())
        .load(conn)?;
    let page = keyset.page(rows, |row| Cursor { at: row.created_at, id: row.id.0 });
    Ok(page.map(|row| MailView {
        id: row.id,
        kind: row.kind,
        state: row.state,
        reason: row.reason,
        to: masked(&row.to_address),
        attempts: row.attempts,
        created_at: row.created_at,
        due_at: matches!(row.state, MailState::Queued | MailState::Sending).then_some(row.next_attempt_at),
        sent_at: row.sent_at,
    }))
}

/// Forgets the mails that were done with long ago.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    let old = outbox_mails::created_at.lt(now.plus(-KEPT)).and(outbox_mails::sealed.is_null());
    Ok(diesel::delete(outbox_mails::table.filter(old)).execute(conn)?)
}
