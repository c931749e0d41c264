//! The permission as a type: SQL over health data takes a [`Grant`], and only the decision makes one.

use std::str::FromStr;

use chrono_tz::Tz;
use diesel::prelude::*;
use portal_domain::{
    access::{
        Action, AgePolicy, AgePreset, Basis, Category, Denied, Level, ProxyGrant, Reach, SHAREABLE, Subject,
        Who, may, may_for,
    },
    ids::{AccountId, PatientId, ProxyGrantId},
    mail::ItemKind,
    time::{Date, Time},
};

use super::db::{
    Conn, Json, MultiBackend,
    schema::{accounts, age_policies, locations, patients, proxy_grants},
};
use crate::error::{Error, Result};

/// Whether there is such a patient at all.
pub(super) fn is_there(conn: &mut Conn, patient: PatientId) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(patients::table.find(patient))).get_result(conn)?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = proxy_grants, check_for_backend(MultiBackend))]
struct GrantRow {
    id: ProxyGrantId,
    basis: Basis,
    level: Level,
    shares: Json,
    starts_on: Date,
    ends_on: Option<Date>,
    assented_on: Option<Date>,
    revoked_at: Option<Time>,
}

impl GrantRow {
    fn read(self) -> Result<ProxyGrant> {
        Ok(ProxyGrant {
            id: self.id,
            basis: self.basis,
            level: self.level,
            shares: self.shares.read()?,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            is_revoked: self.revoked_at.is_some(),
            assented_on: self.assented_on,
        })
    }
}

/// The grant of an account for a patient: the one that stands, or else the last that was revoked.
fn proxy_grant(conn: &mut Conn, account: AccountId, patient: PatientId) -> Result<Option<ProxyGrant>> {
    let rows: Vec<GrantRow> = proxy_grants::table
        .filter(proxy_grants::account_id.eq(account))
        .filter(proxy_grants::patient_id.eq(patient))
        .order(proxy_grants::granted_at.desc())
        .select(GrantRow::as_select())
        .load(conn)?;
    let mut rows = rows.into_iter();
    let last = rows.next();
    let standing = match &last {
        Some(row) if row.revoked_at.is_some() => rows.find(|row| row.revoked_at.is_none()),
        _ => None,
    };
    standing.or(last).map(GrantRow::read).transpose()
}

/// The practice's policy for minors, with its version; before anybody chose, the most careful one holds.
pub fn age_policy(conn: &mut Conn) -> Result<(i64, AgePolicy)> {
    let newest: Option<(i64, Json)> = age_policies::table
        .order(age_policies::version.desc())
        .select((age_policies::version, age_policies::body))
        .first(conn)
        .optional()?;
    match newest {
        Some((version, body)) => Ok((version, body.read()?)),
        None => Ok((0, AgePolicy::of(AgePreset::LimitedFrom12))),
    }
}

/// The practice's date: that of its first location.
fn today(conn: &mut Conn, now: Time) -> Result<Date> {
    let zone: Option<String> = locations::table
        .order((locations::position, locations::id))
        .select(locations::time_zone)
        .first(conn)
        .optional()?;
    let zone = zone.map_or(Ok(Tz::UTC), |zone| Tz::from_str(&zone)).map_err(Error::internal)?;
    Ok(now.utc().with_timezone(&zone).date_naive())
}

/// What the decision needs to know of a patient for whom others act, as it is at this moment. None when there is no such
/// patient.
pub fn subject(conn: &mut Conn, patient: PatientId, now: Time) -> Result<Option<Subject>> {
    let born: Option<Date> =
        patients::table.find(patient).select(patients::birth_date).first(conn).optional()?;
    let Some(born) = born else { return Ok(None) };
    Ok(Some(Subject { born, today: today(conn, now)?, policy: age_policy(conn)?.1 }))
}

/// Whose whole inbox an account may see besides the own one: those are told of news by themselves. Who sees a part of it
/// hears nothing, since hearing would tell that something came which is not for them.
pub fn watched(conn: &mut Conn, account: AccountId, now: Time) -> Result<Vec<PatientId>> {
    let patients: Vec<PatientId> = proxy_grants::table
        .filter(proxy_grants::account_id.eq(account))
        .filter(proxy_grants::revoked_at.is_null())
        .select(proxy_grants::patient_id)
        .load(conn)?;
    let mut watched = Vec::new();
    for patient in patients {
        let (Some(grant), Some(subject)) =
            (proxy_grant(conn, account, patient)?, subject(conn, patient, now)?)
        else {
            continue;
        };
        if grant.reach(&subject).is_ok_and(|reach| reach.sees_all()) {
            watched.push(patient);
        }
    }
    Ok(watched)
}

/// The actor that an account is now: a patient's own. For work that goes on after its request.
pub fn owner(conn: &mut Conn, account: AccountId) -> Result<Option<Who>> {
    let own: Option<Option<PatientId>> = accounts::table
        .find(account)
        .filter(accounts::disabled_at.is_null())
        .select(accounts::patient_id)
        .first(conn)
        .optional()?;
    Ok(own.flatten().map(Who::Patient))
}

/// What somebody acts by for another patient.
#[derive(Clone, Debug)]
struct Proxy {
    account: AccountId,
    reach: Reach,
}

/// Leave to do one action with one category of one patient's data.
#[derive(Debug)]
pub struct Grant {
    patient: PatientId,
    staff: bool,
    proxy: Option<Proxy>,
}

/// What was decided of somebody who would act for another patient, with the grant that was looked at.
pub(super) struct Decided {
    pub(super) by: Option<ProxyGrantId>,
    pub(super) decision: Result<Grant, Denied>,
}

impl Grant {
    /// Asks the domain's decision; [`super::work::Work::grant`] is the way in, which also notes it in the audit trail.
    pub(super) fn decide(
        who: &Who,
        action: Action,
        category: Category,
        patient: PatientId,
    ) -> Result<Self, Denied> {
        may(who, action, category, Some(patient))?;
        Ok(Self { patient, staff: matches!(who, Who::Staff(_)), proxy: None })
    }

    /// The same for an account that would act for somebody else's chart: by what stands in the database now, inside the
    /// act's own transaction, so that nothing outlives a revocation, a last day or a birthday.
    pub(super) fn decide_for(
        conn: &mut Conn,
        account: AccountId,
        action: Action,
        category: Category,
        patient: PatientId,
        now: Time,
    ) -> Result<Decided> {
        let found = proxy_grant(conn, account, patient)?;
        let by = found.as_ref().map(|grant| grant.id);
        let (Some(grant), Some(subject)) = (found, subject(conn, patient, now)?) else {
            return Ok(Decided { by: None, decision: Err(Denied::OutOfReach) });
        };
        let decision = may_for(action, category, Some(&grant), &subject).map(|reach| Self {
            patient,
            staff: false,
            proxy: Some(Proxy { account, reach }),
        });
        Ok(Decided { by, decision })
    }

    /// Leave for the operator at the command line, who may read the database file anyhow.
    pub(super) fn of_operator(patient: PatientId) -> Self {
        Self { patient, staff: true, proxy: None }
    }

    /// Leave that the patient gave to whoever holds a link and its pass code: what a patient may see, and no more.
    pub(super) fn of_link(patient: PatientId) -> Self {
        Self { patient, staff: false, proxy: None }
    }

    /// Leave for a policy of the practice to release a result, and for a payment to be written down; for nothing else.
    pub(super) fn of_policy(patient: PatientId) -> Self {
        Self { patient, staff: true, proxy: None }
    }

    /// Whose data.
    pub fn patient(&self) -> PatientId {
        self.patient
    }

    /// The account that acts for the patient; none when the patient acts, or staff.
    pub fn proxy(&self) -> Option<AccountId> {
        self.proxy.as_ref().map(|proxy| proxy.account)
    }

    /// Whether whoever holds this also sees another category of the same patient. Of a proxy it must be asked wherever one
    /// thing shows another: the mailbox, a chart section, a record. Where staff may look is said by their roles.
    pub fn sees(&self, category: Category) -> bool {
        self.proxy.as_ref().is_none_or(|proxy| proxy.reach.sees(category))
    }

    /// Refuses, like something that does not exist, unless [`Grant::sees`].
    pub fn must_see(&self, category: Category) -> Result<()> {
        if self.sees(category) { Ok(()) } else { Err(Error::Denied(Denied::OutOfReach)) }
    }

    /// The kinds of inbox items that may be seen; none: all of them.
    pub fn item_kinds(&self) -> Option<Vec<ItemKind>> {
        let proxy = self.proxy.as_ref()?;
        let seen =
            |kind: &ItemKind| SHAREABLE.contains(&kind.category()) && proxy.reach.sees(kind.category());
        Some(ItemKind::ALL.iter().copied().filter(seen).collect())
    }

    /// Whether staff act, or the portal itself.
    pub fn is_of_staff(&self) -> bool {
        self.staff
    }

    /// Whether results may be seen that no provider has released yet (LAB-1): staff only.
    pub fn sees_unreleased(&self) -> bool {
        self.staff
    }
}
