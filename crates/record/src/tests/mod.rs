//! Records made of small FHIR bundles, as an import would read them.

mod ccda;
mod fhir;
mod holds;
mod outside;
mod random;
mod says;
mod taken_over;

use chrono_tz::Tz;
use portal_domain::{
    chart::{Address, ChartEntry, ChartObservation, ChartReport},
    fhir::{Member, Reading, ReportSource, read_bundle},
    ids::PatientId,
    record::{DateRange, Section},
    time::Time,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{HealthRecord, Item, Practice, ResultReport, Subject};

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn practice() -> Practice {
    Practice {
        id: Uuid::from_u128(1),
        name: "Infinity Health".into(),
        phone: "+1 617 555 0100".into(),
        address: Address {
            lines: vec!["1 Harbor St".into()],
            city: Some("Boston".into()),
            state: Some("MA".into()),
            postal_code: Some("02110".into()),
            country: None,
        },
        zone: Tz::America__New_York,
    }
}

/// A bundle of one patient, with these resources (their subject is filled in).
fn bundle(resources: &[Value]) -> Reading {
    let patient = json!({
        "resourceType": "Patient", "id": "p1", "name": [{"family": "Lund", "given": ["Anna", "Sofía"]}],
        "gender": "female", "birthDate": "1980-02-29",
    });
    let of_patient = |resource: &Value| {
        let mut resource = resource.clone();
        let field = match resource["resourceType"].as_str().unwrap() {
            "AllergyIntolerance" | "Immunization" | "FamilyMemberHistory" | "Consent" => "patient",
            "Coverage" => "beneficiary",
            _ => "subject",
        };
        resource[field] = json!({"reference": "urn:uuid:p1"});
        resource
    };
    let all = std::iter::once(patient).chain(resources.iter().map(of_patient));
    let entry = |resource: Value| json!({"fullUrl": format!("urn:uuid:{}", resource["id"].as_str().unwrap()), "resource": resource});
    let entries: Vec<Value> = all.map(entry).collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    let reading = read_bundle(bundle.to_string().as_bytes()).unwrap();
    assert!(reading.is_valid(), "{:?}", reading.entries);
    reading
}

/// The record of a bundle whose reports are all released.
fn record_of(reading: &Reading, range: DateRange, sections: &[Section]) -> HealthRecord {
    let person = reading.entries.iter().find_map(|entry| match entry.record() {
        Some(ChartEntry::Patient(person)) => Some((**person).clone()),
        _ => None,
    });
    let patient = Subject { id: PatientId(Uuid::from_u128(2)), mrn: "IH-1".into(), person: person.unwrap() };
    let made = at("2026-10-05T14:00:00Z");
    let mut record = HealthRecord::new(Uuid::from_u128(3), made, practice(), patient, range, sections);
    for (entry, chart) in reading.in_storing_order() {
        record.add(id(entry.index), chart.clone());
    }
    for group in reading.reports() {
        let (index, report) = match group.source {
            ReportSource::Sent(index) => (index, report(reading, index)),
            ReportSource::Made(index) => {
                let named = reading.entries[index].link().unwrap();
                (index, ChartReport::of_observation(&observation(reading, index), named))
            }
        };
        let members = group.members.iter().map(|member| match member {
            Member::Entry(index) => Item { id: id(*index), record: observation(reading, *index) },
            Member::Earlier(_) => panic!("the bundle is whole"),
        });
        record.add_result(ResultReport {
            id: id(index + 1_000),
            report,
            laboratory: None,
            ordered_by: None,
            provider_comment: Some("All is well.".into()),
            released_at: made,
            values: members.collect(),
        });
    }
    record
}

fn id(index: usize) -> Uuid {
    Uuid::from_u128(100 + index as u128)
}

fn observation(reading: &Reading, index: usize) -> ChartObservation {
    match reading.entries[index].record() {
        Some(ChartEntry::Observation(seen)) => (**seen).clone(),
        other => panic!("{other:?}"),
    }
}

fn report(reading: &Reading, index: usize) -> ChartReport {
    match reading.entries[index].record() {
        Some(ChartEntry::Report(report)) => (**report).clone(),
        other => panic!("{other:?}"),
    }
}

fn whole(resources: &[Value]) -> HealthRecord {
    record_of(&bundle(resources), DateRange::default(), &[])
}

fn coding(system: &str, code: &str, text: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": text}], "text": text})
}

fn snomed(code: &str, text: &str) -> Value {
    coding("http://snomed.info/sct", code, text)
}

fn loinc(code: &str, text: &str) -> Value {
    coding("http://loinc.org", code, text)
}

/// A laboratory value of a day.
fn glucose(id: &str, day: &str, value: f64) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": loinc("2345-7", "Glucose"),
        "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
        "referenceRange": [{"low": {"value": 70, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
                            "high": {"value": 99, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}}],
    })
}

fn condition(id: &str, text: &str, rest: Value) -> Value {
    let mut resource = json!({"resourceType": "Condition", "id": id, "code": snomed("38341003", text)});
    resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    resource
}

fn clinical(code: &str) -> Value {
    json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": code}]})
}
