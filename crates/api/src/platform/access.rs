//! The permission as a type: SQL over health data takes a [`Grant`], and only the decision makes one.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
};

use chrono_tz::Tz;
use diesel::prelude::*;
use portal_domain::{
    access::{
        Action, AgePolicy, AgePreset, Basis, Category, Circle, Denied, Leave, Level, Nearness, NoAccess,
        ProxyGrant, Reach, Role, SHAREABLE, Subject, Who, may, may_for, may_near,
    },
    chart::ChartKind,
    ids::{AccountId, EmergencyAccessId, LocationId, PatientId, ProxyGrantId},
    mail::ItemKind,
    record::Section,
    sensitivity::SensitiveKind,
    time::{Date, Time},
};
use uuid::Uuid;

use super::db::{
    AnyId, Conn, Json, MultiBackend,
    schema::{
        account_locations, accounts, age_policies, appointments, care_teams, chart_items, documents,
        emergency_accesses, health_records, locations, medication_request_items, patients, petitions,
        proposals, proxy_grants, results, sensitive_items, threads,
    },
};
use super::restricted;
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

/// Where a member of staff works; empty: everywhere.
fn works_at(conn: &mut Conn, account: AccountId) -> Result<Vec<LocationId>> {
    let mine = account_locations::table.filter(account_locations::account_id.eq(account));
    Ok(mine.select(account_locations::location_id).load(conn)?)
}

/// Where each of these patients is known: by an appointment there, or by what was written with a team of that location.
fn known_at(conn: &mut Conn, ids: &[PatientId]) -> Result<HashMap<PatientId, Vec<LocationId>>> {
    let mut known: HashMap<PatientId, Vec<LocationId>> = HashMap::new();
    let visits: Vec<(PatientId, LocationId)> = appointments::table
        .filter(appointments::patient_id.eq_any(ids.to_vec()))
        .select((appointments::patient_id, appointments::location_id))
        .distinct()
        .load(conn)?;
    let written: Vec<(PatientId, Option<LocationId>)> = threads::table
        .inner_join(care_teams::table.on(care_teams::id.eq(threads::team_id)))
        .filter(threads::patient_id.eq_any(ids.to_vec()))
        .filter(care_teams::location_id.is_not_null())
        .select((threads::patient_id, care_teams::location_id))
        .distinct()
        .load(conn)?;
    let written = written.into_iter().filter_map(|(patient, location)| Some((patient, location?)));
    for (patient, location) in visits.into_iter().chain(written) {
        known.entry(patient).or_default().push(location);
    }
    Ok(known)
}

/// How a member of staff stands to a patient, from what stands in the database now.
pub fn nearness(conn: &mut Conn, account: AccountId, patient: PatientId) -> Result<Nearness> {
    let circle = restricted::circle(conn, account, patient)?;
    let works_at = works_at(conn, account)?;
    // Of most people and records these two questions are enough.
    if works_at.is_empty() && circle == Circle::Open {
        return Ok(Nearness::default());
    }
    let known_at = known_at(conn, &[patient])?.remove(&patient).unwrap_or_default();
    let emergency = emergency_accesses::table
        .filter(emergency_accesses::account_id.eq(account))
        .filter(emergency_accesses::patient_id.eq(patient))
        .order(emergency_accesses::ends_at.desc())
        .select((emergency_accesses::id, emergency_accesses::ends_at))
        .first(conn)
        .optional()?;
    Ok(Nearness { works_at, known_at, circle, emergency })
}

/// Which of these patients a member of staff has ordinarily to do with; an emergency opens one record, and no queue.
pub(super) fn near(conn: &mut Conn, account: AccountId, ids: &[PatientId]) -> Result<HashSet<PatientId>> {
    let works_at = works_at(conn, account)?;
    let known = if works_at.is_empty() { HashMap::new() } else { known_at(conn, ids)? };
    let restricted = restricted::all(conn, account)?;
    let near = ids.iter().copied().filter(|patient| {
        let known_at = known.get(patient).cloned().unwrap_or_default();
        let circle = restricted.circle(*patient);
        Nearness { works_at: works_at.clone(), known_at, circle, emergency: None }.is_near()
    });
    Ok(near.collect())
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
        // Hearing would tell that something is kept back, too.
        let all = grant.reach(&subject).is_ok_and(|reach| reach.sees_all());
        if all && hidden_from(conn, account, patient)?.is_empty() {
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
    hidden: HashSet<Uuid>,
}

/// Something that is kept from whoever acts for the patient.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sensitive_items, check_for_backend(MultiBackend))]
pub struct Kept {
    /// The thing.
    pub subject_id: AnyId,
    /// Its kind.
    pub kind: SensitiveKind,
    /// Who keeps it back; none for the practice's policy.
    pub tagged_by: Option<AccountId>,
    /// Since when.
    pub tagged_at: Time,
}

fn kept(conn: &mut Conn, patient: PatientId) -> Result<Vec<Kept>> {
    let kept = sensitive_items::table.filter(sensitive_items::patient_id.eq(patient));
    Ok(kept.select(Kept::as_select()).load(conn)?)
}

/// What is kept back of a patient's chart, for staff.
pub fn kept_back(conn: &mut Conn, grant: &Grant) -> Result<Vec<Kept>> {
    kept(conn, grant.patient())
}

/// Keeps a thing back from now on (PRX-4).
pub fn keep_back(
    conn: &mut Conn,
    patient: PatientId,
    kind: SensitiveKind,
    subject: Uuid,
    by: Option<AccountId>,
    now: Time,
) -> Result<()> {
    if is_kept_back(conn, patient, subject)? {
        return Ok(());
    }
    diesel::insert_into(sensitive_items::table)
        .values((
            sensitive_items::patient_id.eq(patient),
            sensitive_items::subject_id.eq(AnyId(subject)),
            sensitive_items::kind.eq(kind),
            sensitive_items::tagged_by.eq(by),
            sensitive_items::tagged_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a thing is kept back.
pub fn is_kept_back(conn: &mut Conn, patient: PatientId, subject: Uuid) -> Result<bool> {
    let known = sensitive_items::table.find((patient, AnyId(subject)));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// Shows a thing again.
pub fn show(conn: &mut Conn, patient: PatientId, subject: Uuid) -> Result<()> {
    diesel::delete(sensitive_items::table.find((patient, AnyId(subject)))).execute(conn)?;
    Ok(())
}

/// What tells of the same thing of a patient's chart: of a result what it corrects and what corrects it. Empty when there is
/// no such thing.
pub fn told_with(
    conn: &mut Conn,
    patient: PatientId,
    kind: SensitiveKind,
    subject: Uuid,
) -> Result<Vec<Uuid>> {
    let id = AnyId(subject);
    let found: Option<AnyId> = match kind {
        SensitiveKind::Result => return corrections(conn, patient, subject),
        SensitiveKind::Medication => chart_items::table
            .filter(chart_items::id.eq(id))
            .filter(chart_items::patient_id.eq(patient))
            .filter(chart_items::kind.eq(ChartKind::Medication.as_str()))
            .select(chart_items::id)
            .first(conn)
            .optional()?,
        SensitiveKind::Document => documents::table
            .filter(documents::id.eq(id))
            .filter(documents::patient_id.eq(patient))
            .select(documents::id)
            .first(conn)
            .optional()?,
        SensitiveKind::Thread => {
            threads::table.find((patient, id)).select(threads::id).first(conn).optional()?
        }
        SensitiveKind::Appointment => {
            appointments::table.find((patient, id)).select(appointments::id).first(conn).optional()?
        }
    };
    Ok(found.map(|id| id.0).into_iter().collect())
}

/// A result with those of its line of corrections.
fn corrections(conn: &mut Conn, patient: PatientId, subject: Uuid) -> Result<Vec<Uuid>> {
    let (mut line, mut open) = (Vec::new(), vec![AnyId(subject)]);
    while let Some(id) = open.pop() {
        if line.contains(&id.0) {
            continue;
        }
        let own = results::table.filter(results::id.eq(id)).filter(results::patient_id.eq(patient));
        let before: Option<Option<AnyId>> = own.select(results::replaces).first(conn).optional()?;
        let Some(before) = before else { continue };
        line.push(id.0);
        open.extend(before);
        let after = results::table.filter(results::replaces.eq(id)).filter(results::patient_id.eq(patient));
        open.extend(after.select(results::id).load::<AnyId>(conn)?);
    }
    Ok(line)
}

/// All that is absent for an account that acts for a patient (PRX-4): what is kept back, and what would tell of it. Mostly
/// nothing is, and that is one question.
fn hidden_from(conn: &mut Conn, account: AccountId, patient: PatientId) -> Result<HashSet<Uuid>> {
    let kept = kept(conn, patient)?;
    let Some(newest) = kept.iter().map(|one| one.tagged_at).max() else { return Ok(HashSet::new()) };
    let ids: Vec<AnyId> = kept.iter().map(|one| one.subject_id).collect();
    let mut hidden: HashSet<Uuid> = ids.iter().map(|id| id.0).collect();
    let about: Vec<AnyId> = threads::table
        .filter(threads::patient_id.eq(patient))
        .filter(threads::topic_id.eq_any(ids.clone()))
        .select(threads::id)
        .load(conn)?;
    let asked: Vec<AnyId> = medication_request_items::table
        .filter(medication_request_items::patient_id.eq(patient))
        .filter(medication_request_items::medication_id.eq_any(ids.clone()))
        .select(medication_request_items::request_id)
        .load(conn)?;
    let proposed: Vec<AnyId> = proposals::table
        .filter(proposals::patient_id.eq(patient))
        .filter(proposals::item_id.eq_any(ids))
        .select(proposals::id)
        .load(conn)?;
    // A request to correct the record names its entry in words alone: while anything of a section is kept back, so are they.
    let sections = kept.iter().filter_map(|one| match one.kind {
        SensitiveKind::Result => Some(Section::Results),
        SensitiveKind::Medication => Some(Section::Medications),
        _ => None,
    });
    let corrected: Vec<AnyId> = petitions::table
        .filter(petitions::patient_id.eq(patient))
        .filter(petitions::section.eq_any(sections.collect::<Vec<_>>()))
        .select(petitions::id)
        .load(conn)?;
    // A record holds what its author saw when it was made.
    let records: Vec<AnyId> = health_records::table
        .filter(health_records::patient_id.eq(patient))
        .filter(health_records::requested_by.ne(account).or(health_records::requested_at.le(newest)))
        .select(health_records::id)
        .load(conn)?;
    let others = [about, asked, proposed, corrected, records];
    hidden.extend(others.into_iter().flatten().map(|id| id.0));
    Ok(hidden)
}

/// What an account that acts for a patient would be given to look at now, or why nothing. For staff who see as they do.
pub fn preview(
    conn: &mut Conn,
    account: AccountId,
    patient: PatientId,
    now: Time,
) -> Result<Result<Grant, NoAccess>> {
    let (Some(grant), Some(subject)) = (proxy_grant(conn, account, patient)?, subject(conn, patient, now)?)
    else {
        return Err(Error::Denied(Denied::OutOfReach));
    };
    let hidden = hidden_from(conn, account, patient)?;
    Ok(grant.reach(&subject).map(|reach| Grant::of_proxy(patient, Proxy { account, reach, hidden })))
}

/// Whether an account that is not signed in just now may do this with a patient's data: the own chart, or one that is shared
/// with it. Never once the account is switched off.
pub(super) fn account_may(
    conn: &mut Conn,
    account: AccountId,
    action: Action,
    category: Category,
    patient: PatientId,
    now: Time,
) -> Result<bool> {
    let open = accounts::table.find(account).filter(accounts::disabled_at.is_null());
    let Some(own) = open.select(accounts::patient_id).first::<Option<PatientId>>(conn).optional()? else {
        return Ok(false);
    };
    let Some(own) = own else { return Ok(false) };
    if own == patient {
        return Ok(may(&Who::Patient(own), action, category, Some(patient)).is_ok());
    }
    Ok(Grant::decide_for(conn, account, action, category, patient, now)?.decision.is_ok())
}

/// Narrows a boxed query to what is not kept from whoever holds this leave (PRX-4).
#[macro_export]
macro_rules! but_hidden {
    ($query:ident, $grant:expr, $id:expr) => {
        if $grant.hides_any() {
            $query = $query.filter($id.ne_all($grant.hidden()));
        }
    };
}

/// Leave to do one action with one category of one patient's data.
#[derive(Debug)]
pub struct Grant {
    patient: PatientId,
    staff: bool,
    proxy: Option<Proxy>,
}

/// What was decided, with what the audit trail keeps of why.
pub(super) struct Decided {
    /// The grant that was looked at, of somebody who would act for another patient.
    pub(super) by: Option<ProxyGrantId>,
    /// The emergency access that gave leave, of staff (ADM-6).
    pub(super) emergency: Option<EmergencyAccessId>,
    pub(super) decision: Result<Grant, Denied>,
}

impl Decided {
    /// By what the one who acts is, and by nothing that was given.
    pub(super) fn plainly(decision: Result<Grant, Denied>) -> Self {
        Self { by: None, emergency: None, decision }
    }
}

impl Grant {
    /// Asks the domain's decision about whoever is not of the staff; [`super::work::Work::grant`] is the way in, which also
    /// notes it in the audit trail.
    pub(super) fn decide(
        who: &Who,
        action: Action,
        category: Category,
        patient: PatientId,
    ) -> Result<Self, Denied> {
        may(who, action, category, Some(patient))?;
        Ok(Self { patient, staff: false, proxy: None })
    }

    /// The same for a member of staff, to whom it matters where the patient belongs (ADM-6). One who is not there is out of
    /// reach, however near.
    pub(super) fn decide_near(
        conn: &mut Conn,
        account: AccountId,
        roles: &[Role],
        act: (Action, Category),
        patient: PatientId,
        now: Time,
    ) -> Result<Decided> {
        let (action, category) = act;
        let nearness = nearness(conn, account, patient)?;
        let leave = match may_near(roles, action, category, &nearness, now) {
            Err(why @ Denied::NeedsRole(_)) => return Ok(Decided::plainly(Err(why))),
            _ if !is_there(conn, patient)? => return Ok(Decided::plainly(Err(Denied::OutOfReach))),
            Err(why) => return Ok(Decided::plainly(Err(why))),
            Ok(leave) => leave,
        };
        let emergency = match leave {
            Leave::Ordinary => None,
            Leave::Emergency(id) => Some(id),
        };
        Ok(Decided { by: None, emergency, decision: Ok(Self { patient, staff: true, proxy: None }) })
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
            return Ok(Decided::plainly(Err(Denied::OutOfReach)));
        };
        let decision = match may_for(action, category, Some(&grant), &subject) {
            Ok(reach) => {
                let hidden = hidden_from(conn, account, patient)?;
                Ok(Self::of_proxy(patient, Proxy { account, reach, hidden }))
            }
            Err(why) => Err(why),
        };
        Ok(Decided { by, emergency: None, decision })
    }

    fn of_proxy(patient: PatientId, proxy: Proxy) -> Self {
        Self { patient, staff: false, proxy: Some(proxy) }
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

    /// What somebody who acts for the patient may do; none when the patient acts, or staff.
    pub fn reach(&self) -> Option<&Reach> {
        self.proxy.as_ref().map(|proxy| &proxy.reach)
    }

    /// Whether anything is kept from whoever holds this (PRX-4).
    pub fn hides_any(&self) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| !proxy.hidden.is_empty())
    }

    /// Whether this thing is absent for whoever holds this.
    pub fn hides(&self, id: Uuid) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| proxy.hidden.contains(&id))
    }

    /// The ids of all that is absent for whoever holds this; see [`but_hidden!`](crate::but_hidden).
    pub fn hidden(&self) -> Vec<AnyId> {
        let hidden = self.proxy.as_ref().map(|proxy| proxy.hidden.iter().copied().map(AnyId));
        hidden.into_iter().flatten().collect()
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
