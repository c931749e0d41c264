//! The chart on a page: a section in the words of the health record, and vital signs as they went.

use std::{
    collections::{HashMap, HashSet},
    iter,
};

use portal_domain::{
    access::{Action, Category},
    audience::CodedTerm,
    chart::{ChartObservation, Concept, ObservationComponent, ObservationStatus, systems},
    ids::PatientId,
    record::{
        ChartBlock, ChartFact, ChartSection, DateRange, MOST_MEASUREMENTS, Measurement, Section,
        SectionQuery, VitalSign,
    },
    time::Time,
};
use portal_record::{
    HealthRecord,
    narrative::{Block, Table},
};

use super::{gather::gather, store};
use crate::{app::App, error::Result, platform::auth::Actor};

/// A section of the patient's chart: what the health record would say, of results only the released ones.
pub async fn section(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    section: Section,
    query: SectionQuery,
) -> Result<ChartSection> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Chart, patient)?;
        grant.must_see(section.category())?;
        let record = gather(work, &grant, &[section], DateRange::default())?;
        let codes = codes(&record);
        let mut shown = ChartSection { section, is_empty: true, blocks: Vec::new(), hidden: 0, codes };
        for text in record.narrative().sections {
            shown.is_empty = text.is_empty;
            for block in text.blocks {
                shown.blocks.push(match block {
                    Block::Table(table) => cut(table, query.rows(), &mut shown.hidden),
                    Block::Facts(facts) => ChartBlock::Facts { facts: facts.into_iter().map(fact).collect() },
                    Block::Text(text) => ChartBlock::Text { text },
                });
            }
        }
        Ok(shown)
    })
    .await
}

/// What the library may explain of a record, each code once.
fn codes(record: &HealthRecord) -> Vec<CodedTerm> {
    let concepts = iter::empty()
        .chain(record.allergies.iter().map(|item| &item.record.code))
        .chain(record.medications.iter().map(|item| &item.record.drug))
        .chain(record.conditions.iter().map(|item| &item.record.code))
        .chain(record.immunizations.iter().map(|item| &item.record.vaccine))
        .chain(record.procedures.iter().map(|item| &item.record.code));
    let mut seen = HashSet::new();
    concepts
        .filter_map(|concept| concept.coding.as_ref().map(CodedTerm::from))
        .filter(|code| seen.insert(code.clone()))
        .collect()
}

fn fact((label, value): (&'static str, String)) -> ChartFact {
    ChartFact { label: label.to_owned(), value }
}

/// The first `most` rows of a table; those left out are counted.
fn cut(mut table: Table, most: usize, hidden: &mut u64) -> ChartBlock {
    *hidden += table.rows.len().saturating_sub(most) as u64;
    table.rows.truncate(most);
    ChartBlock::Table {
        caption: table.caption,
        columns: table.columns.into_iter().map(str::to_owned).collect(),
        rows: table.rows.into_iter().map(|row| row.cells).collect(),
    }
}

/// The patient's vital signs, each with its newest values; the sign that was measured last comes first.
pub async fn vital_signs(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<VitalSign>> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Chart, patient)?;
        Ok(signs(store::vital_signs(work.conn, &grant, MOST_MEASUREMENTS)?))
    })
    .await
}

/// Values by sign. What has parts and no value of its own (blood pressure) is a sign for each part.
fn signs(values: Vec<(Time, ChartObservation)>) -> Vec<VitalSign> {
    let mut signs = Vec::<VitalSign>::new();
    let mut places = HashMap::<(Option<String>, String), usize>::new();
    let mut add = |code: &Concept, mut sign: VitalSign| {
        let coding = code.coding.as_ref().filter(|coding| coding.system == systems::LOINC);
        sign.loinc = coding.map(|coding| coding.code.clone());
        // What is called otherwise now than before is the same by its code.
        let key = (sign.loinc.clone(), if sign.loinc.is_some() { String::new() } else { sign.name.clone() });
        match places.get(&key).and_then(|place| signs.get_mut(*place)) {
            Some(known) => known.values.append(&mut sign.values),
            None => {
                places.insert(key, signs.len());
                signs.push(sign);
            }
        }
    };
    for (at, seen) in values.into_iter().filter(|(_, seen)| seen.status != ObservationStatus::EnteredInError)
    {
        if seen.value.is_none() && !seen.components.is_empty() {
            for part in &seen.components {
                if let Some(sign) = of_part(&seen, part, at) {
                    add(&part.code, sign);
                }
            }
        } else if let Some(value) = seen.shown_value() {
            let values = vec![Measurement { at, value, flag: seen.flag() }];
            let range = seen.shown_range();
            add(&seen.code, VitalSign { name: seen.code.text.clone(), loinc: None, range, values });
        }
    }
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.values.first().map(|newest| newest.at)));
    signs
}

fn of_part(whole: &ChartObservation, part: &ObservationComponent, at: Time) -> Option<VitalSign> {
    let value = part.value.as_ref()?.shown();
    let loinc = part.code.coding.as_ref().filter(|coding| coding.system == systems::LOINC);
    let name = match loinc.map(|coding| coding.code.as_str()) {
        Some("8480-6") => "Systolic blood pressure".to_owned(),
        Some("8462-4") => "Diastolic blood pressure".to_owned(),
        // "Left eye" alone would say little.
        _ => format!("{}, {}", whole.code.text, part.code.text),
    };
    Some(VitalSign {
        name,
        loinc: None,
        range: part.shown_range(),
        values: vec![Measurement { at, value, flag: part.flag() }],
    })
}
