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

fn count(conn: &mut Conn, subject: &Subject, now: Time) -> Result<Option<(u32, Time)>> {
    let row: Option<(i64, Time)> = throttles::table
        .find(&subject.0)
        .filter(throttles::last_failure_at.gt(now.plus(-FORGOTTEN)))
        .select((throttles::failures, throttles::last_failure_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(failures, last)| (u32::try_from(failures).unwrap_or(u32::MAX), last)))
}

/// Until when the next try must wait; none when it needn't.
pub fn closed_until(conn: &mut Conn, subject: &Subject, now: Time) -> Result<Option<Time>> {
    let Some((failures, last)) = count(conn, subject, now)? else { return Ok(None) };
    let open_at = last.plus(wait_after(subject.weight(failures)));
    Ok((now < open_at).then_some(open_at))
}

/// Refuses with the time to wait while the last failure is too fresh.
pub fn check(conn: &mut Conn, subject: &Subject, now: Time) -> Result<()> {
    match closed_until(conn, subject, now)? {
        None => Ok(()),
        Some(open_at) => {
            let wait = open_at.since(now);
            Err(Error::TooManyRequests { retry_after_seconds: wait.num_seconds() + 1 })
        }
    }
}

/// Counts a failure.
pub fn count_failure(conn: &mut Conn, subject: &Subject, now: Time) -> Result<()> {
    let failures = count(conn, subject, now)?.map_or(0, |(failures, _)| failures);
    diesel::delete(throttles::table.find(&subject.0)).execute(conn)?;
    diesel::insert_into(throttles::table)
        .values((
            throttles::subject.eq(&subject.0),
            throttles::failures.eq(i64::from(failures) + 1),
            throttles::last_failure_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
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
