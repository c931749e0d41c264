//! What is to become of results that wait: plans, holds, and the policies that they follow (LAB-2).

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    chart::{ChartReport, systems},
    ids::{AccountId, PatientId, ResultId},
    results::{Facts, Flag, HoldReason, Plan, ReleasePolicies, ReportStatus, Turn, WaitingShown},
    time::Time,
};

use super::Row;
use crate::{
    error::Result,
    platform::{
        access::Grant,
        clock::new_id,
        db::{
            AnyId, Conn, Json, MultiBackend,
            schema::{observations, release_plans, release_policies, result_holds, results},
        },
    },
};

/// The version of policies that nobody has changed yet.
const FIRST: i64 = 1;

/// The policies in force, and their version.
pub fn policies(conn: &mut Conn) -> Result<(i64, ReleasePolicies)> {
    use release_policies::dsl as p;
    let row: Option<(i64, Json)> = release_policies::table
        .order(p::version.desc())
        .select((p::version, p::body))
        .first(conn)
        .optional()?;
    match row {
        Some((version, body)) => Ok((version, body.read()?)),
        None => Ok((FIRST, ReleasePolicies::default())),
    }
}

/// Keeps new policies; those before stay, as they were.
pub fn set_policies(
    conn: &mut Conn,
    version: i64,
    policies: &ReleasePolicies,
    by: AccountId,
    now: Time,
) -> Result<()> {
    use release_policies::dsl as p;
    diesel::insert_into(release_policies::table)
        .values((
            p::version.eq(version),
            p::body.eq(Json::of(policies)?),
            p::changed_by.eq(by),
            p::changed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// What is to become of a result.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = release_plans, check_for_backend(MultiBackend))]
pub struct PlanRow {
    pub result_id: ResultId,
    pub since: Time,
    pub test_group: Option<String>,
    pub release_at: Option<Time>,
    pub review_by: Option<Time>,
}

/// Whether some result waits for a decision by this version of the policies.
pub fn is_unsettled(conn: &mut Conn, version: i64) -> Result<bool> {
    use release_plans::dsl as p;
    let open = release_plans::table.filter(p::policy_version.lt(version));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// Some results that wait for a decision by this version of the policies, with what it needs to know.
pub fn unsettled(conn: &mut Conn, version: i64, most: i64) -> Result<Vec<(ResultId, Facts)>> {
    use release_plans::dsl as p;
    use results::dsl as r;
    let rows: Vec<(ResultId, Time, i64, ReportStatus, Flag, Json)> = release_plans::table
        .inner_join(results::table.on(p::result_id.eq(r::id)))
        .filter(p::policy_version.lt(version))
        .order(p::policy_version)
        .limit(most)
        .select((p::result_id, p::since, p::taken_back, r::status, r::flag, r::body))
        .load(conn)?;
    let mut values: HashMap<ResultId, Vec<Option<String>>> = HashMap::new();
    let ids: Vec<ResultId> = rows.iter().map(|row| row.0).collect();
    let codes: Vec<(Option<ResultId>, String, String)> = observations::table
        .filter(observations::result_id.eq_any(ids))
        .select((observations::result_id, observations::code_system, observations::code))
        .load(conn)?;
    for (result, system, code) in codes {
        if let Some(result) = result {
            values.entry(result).or_default().push((system == systems::LOINC).then_some(code));
        }
    }
    let facts = |row: (ResultId, Time, i64, ReportStatus, Flag, Json)| -> Result<(ResultId, Facts)> {
        let (id, since, taken_back, status, flag, body) = row;
        let report: ChartReport = body.read()?;
        let loinc = report.code.coding.filter(|coding| coding.system == systems::LOINC);
        let facts = Facts {
            status,
            category: report.category,
            code: loinc.map(|coding| coding.code),
            values: values.remove(&id).unwrap_or_default(),
            flag,
            since,
            taken_back: taken_back != 0,
        };
        Ok((id, facts))
    };
    rows.into_iter().map(facts).collect()
}

/// Keeps what the policies of this version say.
pub fn settle(conn: &mut Conn, id: ResultId, version: i64, plan: &Plan) -> Result<()> {
    use release_plans::dsl as p;
    let (release_at, review_by) = match plan.turn {
        Turn::Policy { at } => (Some(at), None),
        Turn::Provider { review_by } => (None, Some(review_by)),
    };
    diesel::update(release_plans::table.find(id))
        .set((
            p::policy_version.eq(version),
            p::test_group.eq(&plan.group),
            p::release_at.eq(release_at),
            p::review_by.eq(review_by),
        ))
        .execute(conn)?;
    Ok(())
}

/// What the policies of a version release now: decided by them, due, not held, and still to be seen by anybody.
macro_rules! due_now {
    ($version:expr, $now:expr) => {
        release_plans::table
            .inner_join(results::table.on(release_plans::result_id.eq(results::id)))
            .filter(release_plans::policy_version.eq($version))
            .filter(release_plans::release_at.le($now))
            .filter(release_plans::held_until.is_null().or(release_plans::held_until.le($now)))
            .filter(results::released_at.is_null())
            .filter(results::replaced_by.is_null())
            .filter(results::status.ne(ReportStatus::EnteredInError))
    };
}

/// Some results that the policies of this version release now.
pub fn due(conn: &mut Conn, version: i64, now: Time, most: i64) -> Result<Vec<(PatientId, ResultId)>> {
    let rows = due_now!(version, now)
        .order(release_plans::release_at)
        .limit(most)
        .select((release_plans::patient_id, release_plans::result_id));
    Ok(rows.load(conn)?)
}

/// Whether the policies of this version release a result now. Asked again by whoever releases it.
pub fn is_due(conn: &mut Conn, version: i64, id: ResultId, now: Time) -> Result<bool> {
    let row = due_now!(version, now).filter(release_plans::result_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(conn)?)
}

/// What is to become of one of the patient's results; none when it does not wait.
pub fn plan(conn: &mut Conn, grant: &Grant, id: ResultId) -> Result<Option<PlanRow>> {
    use release_plans::dsl as p;
    let row = release_plans::table.find(id).filter(p::patient_id.eq(grant.patient()));
    Ok(row.select(PlanRow::as_select()).first(conn).optional()?)
}

/// What is to become of results that a page of the queue shows.
pub fn plans(conn: &mut Conn, ids: &[ResultId]) -> Result<HashMap<ResultId, PlanRow>> {
    let rows = release_plans::table.filter(release_plans::result_id.eq_any(ids.to_vec()));
    let rows: Vec<PlanRow> = rows.select(PlanRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.result_id, row)).collect())
}

/// Narrows the queue to a part of it.
pub fn shown<'a>(
    query: results::BoxedQuery<'a, MultiBackend>,
    show: Option<WaitingShown>,
    now: Time,
) -> results::BoxedQuery<'a, MultiBackend> {
    use release_plans::dsl as p;
    let free = || p::held_until.is_null().or(p::held_until.le(now));
    match show {
        None => query,
        Some(WaitingShown::Overdue) => {
            let late = release_plans::table.filter(p::review_by.le(now)).filter(free());
            query.filter(results::id.eq_any(late.select(p::result_id)))
        }
        Some(WaitingShown::Held) => {
            let held = release_plans::table.filter(p::held_until.gt(now));
            query.filter(results::id.eq_any(held.select(p::result_id)))
        }
        Some(WaitingShown::Automatic) => {
            let by_policy = release_plans::table.filter(p::release_at.is_not_null()).filter(free());
            query.filter(results::id.eq_any(by_policy.select(p::result_id)))
        }
    }
}

/// Ends the waiting of a result that is released now.
pub fn forget_plan(conn: &mut Conn, id: ResultId) -> Result<()> {
    diesel::delete(release_plans::table.find(id)).execute(conn)?;
    Ok(())
}

/// Lets a result wait again whose release was taken back; no policy releases it from now on.
pub fn wait_again(conn: &mut Conn, row: &Row, now: Time) -> Result<()> {
    use release_plans::dsl as p;
    diesel::insert_into(release_plans::table)
        .values((
            p::result_id.eq(row.summary.id),
            p::patient_id.eq(row.summary.patient_id),
            p::since.eq(now),
            p::policy_version.eq(0),
            p::taken_back.eq(1),
        ))
        .execute(conn)?;
    Ok(())
}

/// A hold.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = result_holds, check_for_backend(MultiBackend))]
pub struct HoldRow {
    pub at: Time,
    pub result_id: ResultId,
    pub placed_by: AccountId,
    pub reason: HoldReason,
    pub words: Option<String>,
    pub until: Time,
}

/// The holds in force on these results.
pub fn holds(conn: &mut Conn, ids: &[ResultId], now: Time) -> Result<HashMap<ResultId, HoldRow>> {
    use result_holds::dsl as h;
    let rows: Vec<HoldRow> = result_holds::table
        .filter(h::result_id.eq_any(ids.to_vec()))
        .filter(h::lifted_at.is_null())
        .filter(h::until.gt(now))
        .order((h::at, h::id))
        .select(HoldRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.result_id, row)).collect())
}

/// Holds a result back; a hold in force gives way to the new one.
pub fn place_hold(conn: &mut Conn, row: &Row, hold: &HoldRow) -> Result<()> {
    use release_plans::dsl as p;
    use result_holds::dsl as h;
    end_hold(conn, row, hold.placed_by, hold.at)?;
    diesel::insert_into(result_holds::table)
        .values((
            h::patient_id.eq(row.summary.patient_id),
            h::at.eq(hold.at),
            h::id.eq(AnyId(new_id())),
            h::result_id.eq(hold.result_id),
            h::placed_by.eq(hold.placed_by),
            h::reason.eq(hold.reason),
            h::words.eq(&hold.words),
            h::until.eq(hold.until),
        ))
        .execute(conn)?;
    diesel::update(release_plans::table.find(row.summary.id))
        .set(p::held_until.eq(hold.until))
        .execute(conn)?;
    touch(conn, row, hold.at)
}

/// Ends the hold on a result before its time.
pub fn lift_hold(conn: &mut Conn, row: &Row, by: AccountId, now: Time) -> Result<()> {
    use release_plans::dsl as p;
    end_hold(conn, row, by, now)?;
    diesel::update(release_plans::table.find(row.summary.id))
        .set(p::held_until.eq(None::<Time>))
        .execute(conn)?;
    touch(conn, row, now)
}

fn end_hold(conn: &mut Conn, row: &Row, by: AccountId, now: Time) -> Result<()> {
    use result_holds::dsl as h;
    let in_force = result_holds::table
        .filter(h::patient_id.eq(row.summary.patient_id))
        .filter(h::result_id.eq(row.summary.id))
        .filter(h::lifted_at.is_null())
        .filter(h::until.gt(now));
    diesel::update(in_force).set((h::lifted_at.eq(now), h::lifted_by.eq(by))).execute(conn)?;
    Ok(())
}

/// Raises the version: whoever decides saw what holds.
fn touch(conn: &mut Conn, row: &Row, now: Time) -> Result<()> {
    use results::dsl as r;
    diesel::update(results::table.filter(r::id.eq(row.summary.id)))
        .set((r::version.eq(row.summary.version + 1), r::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
