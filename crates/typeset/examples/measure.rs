//! How long a record of many results takes to typeset, and how much memory:
//! `cargo run --release -p portal-typeset --example measure -- 500 20`, results and times.

use std::{error::Error, time::Instant};

use chrono_tz::Tz;
use portal_domain::{
    chart::{Address, ChartEntry, ChartReport},
    fhir::read_bundle,
    ids::PatientId,
    record::DateRange,
    time::Time,
};
use portal_record::{HealthRecord, Item, Practice, ResultReport, Subject};
use serde_json::{Value, json};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|one| one.parse::<usize>());
    let results = numbers.next().unwrap_or(Ok(500))?;
    let times = numbers.next().unwrap_or(Ok(5))?;
    let record = record(results)?;
    println!("{results} results; before: {}", memory()?);
    for _ in 0..times {
        let start = Instant::now();
        let bytes = portal_typeset::write_pdf(&record)?;
        println!("{:>6} ms  {:>5} kB  {}", start.elapsed().as_millis(), bytes.len() / 1000, memory()?);
    }
    Ok(())
}

/// What the process holds now, and the most that it ever held.
fn memory() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let told = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    Ok(told.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", "))
}

/// A chart of reports with three values each.
fn record(results: usize) -> Result<HealthRecord, Box<dyn Error>> {
    let patient = json!({"resourceType": "Patient", "id": "p1", "name": [{"family": "Lund", "given": ["Anna"]}],
        "gender": "female", "birthDate": "1980-02-29"});
    let seen = |place: usize| {
        json!({
            "resourceType": "Observation", "id": format!("o{place}"), "status": "final",
            "code": {"text": format!("Analyte {} of serum or plasma", place % 40)},
            "subject": {"reference": "urn:uuid:p1"}, "category": [{"coding": [{"code": "laboratory"}]}],
            "effectiveDateTime": format!("20{:02}-03-01", place % 26),
            "valueQuantity": {"value": 60 + place % 50, "unit": "mg/dL"},
            "referenceRange": [{"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 99, "unit": "mg/dL"}}],
        })
    };
    let all = std::iter::once(patient).chain((0..results * 3).map(seen));
    let entry = |one: Value| json!({"fullUrl": format!("urn:uuid:{}", one["id"].as_str().unwrap_or_default()), "resource": one});
    let entries: Vec<Value> = all.map(entry).collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    let reading = read_bundle(bundle.to_string().as_bytes()).map_err(|why| format!("{why:?}"))?;
    let mut person = None;
    let mut reports: Vec<ResultReport> = Vec::new();
    let made: Time = "2026-10-05T14:00:00Z".parse()?;
    for (place, entry) in reading.entries.iter().enumerate() {
        let id = Uuid::from_u128(100 + place as u128);
        match entry.record() {
            Some(ChartEntry::Patient(one)) => person = Some((**one).clone()),
            Some(ChartEntry::Observation(seen)) => {
                let item = Item { id, record: (**seen).clone() };
                match reports.last_mut() {
                    Some(report) if report.values.len() < 3 => report.values.push(item),
                    _ => reports.push(ResultReport {
                        id: Uuid::from_u128(1_000_000 + place as u128),
                        report: ChartReport::of_observation(seen, entry.link().ok_or("no link")?),
                        laboratory: None,
                        ordered_by: Some("Dr. Rowe".into()),
                        provider_comment: Some("All is well; we look at it again in spring.".into()),
                        released_at: made,
                        values: vec![item],
                    }),
                }
            }
            _ => {}
        }
    }
    let practice = Practice {
        id: Uuid::from_u128(1),
        name: "Infinity Health".into(),
        phone: "+1 617 555 0100".into(),
        address: Address {
            lines: vec!["1 Harbor St".into()],
            city: Some("Boston".into()),
            ..Address::default()
        },
        zone: Tz::America__New_York,
    };
    let patient =
        Subject { id: PatientId(Uuid::from_u128(2)), mrn: "IH-1".into(), person: person.ok_or("nobody")? };
    let mut record =
        HealthRecord::new(Uuid::from_u128(3), made, practice, patient, DateRange::default(), &[]);
    for report in reports {
        record.add_result(report);
    }
    Ok(record)
}
