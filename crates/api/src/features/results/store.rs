//! Rows of results and their values. Every query over one patient takes a grant, and a grant that is not staff's
//! sees released results only (LAB-1).

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    chart::ChartObservation,
    ids::{AccountId, ObservationId, OrganizationId, PatientId, ProviderId, ResultId},
    page::Page,
    results::{Flag, Laboratory, ReportStatus},
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, Json, MultiBackend,
            schema::{observations, organizations, results},
        },
        page::{Cursor, Keyset},
    },
};

/// At most so many earlier values of one test.
const MAX_EARLIER: usize = 24;

/// What a list shows.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = results, check_for_backend(MultiBackend))]
pub struct SummaryRow {
    pub patient_id: PatientId,
    pub at: Time,
    pub id: ResultId,
    pub reported_at: Time,
    pub status: ReportStatus,
    pub title: String,
    pub flag: Flag,
    pub released_at: Option<Time>,
    pub replaces: Option<ResultId>,
}

/// The whole row.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = results, check_for_backend(MultiBackend))]
pub struct Row {
    #[diesel(embed)]
    pub summary: SummaryRow,
    pub organization_id: Option<OrganizationId>,
    pub provider_id: Option<ProviderId>,
    pub body: Json,
    pub provider_comment: Option<String>,
    pub released_by: Option<AccountId>,
    pub replaced_by: Option<ResultId>,
    pub version: i64,
}

/// A value as stored.
pub struct Value {
    pub id: ObservationId,
    /// LOINC or another code; empty when the laboratory gave none.
    pub code: String,
    pub observation: ChartObservation,
}

/// An earlier value of the same test.
pub struct Earlier {
    pub result_id: ResultId,
    pub at: Time,
    pub observation: ChartObservation,
}

/// One page of a patient's results, newest first; what was corrected is reached through its correction.
pub fn list(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<SummaryRow>> {
    use results::dsl as r;
    let mut query = results::table
        .into_boxed()
        .filter(r::patient_id.eq(grant.patient()))
        .filter(r::replaced_by.is_null())
        .filter(r::status.ne(ReportStatus::EnteredInError));
    if !grant.sees_unreleased() {
        query = query.filter(r::released_at.is_not_null());
    }
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(r::at.lt(at).or(r::at.eq(at).and(r::id.lt(ResultId(id)))));
    }
    let rows = query.order((r::at.desc(), r::id.desc())).limit(keyset.rows()).select(SummaryRow::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &SummaryRow| Cursor { at: row.at, id: row.id.0 }))
}

/// One page of what waits for release in the practice, longest waiting first.
pub fn unreleased(conn: &mut Conn, keyset: &Keyset) -> Result<Page<SummaryRow>> {
    use results::dsl as r;
    let mut query = results::table
        .into_boxed()
        .filter(r::released_at.is_null())
        .filter(r::status.ne(ReportStatus::EnteredInError));
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(r::reported_at.gt(at).or(r::reported_at.eq(at).and(r::id.gt(ResultId(id)))));
    }
    let rows =
        query.order((r::reported_at.asc(), r::id.asc())).limit(keyset.rows()).select(SummaryRow::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &SummaryRow| Cursor { at: row.reported_at, id: row.id.0 }))
}

/// One of the patient's results; none when the reader may not see it or there is no such.
pub fn find(conn: &mut Conn, grant: &Grant, id: ResultId) -> Result<Option<Row>> {
    use results::dsl as r;
    let mut query =
        results::table.into_boxed().filter(r::patient_id.eq(grant.patient())).filter(r::id.eq(id));
    if !grant.sees_unreleased() {
        query = query.filter(r::released_at.is_not_null()).filter(r::status.ne(ReportStatus::EnteredInError));
    }
    Ok(query.select(Row::as_select()).first(conn).optional()?)
}

/// The values of a result that [`find`] gave, in the laboratory's order.
pub fn values(conn: &mut Conn, row: &Row) -> Result<Vec<Value>> {
    let rows: Vec<(ObservationId, String, Json)> = observations::table
        .filter(observations::result_id.eq(row.summary.id))
        .order((observations::position, observations::id))
        .select((observations::id, observations::code, observations::body))
        .load(conn)?;
    rows.into_iter().map(|(id, code, body)| Ok(Value { id, code, observation: body.read()? })).collect()
}

/// Released values of the same tests before this result, newest first, by code.
pub fn earlier(conn: &mut Conn, row: &Row, values: &[Value]) -> Result<HashMap<String, Vec<Earlier>>> {
    let mut codes: Vec<&str> =
        values.iter().map(|value| value.code.as_str()).filter(|code| !code.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut found: HashMap<String, Vec<Earlier>> = HashMap::new();
    for code in codes {
        let rows: Vec<(ResultId, Time, Json)> = observations::table
            .inner_join(results::table.on(observations::result_id.eq(results::id.nullable())))
            .filter(observations::patient_id.eq(row.summary.patient_id))
            .filter(observations::code.eq(code))
            .filter(observations::at.lt(row.summary.at))
            .filter(results::released_at.is_not_null())
            .filter(results::replaced_by.is_null())
            .filter(results::status.ne(ReportStatus::EnteredInError))
            .order((observations::at.desc(), observations::id.desc()))
            .limit(MAX_EARLIER as i64)
            .select((results::id, observations::at, observations::body))
            .load(conn)?;
        let rows = rows.into_iter().map(|(result_id, at, body)| {
            let observation = body.read()?;
            Ok(Earlier { result_id, at, observation })
        });
        found.insert(code.to_owned(), rows.collect::<Result<_>>()?);
    }
    Ok(found)
}

/// The performing laboratory.
pub fn laboratory(conn: &mut Conn, id: OrganizationId) -> Result<Option<Laboratory>> {
    use organizations::dsl as o;
    let row: Option<(String, String, String, String, String, String)> = organizations::table
        .find(id)
        .select((o::name, o::phone, o::line, o::city, o::state, o::postal_code))
        .first(conn)
        .optional()?;
    Ok(row.map(|(name, phone, line, city, state, postal_code)| {
        let town = format!("{city}, {state} {postal_code}");
        let town = town.trim_matches([' ', ',']).to_owned();
        let address = [line, town].into_iter().filter(|line| !line.is_empty()).collect();
        Laboratory { name, phone, address }
    }))
}

/// Makes a result visible to its patient. What it corrects points to it from now on.
pub fn release(conn: &mut Conn, row: &Row, by: AccountId, comment: Option<&str>, now: Time) -> Result<()> {
    use results::dsl as r;
    diesel::update(results::table.filter(r::id.eq(row.summary.id)))
        .set((
            r::released_at.eq(now),
            r::released_by.eq(by),
            r::provider_comment.eq(comment),
            r::version.eq(row.version + 1),
            r::updated_at.eq(now),
        ))
        .execute(conn)?;
    if let Some(replaced) = row.summary.replaces {
        diesel::update(results::table.filter(r::id.eq(replaced)))
            .set((r::replaced_by.eq(row.summary.id), r::version.eq(r::version + 1), r::updated_at.eq(now)))
            .execute(conn)?;
    }
    Ok(())
}
