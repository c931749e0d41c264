//! The record as a clinical document.

pub mod read_back;
mod says;
mod tree;
mod valid;

use std::path::PathBuf;

use proptest::prelude::*;

use self::tree::Element;
use super::*;
use crate::write_ccda;

/// The document of a record.
fn written(record: &HealthRecord) -> String {
    String::from_utf8(write_ccda(record)).unwrap()
}

/// Whether XML 1.0 can carry it (section 2.2).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// The synthetic charts that other programs made, by name; none where they are not at hand.
pub fn synthetic_charts() -> Vec<(String, HealthRecord)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/synthea");
    let Ok(files) = std::fs::read_dir(folder) else {
        eprintln!("skipped: the synthetic charts are not here");
        return Vec::new();
    };
    let files = files.map(|file| file.unwrap().path());
    let charts = files.filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let read = |file: PathBuf| {
        let reading = read_bundle(&std::fs::read(&file).unwrap()).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        (name, record_of(&reading, DateRange::default(), &[]))
    };
    charts.map(read).collect()
}

#[test]
fn an_empty_section_says_so_and_one_that_a_ccd_needs_is_there_unasked() {
    let some = record_of(&bundle(&[]), DateRange::default(), &[Section::Insurance]);
    let document = written(&some);
    assert_eq!(document.matches("<section nullFlavor=\"NI\">").count(), 7);
    assert_eq!(document.matches("This section was not asked for.").count(), 6);
    assert!(document.contains("48765-2") && !document.contains("11369-6"));
}

#[test]
fn a_result_keeps_its_code_digits_unit_and_day() {
    let document = written(&whole(&[glucose("o1", "2026-03-01", 112.0)]));
    for told in [
        "code=\"2345-7\" codeSystem=\"2.16.840.1.113883.6.1\"",
        "<value xsi:type=\"PQ\" value=\"112.0\" unit=\"mg/dL\"/>",
        "<effectiveTime value=\"20260301\"/>",
        "<low inclusive=\"true\" value=\"70\" unit=\"mg/dL\"/>",
        "<reference value=\"#results-1\"/>",
    ] {
        assert!(document.contains(told), "{told}\n{document}");
    }
}

/// Text of every plane, also of the characters that XML has no place for.
fn any_text() -> impl Strategy<Value = String> {
    let awkward = proptest::sample::select(vec![
        '\0', '\u{b}', '\u{1b}', '\u{fffe}', '\u{ffff}', '\r', '\n', '\t', ']', '>',
    ]);
    proptest::collection::vec(prop_oneof![any::<char>(), awkward], 0..20).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_chart_says_the_document_is_well_formed_and_its_references_resolve(
        texts in proptest::collection::vec(any_text(), 1..40),
    ) {
        let mut record = whole(&[condition("c1", "Asthma", json!({})), glucose("o1", "2026-03-01", 93.0)]);
        let (problem, result) = (record.conditions[0].clone(), record.results[0].clone());
        for text in &texts {
            let mut problem = problem.clone();
            problem.record.code.text.clone_from(text);
            problem.record.notes.push(text.clone());
            record.conditions.push(problem);
            let mut result = result.clone();
            result.report.narrative = Some(text.clone());
            result.values[0].record.value = Some(portal_domain::chart::ObservationValue::Text(text.clone()));
            record.results.push(result);
        }
        record.patient.person.name.family.clone_from(&texts[0]);
        record.practice.name.clone_from(&texts[0]);
        record.patient.person.email = Some(texts[0].clone());
        let document = written(&record);
        let read = Element::read(&document);
        prop_assert_eq!(read.dangling(), [""; 0]);
        let rows = read.all().into_iter().filter(|one| one.name == "reference" && !one.a("value").ends_with("-remarks"));
        prop_assert_eq!(rows.count(), 2 * texts.len() + 2);
        prop_assert!(document.chars().all(is_allowed));
    }
}
