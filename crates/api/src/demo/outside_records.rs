//! What the first patient of the demo brought from another clinic: one entry stands in the chart by now, the others wait.

use actix_web::web::Bytes;
use futures_util::stream;
use portal_domain::{
    access::Role,
    chart::systems::{CVX, RXNORM, SNOMED_CT},
    outside::{OutsideEntryKind, OutsideRecordView},
};
use serde_json::{Value, json};

use super::{day::Enrolled, staff::Staff};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        outside_records::{self, Which},
        patients,
    },
    platform::{etag::IfMatch, idempotency::Once},
};

/// Brings the file, and takes the vaccination over as a nurse does.
pub async fn seed(app: &App, staff: &Staff, patients: &[Enrolled]) -> Result<()> {
    let [thandiwe, ..] = patients else { return Ok(()) };
    let brought = bring(app, thandiwe).await?;
    let nurse = staff.actor(Role::Nurse);
    let opened = outside_records::open(app, &nurse, thandiwe.patient, brought.id).await?;
    for entry in opened.entries.into_iter().filter(|entry| entry.kind == OutsideEntryKind::Immunization) {
        let seen = IfMatch::of(entry.version);
        let which = Which { patient: thandiwe.patient, record: brought.id, entry: entry.entry };
        outside_records::accept(app, &nurse, which, seen, Once::without_key()).await?;
    }
    Ok(())
}

async fn bring(app: &App, who: &Enrolled) -> Result<OutsideRecordView> {
    let patient = who.patient;
    let about = app.db.read(move |conn| patients::summary(conn, patient)).await?;
    let file = bundle(app, &about.given_name, &about.family_name, &about.birth_date.to_string());
    let body = stream::iter([Ok(Bytes::from(serde_json::to_vec(&file).map_err(Error::internal)?))]);
    outside_records::upload(app, &who.actor, patient, body).await
}

/// A bundle as another clinic's portal hands it out (FHIR R4 document).
fn bundle(app: &App, given: &str, family: &str, born: &str) -> Value {
    let day = |ago: u64| (app.now().utc().date_naive() - chrono::Days::new(ago)).to_string();
    let coded = |system: &str, code: &str, text: &str| json!({ "coding": [{ "system": system, "code": code, "display": text }], "text": text });
    let patient = json!({ "reference": "Patient/1" });
    let resources = [
        json!({
            "resourceType": "Composition", "id": "0", "status": "final", "title": "Summary of your stay in Cape Harbor",
            "type": { "text": "Summary" }, "date": day(240), "subject": patient, "author": [{ "display": "Cape Harbor Clinic" }],
            "custodian": { "display": "Cape Harbor Clinic" },
        }),
        json!({
            "resourceType": "Patient", "id": "1", "name": [{ "family": family, "given": [given] }], "gender": "female",
            "birthDate": born,
        }),
        json!({
            "resourceType": "Immunization", "id": "2", "status": "completed", "patient": patient,
            "vaccineCode": coded(CVX, "187", "Zoster vaccine, recombinant"), "occurrenceDateTime": day(250),
        }),
        json!({
            "resourceType": "AllergyIntolerance", "id": "3", "patient": patient,
            "code": coded(RXNORM, "10180", "Sulfamethoxazole"), "onsetDateTime": day(244),
            "reaction": [{ "manifestation": [coded(SNOMED_CT, "271807003", "Skin rash")], "severity": "mild" }],
        }),
        json!({
            "resourceType": "MedicationRequest", "id": "4", "status": "active", "intent": "order", "subject": patient,
            "medicationCodeableConcept": coded(RXNORM, "310965", "Ibuprofen 200 mg tablet"), "authoredOn": day(244),
            "dosageInstruction": [{ "text": "1 tablet with food when the knee hurts, at most 3 a day" }],
        }),
    ];
    let entries: Vec<Value> = resources.into_iter().map(|one| json!({ "resource": one })).collect();
    json!({ "resourceType": "Bundle", "type": "document", "timestamp": app.now(), "entry": entries })
}
