//! What people see and change of who looks after whom.

use portal_domain::{
    access::{Action, Category, NoAccess, ProxyGrant, Reach, Share, Subject},
    accounts::AccountEvent,
    dependents::{
        DependentView, GrantSource, NewDependent, ProxiesView, ProxyChange, ProxyInviteView, ProxyView,
        Relationship,
    },
    ids::{AccountId, PatientId, ProxyGrantId},
    page::Page,
    problem::{Code, Problem},
};

use super::{
    giving::{self, FULL, Giving, give},
    store::{self, GrantRow, InviteRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, enrolment, patients},
    platform::{
        access::{self, Grant},
        auth::Actor,
        db::{Conn, Json},
        etag::IfMatch,
        work::Work,
    },
};

/// What a stored grant gives today, or why it gives nothing.
pub fn reach(row: &GrantRow, subject: &Subject) -> Result<Result<Reach, NoAccess>> {
    Ok(grant_of(row)?.reach(subject))
}

/// A stored grant as the decision knows it.
pub fn grant_of(row: &GrantRow) -> Result<ProxyGrant> {
    Ok(ProxyGrant {
        id: row.id,
        basis: row.basis,
        level: row.level,
        shares: row.shares.read()?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        is_revoked: row.revoked_at.is_some(),
        assented_on: row.assented_on,
    })
}

/// Splits it into what pages show.
fn told(reach: Result<Reach, NoAccess>) -> (Vec<Share>, Option<NoAccess>) {
    match reach {
        Ok(reach) => (reach.shares().to_vec(), None),
        Err(why) => (Vec::new(), Some(why)),
    }
}

/// Whether this address (folded) is an adult's who looks after the patient (ENR-5).
pub fn holds_address(conn: &mut Conn, patient: PatientId, folded: &str) -> Result<bool> {
    store::is_address_of_proxy(conn, patient, folded)
}

/// Whom the patient's account looks after. Names and dates of birth are shown, which their charts' trails keep.
pub async fn dependents(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<DependentView>> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Proxies, patient)?;
        let Some(account) = accounts::of_patient(work.conn, grant.patient())? else { return Ok(Vec::new()) };
        let rows = store::of_account(work.conn, account.id)?;
        // Whom somebody looks after may be a patient whose record does not open to this member of staff (ADM-6).
        let rows = work.nearby(Page { items: rows, next: None }, |row| row.patient_id)?.items;
        let shown: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
        work.note_shown(Category::Proxies, &shown);
        dependents_of(work, rows)
    })
    .await
}

/// Grants with the names of those whom they are about.
pub fn dependents_of(work: &mut Work<'_>, rows: Vec<GrantRow>) -> Result<Vec<DependentView>> {
    let ids: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    let mut summaries = patients::summaries(work.conn, &ids)?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let subject = access::subject(work.conn, row.patient_id, work.now)?.ok_or(Code::NotFound)?;
        let (shares, why_not) = told(reach(&row, &subject)?);
        let patient = summaries.remove(&row.patient_id);
        views.push(DependentView {
            id: row.id,
            patient: patient.ok_or_else(|| Error::internal("a grant's patient is gone"))?,
            relationship: row.relationship,
            level: row.level,
            shares,
            why_not,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            has_account: accounts::of_patient(work.conn, row.patient_id)?.is_some(),
        });
    }
    Ok(views)
}

/// Who looks after a patient, and who is invited to.
pub async fn proxies(app: &App, actor: &Actor, patient: PatientId) -> Result<ProxiesView> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Proxies, patient)?;
        proxies_of(work, &grant)
    })
    .await
}

fn proxies_of(work: &mut Work<'_>, grant: &Grant) -> Result<ProxiesView> {
    let subject = access::subject(work.conn, grant.patient(), work.now)?.ok_or(Code::NotFound)?;
    let rows = store::of_patient(work.conn, grant)?;
    let people: Vec<AccountId> = rows.iter().flat_map(|row| [row.account_id, row.approved_by]).collect();
    let names = accounts::names(work.conn, &people)?;
    let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    let mut proxies = Vec::with_capacity(rows.len());
    for row in rows {
        let (shares, why_not) = told(reach(&row, &subject)?);
        proxies.push(ProxyView {
            id: row.id,
            version: row.version,
            name: name(row.account_id),
            relationship: row.relationship,
            basis: row.basis,
            source: row.source,
            level: row.level,
            given: row.shares.read()?,
            shares,
            why_not,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            assented_on: row.assented_on,
            granted_at: row.granted_at,
            approved_by: name(row.approved_by),
        });
    }
    let invites: Result<Vec<_>> =
        store::open_invites(work.conn, grant, work.now)?.into_iter().map(invite_view).collect();
    let is_adult = !subject.policy.is_minor(subject.born, subject.today);
    Ok(ProxiesView { is_adult, proxies, invites: invites? })
}

fn invite_view(row: InviteRow) -> Result<ProxyInviteView> {
    Ok(ProxyInviteView {
        id: row.id,
        relationship: row.relationship,
        level: row.level,
        shares: row.shares.read()?,
        email: row.email,
        family_name: row.family_name,
        expires_at: row.expires_at,
    })
}

/// Adds somebody by their enrolment token (PRX-1): what ENR-1 asks of whoever enrols is asked here too, and it burns the
/// same. Who handed the token out has approved it.
pub async fn add(
    app: &App,
    actor: &Actor,
    from: &str,
    patient: PatientId,
    new: NewDependent,
) -> Result<DependentView> {
    app.read(actor, move |work| may_add(work, patient).map(drop)).await?;
    let proven = enrolment::prove(app, actor, from, new.identity).await?;
    app.write(actor, move |work| {
        let account = may_add(work, patient)?;
        if !enrolment::use_up(work.conn, &proven, work.now)? {
            return Err(Code::EnrolmentRefused.into());
        }
        let giving = Giving {
            account,
            patient: proven.patient(),
            relationship: new.relationship,
            source: GrantSource::Token,
            terms: &FULL,
            has_assent: false,
            approved_by: proven.issued_by(),
        };
        give(work, &giving)
    })
    .await
}

/// Leave to add somebody to the own account, for whoever just gave password or passkey (SEC-5).
pub fn may_add(work: &mut Work<'_>, patient: PatientId) -> Result<AccountId> {
    work.grant(Action::Act, Category::Proxies, patient)?;
    work.actor.must_be_proven(work.now)?;
    work.actor.account_id()
}

/// The account does not want to look after somebody any more.
pub async fn leave(app: &App, actor: &Actor, patient: PatientId, id: ProxyGrantId) -> Result<()> {
    app.write(actor, move |work| {
        work.grant_about(Action::Act, Category::Proxies, patient, id.0)?;
        let account = work.actor.account_id()?;
        let row = store::of_account(work.conn, account)?.into_iter().find(|row| row.id == id);
        end(work, &row.ok_or(Code::NotFound)?)
    })
    .await
}

/// Revokes what somebody may do; it counts from the next request on.
pub async fn revoke(app: &App, actor: &Actor, patient: PatientId, id: ProxyGrantId) -> Result<ProxiesView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Proxies, patient, id.0)?;
        let row = store::grant(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
        must_decide(work, patient)?;
        end(work, &row)?;
        proxies_of(work, &grant)
    })
    .await
}

fn end(work: &mut Work<'_>, row: &GrantRow) -> Result<()> {
    let by = work.actor.account_id()?;
    if !store::revoke(work.conn, row, by, work.now)? {
        return Err(Code::NotFound.into());
    }
    giving::tell_both(work, row, AccountEvent::ProxyEnded, AccountEvent::DependentEnded)
}

/// Changes what somebody may do. A patient gives password or passkey for that: it may be more than before.
pub async fn change(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ProxyGrantId,
    seen: IfMatch,
    change: ProxyChange,
) -> Result<ProxiesView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Proxies, patient, id.0)?;
        let mut row = store::grant(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
        must_decide(work, patient)?;
        if !work.actor.is_staff() {
            work.actor.must_be_proven(work.now)?;
            if change.has_assent {
                return Err(Problem::field("has_assent", "not_allowed", "Staff note the assent.").into());
            }
        }
        seen.check(row.version)?;
        let subject = access::subject(work.conn, patient, work.now)?.ok_or(Code::NotFound)?;
        let errors = change.terms.check(subject.today);
        if !errors.is_empty() {
            return Err(Problem::invalid(errors).into());
        }
        row.level = change.terms.level;
        row.shares = Json::of(&change.terms.shares)?;
        row.ends_on = change.terms.ends_on;
        row.assented_on = change.has_assent.then_some(subject.today);
        row.version += 1;
        store::change_grant(work.conn, &row)?;
        giving::tell_both(work, &row, AccountEvent::ProxyChanged, AccountEvent::DependentChanged)?;
        proxies_of(work, &grant)
    })
    .await
}

/// Who looks after a minor is decided with the practice, also when the minor has an account.
pub fn must_decide(work: &mut Work<'_>, patient: PatientId) -> Result<()> {
    if work.actor.is_staff() {
        return Ok(());
    }
    let subject = access::subject(work.conn, patient, work.now)?.ok_or(Code::NotFound)?;
    if subject.policy.is_minor(subject.born, subject.today) {
        let detail = "Our staff decide this with you. Contact any of our locations.";
        return Err(Problem::new(Code::WrongState).detail(detail).into());
    }
    Ok(())
}

/// Who acts for the patient, by grants that nobody revoked.
pub fn proxies_for(conn: &mut Conn, grant: &Grant) -> Result<Vec<(ProxyGrantId, AccountId, Relationship)>> {
    let rows = store::of_patient(conn, grant)?;
    Ok(rows.into_iter().map(|row| (row.id, row.account_id, row.relationship)).collect())
}
