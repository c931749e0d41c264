//! The six real-world samples, each read whole. They lie beside the repository and may be absent.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::*;

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/synthea");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("skipped: the Synthea samples are not there");
        return Vec::new();
    };
    let mut files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    assert_eq!(files.len(), 6);
    let name =
        |path: &PathBuf| path.file_name().unwrap().to_string_lossy().split('_').next().unwrap().to_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// How many entries of each kind; ignored ones under the reason.
fn counts(reading: &Reading) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for entry in &reading.entries {
        let name = match &entry.outcome {
            Outcome::Chart(record) => kind_name(record.kind()),
            Outcome::Ignored(reason) => reason.code(),
            Outcome::Invalid { problems } => panic!("entry {}: {problems:?}", entry.index),
        };
        *counts.entry(name).or_default() += 1;
    }
    counts
}

#[test]
fn each_synthea_bundle_reads_whole_with_no_invalid_entry() {
    let expected: BTreeMap<&str, &[(&str, usize)]> = BTreeMap::from([
        (
            "Bethany",
            &[
                ("CarePlan", 1),
                ("Condition", 4),
                ("DiagnosticReport", 6),
                ("Encounter", 14),
                ("Immunization", 11),
                ("MedicationRequest", 1),
                ("Observation", 98),
                ("Organization", 2),
                ("Patient", 1),
                ("Practitioner", 2),
                ("Procedure", 3),
                ("billing", 29),
            ][..],
        ),
        (
            "Claudie",
            &[
                ("AllergyIntolerance", 8),
                ("CarePlan", 2),
                ("Condition", 2),
                ("DiagnosticReport", 1),
                ("Encounter", 13),
                ("Immunization", 23),
                ("MedicationRequest", 3),
                ("Observation", 66),
                ("Organization", 1),
                ("Patient", 1),
                ("Practitioner", 1),
                ("Procedure", 6),
                ("billing", 29),
            ],
        ),
        (
            "Louis",
            &[
                ("AllergyIntolerance", 1),
                ("CarePlan", 4),
                ("Condition", 12),
                ("DiagnosticReport", 5),
                ("Encounter", 13),
                ("Goal", 5),
                ("Immunization", 9),
                ("MedicationRequest", 5),
                ("Observation", 66),
                ("Organization", 2),
                ("Patient", 1),
                ("Practitioner", 2),
                ("billing", 31),
            ],
        ),
        (
            "Marcos",
            &[
                ("AllergyIntolerance", 7),
                ("CarePlan", 3),
                ("Condition", 4),
                ("DiagnosticReport", 6),
                ("Encounter", 9),
                ("Goal", 5),
                ("Immunization", 7),
                ("MedicationRequest", 4),
                ("Observation", 82),
                ("Organization", 2),
                ("Patient", 1),
                ("Practitioner", 2),
                ("Procedure", 4),
                ("billing", 22),
            ],
        ),
        (
            "Patria",
            &[
                ("AllergyIntolerance", 5),
                ("CarePlan", 5),
                ("Condition", 8),
                ("DiagnosticReport", 5),
                ("Encounter", 14),
                ("Goal", 5),
                ("Immunization", 7),
                ("MedicationRequest", 5),
                ("Observation", 63),
                ("Organization", 1),
                ("Patient", 1),
                ("Practitioner", 1),
                ("Procedure", 8),
                ("billing", 33),
            ],
        ),
        (
            "Theola",
            &[
                ("CarePlan", 1),
                ("Condition", 2),
                ("DiagnosticReport", 2),
                ("Encounter", 14),
                ("Immunization", 19),
                ("MedicationRequest", 4),
                ("Observation", 82),
                ("Organization", 1),
                ("Patient", 1),
                ("Practitioner", 1),
                ("Procedure", 10),
                ("billing", 32),
                ("unsupported_type", 1),
            ],
        ),
    ]);
    for (name, bytes) in samples() {
        let reading = read_bundle(&bytes).unwrap();
        let expected: BTreeMap<_, _> = expected[name.as_str()].iter().copied().collect();
        assert_eq!(counts(&reading), expected, "{name}");
        assert!(
            reading.entries.iter().all(|entry| entry.outside.is_empty()),
            "{name}: every reference stays inside"
        );
        assert_eq!(reading, read_bundle(&bytes).unwrap(), "{name}: reading twice is equal");
    }
}

#[test]
fn every_laboratory_value_of_synthea_stands_in_exactly_one_report() {
    for (name, bytes) in samples() {
        let reading = read_bundle(&bytes).unwrap();
        let mut grouped: Vec<_> =
            reading.reports().into_iter().flat_map(|group| group.entries().collect::<Vec<_>>()).collect();
        grouped.sort_unstable();
        let mut waiting: Vec<_> = reading
            .entries
            .iter()
            .filter(|entry| matches!(entry.record(), Some(ChartEntry::Observation(o)) if o.category.waits_for_release()))
            .map(|entry| entry.index)
            .collect();
        waiting.sort_unstable();
        assert_eq!(grouped, waiting, "{name}");
    }
}

#[test]
fn values_of_synthea_are_shown_without_machine_noise() {
    for (_, bytes) in samples() {
        for entry in &read_bundle(&bytes).unwrap().entries {
            let Some(ChartEntry::Observation(observation)) = entry.record() else { continue };
            let Some(crate::results::Value::Quantity { text, .. }) = observation.shown_value() else {
                continue;
            };
            assert!(text.len() <= 8, "{text}");
        }
    }
}
