//! Giving leave to look after somebody, whatever led to it, and telling both sides.

use portal_domain::{
    access::{Basis, Level},
    accounts::AccountEvent,
    dependents::{DependentView, GrantSource, GrantTerms, Relationship},
    ids::{AccountId, PatientId, ProxyGrantId},
    live::LiveKind,
    problem::{Code, Problem},
};

use super::{
    service,
    store::{self, GrantRow},
};
use crate::{
    error::{Error, Result},
    features::{accounts, patients},
    platform::{access, clock::new_id, db::Json, live::Audience, work::Work},
};

/// Leave to be given.
pub struct Giving<'a> {
    /// To whom.
    pub account: AccountId,
    /// For whom.
    pub patient: PatientId,
    /// What the one is to the other.
    pub relationship: Relationship,
    /// How it came about.
    pub source: GrantSource,
    /// How much, and for how long.
    pub terms: &'a GrantTerms,
    /// Whether the young patient agrees.
    pub has_assent: bool,
    /// Who takes responsibility for it.
    pub approved_by: AccountId,
}

/// Everything, until it is revoked.
pub const FULL: GrantTerms = GrantTerms { level: Level::Full, shares: Vec::new(), ends_on: None };

/// Gives it, in the transaction of what led to it. Refused for the own chart, and while there is a grant already that
/// gives something.
pub fn give(work: &mut Work<'_>, giving: &Giving<'_>) -> Result<DependentView> {
    if accounts::by_id(work.conn, giving.account)?.patient_id == Some(giving.patient) {
        return Err(Problem::new(Code::WrongState).detail("This is your own chart.").into());
    }
    let subject = access::subject(work.conn, giving.patient, work.now)?.ok_or(Code::NotFound)?;
    if let Some(before) = store::standing(work.conn, giving.account, giving.patient)? {
        if service::reach(&before, &subject)?.is_ok() {
            return Err(Problem::new(Code::WrongState).detail("There is a grant for this already.").into());
        }
        // It ran out by itself; the new one takes its place.
        store::revoke(work.conn, &before, giving.approved_by, work.now)?;
    }
    let is_minor = subject.policy.is_minor(subject.born, subject.today);
    let row = GrantRow {
        patient_id: giving.patient,
        id: ProxyGrantId(new_id()),
        account_id: giving.account,
        relationship: giving.relationship,
        basis: if is_minor { Basis::Minor } else { Basis::Adult },
        source: giving.source,
        level: giving.terms.level,
        shares: Json::of(&giving.terms.shares)?,
        starts_on: subject.today,
        ends_on: giving.terms.ends_on,
        assented_on: giving.has_assent.then_some(subject.today),
        warned_of: None,
        granted_at: work.now,
        approved_by: giving.approved_by,
        revoked_at: None,
        revoked_by: None,
        version: 1,
    };
    store::insert_grant(work.conn, &row)?;
    tell_both(work, &row, AccountEvent::ProxyAdded, AccountEvent::DependentAdded)?;
    let view = service::dependents_of(work, vec![row])?.into_iter().next();
    view.ok_or_else(|| Error::internal("a view of one grant is one view"))
}

/// Tells the patient, where there is an account, and who acts for the patient; open pages hear of it.
pub fn tell_both(
    work: &mut Work<'_>,
    row: &GrantRow,
    to_patient: AccountEvent,
    to_proxy: AccountEvent,
) -> Result<()> {
    let name = accounts::names(work.conn, &[row.account_id])?.remove(&row.account_id).unwrap_or_default();
    if let Some(account) = accounts::of_patient(work.conn, row.patient_id)? {
        accounts::tell(work, account.id, to_patient, &name)?;
    }
    let whom = patients::summary(work.conn, row.patient_id)?.full_name();
    accounts::tell(work, row.account_id, to_proxy, &whom)?;
    work.announce(Audience::Account(row.account_id), LiveKind::Everything, None);
    Ok(())
}
