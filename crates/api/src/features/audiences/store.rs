//! Audiences as queries over the registry, the appointments and the conditions of charts.

use diesel::prelude::*;
use portal_domain::{
    audience::Audience,
    chart::{ChartKind, Code},
    ids::{NoticeId, PatientId},
    time::Date,
};

use crate::{
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{appointments, chart_items, notice_recipients, patients},
    },
};

/// The clinical states in which a patient has a condition now (FHIR `condition-clinical`).
const PRESENT: [&str; 3] = ["active", "recurrence", "relapse"];

type Query<'a> = patients::BoxedQuery<'a, MultiBackend>;

/// The patients of an audience on `today`, the practice's date.
fn of(audience: &Audience, today: Date) -> Query<'static> {
    let mut query = patients::table.into_boxed();
    let (earliest, latest) = audience.births(today);
    if let Some(latest) = latest {
        query = query.filter(patients::birth_date.le(latest));
    }
    if let Some(earliest) = earliest {
        query = query.filter(patients::birth_date.ge(earliest));
    }
    if let Some(location) = audience.location_id {
        let there = appointments::table
            .filter(appointments::location_id.eq(location))
            .select(appointments::patient_id);
        query = query.filter(patients::id.eq_any(there));
    }
    if let Some(condition) = &audience.condition {
        let having = chart_items::table
            .filter(chart_items::kind.eq(ChartKind::Condition.code()))
            .filter(chart_items::status.eq_any(PRESENT.to_vec()))
            .filter(chart_items::code_system.eq(condition.system.clone()))
            .filter(chart_items::code.eq(condition.code.clone()))
            .select(chart_items::patient_id);
        query = query.filter(patients::id.eq_any(having));
    }
    query
}

/// How many patients there are in an audience.
pub fn count(conn: &mut Conn, audience: &Audience, today: Date) -> Result<i64> {
    Ok(of(audience, today).count().get_result(conn)?)
}

/// The patients of an audience, at most `limit` of them.
pub fn patients(conn: &mut Conn, audience: &Audience, today: Date, limit: i64) -> Result<Vec<PatientId>> {
    let all = of(audience, today).order(patients::id).limit(limit);
    Ok(all.select(patients::id).load(conn)?)
}

/// Whether a patient is in an audience.
pub fn holds(conn: &mut Conn, audience: &Audience, today: Date, patient: PatientId) -> Result<bool> {
    let found = of(audience, today).filter(patients::id.eq(patient));
    Ok(found.select(patients::id).first::<PatientId>(conn).optional()?.is_some())
}

/// Up to `limit` patients of an audience who don't have this notice yet.
pub fn newcomers(
    conn: &mut Conn,
    audience: &Audience,
    today: Date,
    notice: NoticeId,
    limit: i64,
) -> Result<Vec<PatientId>> {
    let have = notice_recipients::table
        .filter(notice_recipients::notice_id.eq(notice))
        .select(notice_recipients::patient_id);
    let query = of(audience, today).filter(patients::id.ne_all(have));
    Ok(query.order(patients::id).limit(limit).select(patients::id).load(conn)?)
}
