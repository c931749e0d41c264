//! How often somebody may be wrong (SEC-4): counted in the database, so that a restart forgives nothing and fifty
//! parallel tries count as fifty.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_domain::{
    accounts::wait_after,
    ids::{AccountId, DeviceId},
    time::Time,
};

use crate::{
    error::{Error, Result},
    platform::db::{
        Conn,
        schema::{devices, throttles},
    },
};

/// After so long without a failure the count begins anew.
const FORGOTTEN: TimeDelta = TimeDelta::days(1);

/// Whose failures are counted.
#[derive(Clone, Debug)]
pub struct Subject(String);

impl Subject {
    /// A username, folded; whether it exists makes no difference.
    pub fn username(folded: &str) -> Self {
        Self(format!("username {folded}"))
    }

    /// Sign-ins from a browser that the account knows: a stranger's failures don't count here, nor these for others.
    pub fn device(device: DeviceId) -> Self {
        Self(format!("device {device}"))
    }

    /// Codes of the second step.
    pub fn second_step(account: AccountId) -> Self {
        Self(format!("second step {account}"))
    }

    /// Passwords given again by somebody who is signed in.
    pub fn password(account: AccountId) -> Self {
        Self(format!("password {account}"))
    }

    /// Asking for a mail that helps who forgot something.
    pub fn recovery(folded: &str) -> Self {
        Self(format!("recovery {folded}"))
    }

    /// Tokens typed at one network address, in enrolment and in resetting a password.
    pub fn tokens_from(address: &str) -> Self {
        Self(format!("{SHARED}{address}"))
    }

    /// What counts for the wait: many people share an address (a clinic, a proxy), so its wait never grows to a day.
    fn weight(&self, failures: u32) -> u32 {
        if self.0.starts_with(SHARED) { failures.min(SHARED_MAX) } else { failures }
    }
}

const SHARED: &str = "tokens from ";
/// Failures of a shared address count up to this: a wait of ten seconds.
const SHARED_MAX: u32 = 99;

/// Failures as they are stored, and when the last one was.
struct Count(i64, Time);

impl Count {
    fn read(conn: &mut Conn, subject: &Subject) -> Result<Option<Self>> {
        let row = throttles::table
            .find(&subject.0)
            .select((throttles::failures, throttles::last_failure_at))
            .first(conn)
            .optional()?;
        Ok(row.map(|(failures, last)| Self(failures, last)))
    }

    /// How many count by now.
    fn failures(&self, now: Time) -> u32 {
        if self.1 > now.plus(-FORGOTTEN) { u32::try_from(self.0).unwrap_or(u32::MAX) } else { 0 }
    }

    fn closed_until(&self, subject: &Subject, now: Time) -> Option<Time> {
        let open_at = match self.failures(now) {
            0 => return None,
            failures => self.1.plus(wait_after(subject.weight(failures))),
        };
        (now < open_at).then_some(open_at)
    }
}

/// Writes one failure more.
fn add(conn: &mut Conn, subject: &Subject, stored: Option<&Count>, now: Time) -> Result<()> {
    let row = throttles::table.find(&subject.0);
    let failures = stored.map_or(0, |count| i64::from(count.failures(now))) + 1;
    let values = (throttles::failures.eq(failures), throttles::last_failure_at.eq(now));
    match stored {
        Some(_) => diesel::update(row).set(values).execute(conn)?,
        None => diesel::insert_into(throttles::table)
            .values((throttles::subject.eq(&subject.0), values.0, values.1))
            .execute(conn)?,
    };
    Ok(())
}

fn refused_until(open_at: Option<Time>, now: Time) -> Result<()> {
    open_at.map_or(Ok(()), |open_at| {
        Err(Error::TooManyRequests { retry_after_seconds: open_at.since(now).num_seconds() + 1 })
    })
}

/// Until when the next try must wait; none when it needn't.
pub fn closed_until(conn: &mut Conn, subject: &Subject, now: Time) -> Result<Option<Time>> {
    Ok(Count::read(conn, subject)?.and_then(|count| count.closed_until(subject, now)))
}

/// Refuses with the time to wait while the last failure is too fresh.
pub fn check(conn: &mut Conn, subject: &Subject, now: Time) -> Result<()> {
    refused_until(closed_until(conn, subject, now)?, now)
}

/// Counts a failure.
pub fn count_failure(conn: &mut Conn, subject: &Subject, now: Time) -> Result<()> {
    let stored = Count::read(conn, subject)?;
    add(conn, subject, stored.as_ref(), now)
}

/// Both: refuses while the last failure is too fresh, else counts this try as one before it is looked at, so that tries
/// in parallel can't all come first.
pub fn begin_try(conn: &mut Conn, subject: &Subject, now: Time) -> Result<()> {
    let stored = Count::read(conn, subject)?;
    refused_until(stored.as_ref().and_then(|count| count.closed_until(subject, now)), now)?;
    add(conn, subject, stored.as_ref(), now)
}

/// Opens an account to tries again (SEC-4): forgets every failure that closes it.
pub fn unlock(conn: &mut Conn, account: AccountId, username_folded: &str) -> Result<()> {
    let devices: Vec<DeviceId> =
        devices::table.filter(devices::account_id.eq(account)).select(devices::id).load(conn)?;
    let own = [Subject::username(username_folded), Subject::second_step(account), Subject::password(account)];
    let subjects: Vec<String> =
        own.into_iter().chain(devices.into_iter().map(Subject::device)).map(|subject| subject.0).collect();
    diesel::delete(throttles::table.filter(throttles::subject.eq_any(subjects))).execute(conn)?;
    Ok(())
}

/// Takes back a failure that was counted before it was known to be none.
pub fn take_back(conn: &mut Conn, subject: &Subject) -> Result<()> {
    diesel::update(throttles::table.find(&subject.0).filter(throttles::failures.gt(0)))
        .set(throttles::failures.eq(throttles::failures - 1))
        .execute(conn)?;
    Ok(())
}

/// Forgets failures that count no more.
pub fn forget_old(conn: &mut Conn, now: Time) -> Result<usize> {
    Ok(diesel::delete(throttles::table.filter(throttles::last_failure_at.lt(now.plus(-FORGOTTEN))))
        .execute(conn)?)
}

/// Forgets the failures after a success.
pub fn clear(conn: &mut Conn, subject: &Subject) -> Result<()> {
    diesel::delete(throttles::table.find(&subject.0)).execute(conn)?;
    Ok(())
}
