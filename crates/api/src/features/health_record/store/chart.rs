//! A whole chart, as its patient may take it away. Whoever asks, a result that no provider released is not read (LAB-1).

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use portal_domain::{
    chart::{
        Address, ChartEntry, ChartKind, ChartObservation, ChartPatient, ENTERED_IN_ERROR, ObservationCategory,
    },
    documents::DocumentKind,
    ids::{
        AccountId, ChartItemId, DocumentId, ObservationId, OrganizationId, PatientId, ProviderId, ResultId,
    },
    results::{Laboratory, ReportStatus},
    time::{Date, Time},
};
use portal_record::ReleasedDocument;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    platform::{
        access::Grant,
        db::{
            Conn, Json, MultiBackend,
            schema::{
                accounts, chart_items, documents, locations, observations, organizations, patients,
                practices, providers, results,
            },
        },
    },
};

/// The practice's own id, name and phone.
pub fn practice(conn: &mut Conn) -> Result<(Uuid, String, String)> {
    let row: (crate::platform::db::AnyId, String, String) =
        practices::table.select((practices::id, practices::name, practices::phone)).first(conn)?;
    Ok((row.0.0, row.1, row.2))
}

/// Where the practice's first location is.
pub fn main_address(conn: &mut Conn) -> Result<Address> {
    use locations::dsl as l;
    let row: Option<(String, String, String, String)> = locations::table
        .order((l::position, l::id))
        .select((l::line, l::city, l::state, l::postal_code))
        .first(conn)
        .optional()?;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(row.map_or_else(Address::default, |(line, city, state, postal_code)| Address {
        lines: some(line).into_iter().collect(),
        city: some(city),
        state: some(state),
        postal_code: some(postal_code),
        country: None,
    }))
}

/// Medical record number and person.
pub fn person(conn: &mut Conn, grant: &Grant) -> Result<(String, ChartPatient)> {
    let (mrn, body): (String, Json) =
        patients::table.find(grant.patient()).select((patients::mrn, patients::body)).first(conn)?;
    Ok((mrn, body.read()?))
}

/// Who bears a medical record number.
pub fn by_mrn(conn: &mut Conn, mrn: &str) -> Result<Option<PatientId>> {
    Ok(patients::table.filter(patients::mrn.eq(mrn)).select(patients::id).first(conn).optional()?)
}

/// How many patients there are.
pub fn count_patients(conn: &mut Conn) -> Result<u64> {
    let count: i64 = patients::table.count().get_result(conn)?;
    u64::try_from(count).map_err(Error::internal)
}

/// Some patients with their record numbers, those after `after` by id.
pub fn patients_after(conn: &mut Conn, after: Option<PatientId>) -> Result<Vec<(PatientId, String)>> {
    let mut query = patients::table.into_boxed().select((patients::id, patients::mrn));
    if let Some(after) = after {
        query = query.filter(patients::id.gt(after));
    }
    Ok(query.order(patients::id).limit(500).load(conn)?)
}

/// The records of these kinds, which are read whole, newest first; none that was recorded in error.
pub fn items<'k>(
    conn: &mut Conn,
    grant: &Grant,
    kinds: impl Iterator<Item = &'k ChartKind>,
) -> Result<Vec<(Uuid, ChartEntry)>> {
    use chart_items::dsl as c;
    let kinds: HashSet<&str> = kinds.map(|kind| kind.as_str()).collect();
    let rows: Vec<(String, ChartItemId, Json)> = chart_items::table
        .filter(c::patient_id.eq(grant.patient()))
        .filter(c::kind.eq_any(kinds))
        .filter(c::status.ne(ENTERED_IN_ERROR))
        .order((c::at.desc(), c::id.desc()))
        .select((c::kind, c::id, c::body))
        .load(conn)?;
    let seen = rows.into_iter().filter(|(_, id, _)| !grant.hides(id.0));
    seen.map(|(kind, id, body)| Ok((id.0, entry(&kind, &body)?))).collect()
}

/// Observations that need no release, newest first.
pub fn own_observations(conn: &mut Conn, grant: &Grant) -> Result<Vec<(Uuid, ChartEntry)>> {
    use observations::dsl as o;
    let free = ObservationCategory::ALL.iter().filter(|category| !category.waits_for_release());
    let free: Vec<&str> = free.map(|category| category.as_str()).collect();
    let rows: Vec<(ObservationId, Json)> = observations::table
        .filter(o::patient_id.eq(grant.patient()))
        .filter(o::category.eq_any(free))
        // What a report lists comes with its report.
        .filter(o::result_id.is_null())
        .order((o::at.desc(), o::id.desc()))
        .select((o::id, o::body))
        .load(conn)?;
    rows.into_iter().map(|(id, body)| Ok((id.0, body.read::<ChartObservation>()?.into()))).collect()
}

/// The newest `most` values of each vital sign, newest first. Values of a sign stand together.
pub fn vital_signs(conn: &mut Conn, grant: &Grant, most: i64) -> Result<Vec<(Time, ChartObservation)>> {
    use observations::dsl as o;
    let signs = observations::table
        .filter(o::patient_id.eq(grant.patient()))
        .filter(o::category.eq(ObservationCategory::VitalSigns.as_str()))
        .filter(o::result_id.is_null());
    let codes: Vec<(String, String)> =
        signs.select((o::code_system, o::code)).distinct().order((o::code, o::code_system)).load(conn)?;
    let mut values = Vec::new();
    for (system, code) in codes {
        // Each from the end of its own stretch of the table's key.
        let newest: Vec<(Time, Json)> = signs
            .filter(o::code.eq(code))
            .filter(o::code_system.eq(system))
            .order((o::at.desc(), o::id.desc()))
            .limit(most)
            .select((o::at, o::body))
            .load(conn)?;
        for (at, body) in newest {
            values.push((at, body.read()?));
        }
    }
    Ok(values)
}

/// A released result as stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = results, check_for_backend(MultiBackend))]
pub struct Released {
    pub id: ResultId,
    pub organization_id: Option<OrganizationId>,
    pub provider_id: Option<ProviderId>,
    pub released_at: Option<Time>,
    pub provider_comment: Option<String>,
    pub body: Json,
}

/// The released results that stand, newest first: not what a released correction replaced.
pub fn released(conn: &mut Conn, grant: &Grant) -> Result<Vec<Released>> {
    use results::dsl as r;
    let rows = results::table
        .filter(r::patient_id.eq(grant.patient()))
        .filter(r::released_at.is_not_null())
        .filter(r::replaced_by.is_null())
        .filter(r::status.ne(ReportStatus::EnteredInError))
        .order((r::at.desc(), r::id.desc()))
        .select(Released::as_select());
    let mut rows: Vec<Released> = rows.load(conn)?;
    rows.retain(|row| !grant.hides(row.id.0));
    Ok(rows)
}

type DocumentRow = (DocumentId, String, DocumentKind, Date, AccountId, String, Option<String>, Option<Time>);

/// The released documents that were not taken back, newest first.
pub fn documents(conn: &mut Conn, grant: &Grant) -> Result<Vec<ReleasedDocument>> {
    use documents::dsl as d;
    let rows: Vec<DocumentRow> = documents::table
        .filter(d::patient_id.eq(grant.patient()))
        .filter(d::released_at.is_not_null())
        .filter(d::withdrawn_at.is_null())
        .order((d::on_date.desc(), d::id.desc()))
        .select((d::id, d::title, d::kind, d::on_date, d::created_by, d::text, d::file_name, d::released_at))
        .load(conn)?;
    let authors: HashSet<AccountId> = rows.iter().map(|row| row.4).collect();
    let authors: HashMap<AccountId, String> = accounts::table
        .filter(accounts::id.eq_any(authors))
        .select((accounts::id, accounts::display_name))
        .load(conn)?
        .into_iter()
        .collect();
    let document = |(id, title, kind, date, by, text, file, released_at): DocumentRow| {
        Some(ReleasedDocument {
            id: id.0,
            title,
            kind,
            date,
            author: authors.get(&by).cloned().unwrap_or_default(),
            text,
            file,
            released_at: released_at?,
        })
    };
    Ok(rows.into_iter().filter_map(document).collect())
}

/// Which released results and documents stand, each in which version: what a record is made from, as long as it stays the
/// same.
pub fn standing(conn: &mut Conn, grant: &Grant) -> Result<Vec<(Uuid, i64)>> {
    let mut all: Vec<(Uuid, i64)> =
        standing_results(conn, grant)?.into_iter().map(|(id, version)| (id.0, version)).collect();
    let documents: Vec<(DocumentId, i64)> = documents::table
        .filter(documents::patient_id.eq(grant.patient()))
        .filter(documents::released_at.is_not_null())
        .filter(documents::withdrawn_at.is_null())
        .order(documents::id)
        .select((documents::id, documents::version))
        .load(conn)?;
    all.extend(documents.into_iter().map(|(id, version)| (id.0, version)));
    Ok(all)
}

fn standing_results(conn: &mut Conn, grant: &Grant) -> Result<Vec<(ResultId, i64)>> {
    use results::dsl as r;
    let rows = results::table
        .filter(r::patient_id.eq(grant.patient()))
        .filter(r::released_at.is_not_null())
        .filter(r::replaced_by.is_null())
        .filter(r::status.ne(ReportStatus::EnteredInError))
        .order((r::at.desc(), r::id.desc()))
        .select((r::id, r::version));
    let mut rows: Vec<(ResultId, i64)> = rows.load(conn)?;
    rows.retain(|(id, _)| !grant.hides(id.0));
    Ok(rows)
}

/// The values of this patient's results, by result, in the laboratory's order.
pub fn values(conn: &mut Conn, grant: &Grant) -> Result<HashMap<ResultId, Vec<(Uuid, ChartObservation)>>> {
    use observations::dsl as o;
    let rows: Vec<(Option<ResultId>, ObservationId, Json)> = observations::table
        .filter(o::patient_id.eq(grant.patient()))
        .filter(o::result_id.is_not_null())
        .order((o::result_id, o::position, o::id))
        .select((o::result_id, o::id, o::body))
        .load(conn)?;
    let mut values: HashMap<ResultId, Vec<(Uuid, ChartObservation)>> = HashMap::new();
    for (result, id, body) in rows {
        if let Some(result) = result {
            values.entry(result).or_default().push((id.0, body.read()?));
        }
    }
    Ok(values)
}

/// A practitioner, as people know one.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = providers, check_for_backend(MultiBackend))]
pub struct Practitioner {
    pub id: ProviderId,
    pub prefix: String,
    pub given_name: String,
    pub family_name: String,
    pub specialty: String,
    pub npi: Option<String>,
    pub location_id: Option<portal_domain::ids::LocationId>,
}

impl Practitioner {
    /// With prefix.
    pub fn full_name(&self) -> String {
        [self.prefix.as_str(), &self.given_name, &self.family_name].join(" ").trim().to_owned()
    }
}

/// These practitioners.
pub fn practitioners(conn: &mut Conn, ids: &HashSet<Uuid>) -> Result<HashMap<Uuid, Practitioner>> {
    let ids: Vec<ProviderId> = ids.iter().copied().map(ProviderId).collect();
    let mut found = HashMap::new();
    for some in ids.chunks(500) {
        let rows: Vec<Practitioner> = providers::table
            .filter(providers::id.eq_any(some.to_vec()))
            .select(Practitioner::as_select())
            .load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.id.0, row)));
    }
    Ok(found)
}

type OrganizationRow = (OrganizationId, String, String, String, String, String, String);

/// These organizations.
pub fn organizations(conn: &mut Conn, ids: &HashSet<Uuid>) -> Result<HashMap<Uuid, Laboratory>> {
    use organizations::dsl as o;
    let ids: Vec<OrganizationId> = ids.iter().copied().map(OrganizationId).collect();
    let mut found = HashMap::new();
    for some in ids.chunks(500) {
        let rows: Vec<OrganizationRow> = organizations::table
            .filter(o::id.eq_any(some.to_vec()))
            .select((o::id, o::name, o::phone, o::line, o::city, o::state, o::postal_code))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(id, name, phone, line, city, state, postal_code)| {
            let town = format!("{city}, {state} {postal_code}");
            let town = town.trim_matches([' ', ',']).to_owned();
            let address = [line, town].into_iter().filter(|line| !line.is_empty()).collect();
            (id.0, Laboratory { name, phone, address })
        }));
    }
    Ok(found)
}

/// A stored body as the record of its kind.
fn entry(kind: &str, body: &Json) -> Result<ChartEntry> {
    fn read<T: serde::de::DeserializeOwned + Into<ChartEntry>>(body: &Json) -> Result<ChartEntry> {
        Ok(body.read::<T>()?.into())
    }
    use portal_domain::chart::*;
    match ChartKind::from_code(kind) {
        Some(ChartKind::Encounter) => read::<ChartEncounter>(body),
        Some(ChartKind::Condition) => read::<ChartCondition>(body),
        Some(ChartKind::Allergy) => read::<ChartAllergy>(body),
        Some(ChartKind::Medication) => read::<ChartMedication>(body),
        Some(ChartKind::Dispense) => read::<ChartDispense>(body),
        Some(ChartKind::Immunization) => read::<ChartImmunization>(body),
        Some(ChartKind::Procedure) => read::<ChartProcedure>(body),
        Some(ChartKind::Goal) => read::<ChartGoal>(body),
        Some(ChartKind::CarePlan) => read::<ChartCarePlan>(body),
        Some(ChartKind::Coverage) => read::<ChartCoverage>(body),
        Some(ChartKind::Relative) => read::<ChartRelative>(body),
        Some(ChartKind::Directive) => read::<ChartDirective>(body),
        Some(ChartKind::Instruction) => read::<ChartInstruction>(body),
        Some(ChartKind::Referral) => read::<ChartReferral>(body),
        Some(
            ChartKind::Practitioner
            | ChartKind::Organization
            | ChartKind::Patient
            | ChartKind::Observation
            | ChartKind::Report,
        )
        | None => Err(Error::internal("a chart item of a kind that has a table of its own")),
    }
}
