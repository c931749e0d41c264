//! Invitations: a grown patient asks somebody to look after them (PRX-1), by a code to be told or by a link in an e-mail.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    dependents::{
        DependentView, GrantSource, GrantTerms, INVITE_LIFETIME, InviteAcceptance, IssuedProxyInvite,
        MOST_INVITES, MOST_MAILED_A_DAY, MailedInvite, NewProxyInvite,
    },
    enrolment::{normalize_token, spell_token},
    ids::{PatientId, ProxyInviteId},
    outbox::MailKind,
    problem::{Code, Problem},
    text,
    time::Time,
};

use super::{
    giving::{Giving, give},
    service::{may_add, must_decide},
    store::{self, InviteRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients},
    platform::{
        access::{self, Grant},
        auth::Actor,
        clock::new_id,
        db::Json,
        outbox::{self, Letter, Mail},
        secret,
        work::Work,
    },
};

/// Why the mail of an invitation that was withdrawn is not sent.
const WITHDRAWN: &str = "the invitation was withdrawn";

/// Makes an invitation; its code is shown this once, or goes by e-mail and is shown to nobody.
pub async fn invite(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewProxyInvite,
) -> Result<IssuedProxyInvite> {
    let code = spell_token(secret::random::<10>()?);
    let id = ProxyInviteId(new_id());
    let mailed = new.mail.map(MailedInvite::check).transpose()?;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Proxies, patient, id.0)?;
        work.actor.must_be_proven(work.now)?;
        must_decide(work, patient)?;
        let subject = access::subject(work.conn, patient, work.now)?.ok_or(Code::NotFound)?;
        let errors = new.terms.check(subject.today);
        if !errors.is_empty() {
            return Err(Problem::invalid(errors).into());
        }
        if store::open_invites(work.conn, &grant, work.now)?.len() as i64 >= MOST_INVITES {
            let detail = "Ten invitations are open, the most there can be. Withdraw one first.";
            return Err(Problem::new(Code::WrongState).detail(detail).into());
        }
        let expires_at = work.now.plus(INVITE_LIFETIME);
        let mail_id = match &mailed {
            Some(mailed) => {
                must_not_be_too_often(work, &grant)?;
                Some(work.enqueue(&letter_to(work, mailed, &code, expires_at)?)?)
            }
            None => None,
        };
        let row = InviteRow {
            patient_id: patient,
            id,
            code_hash: hash(&code).ok_or_else(|| Error::internal("a new code is not a code"))?,
            relationship: new.relationship,
            level: new.terms.level,
            shares: Json::of(&new.terms.shares)?,
            ends_on: new.terms.ends_on,
            invited_by: work.actor.account_id()?,
            invited_at: work.now,
            expires_at,
            accepted_at: None,
            withdrawn_at: None,
            email: mailed.as_ref().map(|mailed| mailed.email.clone()),
            family_name: mailed.as_ref().map(|mailed| mailed.family_name.clone()),
            mail_id,
        };
        store::insert_invite(work.conn, &grant, &row)?;
        let shown = mailed.is_none().then(|| code.clone());
        Ok(IssuedProxyInvite { id, code: shown, expires_at })
    })
    .await
}

/// Nobody floods a mailbox by inviting and withdrawing.
fn must_not_be_too_often(work: &mut Work<'_>, grant: &Grant) -> Result<()> {
    let since = work.now.plus(-TimeDelta::days(1));
    if store::mailed_since(work.conn, grant, since)? >= MOST_MAILED_A_DAY {
        return Err(Error::TooManyRequests { retry_after_seconds: 3600 });
    }
    Ok(())
}

/// The mail. It names nobody: that somebody is a patient here is health information (NTF-1).
fn letter_to(work: &Work<'_>, mailed: &MailedInvite, code: &str, expires_at: Time) -> Result<Mail> {
    let link = format!("{}/family/code#invite={code}", work.public_url());
    let letter = Letter::about("You are invited to our patient portal")
        .says("Somebody who knows you asks you to look after them in our patient portal. They told us your last name and this address. Whoever it is will have told you.")
        .leads("Open the invitation", link)
        .adds("You need an account of your own. If you have none, contact any of our locations, then open this link again.")
        .adds("The link works once, for 7 days. If you do not know who invites you, ignore this e-mail.");
    Ok(Mail {
        kind: MailKind::ProxyInvite,
        account: Some(work.actor.account_id()?),
        to: mailed.email.clone(),
        letter,
        useless_after: Some(expires_at),
    })
}

/// Takes an invitation back, and its mail as long as that waits.
pub async fn withdraw(app: &App, actor: &Actor, patient: PatientId, id: ProxyInviteId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Proxies, patient, id.0)?;
        let row = store::withdraw_invite(work.conn, &grant, id, work.now)?.ok_or(Code::NotFound)?;
        if let Some(mail) = row.mail_id {
            outbox::hold_back(work.conn, mail, WITHDRAWN)?;
        }
        Ok(())
    })
    .await
}

/// Accepts an invitation. A code that is wrong, used or out of date, one's own, and one that was mailed for somebody of another
/// last name get one answer; it counts against the caller's address.
pub async fn accept(
    app: &App,
    actor: &Actor,
    from: &str,
    patient: PatientId,
    acceptance: InviteAcceptance,
) -> Result<DependentView> {
    let subject = accounts::Subject::tokens_from(from);
    let hash = hash(&acceptance.code);
    app.write(actor, move |work| {
        let account = may_add(work, patient)?;
        accounts::check_throttle(work.conn, &subject, work.now)?;
        let found = match &hash {
            Some(hash) => store::invite_by_hash(work.conn, hash, work.now)?,
            None => None,
        };
        let name = text::fold_loosely(&patients::summary(work.conn, patient)?.family_name);
        let is_for_me = |row: &InviteRow| {
            row.patient_id != patient
                && row.family_name.as_ref().is_none_or(|meant| text::fold_loosely(meant) == name)
        };
        let Some(row) = found.filter(is_for_me) else {
            accounts::count_failure(work.conn, &subject, work.now)?;
            return Ok(None);
        };
        must_be_grown(work, patient)?;
        if !store::use_invite(work.conn, &row, work.now)? {
            return Err(Code::EnrolmentRefused.into());
        }
        accounts::clear_throttle(work.conn, &subject)?;
        let terms = GrantTerms { level: row.level, shares: row.shares.read()?, ends_on: row.ends_on };
        let giving = Giving {
            account,
            patient: row.patient_id,
            relationship: row.relationship,
            source: GrantSource::Invite,
            terms: &terms,
            has_assent: false,
            approved_by: row.invited_by,
        };
        give(work, &giving).map(Some)
    })
    .await?
    .ok_or_else(|| Code::EnrolmentRefused.into())
}

fn must_be_grown(work: &mut Work<'_>, patient: PatientId) -> Result<()> {
    let subject = access::subject(work.conn, patient, work.now)?.ok_or(Code::NotFound)?;
    if subject.policy.is_minor(subject.born, subject.today) {
        return Err(Problem::new(Code::WrongState).detail("Only adults look after others.").into());
    }
    Ok(())
}

fn hash(code: &str) -> Option<Vec<u8>> {
    normalize_token(code).map(|code| secret::hash(code.as_bytes()))
}
