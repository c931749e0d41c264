//! A FHIR bundle: its records as the portal's own narrative says them. An entry that can't be read is counted, the others
//! are shown.

use chrono_tz::Tz;
use portal_domain::{
    chart::{Address, ChartEntry, ChartPatient, ChartReport, HumanName},
    fhir::{BundleError, EntryReading, Outcome, Reading, ReportSource, read_bundle},
    ids::PatientId,
    outside::{OutsideFormat, OutsidePerson, OutsideSection},
    record::{ChartBlock, ChartFact, DateRange, Section},
    time::{Date, Time},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{MAX_ENTRIES, MAX_LINE, MAX_TEXT, OutsideDocument, OutsideEntry, OutsideError, Shown, within};
use crate::{HealthRecord, Item, Practice, ResultReport, Subject, narrative::Block};

/// What a bundle says of itself beside its records.
#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    timestamp: Option<String>,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    resource: Option<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "resourceType", default)]
    kind: String,
    #[serde(default)]
    title: Option<serde_json::Value>,
    #[serde(default)]
    date: Option<serde_json::Value>,
    #[serde(default)]
    custodian: Option<serde_json::Value>,
}

pub fn read(text: &str, now: Time) -> Result<OutsideDocument, OutsideError> {
    let reading = read_bundle(text.as_bytes()).map_err(|why| refused(&why))?;
    // What is told of the document itself is a courtesy: a bundle that spells it otherwise is read all the same.
    let envelope: Envelope = serde_json::from_str(text).unwrap_or_default();
    let composition = envelope
        .entry
        .iter()
        .filter_map(|entry| entry.resource.as_ref())
        .find(|one| one.kind == "Composition");
    let plain = |value: Option<&serde_json::Value>| value?.as_str().map(str::to_owned);
    let title = composition.and_then(|one| plain(one.title.as_ref())).unwrap_or_default();
    let keeper = composition.and_then(|one| plain(one.custodian.as_ref()?.get("display")));
    let made = composition.and_then(|one| plain(one.date.as_ref())).or_else(|| envelope.timestamp.clone());
    let mut record = empty(now);
    let mut shown = Shown { unread: fill(&mut record, &reading), ..Shown::default() };
    let sections = sections(&record, &mut shown);
    let organization = || {
        reading.entries.iter().find_map(|entry| match entry.record() {
            Some(ChartEntry::Organization(one)) => Some(one.name.clone()),
            _ => None,
        })
    };
    let person = reading.entries.iter().find_map(|entry| match entry.record() {
        Some(ChartEntry::Patient(person)) => Some(&**person),
        _ => None,
    });
    Ok(OutsideDocument {
        format: OutsideFormat::Fhir,
        title: within(&title, MAX_LINE),
        source: within(&keeper.or_else(organization).unwrap_or_default(), MAX_LINE),
        made_on: made.and_then(|made| made.get(..10)?.parse::<Date>().ok()),
        person: person.map(|person| OutsidePerson {
            name: within(&person.name.full(), MAX_LINE),
            family_name: within(&person.name.family, MAX_LINE),
            birth_date: Some(person.birth_date),
        }),
        sections,
        entries: reading.entries.iter().filter_map(coded).take(MAX_ENTRIES).collect(),
        unread: shown.unread,
    })
}

/// A record of a patient's chart with its place in the bundle.
fn coded(entry: &EntryReading) -> Option<OutsideEntry> {
    let record = entry.record().filter(|record| record.patient().is_some())?.clone();
    Some(OutsideEntry { key: entry.index.to_string(), record })
}

fn refused(why: &BundleError) -> OutsideError {
    match why {
        BundleError::Empty | BundleError::NoEntries => OutsideError::Empty,
        BundleError::TooLarge { .. } => OutsideError::TooLarge,
        BundleError::TooManyEntries { .. } => OutsideError::TooComplex,
        BundleError::NotText { .. } => OutsideError::NotText,
        BundleError::Truncated { .. } | BundleError::NotJson { .. } | BundleError::MoreFollows { .. } => {
            OutsideError::Broken
        }
        _ => OutsideError::NoRecord,
    }
}

/// A record of nobody in particular: what is shown is only what the bundle brings.
pub fn empty(now: Time) -> HealthRecord {
    let practice = Practice {
        id: Uuid::nil(),
        name: String::new(),
        phone: String::new(),
        address: Address::default(),
        zone: Tz::UTC,
    };
    let name = HumanName { family: String::new(), given: Vec::new(), prefix: None, suffix: None };
    let person = ChartPatient {
        mrn: None,
        name,
        birth_date: Date::default(),
        gender: None,
        birth_sex: None,
        active: true,
        deceased: false,
        deceased_at: None,
        race: None,
        ethnicity: None,
        language: None,
        marital_status: None,
        address: None,
        phones: Vec::new(),
        email: None,
    };
    let subject = Subject { id: PatientId(Uuid::nil()), mrn: String::new(), person };
    // Whom it is about is told apart.
    let sections: Vec<Section> =
        Section::ALL.iter().copied().filter(|section| *section != Section::Demographics).collect();
    HealthRecord::new(Uuid::nil(), now, practice, subject, DateRange::default(), &sections)
}

/// Puts in what can be read; answers how many entries can't.
fn fill(record: &mut HealthRecord, reading: &Reading) -> u64 {
    let mut unread = 0;
    for entry in &reading.entries {
        match &entry.outcome {
            Outcome::Chart(chart) => {
                // What has no section of its own comes with another record, or is not shown.
                record.add(id(entry.index), chart.clone());
            }
            Outcome::Ignored(_) => {}
            Outcome::Invalid { .. } => unread += 1,
        }
    }
    let chart = |index: usize| reading.entries.get(index)?.record();
    for (number, group) in reading.reports().into_iter().enumerate() {
        let report = match group.source {
            ReportSource::Sent(index) => match chart(index) {
                Some(ChartEntry::Report(report)) => Some((**report).clone()),
                _ => None,
            },
            ReportSource::Made(index) => match (chart(index), reading.entries.get(index)) {
                (Some(ChartEntry::Observation(seen)), Some(entry)) => {
                    entry.link().map(|own| ChartReport::of_observation(seen, own))
                }
                _ => None,
            },
        };
        let Some(report) = report else { continue };
        let value = |index: usize| match chart(index) {
            Some(ChartEntry::Observation(seen)) => Some(Item { id: id(index), record: (**seen).clone() }),
            _ => None,
        };
        record.add_result(ResultReport {
            id: id(number),
            report,
            laboratory: None,
            ordered_by: None,
            provider_comment: None,
            released_at: record.made_at,
            values: group.entries().filter_map(value).collect(),
        });
    }
    unread
}

fn id(index: usize) -> Uuid {
    Uuid::from_u128(index as u128)
}

fn sections(record: &HealthRecord, shown: &mut Shown) -> Vec<OutsideSection> {
    let mut sections = Vec::new();
    for section in record.narrative().sections.into_iter().filter(|section| !section.is_empty) {
        let mut blocks = Vec::new();
        for block in section.blocks {
            match block {
                Block::Text(text) => blocks.extend(shown.text(&text)),
                Block::Facts(facts) => blocks.push(ChartBlock::Facts {
                    facts: facts
                        .into_iter()
                        .map(|(label, value)| ChartFact {
                            label: label.into(),
                            value: within(&value, MAX_TEXT),
                        })
                        .collect(),
                }),
                Block::Table(table) => {
                    let mut rows = Vec::new();
                    for row in table.rows {
                        if shown.takes() {
                            rows.push(row.cells.iter().map(|cell| within(cell, MAX_TEXT)).collect());
                        }
                    }
                    blocks.push(ChartBlock::Table {
                        caption: table.caption.map(|caption| within(&caption, MAX_LINE)),
                        columns: table.columns.into_iter().map(str::to_owned).collect(),
                        rows,
                    });
                }
            }
        }
        sections.push(OutsideSection { title: section.title.into(), blocks });
    }
    sections
}
