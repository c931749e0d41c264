//! Rows of the registry.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::{BoxableExpression, prelude::*, sql_types::Bool};
use portal_domain::{
    chart::{Address, ChartPatient},
    ids::PatientId,
    page::Page,
    patients::{Gender, PatientSummary, PatientView},
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, Json, MultiBackend, schema::patients},
        page::bad_cursor,
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = patients, check_for_backend(MultiBackend))]
struct SummaryRow {
    id: PatientId,
    mrn: String,
    given_name: String,
    family_name: String,
    birth_date: Date,
    gender: Gender,
}

impl From<SummaryRow> for PatientSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: row.id,
            mrn: row.mrn,
            given_name: row.given_name,
            family_name: row.family_name,
            birth_date: row.birth_date,
            gender: row.gender,
        }
    }
}

/// What is looked for.
pub struct Search {
    /// A whole MRN.
    pub mrn: String,
    /// Beginnings of (family, given), folded.
    pub names: Vec<(String, String)>,
    /// Born on this day.
    pub birth_date: Option<Date>,
    /// Begin after this patient.
    pub after: Option<Place>,
    /// Whose records are restricted to others.
    pub closed: Vec<PatientId>,
    /// At most so many.
    pub limit: i64,
}

/// A patient's place in the order by name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place(String, String, PatientId);

/// Reads a cursor of the search.
pub fn parse_cursor(text: &str) -> Result<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad_cursor())?;
    let place: Place = serde_json::from_slice(&bytes).map_err(|_| bad_cursor())?;
    // No name in the registry holds a control character, and PostgreSQL takes no NUL.
    if place.0.contains(char::is_control) || place.1.contains(char::is_control) {
        return Err(bad_cursor());
    }
    Ok(place)
}

type Condition = Box<dyn BoxableExpression<patients::table, MultiBackend, SqlType = Bool>>;

/// One page of those who match, by family name, given name and id.
pub fn search(conn: &mut Conn, search: &Search) -> Result<Page<PatientSummary>> {
    use patients::dsl as p;
    let mut matches: Condition = Box::new(p::mrn.eq(search.mrn.clone()));
    for (family, given) in &search.names {
        let begins = p::family_folded.like(beginning(family)).and(p::given_folded.like(beginning(given)));
        matches = Box::new(matches.or(begins));
    }
    let mut query = patients::table.into_boxed().filter(matches);
    if let Some(birth_date) = search.birth_date {
        query = query.filter(p::birth_date.eq(birth_date));
    }
    if !search.closed.is_empty() {
        query = query.filter(open_or_known(search));
    }
    if let Some(Place(family, given, id)) = search.after.clone() {
        let later_given = p::given_folded.gt(given.clone()).or(p::given_folded.eq(given).and(p::id.gt(id)));
        query = query
            .filter(p::family_folded.gt(family.clone()).or(p::family_folded.eq(family).and(later_given)));
    }
    let mut rows: Vec<(SummaryRow, String, String)> = query
        .order((p::family_folded, p::given_folded, p::id))
        .limit(search.limit + 1)
        .select((SummaryRow::as_select(), p::family_folded, p::given_folded))
        .load(conn)?;
    let more = rows.len() as i64 > search.limit;
    rows.truncate(search.limit as usize);
    let next = match rows.last() {
        Some((row, family, given)) if more => {
            let place = Place(family.clone(), given.clone(), row.id);
            Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&place)?))
        }
        _ => None,
    };
    Ok(Page { items: rows.into_iter().map(|(row, ..)| row.into()).collect(), next })
}

/// Not one of those who are restricted to others, unless the whole number was typed, or the whole family name and the date of
/// birth: whoever knows these knows of the patient.
fn open_or_known(search: &Search) -> Condition {
    use patients::dsl as p;
    let mut known: Condition =
        Box::new(p::id.ne_all(search.closed.clone()).or(p::mrn.eq(search.mrn.clone())));
    for (family, _) in search.names.iter().filter(|_| search.birth_date.is_some()) {
        known = Box::new(known.or(p::family_folded.eq(family.clone())));
    }
    known
}

/// A LIKE pattern for text that begins so; what LIKE treats as special is escaped by its default, the backslash,
/// on PostgreSQL, and can't stand in a folded name on SQLite's either, so it is dropped.
fn beginning(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    format!("{plain}%")
}

/// One patient with contact data.
pub fn open(conn: &mut Conn, grant: &Grant) -> Result<PatientView> {
    let (row, body) = patients::table
        .find(grant.patient())
        .select((SummaryRow::as_select(), patients::body))
        .first::<(SummaryRow, Json)>(conn)?;
    let chart: ChartPatient = body.read()?;
    Ok(PatientView {
        summary: row.into(),
        address: chart.address.map(lines).unwrap_or_default(),
        phones: chart.phones.into_iter().map(|phone| phone.number).collect(),
        email: chart.email,
        language: chart.language.map(|language| language.text),
    })
}

fn lines(address: Address) -> Vec<String> {
    let place = [address.state, address.postal_code].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let town = [address.city, Some(place).filter(|place| !place.is_empty())];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(", ");
    address.lines.into_iter().chain([town]).filter(|line| !line.is_empty()).collect()
}

/// The patient of a medical record number whose date of birth this is. Numbers alone are mistyped too easily.
pub fn identified(conn: &mut Conn, mrn: &str, birth_date: Date) -> Result<Option<PatientId>> {
    let found = patients::table.filter(patients::mrn.eq(mrn)).filter(patients::birth_date.eq(birth_date));
    Ok(found.select(patients::id).first(conn).optional()?)
}

/// Who the patient of a grant is.
pub fn summary(conn: &mut Conn, patient: PatientId) -> Result<PatientSummary> {
    let row: SummaryRow = patients::table.find(patient).select(SummaryRow::as_select()).first(conn)?;
    Ok(row.into())
}

/// Who these patients are, for the queues of staff.
pub fn summaries(conn: &mut Conn, ids: &[PatientId]) -> Result<HashMap<PatientId, PatientSummary>> {
    let rows: Vec<SummaryRow> = match ids {
        [] => Vec::new(),
        // One id makes one statement, which stays prepared; a list of ids is planned anew each time on SQLite.
        [id] => patients::table.find(id).select(SummaryRow::as_select()).load(conn)?,
        ids => patients::table
            .filter(patients::id.eq_any(ids.to_vec()))
            .select(SummaryRow::as_select())
            .load(conn)?,
    };
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// The version of what a reader of this chart may see.
pub fn chart_version(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    Ok(patients::table.find(grant.patient()).select(patients::chart_version).first(conn)?)
}

/// Raises the chart's version: whatever a reader holds of it is stale.
pub fn touch_chart(conn: &mut Conn, patient: PatientId, now: Time) -> Result<()> {
    diesel::update(patients::table.find(patient))
        .set((patients::chart_version.eq(patients::chart_version + 1), patients::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
