//! What has happened in the demo practice so far: two patients enrolled, older results were released, one appointment
//! is booked and one is asked for. All of it goes the way that people's own acts go.

use chrono::{Datelike, Days, NaiveTime, TimeDelta, TimeZone, Weekday};
use portal_domain::{
    access::{Role, Who},
    appointments::{Booking, DayPart, NewRequest, Preferred, Reason},
    chart::ReportCategory,
    enrolment::{Identity, NewAccount},
    ids::PatientId,
    patients::{PatientQuery, PatientSummary},
    results::{GroupRule, Release, ReleasePolicies, ReleaseQueueQuery, TestGroup},
    time::{Date, Time},
};

use super::{PASSWORD, charts, practice::Seeded, staff::Staff};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        appointments::{self, Decision},
        enrolment, patients, results,
    },
    platform::{
        auth::{self, Actor, Browser},
        etag::IfMatch,
        idempotency::Once,
    },
};

/// Results newer than this still wait for their provider.
const WAITING: TimeDelta = TimeDelta::days(30);

/// The patients who have an account: by given name, with their usernames.
const ENROLLED: &[(&str, &str)] = &[("Thandiwe", "thandiwe.demo"), ("Jörg", "joerg.demo")];

/// A patient who has an account.
pub struct Enrolled {
    /// Who acts.
    pub actor: Actor,
    /// With which chart.
    pub patient: PatientId,
}

/// Lets it happen.
pub async fn seed(app: &App, practice: &Seeded, staff: &Staff) -> Result<Vec<Enrolled>> {
    let mut enrolled = Vec::new();
    release_older_results(app, &staff.actor(Role::Provider)).await?;
    charts::seed_corrections(app).await?;
    release_older_results(app, &staff.actor(Role::Provider)).await?;
    results::change_policies(app, &staff.actor(Role::Admin), IfMatch::of(1), policies()).await?;
    let all = patients::find(
        app,
        &staff.actor(Role::FrontDesk),
        PatientQuery { limit: Some(100), ..Default::default() },
    )
    .await?;
    for ((given, username), hour) in ENROLLED.iter().zip(9..) {
        let patient = all.items.iter().find(|patient| patient.given_name.starts_with(given));
        let patient = patient.ok_or_else(|| Error::internal(format!("the demo has no {given}")))?;
        let actor = enrol(app, &staff.actor(Role::FrontDesk), patient, username).await?;
        ask_for_appointments(app, practice, staff, &actor, patient.id, hour).await?;
        enrolled.push(Enrolled { actor, patient: patient.id });
    }
    Ok(enrolled)
}

/// How the enrolled patients sign in, a line each.
pub fn sign_ins() -> impl Iterator<Item = String> {
    ENROLLED.iter().map(|(given, username)| format!("  {username:<14} {given} (patient)"))
}

/// How the practice releases: nothing by itself, and what a person must tell first is named.
fn policies() -> ReleasePolicies {
    let manual = |deadline_hours| GroupRule { deadline_hours, ..GroupRule::default() };
    let group = |name: &str, codes: &[&str], sensitive, release| TestGroup {
        name: name.into(),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        categories: vec![],
        sensitive,
        release,
    };
    let pathology = TestGroup {
        categories: vec![ReportCategory::Pathology],
        ..group("Tissue and cells", &[], false, manual(48))
    };
    ReleasePolicies {
        groups: vec![
            group("HIV", &["75622-1", "56888-1", "20447-9"], true, manual(24)),
            group("Cultures", &["630-4", "600-7"], false, manual(24)),
            pathology,
        ],
        ..ReleasePolicies::default()
    }
}

async fn release_older_results(app: &App, provider: &Actor) -> Result<()> {
    let mut query = ReleaseQueueQuery { limit: Some(100), ..Default::default() };
    loop {
        let page = results::unreleased(app, provider, query.clone()).await?;
        for waiting in page.items {
            if app.now().since(waiting.result.reported_at) > WAITING {
                let (patient, id) = (waiting.patient.id, waiting.result.id);
                let seen = results::open(app, provider, patient, id).await?.version;
                let once = Once::without_key();
                results::release(app, provider, patient, id, Release::default(), IfMatch::of(seen), once)
                    .await?;
            }
        }
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

async fn enrol(app: &App, desk: &Actor, patient: &PatientSummary, username: &str) -> Result<Actor> {
    let issued = enrolment::issue(app, desk, patient.id).await?;
    let account = NewAccount {
        identity: Identity {
            token: issued.token,
            birth_date: patient.birth_date,
            family_name: patient.family_name.clone(),
        },
        username: username.into(),
        password: PASSWORD.into(),
        email: None,
        accepted_terms_version: 1,
    };
    let (session, _) = enrolment::create_account(app, "127.0.0.1", Browser::default(), account).await?;
    let (id, now) = (session.account_id, app.now());
    app.db.write(move |conn| auth::end_all(conn, id, None, now)).await?;
    Ok(Actor::account(session.account_id, Who::Patient(patient.id), None))
}

/// One request is approved for next week, a second one waits.
async fn ask_for_appointments(
    app: &App,
    practice: &Seeded,
    staff: &Staff,
    actor: &Actor,
    patient: PatientId,
    hour: u32,
) -> Result<()> {
    let provider = practice.providers.first().ok_or_else(|| Error::internal("the demo has no provider"))?;
    let location_id =
        provider.location_id.ok_or_else(|| Error::internal("the demo's provider has no location"))?;
    let today = app.now().utc().date_naive();
    let ask = |reason, date, note: &str| NewRequest {
        location_id,
        provider_id: Some(provider.id),
        reason,
        preferred: vec![Preferred { date, part: DayPart::Morning }],
        note: note.into(),
    };
    let booked = ask(Reason::FollowUp, workday(today, 7), "");
    let booked = appointments::request(app, actor, patient, booked, Once::without_key()).await?;
    let booking = Booking {
        starts_at: local(workday(today, 7), hour)?,
        minutes: 30,
        provider_id: provider.id,
        note: "Please bring your list of medications.".into(),
    };
    let seen = IfMatch::of(booked.version);
    let approve = Decision::Approve(booking);
    appointments::decide(
        app,
        &staff.actor(Role::FrontDesk),
        patient,
        booked.id,
        approve,
        seen,
        Once::without_key(),
    )
    .await?;
    let open = ask(Reason::CheckUp, workday(today, 21), "Mornings suit me best.");
    appointments::request(app, actor, patient, open, Once::without_key()).await?;
    Ok(())
}

/// The first weekday at least so many days from a date.
fn workday(from: Date, days: u64) -> Date {
    let mut date = from + Days::new(days);
    while matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        date = date + Days::new(1);
    }
    date
}

/// An hour of a day in Boston, where the demo's first location is.
fn local(date: Date, hour: u32) -> Result<Time> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let local = chrono_tz::America::New_York.from_local_datetime(&date.and_time(time)).earliest();
    let local = local.ok_or_else(|| Error::internal("the demo's hour is not on the clock"))?;
    Ok(Time::new(local.to_utc())?)
}
