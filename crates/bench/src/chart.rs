//! Charts to measure with: invented ones, and copies of real bundles that the portal has not seen yet.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// The date of birth of everybody invented here.
pub const BIRTH_DATE: &str = "1971-09-02";
/// The family name of everybody invented here.
pub const FAMILY_NAME: &str = "Vesterholm";

/// The tests of a basic metabolic panel: LOINC code, name, unit, usual range, a value.
const TESTS: [(&str, &str, &str, f64, f64, f64); 4] = [
    ("2345-7", "Glucose in serum or plasma", "mg/dL", 70.0, 99.0, 104.0),
    ("2160-0", "Creatinine in serum or plasma", "mg/dL", 0.6, 1.3, 0.9),
    ("2951-2", "Sodium in serum or plasma", "mmol/L", 135.0, 145.0, 139.0),
    ("2823-3", "Potassium in serum or plasma", "mmol/L", 3.5, 5.1, 4.2),
];

/// The id of the `number`th thing of a kind.
fn id(kind: u32, number: u32) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

/// A person with so many reports of four values each, ordered by a practitioner and done by a laboratory.
pub fn bundle(person: u32, reports: u32) -> Value {
    let mut entries = vec![patient(person), practitioner(person), laboratory(person)];
    for number in 0..reports {
        let (month, day) = (number / 28 % 12 + 1, number % 28 + 1);
        let at = format!("2025-{month:02}-{day:02}T08:{:02}:00Z", number % 60);
        entries.extend((0..TESTS.len() as u32).map(|test| observation(person, number, test, &at)));
        entries.push(report(person, number, &at));
    }
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
}

fn patient(person: u32) -> Value {
    entry(json!({
        "resourceType": "Patient", "id": id(1, person), "gender": "female", "birthDate": BIRTH_DATE,
        "name": [{ "use": "official", "family": FAMILY_NAME, "given": [format!("Runa{person}")] }],
        "identifier": [{
            "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
            "system": "urn:bench:mrn", "value": format!("BENCH-{person}"),
        }],
        "telecom": [{ "system": "phone", "value": "555 0102", "use": "mobile" }],
        "address": [{ "line": ["3 Birch Lane"], "city": "Boston", "state": "MA", "postalCode": "02110" }],
    }))
}

fn practitioner(person: u32) -> Value {
    entry(json!({
        "resourceType": "Practitioner", "id": id(2, person),
        "name": [{ "family": "Aldana", "given": ["Ruben"], "prefix": ["Dr."] }],
    }))
}

fn laboratory(person: u32) -> Value {
    entry(json!({
        "resourceType": "Organization", "id": id(3, person), "name": "Harbor Laboratory",
        "telecom": [{ "system": "phone", "value": "555 0177" }],
        "address": [{ "line": ["14 Quay Street"], "city": "Boston", "state": "MA", "postalCode": "02110" }],
    }))
}

fn observation(person: u32, number: u32, test: u32, at: &str) -> Value {
    let (code, name, unit, low, high, value) = TESTS[test as usize];
    let quantity = |value: f64| json!({ "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit });
    entry(json!({
        "resourceType": "Observation", "id": id(0x10 + test, person * 1000 + number), "status": "final",
        "subject": { "reference": format!("urn:uuid:{}", id(1, person)) },
        "code": { "coding": [{ "system": "http://loinc.org", "code": code, "display": name }], "text": name },
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory",
        }] }],
        "effectiveDateTime": at, "issued": at, "valueQuantity": quantity(value),
        "referenceRange": [{ "low": quantity(low), "high": quantity(high) }],
    }))
}

fn report(person: u32, number: u32, at: &str) -> Value {
    let results: Vec<Value> = (0..TESTS.len() as u32)
        .map(|test| json!({ "reference": format!("urn:uuid:{}", id(0x10 + test, person * 1000 + number)) }))
        .collect();
    entry(json!({
        "resourceType": "DiagnosticReport", "id": id(4, person * 1000 + number), "status": "final",
        "subject": { "reference": format!("urn:uuid:{}", id(1, person)) },
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB" }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "51990-0" }], "text": "Basic metabolic panel" },
        "effectiveDateTime": at, "issued": at, "result": results,
        "performer": [{ "reference": format!("urn:uuid:{}", id(3, person)) }],
        "resultsInterpreter": [{ "reference": format!("urn:uuid:{}", id(2, person)) }],
        "conclusion": "Glucose a little above the usual range.",
    }))
}

fn entry(resource: Value) -> Value {
    let (kind, id) =
        (resource["resourceType"].clone(), resource["id"].as_str().unwrap_or_default().to_owned());
    json!({ "fullUrl": format!("urn:uuid:{id}"), "request": { "method": "POST", "url": kind }, "resource": resource })
}

/// A chart to take in again and again, each time as somebody else's.
pub struct Model {
    text: String,
    /// What it is, for the page.
    pub words: String,
}

impl Model {
    /// The largest of the folder's Synthea bundles; without any an invented chart of about that size.
    pub fn find(folder: Option<&Path>) -> Result<Self> {
        let files = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let mut bundles: Vec<_> = files
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .collect();
        bundles.sort_by_key(|path| fs::metadata(path).map_or(0, |meta| meta.len()));
        let (text, kind) = match bundles.pop() {
            Some(path) => (fs::read_to_string(path)?, "Synthea"),
            None => (bundle(1, 35).to_string(), "invented"),
        };
        let parsed: Value = serde_json::from_str(&text)?;
        let entries = parsed["entry"].as_array().context("a bundle without entries")?.len();
        let words = format!("{kind} chart, {entries} entries, {} kB", text.len() / 1000);
        Ok(Self { text, words })
    }

    /// The same chart with other ids throughout: every UUID's first eight digits are changed by `number`.
    pub fn of_somebody_else(&self, number: u32) -> String {
        let mut bytes = self.text.clone().into_bytes();
        for at in 0..bytes.len().saturating_sub(36) {
            if !is_uuid(&bytes[at..at + 36]) {
                continue;
            }
            let digits = std::str::from_utf8(&bytes[at..at + 8]).unwrap_or_default();
            let changed = u32::from_str_radix(digits, 16).unwrap_or_default() ^ number;
            bytes[at..at + 8].copy_from_slice(format!("{changed:08x}").as_bytes());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_elses_chart_has_other_ids_and_holds_together() {
        let model = Model { text: bundle(1, 1).to_string(), words: String::new() };
        let other: Value = serde_json::from_str(&model.of_somebody_else(0xff)).unwrap();
        let patient = &other["entry"][0]["resource"]["id"];
        assert_eq!(patient, "000000fe-0000-4000-8000-000000000001");
        let report = &other["entry"][7]["resource"];
        assert_eq!(report["subject"]["reference"], format!("urn:uuid:{}", patient.as_str().unwrap()));
    }
}
