//! Insurance and family history.

use super::*;
use crate::chart::{ChartCoverage, ChartRelative, CoverageStatus};

fn coverages(reading: &Reading) -> Vec<&ChartCoverage> {
    let of = |entry| {
        if let Some(ChartEntry::Coverage(record)) = EntryReading::record(entry) {
            Some(&**record)
        } else {
            None
        }
    };
    reading.entries.iter().filter_map(of).collect()
}

fn relatives(reading: &Reading) -> Vec<&ChartRelative> {
    let of = |entry| {
        if let Some(ChartEntry::Relative(record)) = EntryReading::record(entry) {
            Some(&**record)
        } else {
            None
        }
    };
    reading.entries.iter().filter_map(of).collect()
}

fn coverage(rest: Value) -> Value {
    let mut resource = json!({
        "resourceType": "Coverage", "id": "c1", "status": "active", "beneficiary": {"reference": "urn:uuid:p1"},
        "payor": [{"display": "Harbor Mutual"}],
    });
    resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    resource
}

fn relative(rest: Value) -> Value {
    let mut resource = json!({
        "resourceType": "FamilyMemberHistory", "id": "f1", "status": "completed", "patient": {"reference": "urn:uuid:p1"},
        "relationship": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}], "text": "Mother"},
    });
    resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    resource
}

#[test]
fn insurance_keeps_payer_plan_group_number_and_rank() {
    let class = |code: &str, value: &str, name: &str| json!({"type": {"coding": [{"code": code}]}, "value": value, "name": name});
    let reading = read(&bundle(&[
        patient(),
        coverage(json!({
            "subscriberId": "HM-77", "relationship": {"text": "child"}, "order": 2,
            "period": {"start": "2024-01-01", "end": "2026-12-31"},
            "class": [class("group", "G-5", "Dock workers"), class("plan", "P-1", "Harbor Gold"), class("rxbin", "1", "")],
        })),
    ]));
    let [found] = coverages(&reading)[..] else { panic!("{reading:?}") };
    assert_eq!(found.status, CoverageStatus::Active);
    assert_eq!(found.payer.as_ref().unwrap().display.as_deref(), Some("Harbor Mutual"));
    assert_eq!((found.plan.as_deref(), found.group_number.as_deref()), (Some("Harbor Gold"), Some("G-5")));
    assert_eq!(
        (found.subscriber_id.as_deref(), found.rank, found.name()),
        (Some("HM-77"), Some(2), Some("Harbor Gold"))
    );
    assert_eq!(found.end.unwrap().to_string(), "2026-12-31");
}

#[test]
fn insurance_of_nobody_or_in_no_known_state_is_refused_with_its_path() {
    let mut without = coverage(json!({"status": "paid"}));
    without.as_object_mut().unwrap().remove("beneficiary");
    let reading = read(&bundle(&[patient(), without]));
    let Outcome::Invalid { problems } = &reading.entries[1].outcome else { panic!("{reading:?}") };
    let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["Coverage.beneficiary", "Coverage.status"]);
}

#[test]
fn a_relative_comes_with_illnesses_their_ages_and_whether_they_died_of_it() {
    let years = |value: i32| json!({"value": value, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"});
    let reading = read(&bundle(&[
        patient(),
        relative(json!({
            "deceasedAge": years(61), "name": "Greta",
            "condition": [
                {"code": {"text": "Breast cancer"}, "onsetAge": years(54), "contributedToDeath": true},
                {"code": {"text": "Asthma"}, "onsetString": "as a child"},
            ],
        })),
    ]));
    let [found] = relatives(&reading)[..] else { panic!("{reading:?}") };
    assert_eq!((found.relationship.text.as_str(), found.name.as_deref()), ("Mother", Some("Greta")));
    assert_eq!((found.deceased, found.deceased_text.as_deref()), (Some(true), Some("age 61 years")));
    let illnesses: Vec<_> = found
        .conditions
        .iter()
        .map(|one| (one.code.text.as_str(), one.onset.as_deref(), one.led_to_death))
        .collect();
    assert_eq!(
        illnesses,
        [("Breast cancer", Some("age 54 years"), true), ("Asthma", Some("as a child"), false)]
    );
}

#[test]
fn an_illness_without_a_name_is_refused() {
    let reading = read(&bundle(&[patient(), relative(json!({"condition": [{"onsetString": "long ago"}]}))]));
    let Outcome::Invalid { problems } = &reading.entries[1].outcome else { panic!("{reading:?}") };
    assert_eq!(problems[0].path, "FamilyMemberHistory.condition[0].code");
}
