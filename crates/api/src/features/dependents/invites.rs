//! Invitations: a grown patient asks somebody to look after them (PRX-1).

use portal_domain::{
    access::{Action, Category},
    dependents::{
        DependentView, GrantSource, GrantTerms, INVITE_LIFETIME, InviteAcceptance, IssuedProxyInvite,
        MOST_INVITES, NewProxyInvite,
    },
    enrolment::{normalize_token, spell_token},
    ids::{PatientId, ProxyInviteId},
    problem::{Code, Problem},
};

use super::{
    giving::{Giving, give},
    service::{may_add, must_decide},
    store::{self, InviteRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::accounts,
    platform::{access, auth::Actor, clock::new_id, db::Json, secret, work::Work},
};

/// Makes an invitation; its code is shown this once.
pub async fn invite(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewProxyInvite,
) -> Result<IssuedProxyInvite> {
    let code = spell_token(secret::random::<10>()?);
    let id = ProxyInviteId(new_id());
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
            expires_at: work.now.plus(INVITE_LIFETIME),
            accepted_at: None,
            withdrawn_at: None,
        };
        store::insert_invite(work.conn, &grant, &row)?;
        Ok(IssuedProxyInvite { id, code: code.clone(), expires_at: row.expires_at })
    })
    .await
}

/// Takes an invitation back.
pub async fn withdraw(app: &App, actor: &Actor, patient: PatientId, id: ProxyInviteId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Proxies, patient, id.0)?;
        let withdrawn = store::withdraw_invite(work.conn, &grant, id, work.now)?;
        if withdrawn { Ok(()) } else { Err(Code::NotFound.into()) }
    })
    .await
}

/// Accepts an invitation. A code that is wrong, used or out of date, and one's own, get one answer; it counts against the
/// caller's address.
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
        let Some(row) = found.filter(|row| row.patient_id != patient) else {
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
