//! Rows of results and their values. Every query over one patient takes a grant, and a grant that is not staff's
//! sees released results only (LAB-1).

mod by_test;
mod plans;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use portal_domain::{
    chart::{ChartObservation, ObservationStatus},
    ids::{AccountId, ObservationId, OrganizationId, PatientId, ProviderId, ResultId},
    page::Page,
    results::{Flag, Laboratory, RecallReason, ReportStatus, WaitingShown},
    time::Time,
};

pub use by_test::{Test, drawn, is_true, tests};
pub use plans::{
    HoldRow, PlanRow, due, holds, is_due, is_unsettled, lift_hold, place_hold, plan, plans, policies,
    set_policies, settle, unsettled,
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        clock::new_id,
        db::{
            AnyId, Conn, Json, MultiBackend,
            schema::{observations, organizations, patients, result_recalls, results},
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
    pub version: i64,
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
}

/// A value as stored.
pub struct Value {
    pub id: ObservationId,
    /// LOINC or another code; empty when the laboratory gave none.
    pub code: String,
    /// The code's system; empty without a code.
    pub code_system: String,
    pub at: Time,
    pub observation: ChartObservation,
}

/// An earlier value of the same test.
pub struct Earlier {
    pub result_id: ResultId,
    pub at: Time,
    pub observation: ChartObservation,
}

/// Which results a list shows.
#[derive(Default)]
pub struct Narrowed {
    /// Only those with a value that is not as usual.
    pub outside: bool,
    /// Only some of these.
    pub among: Option<Vec<ResultId>>,
}

/// One page of a patient's results, newest first; what was corrected is reached through its correction.
pub fn list(conn: &mut Conn, grant: &Grant, narrowed: Narrowed, keyset: &Keyset) -> Result<Page<SummaryRow>> {
    use results::dsl as r;
    let mut query = results::table
        .into_boxed()
        .filter(r::patient_id.eq(grant.patient()))
        .filter(r::replaced_by.is_null())
        .filter(r::status.ne(ReportStatus::EnteredInError));
    if !grant.sees_unreleased() {
        query = query.filter(r::released_at.is_not_null());
    }
    but_hidden!(query, grant, r::id);
    if narrowed.outside {
        let outside: Vec<Flag> = Flag::ALL.iter().copied().filter(|flag| flag.is_out_of_range()).collect();
        query = query.filter(r::flag.eq_any(outside));
    }
    if let Some(among) = narrowed.among {
        query = query.filter(r::id.eq_any(among));
    }
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(r::at.lt(at).or(r::at.eq(at).and(r::id.lt(ResultId(id)))));
    }
    let rows = query.order((r::at.desc(), r::id.desc())).limit(keyset.rows()).select(SummaryRow::as_select());
    Ok(keyset.page(rows.load(conn)?, |row: &SummaryRow| Cursor { at: row.at, id: row.id.0 }))
}

/// What the results are called that a list of this reader may show.
pub fn titles(conn: &mut Conn, grant: &Grant) -> Result<Vec<(ResultId, String)>> {
    use results::dsl as r;
    let mut query = results::table.into_boxed().filter(r::patient_id.eq(grant.patient()));
    if !grant.sees_unreleased() {
        query = query.filter(r::released_at.is_not_null());
    }
    but_hidden!(query, grant, r::id);
    Ok(query.select((r::id, r::title)).load(conn)?)
}

/// A number that changes with whatever a list of released results shows, and never else; the database keeps it. Equal lists
/// have equal numbers: that a release was taken back is not told.
pub fn released_digest(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    Ok(patients::table.find(grant.patient()).select(patients::results_digest).first(conn)?)
}

/// The valid results that are released and that somebody sees who acts for the patient, each in its version: only the tag of
/// a list for such a reader is made of it.
pub fn seen_versions(conn: &mut Conn, grant: &Grant) -> Result<Vec<(ResultId, i64)>> {
    use results::dsl as r;
    let mut query = results::table
        .into_boxed()
        .filter(r::patient_id.eq(grant.patient()))
        .filter(r::released_at.is_not_null())
        .filter(r::status.ne(ReportStatus::EnteredInError));
    but_hidden!(query, grant, r::id);
    Ok(query.order(r::id).select((r::id, r::version)).load(conn)?)
}

/// One page of what waits for release in the practice, longest waiting first.
pub fn unreleased(
    conn: &mut Conn,
    show: Option<WaitingShown>,
    keyset: &Keyset,
    now: Time,
) -> Result<Page<SummaryRow>> {
    use results::dsl as r;
    let mut query = plans::shown(results::table.into_boxed(), show, now)
        .filter(r::released_at.is_null())
        // What was taken back and corrected since is reached through its correction.
        .filter(r::replaced_by.is_null())
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
    but_hidden!(query, grant, r::id);
    Ok(query.select(Row::as_select()).first(conn).optional()?)
}

/// The values of a result that [`find`] gave, in the laboratory's order.
pub fn values(conn: &mut Conn, row: &Row) -> Result<Vec<Value>> {
    let rows: Vec<(ObservationId, String, String, Time, Json)> = observations::table
        .filter(observations::result_id.eq(row.summary.id))
        .order((observations::position, observations::id))
        .select((
            observations::id,
            observations::code,
            observations::code_system,
            observations::at,
            observations::body,
        ))
        .load(conn)?;
    let mut values = Vec::with_capacity(rows.len());
    for (id, code, code_system, at, body) in rows {
        let observation: ChartObservation = body.read()?;
        // A value that was never true isn't shown, even where the rest of its report stands.
        if observation.status != ObservationStatus::EnteredInError {
            values.push(Value { id, code, code_system, at, observation });
        }
    }
    Ok(values)
}

type EarlierRow = (String, String, ResultId, Time, Json);

/// Released values of the same test before each value of this result, newest first, by the value.
pub fn earlier(
    conn: &mut Conn,
    grant: &Grant,
    row: &Row,
    values: &[Value],
) -> Result<HashMap<ObservationId, Vec<Earlier>>> {
    let coded = || values.iter().filter(|value| !value.code.is_empty());
    let Some(newest) = coded().map(|value| value.at).max() else { return Ok(HashMap::new()) };
    let codes: HashSet<String> = coded().map(|value| value.code.clone()).collect();
    // Nearly always the laboratory's alone. With patient and codes these are the head of the table's key.
    let categories: HashSet<&str> = coded().map(|value| value.observation.category.as_str()).collect();
    let rows: Vec<EarlierRow> = observations::table
        .inner_join(results::table.on(observations::result_id.eq(results::id.nullable())))
        .filter(observations::patient_id.eq(row.summary.patient_id))
        .filter(observations::category.eq_any(categories))
        .filter(observations::code.eq_any(codes))
        .filter(observations::at.lt(newest))
        .filter(results::id.ne(row.summary.id))
        .filter(results::released_at.is_not_null())
        .filter(results::replaced_by.is_null())
        .filter(results::status.ne(ReportStatus::EnteredInError))
        .order((observations::at.desc(), observations::id.desc()))
        .select((
            observations::code_system,
            observations::code,
            results::id,
            observations::at,
            observations::body,
        ))
        .load(conn)?;
    let mut by_code: HashMap<(&str, &str), Vec<&EarlierRow>> = HashMap::new();
    for row in &rows {
        by_code.entry((&row.0, &row.1)).or_default().push(row);
    }
    let mut found = HashMap::new();
    for value in coded() {
        let same = by_code.get(&(value.code_system.as_str(), value.code.as_str()));
        let mut earlier = Vec::new();
        let before = |row: &&&EarlierRow| row.3 < value.at && !grant.hides(row.2.0);
        for (_, _, result_id, at, body) in same.into_iter().flatten().filter(before) {
            let observation: ChartObservation = body.read()?;
            if observation.status != ObservationStatus::EnteredInError {
                earlier.push(Earlier { result_id: *result_id, at: *at, observation });
            }
            if earlier.len() == MAX_EARLIER {
                break;
            }
        }
        found.insert(value.id, earlier);
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

/// Makes a result visible to its patient, by a provider or (none) by a policy. What it corrects points to it from now on.
pub fn release(
    conn: &mut Conn,
    row: &Row,
    by: Option<AccountId>,
    comment: Option<&str>,
    now: Time,
) -> Result<()> {
    use results::dsl as r;
    plans::forget_plan(conn, row.summary.id)?;
    diesel::update(results::table.filter(r::id.eq(row.summary.id)))
        .set((
            r::released_at.eq(now),
            r::released_by.eq(by),
            r::provider_comment.eq(comment),
            r::version.eq(row.summary.version + 1),
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

/// A release that is taken back.
pub struct Recall<'a> {
    /// By whom.
    pub by: AccountId,
    /// Why.
    pub reason: RecallReason,
    /// More about it.
    pub words: Option<&'a str>,
    /// When its news was first read.
    pub opened_at: Option<Time>,
}

/// Hides a released result from its patient again and keeps what the release was. What it corrected stands as before.
pub fn recall(conn: &mut Conn, row: &Row, released_at: Time, recall: &Recall<'_>, now: Time) -> Result<()> {
    use result_recalls::dsl as c;
    use results::dsl as r;
    diesel::insert_into(result_recalls::table)
        .values((
            c::patient_id.eq(row.summary.patient_id),
            c::at.eq(now),
            c::id.eq(AnyId(new_id())),
            c::result_id.eq(row.summary.id),
            c::recalled_by.eq(recall.by),
            c::reason.eq(recall.reason),
            c::words.eq(recall.words),
            c::released_at.eq(released_at),
            c::released_by.eq(row.released_by),
            c::opened_at.eq(recall.opened_at),
            c::provider_comment.eq(row.provider_comment.as_deref()),
        ))
        .execute(conn)?;
    plans::wait_again(conn, row, now)?;
    diesel::update(results::table.filter(r::id.eq(row.summary.id)))
        .set((
            r::released_at.eq(None::<Time>),
            r::released_by.eq(None::<AccountId>),
            r::provider_comment.eq(None::<String>),
            r::version.eq(row.summary.version + 1),
            r::updated_at.eq(now),
        ))
        .execute(conn)?;
    diesel::update(results::table.filter(r::replaced_by.eq(row.summary.id)))
        .set((r::replaced_by.eq(None::<ResultId>), r::version.eq(r::version + 1), r::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
