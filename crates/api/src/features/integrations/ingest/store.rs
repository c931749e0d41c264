//! Rows that an import reads and writes, in batches.
//!
//! A chart fills tables of several rooms at once, in one transaction and with as few statements as
//! possible; so their SQL for importing stands together here, and each room keeps its own for all else.

use diesel::prelude::*;
use portal_domain::{
    ids::{ClientId, LocationId, OrganizationId, PatientId, ProviderId},
    patients::Gender,
    results::{Flag, ReportStatus},
    time::{Date, Time},
};
use uuid::Uuid;

use crate::{
    each_engine,
    error::Result,
    platform::{
        access::Grant,
        db::{
            AnyId, Conn, Json, MultiBackend,
            schema::{
                api_clients, chart_items, observations, organizations, patients, providers, release_plans,
                result_holds, results, source_links,
            },
        },
    },
};

/// How many rows go into one statement: SQLite binds at most 32,766 values in one.
const BATCH: usize = 250;
/// How many ids are looked up in one statement.
const LOOKUP: usize = 1_000;

/// Inserts all rows, `BATCH` in a statement.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        for rows in $rows.chunks(BATCH) {
            each_engine!($conn, conn => diesel::insert_into($table).values(rows).execute(conn))?;
        }
        Ok(())
    }};
}

/// Loads the rows of all ids, `LOOKUP` in a statement: `$query` asks for those in `$some`.
macro_rules! load_all {
    ($conn:expr, $ids:expr, $some:ident => $query:expr) => {{
        let mut rows = Vec::new();
        for ids in $ids.chunks(LOOKUP) {
            let $some = ids.to_vec();
            rows.append(&mut $query.load($conn)?);
        }
        Ok(rows)
    }};
}

/// Which row a source's resource became.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = source_links, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct SourceLink {
    /// The identity domain.
    pub source_system: String,
    /// The FHIR type.
    pub resource_type: String,
    /// The source's id, or `system|value` of a business identifier.
    pub source_id: String,
    /// The row here.
    pub local_id: AnyId,
    /// Whose it is; none for practitioners and organizations.
    pub patient_id: Option<PatientId>,
    /// SHA-256 of the content that was stored last.
    pub content_hash: Vec<u8>,
    /// When.
    pub imported_at: Time,
}

/// What these resources of a source became.
pub fn source_links(conn: &mut Conn, source: &str, kind: &str, ids: &[String]) -> Result<Vec<SourceLink>> {
    use source_links::dsl as s;
    load_all!(conn, ids, ids => source_links::table
        .filter(s::source_system.eq(source).and(s::resource_type.eq(kind)).and(s::source_id.eq_any(ids)))
        .select(SourceLink::as_select()))
}

/// Keeps what resources became.
pub fn insert_source_links(conn: &mut Conn, links: &[SourceLink]) -> Result<()> {
    insert_all!(conn, source_links::table, links)
}

/// Keeps that a resource changed.
pub fn update_source_link(conn: &mut Conn, link: &SourceLink) -> Result<()> {
    diesel::update(source_links::table.find((&link.source_system, &link.resource_type, &link.source_id)))
        .set((
            source_links::content_hash.eq(&link.content_hash),
            source_links::imported_at.eq(link.imported_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets whatever named one row name another from now on.
pub fn relink(conn: &mut Conn, from: Uuid, to: Uuid) -> Result<()> {
    diesel::update(source_links::table.filter(source_links::local_id.eq(AnyId(from))))
        .set(source_links::local_id.eq(AnyId(to)))
        .execute(conn)?;
    Ok(())
}

/// Which of these rows came from a source (and were not made here).
pub fn linked(conn: &mut Conn, ids: &[AnyId]) -> Result<Vec<AnyId>> {
    load_all!(conn, ids, ids => source_links::table
        .filter(source_links::local_id.eq_any(ids))
        .select(source_links::local_id))
}

/// A practitioner.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = providers, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ProviderRow {
    /// The id.
    pub id: ProviderId,
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// `Dr.`
    pub prefix: String,
    /// In plain words; unknown of those who only come with charts.
    pub specialty: String,
    /// National provider identifier.
    pub npi: Option<String>,
}

/// Those of the practitioners that bear one of these provider identifiers, the practice's own last.
pub fn providers_by_npi(conn: &mut Conn, npis: &[String]) -> Result<Vec<(String, ProviderId)>> {
    let mut rows = providers_bearing(conn, npis)?;
    rows.sort_by_key(|(_, _, location)| location.is_some());
    Ok(rows.into_iter().filter_map(|(npi, id, _)| Some((npi?, id))).collect())
}

type ProviderFound = (Option<String>, ProviderId, Option<LocationId>);

fn providers_bearing(conn: &mut Conn, npis: &[String]) -> Result<Vec<ProviderFound>> {
    load_all!(conn, npis, npis => providers::table
        .filter(providers::npi.eq_any(npis))
        .order(providers::id)
        .select((providers::npi, providers::id, providers::location_id)))
}

/// New practitioners.
pub fn insert_providers(conn: &mut Conn, rows: &[ProviderRow]) -> Result<()> {
    insert_all!(conn, providers::table, rows)
}

/// Changes a practitioner, unless it is one of the practice's own, who is kept in the practice's settings.
pub fn update_provider(conn: &mut Conn, row: &ProviderRow) -> Result<()> {
    diesel::update(providers::table.filter(providers::id.eq(row.id).and(providers::location_id.is_null())))
        .set((
            providers::given_name.eq(&row.given_name),
            providers::family_name.eq(&row.family_name),
            providers::prefix.eq(&row.prefix),
            providers::npi.eq(&row.npi),
        ))
        .execute(conn)?;
    Ok(())
}

/// An organization.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = organizations)]
pub struct OrganizationRow {
    /// The id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its phone; may be empty.
    pub phone: String,
    /// Street; may be empty, as may be what follows.
    pub line: String,
    /// Town.
    pub city: String,
    /// State.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
}

/// New organizations.
pub fn insert_organizations(conn: &mut Conn, rows: &[OrganizationRow]) -> Result<()> {
    insert_all!(conn, organizations::table, rows)
}

/// Changes an organization.
pub fn update_organization(conn: &mut Conn, row: &OrganizationRow) -> Result<()> {
    diesel::update(organizations::table.find(row.id)).set(row).execute(conn)?;
    Ok(())
}

/// A patient in the registry.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = patients)]
pub struct PatientRow {
    /// The id.
    pub id: PatientId,
    /// Medical record number.
    pub mrn: String,
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Folded, for search.
    pub given_folded: String,
    /// Folded, for search and enrolment.
    pub family_folded: String,
    /// Date of birth.
    pub birth_date: Date,
    /// Administrative gender.
    pub gender: Gender,
    /// The `ChartPatient`.
    pub body: Json,
    /// Raised with every change of the chart.
    pub chart_version: i64,
    /// When.
    pub created_at: Time,
    /// When.
    pub updated_at: Time,
}

/// What tells whether a patient of the registry is the one that is imported.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = patients, check_for_backend(MultiBackend))]
pub struct Registered {
    /// The id.
    pub id: PatientId,
    /// Medical record number.
    pub mrn: String,
    /// Folded family name.
    pub family_folded: String,
    /// Date of birth.
    pub birth_date: Date,
}

/// Those of the patients that bear one of these medical record numbers.
pub fn registered(conn: &mut Conn, mrns: &[String]) -> Result<Vec<Registered>> {
    load_all!(conn, mrns, mrns => patients::table
        .filter(patients::mrn.eq_any(mrns))
        .select(Registered::as_select()))
}

/// New patients.
pub fn insert_patients(conn: &mut Conn, rows: &[PatientRow]) -> Result<()> {
    insert_all!(conn, patients::table, rows)
}

/// Changes a patient; a number that the practice gave stays when the source sends none (`mrn` is none).
pub fn update_patient(conn: &mut Conn, grant: &Grant, row: &PatientRow, mrn: Option<&str>) -> Result<()> {
    let patient = patients::table.find(grant.patient());
    diesel::update(patient)
        .set((
            mrn.map(|mrn| patients::mrn.eq(mrn.to_owned())),
            patients::given_name.eq(&row.given_name),
            patients::family_name.eq(&row.family_name),
            patients::given_folded.eq(&row.given_folded),
            patients::family_folded.eq(&row.family_folded),
            patients::birth_date.eq(row.birth_date),
            patients::gender.eq(row.gender),
            patients::body.eq(&row.body),
            patients::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Raises the chart's version: whatever a reader holds of it is stale.
pub fn touch_chart(conn: &mut Conn, grant: &Grant, now: Time) -> Result<()> {
    diesel::update(patients::table.find(grant.patient()))
        .set((patients::chart_version.eq(patients::chart_version + 1), patients::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// A record that is read whole, by patient and kind.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = chart_items, treat_none_as_default_value = false)]
pub struct ItemRow {
    /// Whose.
    pub patient_id: PatientId,
    /// The FHIR type.
    pub kind: &'static str,
    /// When it was true.
    pub at: Time,
    /// The id.
    pub id: AnyId,
    /// The code of its status; may be empty.
    pub status: &'static str,
    /// The code's system.
    pub code_system: Option<String>,
    /// What it is, by code.
    pub code: Option<String>,
    /// What it is, in words.
    pub display: String,
    /// At which visit.
    pub encounter_id: Option<AnyId>,
    /// The struct of its kind in `portal_domain::chart`.
    pub body: Json,
    /// When.
    pub created_at: Time,
    /// When.
    pub updated_at: Time,
}

/// New records of one patient.
pub fn insert_items(conn: &mut Conn, grant: &Grant, mut rows: Vec<ItemRow>) -> Result<()> {
    rows.iter_mut().for_each(|row| row.patient_id = grant.patient());
    insert_all!(conn, chart_items::table, rows)
}

/// Changes a record.
pub fn update_item(conn: &mut Conn, grant: &Grant, row: &ItemRow) -> Result<()> {
    use chart_items::dsl as i;
    diesel::update(chart_items::table.filter(i::id.eq(row.id).and(i::patient_id.eq(grant.patient()))))
        .set((
            i::at.eq(row.at),
            i::status.eq(row.status),
            i::code_system.eq(&row.code_system),
            i::code.eq(&row.code),
            i::display.eq(&row.display),
            i::encounter_id.eq(row.encounter_id),
            i::body.eq(&row.body),
            i::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// An observation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = observations, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ObservationRow {
    /// Whose.
    pub patient_id: PatientId,
    /// `ObservationCategory`.
    pub category: String,
    /// What was measured; empty without a code.
    pub code: String,
    /// When.
    pub at: Time,
    /// The id.
    pub id: AnyId,
    /// The code's system; empty without a code.
    pub code_system: String,
    /// The result that it is released with.
    pub result_id: Option<AnyId>,
    /// Its place in the result.
    pub position: i64,
    /// The `ChartObservation`.
    pub body: Json,
    /// When.
    pub created_at: Time,
    /// When.
    pub updated_at: Time,
}

/// One patient's observations with these ids.
pub fn observations(conn: &mut Conn, grant: &Grant, ids: &[AnyId]) -> Result<Vec<ObservationRow>> {
    use observations::dsl as o;
    load_all!(conn, ids, ids => observations::table
        .filter(o::patient_id.eq(grant.patient()).and(o::id.eq_any(ids)))
        .select(ObservationRow::as_select()))
}

/// The observations of these results of one patient.
pub fn observations_of(conn: &mut Conn, grant: &Grant, results: &[AnyId]) -> Result<Vec<ObservationRow>> {
    use observations::dsl as o;
    load_all!(conn, results, results => observations::table
        .filter(o::patient_id.eq(grant.patient()).and(o::result_id.eq_any(results)))
        .order((o::result_id, o::position))
        .select(ObservationRow::as_select()))
}

/// New observations of one patient.
pub fn insert_observations(conn: &mut Conn, grant: &Grant, mut rows: Vec<ObservationRow>) -> Result<()> {
    rows.iter_mut().for_each(|row| row.patient_id = grant.patient());
    insert_all!(conn, observations::table, rows)
}

/// Changes an observation.
pub fn update_observation(conn: &mut Conn, grant: &Grant, row: &ObservationRow) -> Result<()> {
    use observations::dsl as o;
    diesel::update(observations::table.filter(o::id.eq(row.id).and(o::patient_id.eq(grant.patient()))))
        .set((
            o::category.eq(&row.category),
            o::code.eq(&row.code),
            o::at.eq(row.at),
            o::code_system.eq(&row.code_system),
            o::result_id.eq(row.result_id),
            o::position.eq(row.position),
            o::body.eq(&row.body),
            o::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// A result.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = results, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ResultRow {
    /// Whose.
    pub patient_id: PatientId,
    /// When it was collected.
    pub at: Time,
    /// The id.
    pub id: AnyId,
    /// When it was reported.
    pub reported_at: Time,
    /// Where it stands.
    pub status: ReportStatus,
    /// The code's system.
    pub code_system: Option<String>,
    /// What was reported on, by code.
    pub code: Option<String>,
    /// What was reported on, in words.
    pub title: String,
    /// The weightiest flag of its values.
    pub flag: Flag,
    /// Who performed it.
    pub organization_id: Option<OrganizationId>,
    /// Who ordered it.
    pub provider_id: Option<ProviderId>,
    /// The `ChartReport`.
    pub body: Json,
    /// When a provider released it; an import never sets or changes this.
    pub released_at: Option<Time>,
    /// The result that this one corrects.
    pub replaces: Option<AnyId>,
    /// Raised with every change.
    pub version: i64,
    /// When.
    pub created_at: Time,
    /// When.
    pub updated_at: Time,
}

/// One patient's results with these ids.
pub fn results(conn: &mut Conn, grant: &Grant, ids: &[AnyId]) -> Result<Vec<ResultRow>> {
    use results::dsl as r;
    load_all!(conn, ids, ids => results::table
        .filter(r::patient_id.eq(grant.patient()).and(r::id.eq_any(ids)))
        .select(ResultRow::as_select()))
}

/// New results of one patient, none of them released (LAB-1).
pub fn insert_results(conn: &mut Conn, grant: &Grant, mut rows: Vec<ResultRow>) -> Result<()> {
    for row in &mut rows {
        row.patient_id = grant.patient();
        row.released_at = None;
    }
    let plans: Vec<NewPlan> = rows.iter().map(NewPlan::of).collect();
    let done: Result<()> = insert_all!(conn, results::table, rows);
    done?;
    insert_all!(conn, release_plans::table, plans)
}

/// That a result waits; what becomes of it, its policy decides (LAB-2).
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = release_plans)]
struct NewPlan {
    result_id: AnyId,
    patient_id: PatientId,
    since: Time,
    policy_version: i64,
    taken_back: i64,
}

impl NewPlan {
    fn of(row: &ResultRow) -> Self {
        let (result_id, patient_id, since) = (row.id, row.patient_id, row.created_at);
        Self { result_id, patient_id, since, policy_version: 0, taken_back: 0 }
    }
}

/// Changes a result that is not released.
pub fn update_result(conn: &mut Conn, grant: &Grant, row: &ResultRow) -> Result<()> {
    use results::dsl as r;
    let unreleased = r::id.eq(row.id).and(r::patient_id.eq(grant.patient())).and(r::released_at.is_null());
    diesel::update(results::table.filter(unreleased))
        .set((
            r::at.eq(row.at),
            r::reported_at.eq(row.reported_at),
            r::status.eq(row.status),
            r::code_system.eq(&row.code_system),
            r::code.eq(&row.code),
            r::title.eq(&row.title),
            r::flag.eq(row.flag),
            r::organization_id.eq(row.organization_id),
            r::provider_id.eq(row.provider_id),
            r::body.eq(&row.body),
            r::replaces.eq(row.replaces),
            r::version.eq(r::version + 1),
            r::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    // What it says now is decided about anew, and its hours begin again; a hold stays.
    let plan = release_plans::table.filter(release_plans::result_id.eq(row.id));
    diesel::update(plan)
        .set((release_plans::policy_version.eq(0), release_plans::since.eq(row.updated_at)))
        .execute(conn)?;
    Ok(())
}

/// Removes an unreleased result that was made for observations which another report took over. That one is held as this
/// one was, and left to a provider when this was taken back once.
pub fn delete_result(conn: &mut Conn, grant: &Grant, id: AnyId, values: &[AnyId]) -> Result<()> {
    use release_plans::dsl as p;
    use results::dsl as r;
    let heirs: Vec<Option<AnyId>> = observations::table
        .filter(observations::id.eq_any(values.to_vec()))
        .select(observations::result_id)
        .distinct()
        .load(conn)?;
    let heirs: Vec<AnyId> = heirs.into_iter().flatten().collect();
    let kept: Option<(i64, Option<Time>)> = release_plans::table
        .filter(p::result_id.eq(id))
        .select((p::taken_back, p::held_until))
        .first(conn)
        .optional()?;
    if let Some((taken_back, held_until)) = kept {
        let plans = || release_plans::table.filter(p::result_id.eq_any(heirs.clone()));
        if taken_back != 0 {
            diesel::update(plans())
                .set((p::taken_back.eq(taken_back), p::policy_version.eq(0)))
                .execute(conn)?;
        }
        if held_until.is_some() {
            diesel::update(plans()).set(p::held_until.eq(held_until)).execute(conn)?;
        }
    }
    let holds = result_holds::table.filter(result_holds::result_id.eq(id));
    match heirs.first() {
        Some(heir) => diesel::update(holds).set(result_holds::result_id.eq(*heir)).execute(conn)?,
        None => diesel::delete(holds).execute(conn)?,
    };
    diesel::delete(release_plans::table.filter(p::result_id.eq(id))).execute(conn)?;
    let unreleased = r::id.eq(id).and(r::patient_id.eq(grant.patient())).and(r::released_at.is_null());
    diesel::delete(results::table.filter(unreleased)).execute(conn)?;
    Ok(())
}

/// Withdraws a result, released or not, with those that it replaced: the source says that it was never true. This
/// shows less, so nobody need release it. Gives back what was withdrawn.
pub fn withdraw_result(conn: &mut Conn, grant: &Grant, id: AnyId, now: Time) -> Result<Vec<AnyId>> {
    use results::dsl as r;
    let mut withdrawn = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        let row = r::id.eq(id).and(r::patient_id.eq(grant.patient()));
        let valid = row.and(r::status.ne(ReportStatus::EnteredInError));
        diesel::update(results::table.filter(valid))
            .set((
                r::status.eq(ReportStatus::EnteredInError),
                r::version.eq(r::version + 1),
                r::updated_at.eq(now),
            ))
            .execute(conn)?;
        withdrawn.push(id);
        let before: Option<Option<AnyId>> =
            results::table.filter(row).select(r::replaces).first(conn).optional()?;
        next = before.flatten().filter(|before| !withdrawn.contains(before));
    }
    Ok(withdrawn)
}

/// The identity domain of what a client imports.
pub fn source_system(conn: &mut Conn, client: ClientId) -> Result<String> {
    Ok(api_clients::table.find(client).select(api_clients::source_system).first(conn)?)
}
