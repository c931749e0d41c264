//! Rows of the outbox.

use chrono::TimeDelta;
use diesel::{dsl::exists, prelude::*};
use portal_domain::{
    ids::MailId,
    outbox::{MailKind, MailState},
    time::Time,
};

use super::Mail;
use crate::{
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{outbox_mails, practices},
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

/// A mail that waits from now on.
pub fn insert(conn: &mut Conn, id: MailId, mail: &Mail, to: &str, sealed: Vec<u8>, now: Time) -> Result<()> {
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
            m::next_attempt_at.eq(now),
            m::useless_after.eq(mail.useless_after),
            m::created_at.eq(now),
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

/// Forgets the mails that were done with long ago.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    let old = outbox_mails::created_at.lt(now.plus(-KEPT)).and(outbox_mails::sealed.is_null());
    Ok(diesel::delete(outbox_mails::table.filter(old)).execute(conn)?)
}
