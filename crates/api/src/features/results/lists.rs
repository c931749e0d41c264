//! A patient's results by date and by test, narrowed by words and by flag. What is not released is in neither (LAB-1).

use std::collections::HashSet;

use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ResultId},
    page::Page,
    problem::Problem,
    results::{MAX_SEARCH, ResultSummary, ResultsQuery, ResultsShown, TestPoint, TestView, Value},
    search::{query_words, words_of},
    text::{self, Lines},
    time::Time,
};
use uuid::Uuid;

use super::{
    store::{self, Narrowed, Test},
    view,
};
use crate::{
    app::App,
    error::Result,
    features::patients,
    platform::{
        access::Grant,
        auth::Actor,
        db::Conn,
        page::{Keyset, bad_cursor, limit},
        secret,
        work::Work,
    },
};

/// A page of a list, or the news that the reader holds it already.
pub enum Listed<T> {
    /// The page with its tag.
    Page(Page<T>, String),
    /// Nothing changed since the reader's tag.
    Held(String),
}

/// A patient's results. `held` are the tags of what the reader has.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: ResultsQuery,
    held: impl Fn(&str) -> bool + Send + 'static,
) -> Result<Listed<ResultSummary>> {
    let keyset = Keyset::parse(&query.page())?;
    let words = search_words(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Results, patient)?;
        // The version is read first: a page read after it is never older than its tag.
        let tag = tag(work, &grant)?;
        if held(&tag) {
            return Ok(Listed::Held(tag));
        }
        let among = match words.is_empty() {
            true => None,
            false => Some(having(work, &grant, &words)?),
        };
        let narrowed = Narrowed { outside: query.only == Some(ResultsShown::Outside), among };
        let page = store::list(work.conn, &grant, narrowed, &keyset)?;
        Ok(Listed::Page(page.map(|row| view::summary(&row)), tag))
    })
    .await
}

/// The tests of a patient's results, by name, each with its newest value.
pub async fn tests(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: ResultsQuery,
    held: impl Fn(&str) -> bool + Send + 'static,
) -> Result<Listed<TestView>> {
    let words = search_words(&query)?;
    let most = limit(&query.page())? as usize;
    // The list is made whole each time, so its place is a number.
    let from: usize = match query.cursor.as_deref() {
        Some(cursor) => cursor.parse().map_err(|_| bad_cursor())?,
        None => 0,
    };
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Results, patient)?;
        let tag = tag(work, &grant)?;
        if held(&tag) {
            return Ok(Listed::Held(tag));
        }
        let mut tests = store::tests(work.conn, &grant)?;
        tests.retain(|test| {
            test.has(&words)
                && (query.only != Some(ResultsShown::Outside) || test.observation.flag().is_out_of_range())
        });
        let more = tests.len() > from.saturating_add(most);
        let shown: Vec<Test> = tests.into_iter().skip(from).take(most).collect();
        let next = more.then(|| (from + most).to_string());
        let documents = store::drawn(work.conn, &shown)?;
        let items = shown
            .into_iter()
            .filter_map(|test| {
                let points = points(&test, &documents);
                test_view(test, points)
            })
            .collect();
        Ok(Listed::Page(Page { items, next }, tag))
    })
    .await
}

/// The tag of a patient's lists.
fn tag(work: &mut Work<'_>, grant: &Grant) -> Result<String> {
    if grant.sees_unreleased() {
        return Ok(format!("\"staff-{}\"", patients::chart_version(work.conn, grant)?));
    }
    if grant.proxy().is_some() {
        // A count would tell that something is kept back (PRX-4), and one kept back for another would look the same.
        let seen = store::seen_versions(work.conn, grant)?;
        let hash = secret::hash(&serde_json::to_vec(&seen)?);
        let digits: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        return Ok(format!("\"proxy-{digits}\""));
    }
    // The chart's version rises with every import: it would tell that something waits for release (LAB-1).
    Ok(format!("\"patient-{}\"", store::released_digest(work.conn, grant)?))
}

/// The results that are called so, or that hold a test which is.
fn having(work: &mut Work<'_>, grant: &Grant, words: &[String]) -> Result<Vec<ResultId>> {
    let mut found: HashSet<ResultId> = HashSet::new();
    for test in store::tests(work.conn, grant)?.into_iter().filter(|test| test.has(words)) {
        found.extend(test.values.iter().map(|seen| seen.result_id));
    }
    for (id, title) in store::titles(work.conn, grant)? {
        let own = words_of(&title);
        if words.iter().all(|word| own.iter().any(|one| one.starts_with(word))) {
            found.insert(id);
        }
    }
    Ok(found.into_iter().collect())
}

fn search_words(query: &ResultsQuery) -> Result<Vec<String>> {
    let typed = query.q.as_deref().unwrap_or_default();
    let typed =
        text::clean("q", typed, MAX_SEARCH, Lines::One).map_err(|error| Problem::invalid(vec![error]))?;
    Ok(query_words(&typed))
}

/// Values that can be drawn in one line: numbers in the unit of the newest (LAB-4).
fn points(
    test: &Test,
    documents: &std::collections::HashMap<
        portal_domain::ids::ObservationId,
        portal_domain::chart::ChartObservation,
    >,
) -> Vec<TestPoint> {
    let Some(Value::Quantity { unit, .. }) = test.observation.shown_value() else { return Vec::new() };
    let mut points: Vec<TestPoint> = test
        .values
        .iter()
        .filter_map(|seen| {
            let observation = documents.get(&seen.id).filter(|one| store::is_true(one))?;
            match observation.shown_value()? {
                Value::Quantity { number, unit: own, .. } if own == unit => {
                    Some(TestPoint { at: seen.at, number })
                }
                _ => None,
            }
        })
        .collect();
    points.reverse();
    points
}

fn test_view(test: Test, points: Vec<TestPoint>) -> Option<TestView> {
    Some(TestView {
        observation_id: test.newest.id,
        result_id: test.newest.result_id,
        name: test.observation.code.text.clone(),
        collected_at: test.newest.at,
        value: test.observation.shown_value()?,
        flag: test.observation.flag(),
        range: test.observation.shown_range(),
        count: i64::try_from(test.values.len()).unwrap_or(i64::MAX),
        points,
    })
}

/// The newest results that whoever holds this leave sees, with their names and when they were taken.
pub fn shown(conn: &mut Conn, grant: &Grant) -> Result<Vec<(Uuid, String, Option<Time>)>> {
    let page = store::list(conn, grant, Narrowed::default(), &Keyset::longest()?)?;
    Ok(page.items.into_iter().map(|row| (row.id.0, row.title, Some(row.at))).collect())
}
