//! What the practice is, and its policies.

use std::str::FromStr;

use chrono::{NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use portal_domain::{
    access::{Action, Category},
    ids::LocationId,
    practice::{Policies, PoliciesView, PracticeView, ProviderView, Terms},
    problem::Problem,
    time::{Date, Time},
};

use super::store;
use crate::{
    app::App,
    error::{Error, Result},
    platform::{auth::Actor, db::Conn, etag::IfMatch},
};

/// What everybody may know.
pub async fn practice(app: &App) -> Result<PracticeView> {
    app.db
        .read(|conn| {
            let practice = store::practice(conn)?;
            Ok(PracticeView {
                name: practice.name,
                phone: practice.phone,
                emergency_text: practice.emergency_text,
                terms: Terms { version: practice.terms_version, text: practice.terms_text },
                health_records: practice.health_records != 0,
                locations: store::locations(conn)?.into_iter().map(|location| location.view).collect(),
            })
        })
        .await
}

/// With whom appointments can be asked for.
pub async fn providers(app: &App, actor: &Actor) -> Result<Vec<ProviderView>> {
    app.read(actor, |work| store::bookable_providers(work.conn)).await
}

/// How strict the practice is about accounts.
pub async fn policies(app: &App, actor: &Actor) -> Result<PoliciesView> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Settings)?;
        view_policies(work.conn)
    })
    .await
}

/// Changes the policies; they hold from the next request on, for sessions that are open as well.
pub async fn change_policies(
    app: &App,
    actor: &Actor,
    seen: IfMatch,
    policies: Policies,
) -> Result<PoliciesView> {
    let errors = policies.check();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Settings)?;
        seen.check(store::practice(work.conn)?.policies_version)?;
        store::set_policies(work.conn, &policies, work.now)?;
        view_policies(work.conn)
    })
    .await
}

fn view_policies(conn: &mut Conn) -> Result<PoliciesView> {
    let practice = store::practice(conn)?;
    Ok(PoliciesView {
        version: practice.policies_version,
        policies: Policies {
            patient_idle_minutes: practice.patient_idle_minutes,
            staff_idle_minutes: practice.staff_idle_minutes,
            staff_second_step: practice.staff_second_step != 0,
            enrolment_token_hours: practice.enrolment_token_hours,
            health_records: practice.health_records != 0,
        },
    })
}

/// The practice's zone: that of its first location.
pub fn zone(conn: &mut Conn) -> Result<Tz> {
    match store::locations(conn)?.first() {
        Some(location) => Tz::from_str(&location.view.time_zone).map_err(Error::internal),
        None => Ok(Tz::UTC),
    }
}

/// Refuses, at `field`, a location that is not one of ours.
pub fn must_be_ours(conn: &mut Conn, field: &str, location: Option<LocationId>) -> Result<()> {
    match location {
        Some(id) if store::location(conn, id)?.is_none() => {
            Err(Problem::field(field, "unknown", "Choose one of our locations.").into())
        }
        _ => Ok(()),
    }
}

/// The practice's date at `now`.
pub fn today(conn: &mut Conn, now: Time) -> Result<Date> {
    Ok(now.utc().with_timezone(&zone(conn)?).date_naive())
}

/// The first instant of a date in a zone. Where clocks skip midnight it is the first instant after the gap.
pub fn begin_of(date: Date, zone: Tz) -> Result<Time> {
    let midnight = date.and_time(NaiveTime::MIN);
    let first = (0..=4).find_map(|quarters| {
        zone.from_local_datetime(&(midnight + TimeDelta::minutes(30 * quarters))).earliest()
    });
    let first = first.ok_or_else(|| Error::internal("a day without a beginning"))?;
    Time::new(first.to_utc()).map_err(Error::internal)
}

/// How long an enrolment token lives (ENR-1).
pub fn enrolment_token_lifetime(conn: &mut Conn) -> Result<TimeDelta> {
    Ok(TimeDelta::hours(store::practice(conn)?.enrolment_token_hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_local_midnight_or_where_clocks_skip_it_right_after() {
        let begin = |date: &str, zone: Tz| begin_of(date.parse().unwrap(), zone).unwrap().to_string();
        assert_eq!(begin("2026-10-06", Tz::America__New_York), "2026-10-06T04:00:00Z");
        assert_eq!(
            begin("2026-11-02", Tz::America__New_York),
            "2026-11-02T05:00:00Z",
            "after the change of clocks"
        );
        assert_eq!(
            begin("2018-11-04", Tz::America__Sao_Paulo),
            "2018-11-04T03:00:00Z",
            "clocks went from 24:00 to 1:00"
        );
    }
}
