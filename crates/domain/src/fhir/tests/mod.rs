//! What the reader takes and refuses. Bundles are built small, by hand.

mod entries;
mod envelope;
mod family;
mod groups;
mod robust;
mod synthea;
mod wishes;

use serde_json::{Value, json};

use super::*;

/// A bundle of these resources, each under its own `urn:uuid:` (its id).
fn bundle(resources: &[Value]) -> Value {
    let entry: Vec<Value> = resources
        .iter()
        .map(|resource| {
            json!({"fullUrl": format!("urn:uuid:{}", resource["id"].as_str().unwrap_or("none")), "resource": resource,
                   "request": {"method": "POST", "url": resource["resourceType"]}})
        })
        .collect();
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entry})
}

fn read(bundle: &Value) -> Reading {
    read_bundle(bundle.to_string().as_bytes()).unwrap()
}

fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "p1", "name": [{"family": "Ödegård-Nuñez", "given": ["Ana", "Zoë"]}],
           "gender": "female", "birthDate": "1980-02-29"})
}

fn of_patient(resource_type: &str, id: &str, rest: Value) -> Value {
    let mut resource =
        json!({"resourceType": resource_type, "id": id, "subject": {"reference": "urn:uuid:p1"}});
    resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    resource
}

fn laboratory(id: &str, rest: Value) -> Value {
    let mut resource = of_patient(
        "Observation",
        id,
        json!({"status": "final", "code": {"text": "Glucose"},
               "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                         "code": "laboratory"}]}]}),
    );
    resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    resource
}

fn report(id: &str, results: &[&str]) -> Value {
    let results: Vec<_> = results.iter().map(|id| json!({"reference": format!("urn:uuid:{id}")})).collect();
    of_patient(
        "DiagnosticReport",
        id,
        json!({"status": "final", "code": {"text": "Panel"}, "result": results}),
    )
}

/// The problems of the entry at `index`, as `path message`.
fn problems(reading: &Reading, index: usize) -> Vec<String> {
    match &reading.entries[index].outcome {
        Outcome::Invalid { problems } => {
            problems.iter().map(|p| format!("{} {}", p.path, p.message)).collect()
        }
        _ => Vec::new(),
    }
}
