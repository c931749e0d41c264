//! The account's e-mail address: it counts once a link that was mailed there was opened (ENR-3). Whether another account
//! has it is never told to the one who asks, only to the mailbox (ENR-4).

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    accounts::{
        AccountEvent, AccountView, EmailChange, EmailProof, EmailProven, TokenPurpose, VERIFY_EMAIL_LIFETIME,
        parse_email,
    },
    audit::Outcome,
    ids::AccountId,
    outbox::MailKind,
    problem::{Code, Problem},
    text,
};

use super::store;
use crate::{
    app::App,
    error::{Error, Result},
    features::accounts::{self, NewToken},
    platform::{
        auth::{Actor, new_token},
        outbox::{self, Letter, Mail},
        secret,
        work::Work,
    },
};

/// At most so many links an hour are asked for by one account.
const LINKS_AN_HOUR: i64 = 5;

/// Why news that waited for the old address is not mailed.
const ADDRESS_CHANGED: &str = "the address was changed";

/// Mails a link to an address. When another account has the address, the mail says that instead; the one who asks sees
/// no difference. A link that was mailed before works no more.
pub fn ask_to_verify(work: &mut Work<'_>, public_url: &str, account: AccountId, email: &str) -> Result<()> {
    let token = new_token()?;
    let new = NewToken {
        account,
        purpose: TokenPurpose::VerifyEmail,
        token: &token,
        email: Some(email),
        issued_by: None,
        lifetime: VERIFY_EMAIL_LIFETIME,
    };
    let expires_at = accounts::issue_token(work.conn, &new, work.now)?;
    let taken = accounts::email_is_taken(work.conn, &text::fold(email), Some(account))?;
    let (kind, letter) = if taken {
        let letter = Letter::about("This address is in use already")
            .says("Somebody gave this e-mail address for an account in our patient portal. Another account uses it already, so nothing was changed.")
            .says("If it was you, sign in to that account. If you forgot its username, ask for it on the sign-in page.")
            .adds("If it was not you, ignore this e-mail.");
        (MailKind::EmailInUse, letter)
    } else {
        let letter = Letter::about("Confirm your e-mail address")
            .says("Open this link to use this e-mail address for your account in our patient portal.")
            .leads("Confirm this address", format!("{public_url}/verify-email#token={token}"))
            .adds("The link works once, for 24 hours. If you did not ask for it, ignore this e-mail.");
        (MailKind::VerifyEmail, letter)
    };
    let mail =
        Mail { kind, account: Some(account), to: email.into(), letter, useless_after: Some(expires_at) };
    work.enqueue(&mail)?;
    Ok(())
}

/// Asks for another address, or for another link to the same one.
pub async fn change(app: &App, actor: &Actor, change: EmailChange) -> Result<AccountView> {
    let email = parse_email("email", &change.email).map_err(|error| Problem::invalid(vec![error]))?;
    let public_url = app.settings.public_url.clone();
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        let own = accounts::by_id(work.conn, account)?.email;
        if own.is_some_and(|own| text::fold(&own) == text::fold(&email)) {
            return Err(Problem::field("email", "same", "This is your address already.").into());
        }
        let since = work.now.plus(-TimeDelta::hours(1));
        let mut asked = 0;
        for kind in [MailKind::VerifyEmail, MailKind::EmailInUse] {
            asked += store::mails_since(work.conn, account, kind, since)?;
        }
        if asked >= LINKS_AN_HOUR {
            return Err(Error::TooManyRequests { retry_after_seconds: 3600 });
        }
        ask_to_verify(work, &public_url, account, &email)?;
        accounts::view_of(work, account)
    })
    .await
}

/// Takes the address away, and one that waits for its link.
pub async fn remove(app: &App, actor: &Actor) -> Result<AccountView> {
    app.write(actor, |work| {
        let account = work.proven_account(Action::Act)?;
        accounts::revoke_tokens(
            work.conn,
            account,
            &[TokenPurpose::VerifyEmail, TokenPurpose::ResetLink],
            work.now,
        )?;
        if accounts::by_id(work.conn, account)?.email.is_some() {
            // The owner of the mailbox hears of it before it goes.
            accounts::tell(work, account, AccountEvent::EmailRemoved, "")?;
            accounts::set_email(work.conn, account, None, work.now)?;
            outbox::suppress(work.conn, account, MailKind::SomethingNew, ADDRESS_CHANGED)?;
        }
        accounts::view_of(work, account)
    })
    .await
}

/// Proves an address by its link; from now on it counts. The address of before is told. Of two accounts that wait for
/// one address the first wins.
pub async fn prove(app: &App, proof: EmailProof) -> Result<EmailProven> {
    let hash = secret::hash(proof.token.as_bytes());
    app.write(&Actor::nobody(), move |work| {
        let live = accounts::live_token(work.conn, TokenPurpose::VerifyEmail, &hash, work.now)?;
        let live = live.ok_or(Code::LinkRefused)?;
        let email = live.email.clone().ok_or(Code::LinkRefused)?;
        if accounts::email_is_taken(work.conn, &text::fold(&email), Some(live.account))? {
            return Err(Code::LinkRefused.into());
        }
        accounts::use_token_up(work.conn, &live, work.now)?.ok_or(Code::LinkRefused)?;
        let patient = accounts::by_id(work.conn, live.account)?.patient_id;
        // A reset link that was mailed to the old address works no more.
        accounts::revoke_tokens(work.conn, live.account, &[TokenPurpose::ResetLink], work.now)?;
        accounts::tell(work, live.account, AccountEvent::EmailChanged, &email)?;
        accounts::set_email(work.conn, live.account, Some(&email), work.now)?;
        outbox::suppress(work.conn, live.account, MailKind::SomethingNew, ADDRESS_CHANGED)?;
        work.note(Action::Act, Category::Account, patient, Some(live.account.0), Outcome::Done);
        Ok(EmailProven { email })
    })
    .await
}
