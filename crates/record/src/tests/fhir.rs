//! The FHIR document, read back by the reader that imports charts.

use std::collections::{BTreeMap, HashSet};

use portal_domain::{
    chart::{ChartEntry, ChartKind, SourceKey},
    fhir::{Outcome, read_bundle},
};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::{condition, random::any_record, whole};
use crate::{HealthRecord, Item, write_fhir};

/// Every record of the chart by its id.
fn chart(record: &HealthRecord) -> BTreeMap<String, ChartEntry> {
    fn all<'a, T: Clone + Into<ChartEntry>>(
        items: &'a [Item<T>],
    ) -> impl Iterator<Item = (Uuid, ChartEntry)> + 'a {
        items.iter().map(|item| (item.id, item.record.clone().into()))
    }
    let r = record;
    let results = r.results.iter().flat_map(|result| {
        std::iter::once((result.id, result.report.clone().into())).chain(all(&result.values))
    });
    let person = (r.patient.id.0, ChartEntry::from(r.patient.person.clone()));
    let entries = std::iter::once(person)
        .chain(all(&r.allergies))
        .chain(all(&r.medications))
        .chain(all(&r.conditions))
        .chain(results)
        .chain(all(&r.vital_signs))
        .chain(all(&r.immunizations))
        .chain(all(&r.procedures))
        .chain(all(&r.coverages))
        .chain(all(&r.social_history))
        .chain(all(&r.relatives))
        .chain(all(&r.directives))
        .chain(all(&r.instructions))
        .chain(all(&r.referrals))
        .chain(all(&r.care_plans))
        .chain(all(&r.goals))
        .chain(all(&r.functional_status))
        .chain(all(&r.encounters));
    entries.map(|(id, entry)| (id.to_string(), named_by_source(entry, r.patient.id.0))).collect()
}

/// The portal's ids are the source's ids in what it writes; a patient of the source is always the record's own.
fn named_by_source(mut entry: ChartEntry, patient: Uuid) -> ChartEntry {
    for link in entry.links_mut() {
        let id = if link.kind == ChartKind::Patient { Some(patient) } else { link.local() };
        if let Some(id) = id {
            link.key = SourceKey::Id(id.to_string());
        }
    }
    entry
}

/// What the reader finds; the practice is no record of the chart.
fn read(text: &str) -> BTreeMap<String, ChartEntry> {
    let reading = read_bundle(text.as_bytes()).unwrap();
    let mut found = BTreeMap::new();
    for entry in &reading.entries {
        match &entry.outcome {
            Outcome::Chart(ChartEntry::Organization(_)) | Outcome::Ignored(_) => {}
            Outcome::Chart(record) => {
                found.insert(entry.source_id.clone().unwrap(), record.clone());
            }
            Outcome::Invalid { problems } => panic!("{problems:?} in {text}"),
        }
    }
    found
}

/// Every `reference` of a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("reference").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// Whether anything is null or empty, which FHIR forbids.
fn has_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty() || values.iter().any(has_empty),
        Value::Object(fields) => fields.is_empty() || fields.values().any(has_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether tags nest and nothing but them uses their signs.
fn is_well_formed(xhtml: &str) -> bool {
    let mut open = Vec::new();
    let mut pieces = xhtml.split('<');
    if pieces.next() != Some("") {
        return false;
    }
    for piece in pieces {
        let Some((tag, words)) = piece.split_once('>') else { return false };
        let entities = words.split('&').skip(1);
        let is_known = |rest: &str| ["amp;", "lt;", "gt;", "quot;"].iter().any(|name| rest.starts_with(name));
        if words.contains('>') || !entities.into_iter().all(is_known) {
            return false;
        }
        match tag.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => return false,
            None if !tag.ends_with('/') => open.push(tag.split(' ').next().unwrap_or(tag)),
            _ => {}
        }
    }
    open.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// What can't survive, and is therefore made by no record here: a time of day in `issued`-like instants that is only
    /// a date, comparators in doses and ranges (FHIR's SimpleQuantity has none), who observed an allergy other than the
    /// patient (the chart keeps no name), names without a flag's words, and statuses that FHIR wants and nobody gave.
    #[test]
    fn a_written_record_is_read_back_as_the_same_chart_no_more_and_no_less(record in any_record()) {
        let (kept, found) = (chart(&record), read(&write_fhir(&record)));
        for (id, entry) in &kept {
            prop_assert_eq!(found.get(id), Some(entry));
        }
        prop_assert_eq!(found.len(), kept.len());
    }

    #[test]
    fn any_record_is_a_document_whose_references_resolve_and_whose_words_are_xhtml(
        mut record in any_record(),
        is_partial in any::<bool>(),
    ) {
        if is_partial {
            // Others still name them.
            record.encounters.clear();
            record.conditions.clear();
            record.goals.clear();
        }
        let bundle: Value = serde_json::from_str(&write_fhir(&record)).unwrap();
        prop_assert!(!has_empty(&bundle));
        let entries = bundle["entry"].as_array().unwrap();
        prop_assert_eq!(&entries[0]["resource"]["resourceType"], "Composition");
        let urls: HashSet<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
        prop_assert_eq!(urls.len(), entries.len());
        for entry in entries {
            let mut found = Vec::new();
            references(entry, &mut found);
            let contained: HashSet<String> = (entry["resource"]["contained"].as_array().into_iter().flatten())
                .map(|inside| format!("#{}", inside["id"].as_str().unwrap()))
                .collect();
            for reference in found {
                prop_assert!(urls.contains(reference) || contained.contains(reference), "{}", reference);
            }
        }
        for section in entries[0]["resource"]["section"].as_array().unwrap() {
            let div = section["text"]["div"].as_str().unwrap();
            prop_assert!(is_well_formed(div), "{}", div);
        }
    }
}

#[test]
fn a_visit_that_is_not_taken_along_is_not_referred_to() {
    let visit = serde_json::json!({"resourceType": "Encounter", "id": "e1", "status": "finished"});
    let at_visit = condition("c1", "Asthma", serde_json::json!({"encounter": {"reference": "urn:uuid:e1"}}));
    let mut record = whole(&[visit, at_visit]);
    record.encounters.clear();
    assert!(!write_fhir(&record).contains("\"encounter\""));
}
