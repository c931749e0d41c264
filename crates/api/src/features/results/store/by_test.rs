//! The tests of a chart: which there are is read from narrow rows of an index, and only the newest value of each test and
//! what a page draws are read whole. A chart of thousands of values costs as much as it has different tests.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use portal_domain::{
    chart::{ChartObservation, ObservationStatus},
    ids::{ObservationId, ResultId},
    results::{MOST_POINTS, ReportStatus},
    search::words_of,
    text::fold,
    time::Time,
};

use crate::{
    but_hidden,
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, Json,
            schema::{observations, results},
        },
    },
};

/// How many documents are read in one statement.
const BATCH: usize = 500;
/// Most values without a code that are told apart by their names.
const MOST_UNCODED: usize = 200;

/// One value, before its document is read.
#[derive(Clone, Copy)]
pub struct Seen {
    pub at: Time,
    pub id: ObservationId,
    pub result_id: ResultId,
}

/// A test, its newest value read.
pub struct Test {
    pub newest: Seen,
    pub observation: ChartObservation,
    /// All its values, newest first.
    pub values: Vec<Seen>,
}

impl Test {
    /// Whether each of these words begins one of its name.
    pub fn has(&self, words: &[String]) -> bool {
        let own = words_of(&self.observation.code.text);
        words.iter().all(|word| own.iter().any(|one| one.starts_with(word)))
    }
}

type SeenRow = (String, String, Time, ObservationId, Option<ResultId>);

/// The tests of which the reader may see a value, by name. Only of valid results that nothing corrects.
pub fn tests(conn: &mut Conn, grant: &Grant) -> Result<Vec<Test>> {
    let mut visible = results::table
        .into_boxed()
        .filter(results::patient_id.eq(grant.patient()))
        .filter(results::replaced_by.is_null())
        .filter(results::status.ne(ReportStatus::EnteredInError));
    if !grant.sees_unreleased() {
        visible = visible.filter(results::released_at.is_not_null());
    }
    but_hidden!(visible, grant, results::id);
    let visible: Vec<ResultId> = visible.select(results::id).load(conn)?;
    let visible: HashSet<ResultId> = visible.into_iter().collect();
    // One walk along the index; a join would look every value up in the table.
    let rows: Vec<SeenRow> = observations::table
        .filter(observations::patient_id.eq(grant.patient()))
        .filter(observations::result_id.is_not_null())
        .select((
            observations::code_system,
            observations::code,
            observations::at,
            observations::id,
            observations::result_id,
        ))
        .load(conn)?;
    let mut by_code: BTreeMap<(String, String), Vec<Seen>> = BTreeMap::new();
    for (system, code, at, id, result) in rows {
        let Some(result_id) = result.filter(|result| visible.contains(result)) else { continue };
        by_code.entry((system, code)).or_default().push(Seen { at, id, result_id });
    }
    for values in by_code.values_mut() {
        values.sort_unstable_by_key(|seen| std::cmp::Reverse((seen.at, seen.id)));
    }
    let uncoded = by_code.remove(&(String::new(), String::new())).unwrap_or_default();
    let mut found = by_name(conn, &uncoded[..uncoded.len().min(MOST_UNCODED)])?;
    let mut open: Vec<Vec<Seen>> = by_code.into_values().collect();
    // Mostly one round; where the newest value was never true the next one is looked at.
    while !open.is_empty() {
        let heads: Vec<ObservationId> = open.iter().filter_map(|values| Some(values.first()?.id)).collect();
        let mut bodies = documents(conn, &heads)?;
        let mut next = Vec::new();
        for mut values in open {
            let Some(newest) = values.first().copied() else { continue };
            match bodies.remove(&newest.id) {
                Some(observation) if is_true(&observation) => {
                    found.push(Test { newest, observation, values });
                }
                _ => {
                    values.remove(0);
                    next.push(values);
                }
            }
        }
        open = next;
    }
    // What has no value names a panel; whether a drug works on a germ means nothing without the germ.
    found.retain(|test| {
        test.observation.shown_value().is_some() && test.observation.susceptibility().is_none()
    });
    found.sort_by_cached_key(|test| (fold(&test.observation.code.text), test.newest.id));
    Ok(found)
}

/// The documents of values for drawing: of each test as many as a list draws.
pub fn drawn(conn: &mut Conn, tests: &[Test]) -> Result<HashMap<ObservationId, ChartObservation>> {
    let ids: Vec<ObservationId> =
        tests.iter().flat_map(|test| test.values.iter().take(MOST_POINTS).map(|seen| seen.id)).collect();
    documents(conn, &ids)
}

/// Values without a code, by what they are called.
fn by_name(conn: &mut Conn, uncoded: &[Seen]) -> Result<Vec<Test>> {
    let ids: Vec<ObservationId> = uncoded.iter().map(|seen| seen.id).collect();
    let mut bodies = documents(conn, &ids)?;
    let mut tests: Vec<(String, Test)> = Vec::new();
    for seen in uncoded {
        let Some(observation) = bodies.remove(&seen.id).filter(is_true) else { continue };
        let name = fold(&observation.code.text);
        match tests.iter_mut().find(|(known, _)| *known == name) {
            Some((_, test)) => test.values.push(*seen),
            None => tests.push((name, Test { newest: *seen, observation, values: vec![*seen] })),
        }
    }
    Ok(tests.into_iter().map(|(_, test)| test).collect())
}

/// A value that was never true isn't shown, even where the rest of its report stands.
pub fn is_true(observation: &ChartObservation) -> bool {
    observation.status != ObservationStatus::EnteredInError
}

fn documents(conn: &mut Conn, ids: &[ObservationId]) -> Result<HashMap<ObservationId, ChartObservation>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows: Vec<(ObservationId, Json)> = observations::table
            .filter(observations::id.eq_any(ids.to_vec()))
            .select((observations::id, observations::body))
            .load(conn)?;
        for (id, body) in rows {
            found.insert(id, body.read()?);
        }
    }
    Ok(found)
}
