//! What people read of the audit trail.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use chrono_tz::Tz;
use portal_domain::{
    access::{Action, Category, Role},
    audit::{
        AccessCount, AccessPerson, AccessQuery, AccessView, ActedBy, ActorKind, AuditDay, AuditEntryView,
        AuditQuery, AuditSummary, MAX_TABLE, Outcome, action_in_words, category_in_words, period,
    },
    csv,
    ids::{AccountId, ClientId, PatientId, ProxyGrantId},
    page::{Page, PageQuery},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    time::{Date, Time, is_plausible},
};
use uuid::Uuid;

use super::store::{self, Row, Which};
use crate::{
    app::App,
    error::Result,
    features::{accounts, dependents, integrations, patients, practice},
    platform::{auth::Actor, db::AnyId, page::Keyset, work::Work},
};

/// The most people that a summary names.
const MOST: usize = 100;
/// How many ids go into one look-up.
const AT_ONCE: usize = 500;

/// Who was at a patient's record, the newest first (AUD-1). What was refused was no look.
pub async fn access_log(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: AccessQuery,
) -> Result<Page<AccessView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor.clone(), limit: query.limit })?;
    app.read(actor, move |work| {
        work.grant(Action::View, Category::Audit, patient)?;
        let which = of_patient(work, patient, &query)?;
        let page = store::page(work.conn, &which, &keyset)?;
        let people = People::of(work, page.items.iter().map(|row| (row.actor_kind, row.actor_id)))?;
        let behalf = on_behalf(work, &page.items)?;
        Ok(page.map(|row| AccessView {
            on_behalf: row.proxy_grant_id.and_then(|id| behalf.get(&ProxyGrantId(id.0)).cloned()),
            id: row.id.0,
            at: row.at,
            by: people.person(row.actor_kind, row.actor_id),
            action: row.action,
            category: row.category,
            emergency: is_of_emergency(&row),
        }))
    })
    .await
}

/// Who was at a patient's record and how often, by name.
pub async fn access_people(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: AccessQuery,
) -> Result<Vec<AccessCount>> {
    // A table has no pages; what is no place in a list is refused all the same.
    Keyset::parse(&PageQuery { cursor: query.cursor.clone(), limit: query.limit })?;
    app.read(actor, move |work| {
        work.grant(Action::View, Category::Audit, patient)?;
        let which = of_patient(work, patient, &query)?;
        counts(work, &which)
    })
    .await
}

/// The same lines as a table for spreadsheets, all of them.
pub async fn access_table(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: AccessQuery,
) -> Result<String> {
    // A table has no pages; what is no place in a list is refused all the same.
    Keyset::parse(&PageQuery { cursor: query.cursor.clone(), limit: query.limit })?;
    app.read(actor, move |work| {
        work.grant(Action::Export, Category::Audit, patient)?;
        let which = of_patient(work, patient, &query)?;
        let zone = practice::zone(work.conn)?;
        let (rows, people) = table(work, &which)?;
        let mut text = csv::row(&[
            "Date and time",
            "Who",
            "Role",
            "What was done",
            "With what",
            "In an emergency",
            "For the patient as",
        ]);
        let behalf = on_behalf(work, &rows)?;
        for row in rows {
            let by = people.person(row.actor_kind, row.actor_id);
            let acted = row.proxy_grant_id.and_then(|id| behalf.get(&ProxyGrantId(id.0)));
            text += &csv::row(&[
                local(row.at, zone),
                name(&by),
                roles(&by),
                action_in_words(row.action).into(),
                category_in_words(row.category).into(),
                emergency_in_words(&row),
                acted.map(|acted| acted.relationship.as_str().to_owned()).unwrap_or_default(),
            ]);
        }
        Ok(text)
    })
    .await
}

/// The trail for who watches over access; each patient whose data it names can see that it was read.
pub async fn entries(app: &App, actor: &Actor, query: AuditQuery) -> Result<Page<AuditEntryView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor.clone(), limit: query.limit })?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Audit)?;
        let (which, _) = of_practice(work, &query)?;
        let page = store::page(work.conn, &which, &keyset)?;
        let people = People::of(work, page.items.iter().map(|row| (row.actor_kind, row.actor_id)))?;
        let named = named(work, &page.items)?;
        let mut shown: Vec<PatientId> = named.keys().copied().collect();
        shown.sort();
        work.note_shown(Category::Audit, &shown);
        Ok(page.map(|row| AuditEntryView {
            id: row.id.0,
            at: row.at,
            by: people.person(row.actor_kind, row.actor_id),
            patient: row.patient_id.and_then(|id| named.get(&PatientId(id.0)).cloned()),
            action: row.action,
            category: row.category,
            outcome: row.outcome,
            emergency: is_of_emergency(&row),
            request_id: row.request_id.0,
        }))
    })
    .await
}

/// The same rows counted, by day and by person.
pub async fn summary(app: &App, actor: &Actor, query: AuditQuery) -> Result<AuditSummary> {
    // A table has no pages; what is no place in a list is refused all the same.
    Keyset::parse(&PageQuery { cursor: query.cursor.clone(), limit: query.limit })?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Audit)?;
        let (which, days) = of_practice(work, &query)?;
        let zone = practice::zone(work.conn)?;
        let mut counted = Vec::with_capacity(days.len());
        for date in days {
            let from = Some(practice::begin_of(date, zone)?);
            let before = Some(practice::begin_of(date + TimeDelta::days(1), zone)?);
            let mut day = AuditDay { date, done: 0, refused: 0 };
            for (outcome, count) in store::outcomes(work.conn, &Which { from, before, ..which })? {
                match outcome {
                    Outcome::Done => day.done = count,
                    Outcome::Refused => day.refused = count,
                }
            }
            counted.push(day);
        }
        Ok(AuditSummary { days: counted, people: counts(work, &which)? })
    })
    .await
}

/// The same rows as a table for spreadsheets.
pub async fn entry_table(app: &App, actor: &Actor, query: AuditQuery) -> Result<String> {
    // A table has no pages; what is no place in a list is refused all the same.
    Keyset::parse(&PageQuery { cursor: query.cursor.clone(), limit: query.limit })?;
    app.read(actor, move |work| {
        work.permit(Action::Export, Category::Audit)?;
        let (which, _) = of_practice(work, &query)?;
        let zone = practice::zone(work.conn)?;
        let (rows, people) = table(work, &which)?;
        let named = named(work, &rows)?;
        let mut shown: Vec<PatientId> = named.keys().copied().collect();
        shown.sort();
        // A copy that left the portal is told apart from a look.
        work.note_of_each(Action::Export, Category::Audit, &shown);
        let mut text = csv::row(&[
            "Date and time",
            "Who",
            "Role",
            "Record number",
            "Patient",
            "What was done",
            "With what",
            "Outcome",
            "Request",
            "In an emergency",
        ]);
        for row in rows {
            let by = people.person(row.actor_kind, row.actor_id);
            let patient = row.patient_id.and_then(|id| named.get(&PatientId(id.0)));
            text += &csv::row(&[
                local(row.at, zone),
                name(&by),
                roles(&by),
                patient.map(|patient| patient.mrn.clone()).unwrap_or_default(),
                patient.map(PatientSummary::full_name).unwrap_or_default(),
                action_in_words(row.action).into(),
                category_in_words(row.category).into(),
                row.outcome.as_str().into(),
                row.request_id.0.to_string(),
                emergency_in_words(&row),
            ]);
        }
        Ok(text)
    })
    .await
}

/// Which rows a patient asks for.
fn of_patient(work: &mut Work<'_>, patient: PatientId, query: &AccessQuery) -> Result<Which> {
    let zone = practice::zone(work.conn)?;
    let begin = |field: &str, date: Option<Date>, days: i64| match date {
        None => Ok(None),
        Some(date) if is_plausible(date) => practice::begin_of(date + TimeDelta::days(days), zone).map(Some),
        Some(_) => Err(Problem::field(field, "out_of_range", "Choose a day between 1900 and 2200.").into()),
    };
    let own = if query.own == Some(true) { None } else { accounts::of_patient(work.conn, patient)? };
    Ok(Which {
        patient: Some(patient),
        from: begin("from", query.from, 0)?,
        before: begin("to", query.to, 1)?,
        by: query.by.map(AnyId),
        but_by: own.map(|account| AnyId(account.id.0)),
        action: None,
        copies: query.copies == Some(true),
        category: None,
        outcome: Some(Outcome::Done),
        emergency: false,
        but_holds: true,
    })
}

/// Which rows staff ask for, and the days among which they lie.
fn of_practice(work: &mut Work<'_>, query: &AuditQuery) -> Result<(Which, Vec<Date>)> {
    let today = practice::today(work.conn, work.now)?;
    let (first, last) = period(query.from, query.to, today)?;
    let zone = practice::zone(work.conn)?;
    let days = first.iter_days().take_while(|day| *day <= last).collect();
    let which = Which {
        patient: query.patient,
        from: Some(practice::begin_of(first, zone)?),
        before: Some(practice::begin_of(last + TimeDelta::days(1), zone)?),
        by: query.by.map(AnyId),
        but_by: None,
        action: query.action,
        copies: false,
        category: query.category,
        outcome: query.outcome,
        emergency: query.emergency == Some(true),
        but_holds: false,
    };
    Ok((which, days))
}

/// All rows, when a table can hold them.
fn table(work: &mut Work<'_>, which: &Which) -> Result<(Vec<Row>, People)> {
    let rows = store::newest(work.conn, which, MAX_TABLE + 1)?;
    if rows.len() as i64 > MAX_TABLE {
        let error =
            FieldError::new("from", "too_many", "This would be more than 20,000 rows. Choose fewer days.");
        return Err(Problem::invalid(vec![error]).into());
    }
    let people = People::of(work, rows.iter().map(|row| (row.actor_kind, row.actor_id)))?;
    Ok((rows, people))
}

/// Who did how much, most first.
fn counts(work: &mut Work<'_>, which: &Which) -> Result<Vec<AccessCount>> {
    let mut actors = store::actors(work.conn, which)?;
    actors.sort_by_key(|(kind, id, count)| (std::cmp::Reverse(*count), *kind, id.map(|id| id.0)));
    actors.truncate(MOST);
    let people = People::of(work, actors.iter().map(|(kind, id, _)| (*kind, *id)))?;
    Ok(actors
        .into_iter()
        .map(|(kind, id, count)| AccessCount { by: people.person(kind, id), count })
        .collect())
}

/// The patients that rows name and that there are.
fn named(work: &mut Work<'_>, rows: &[Row]) -> Result<HashMap<PatientId, PatientSummary>> {
    let ids: HashSet<PatientId> =
        rows.iter().filter_map(|row| row.patient_id).map(|id| PatientId(id.0)).collect();
    let ids: Vec<PatientId> = ids.into_iter().collect();
    let mut named = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        named.extend(patients::summaries(work.conn, some)?);
    }
    Ok(named)
}

/// The names of those who act.
struct People {
    accounts: HashMap<AccountId, (String, Vec<Role>)>,
    clients: HashMap<ClientId, String>,
}

impl People {
    fn of(work: &mut Work<'_>, actors: impl Iterator<Item = (ActorKind, Option<AnyId>)>) -> Result<Self> {
        let (mut accounts, mut clients) = (HashSet::new(), HashSet::new());
        for (kind, id) in actors {
            match (kind, id) {
                (ActorKind::Client, Some(id)) => {
                    clients.insert(ClientId(id.0));
                }
                (_, Some(id)) => {
                    accounts.insert(AccountId(id.0));
                }
                _ => {}
            }
        }
        let (accounts, clients) = (Vec::from_iter(accounts), Vec::from_iter(clients));
        let mut people = Self { accounts: HashMap::new(), clients: HashMap::new() };
        for some in accounts.chunks(AT_ONCE) {
            people.accounts.extend(accounts::people(work.conn, some)?);
        }
        for some in clients.chunks(AT_ONCE) {
            people.clients.extend(integrations::client_names(work.conn, some)?);
        }
        Ok(people)
    }

    fn person(&self, kind: ActorKind, id: Option<AnyId>) -> AccessPerson {
        let id: Option<Uuid> = id.map(|id| id.0);
        let (name, roles) = match (kind, id) {
            (ActorKind::Client, Some(id)) => {
                (self.clients.get(&ClientId(id)).cloned().unwrap_or_default(), Vec::new())
            }
            (_, Some(id)) => self.accounts.get(&AccountId(id)).cloned().unwrap_or_default(),
            _ => Default::default(),
        };
        AccessPerson { kind, id, name, roles }
    }
}

/// By which grants these rows were done for the patient.
fn on_behalf(work: &mut Work<'_>, rows: &[Row]) -> Result<HashMap<ProxyGrantId, ActedBy>> {
    let ids: HashSet<ProxyGrantId> =
        rows.iter().filter_map(|row| row.proxy_grant_id).map(|id| ProxyGrantId(id.0)).collect();
    let ids: Vec<ProxyGrantId> = ids.into_iter().collect();
    let mut found = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        for (grant, relationship, level) in dependents::named_grants(work.conn, some)? {
            found.insert(grant, ActedBy { grant, relationship, level });
        }
    }
    Ok(found)
}

/// Whether it was done under an emergency access, or began one (ADM-6).
fn is_of_emergency(row: &Row) -> bool {
    let begun = (row.action, row.category) == (Action::Act, Category::EmergencyAccess);
    row.emergency_access_id.is_some() || begun
}

fn emergency_in_words(row: &Row) -> String {
    if is_of_emergency(row) { "yes".into() } else { String::new() }
}

/// A time on the practice's clocks.
fn local(at: Time, zone: Tz) -> String {
    at.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

fn name(by: &AccessPerson) -> String {
    match by.kind {
        ActorKind::Nobody => "Somebody not signed in".into(),
        ActorKind::Operator => "The portal's operator".into(),
        ActorKind::Policy => "The portal, by the practice's rules".into(),
        _ => by.name.clone(),
    }
}

fn roles(by: &AccessPerson) -> String {
    match by.kind {
        ActorKind::Client => "Connected system".into(),
        ActorKind::Patient => "Patient".into(),
        _ => by.roles.iter().map(|role| role.as_str().replace('_', " ")).collect::<Vec<_>>().join(", "),
    }
}
