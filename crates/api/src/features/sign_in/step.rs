//! A right password that waits for its second step: a token of five minutes in a cookie of its own. Without it the
//! second step is refused, and it works once.

use portal_domain::{
    accounts::{STEP_LIFETIME, TokenPurpose},
    ids::AccountId,
    problem::Code,
    time::Time,
};

use crate::{
    error::Result,
    features::accounts::{self, Live, NewToken},
    platform::{auth::new_token, db::Conn},
};

/// A step that waits.
#[derive(Debug)]
pub struct Step(Live);

impl Step {
    /// Begins a step; one begun before by the same account dies. Answers the cookie's token and until when it lives.
    pub fn begin(conn: &mut Conn, account: AccountId, now: Time) -> Result<(String, Time)> {
        let token = new_token()?;
        let purpose = TokenPurpose::SecondStep;
        let new = NewToken {
            account,
            purpose,
            token: &token,
            email: None,
            issued_by: None,
            lifetime: STEP_LIFETIME,
        };
        let expires_at = accounts::issue_token(conn, &new, now)?;
        Ok((token, expires_at))
    }

    /// The step of the cookie that a request brings along.
    pub fn live(conn: &mut Conn, cookie_hash: Option<&[u8]>, now: Time) -> Result<Self> {
        let hash = cookie_hash.ok_or(Code::StepExpired)?;
        let live = accounts::live_token(conn, TokenPurpose::SecondStep, hash, now)?;
        Ok(Self(live.ok_or(Code::StepExpired)?))
    }

    /// Whose step it is.
    pub fn account(&self) -> AccountId {
        self.0.account
    }

    /// Uses the step up, so that it opens one session at most.
    pub fn use_up(&self, conn: &mut Conn, now: Time) -> Result<()> {
        accounts::use_token_up(conn, &self.0, now)?.map(drop).ok_or_else(|| Code::StepExpired.into())
    }

    /// Counts a wrong code; after the fifth the password is asked again.
    pub fn count_failure(&self, conn: &mut Conn, now: Time) -> Result<()> {
        accounts::count_token_failure(conn, &self.0, now)
    }
}
