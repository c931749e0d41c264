//! Getting back in (SEC-6): the username by mail, the password by a mailed link or a token from the desk.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    accounts::{
        AccountEvent, ForgottenPassword, ForgottenUsername, PasswordReset, RESET_LINK_LIFETIME, ResetDone,
        TokenPurpose,
    },
    audit::Outcome,
    enrolment::normalize_token,
    outbox::MailKind,
    problem::Code,
    text,
    time::Time,
};

use super::store;
use crate::{
    app::App,
    error::Result,
    features::accounts::{self, AccountRow, Live, NewToken, Subject},
    platform::{
        auth::{self, Actor, new_token},
        outbox::{Letter, Mail},
        secret,
        work::Work,
    },
};

/// At most so many mails an hour help one account, however often somebody asks.
const MAILS_AN_HOUR: i64 = 3;
/// Longer texts can be nobody's username or address.
const MAX_TYPED: usize = 300;

/// Mails the username, if an account has this verified address. Nothing in the answer tells whether.
pub async fn forgot_username(app: &App, forgotten: ForgottenUsername) -> Result<()> {
    let find = |work: &mut Work<'_>, folded: &str| accounts::by_email(work.conn, folded);
    help(app, &forgotten.email, MailKind::UsernameReminder, find, |_, account| {
        let letter = Letter::about("Your username")
            .says("You asked for the username of your account in our patient portal.")
            .shows("Username", &account.username)
            .adds("If you did not ask for it, ignore this e-mail.");
        Ok((letter, None))
    })
    .await
}

/// Mails a link that resets the password, if the account has a verified address. Nothing in the answer tells whether.
pub async fn forgot_password(app: &App, forgotten: ForgottenPassword) -> Result<()> {
    let find = |work: &mut Work<'_>, folded: &str| match accounts::by_username(work.conn, folded)? {
        Some(account) => Ok(Some(account)),
        None => accounts::by_email(work.conn, folded),
    };
    help(app, &forgotten.username_or_email, MailKind::PasswordReset, find, |work, account| {
        let token = new_token()?;
        let new = NewToken {
            account: account.id,
            purpose: TokenPurpose::ResetLink,
            token: &token,
            email: None,
            issued_by: None,
            lifetime: RESET_LINK_LIFETIME,
        };
        let expires_at = accounts::issue_token(work.conn, &new, work.now)?;
        let letter = Letter::about("Choose a new password")
            .says("You asked for a new password for your account in our patient portal.")
            .leads("Choose a new password", format!("{}/reset#token={token}", work.public_url()))
            .adds("The link works once, for 30 minutes. If you did not ask for it, ignore this e-mail: your password stays as it is.");
        Ok((letter, Some(expires_at)))
    })
    .await
}

/// Finds the account that somebody means and, unless it was helped often enough lately, mails what `write` writes. One
/// durable write in any case, so that the time it takes tells as little as the answer does.
async fn help(
    app: &App,
    typed: &str,
    kind: MailKind,
    find: impl Fn(&mut Work<'_>, &str) -> Result<Option<AccountRow>> + Send + 'static,
    write: impl Fn(&mut Work<'_>, &AccountRow) -> Result<(Letter, Option<Time>)> + Send + 'static,
) -> Result<()> {
    if typed.chars().count() > MAX_TYPED || typed.contains(char::is_control) {
        return Ok(());
    }
    let folded = text::fold(typed);
    app.write(&Actor::nobody(), move |work| {
        let found = find(work, &folded)?;
        let (account, patient) = found.as_ref().map(|account| (account.id.0, account.patient_id)).unzip();
        work.note(Action::Act, Category::Account, patient.flatten(), account, Outcome::Done);
        let Some((account, to)) = found.and_then(|account| account.email.clone().map(|to| (account, to)))
        else {
            return Ok(());
        };
        // A stranger can't fill the mailbox.
        let since = work.now.plus(-TimeDelta::hours(1));
        if store::mails_since(work.conn, account.id, kind, since)? >= MAILS_AN_HOUR {
            return Ok(());
        }
        let (letter, useless_after) = write(work, &account)?;
        work.enqueue(&Mail { kind, account: Some(account.id), to, letter, useless_after })?;
        Ok(())
    })
    .await
}

/// Sets a new password by a token. The token is used up, every session ends, what was handed out to reset it dies, the
/// owner is told; the second step stays as it is. Every failure gets one answer.
pub async fn reset(app: &App, from: &str, reset: PasswordReset) -> Result<ResetDone> {
    let account = find(app, from, &reset).await?;
    accounts::refuse_broken(app, "new_password", &reset.new_password, &account.username).await?;
    let hash = app.passwords.hash(&reset.new_password).await?;
    app.write(&Actor::nobody(), move |work| {
        let live = live(work, &reset)?.ok_or(Code::ResetRefused)?;
        let account = accounts::use_token_up(work.conn, &live, work.now)?.ok_or(Code::ResetRefused)?.account;
        accounts::set_password(work.conn, account, &hash, work.now)?;
        let ways = [TokenPurpose::ResetLink, TokenPurpose::DeskReset, TokenPurpose::SecondStep];
        accounts::revoke_tokens(work.conn, account, &ways, work.now)?;
        auth::end_all(work.conn, account, None, work.now)?;
        accounts::tell(work, account, AccountEvent::PasswordReset, "")?;
        let row = accounts::by_id(work.conn, account)?;
        accounts::clear_throttle(work.conn, &Subject::username(&text::fold(&row.username)))?;
        work.note(Action::Act, Category::Account, row.patient_id, Some(account.0), Outcome::Done);
        Ok(ResetDone { username: row.username })
    })
    .await
}

/// The account whose password this token resets. A wrong token, and a wrong username with a desk token, count against
/// the network address and against the token.
async fn find(app: &App, from: &str, reset: &PasswordReset) -> Result<AccountRow> {
    let (reset, subject) = (reset.clone(), Subject::tokens_from(from));
    app.write(&Actor::nobody(), move |work| {
        accounts::check_throttle(work.conn, &subject, work.now)?;
        if let Some(live) = live(work, &reset)? {
            return accounts::by_id(work.conn, live.account).map(Some);
        }
        accounts::count_failure(work.conn, &subject, work.now)?;
        if let Some(burning) = desk_token(work, &reset)? {
            accounts::count_token_failure(work.conn, &burning, work.now)?;
        }
        work.note(Action::Act, Category::Account, None, None, Outcome::Refused);
        Ok(None)
    })
    .await?
    .ok_or_else(|| Code::ResetRefused.into())
}

/// The live token, if everything that goes with it is right.
fn live(work: &mut Work<'_>, reset: &PasswordReset) -> Result<Option<Live>> {
    let link = secret::hash(reset.token.as_bytes());
    if let Some(live) = accounts::live_token(work.conn, TokenPurpose::ResetLink, &link, work.now)? {
        return Ok(Some(live));
    }
    let Some(live) = desk_token(work, reset)? else { return Ok(None) };
    let username = accounts::by_id(work.conn, live.account)?.username;
    let typed = reset.username.as_deref().unwrap_or_default();
    Ok((text::fold(typed) == text::fold(&username)).then_some(live))
}

/// The live token of the desk, whoever typed it.
fn desk_token(work: &mut Work<'_>, reset: &PasswordReset) -> Result<Option<Live>> {
    let Some(typed) = normalize_token(&reset.token) else { return Ok(None) };
    let hash = secret::hash(typed.as_bytes());
    accounts::live_token(work.conn, TokenPurpose::DeskReset, &hash, work.now)
}
