//! What a record says to people.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::{narrative::Block, write_text};

fn rows(record: &HealthRecord, section: Section) -> Vec<Vec<String>> {
    let found = record.narrative().sections.into_iter().find(|one| one.section == section).unwrap();
    let tables = found.blocks.into_iter().filter_map(|block| match block {
        Block::Table(table) => Some(table.rows),
        Block::Facts(_) | Block::Text(_) => None,
    });
    tables.flatten().map(|row| row.cells).collect()
}

#[test]
fn a_result_says_value_unit_range_and_flag_in_words() {
    let record = whole(&[glucose("o1", "2026-03-01", 112.0)]);
    assert_eq!(rows(&record, Section::Results), [["Glucose", "112.0 mg/dL", "70 to 99 mg/dL", "High", ""]]);
    let text = write_text(&record);
    assert!(text.contains("Comment of your provider: All is well."), "{text}");
}

#[test]
fn directions_are_the_words_that_were_sent_or_put_together_from_the_parts() {
    let medication = |id: &str, dosage: Value| {
        json!({
            "resourceType": "MedicationRequest", "id": id, "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "Ibuprofen 200 mg tablet"}, "dosageInstruction": [dosage],
        })
    };
    let parts = json!({
        "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}, "route": {"text": "by mouth"},
        "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}], "asNeededCodeableConcept": {"text": "pain"},
    });
    let record = whole(&[
        medication("m1", json!({"text": "Take 1 tablet with food"})),
        medication("m2", parts),
        medication("m3", json!({"timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}})),
    ]);
    let directions: Vec<_> =
        rows(&record, Section::Medications).into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(
        directions,
        [
            "Take 1 tablet with food",
            "1 tablet, by mouth, 3 times a day, as needed for pain",
            "once every 8 hours"
        ]
    );
}

#[test]
fn an_empty_section_says_that_nothing_is_on_record_not_that_there_is_nothing() {
    for section in whole(&[]).narrative().sections {
        let [Block::Text(_) | Block::Facts(_)] = &section.blocks[..] else { panic!("{section:?}") };
        assert_eq!(section.is_empty, section.section != Section::Demographics, "{section:?}");
    }
}

#[test]
fn insurance_family_wishes_instructions_and_referrals_are_told() {
    let record = whole(&[
        json!({"resourceType": "Coverage", "id": "v1", "status": "active", "payor": [{"display": "Harbor Mutual"}],
               "subscriberId": "HM-77", "period": {"start": "2024-01-01"}}),
        json!({"resourceType": "FamilyMemberHistory", "id": "f1", "status": "completed", "relationship": {"text": "Mother"},
               "deceasedString": "at 61", "condition": [{"code": {"text": "Breast cancer"}, "contributedToDeath": true}]}),
        json!({"resourceType": "Consent", "id": "w1", "status": "active", "dateTime": "2025-03-01",
               "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "adr"}]},
               "category": [{"text": "Living will"}], "provision": {"code": [{"text": "No resuscitation"}]}}),
        json!({"resourceType": "Communication", "id": "i1", "status": "completed", "sent": "2026-05-04",
               "category": [{"coding": [{"code": "instruction"}]}], "payload": [{"contentString": "Rest."}]}),
        json!({"resourceType": "ServiceRequest", "id": "s1", "status": "active", "intent": "order",
               "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}],
               "code": {"text": "Cardiology"}, "reasonCode": [{"text": "Chest pain"}]}),
        json!({"resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "Walks alone"},
               "category": [{"coding": [{"code": "functional-status"}]}], "valueBoolean": true}),
    ]);
    let text = write_text(&record);
    for told in [
        "* Harbor Mutual\n    Insurer: Harbor Mutual\n    Member number: HM-77\n    Status: Active\n    In force: since Jan 1, 2024\n",
        "* Mother\n    Illnesses: Breast cancer, led to death\n    Died: at 61\n",
        "* Living will\n    What is wanted: No resuscitation\n    Given: Mar 1, 2025\n    Status: Active\n",
        "* May 4, 2026\n    Instruction: Rest.\n",
        "* Cardiology\n    Why: Chest pain\n    Status: Active\n",
        "* Walks alone\n    Answer: Yes\n",
    ] {
        assert!(text.contains(told), "{told}\n---\n{text}");
    }
}

proptest! {
    #[test]
    fn whatever_a_chart_says_rows_fit_their_headings_and_are_named_once(
        texts in proptest::collection::vec("\\PC{1,40}", 1..30),
    ) {
        let words: Vec<String> = texts.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
        let resources: Vec<Value> =
            words.iter().enumerate().map(|(at, text)| condition(&format!("c{at}"), text, json!({"note": [{"text": text}]}))).collect();
        let record = whole(&resources);
        prop_assert_eq!(record.conditions.len(), words.len());
        let mut named = HashSet::new();
        for section in record.narrative().sections {
            for block in section.blocks {
                if let Block::Table(table) = block {
                    for row in table.rows {
                        prop_assert_eq!(row.cells.len(), table.columns.len());
                        prop_assert!(row.id.starts_with(|c: char| c.is_ascii_lowercase()) && !row.id.contains(' '));
                        prop_assert!(named.insert(row.id));
                    }
                }
            }
        }
        let text = write_text(&record);
        for one in &record.conditions {
            prop_assert!(text.contains(&one.record.code.text));
        }
    }
}
