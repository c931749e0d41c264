//! Charts as they come in: small FHIR bundles through the same import that integrators use.

use portal_api::{
    app::App,
    features::integrations::{self, Imported},
    platform::auth::Actor,
};
use portal_domain::{
    ids::{ChartItemId, PatientId, ResultId},
    integrations::ImportView,
    time::Time,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::portal::TestPortal;

/// The date of birth of everybody whose test does not care.
pub const BIRTH_DATE: &str = "1980-04-17";

impl TestPortal {
    /// Imports a bundle of these entries from the source `test`.
    pub async fn import(&self, entries: Vec<Value>) -> ImportView {
        import(&self.app, entries).await
    }

    /// A person with a chart and no account.
    pub async fn chart(&self, given: &str, family: &str) -> PatientId {
        self.chart_born(given, family, BIRTH_DATE).await
    }

    /// The same, with a date of birth.
    pub async fn chart_born(&self, given: &str, family: &str, born: &str) -> PatientId {
        let source = Uuid::new_v4().to_string();
        let mut entry = patient(&source, given, family);
        entry["resource"]["birthDate"] = born.into();
        let view = self.import(vec![entry]).await;
        let id = PatientId(view.entries[0].id.unwrap());
        self.sources.borrow_mut().insert(id, source);
        id
    }

    /// The medical record number of somebody whom this portal made.
    pub fn mrn(&self, patient: PatientId) -> String {
        format!("MRN-{}", self.sources.borrow()[&patient])
    }

    /// An unreleased result with one value of one test: hemoglobin A1c, in percent, usual 4 to 5.6.
    pub async fn result(&self, patient: PatientId, at: Time, percent: &str) -> ResultId {
        let subject = json!({ "reference": format!("Patient/{}", self.sources.borrow()[&patient]) });
        let value = Uuid::new_v4().to_string();
        let view =
            self.import(vec![observation(&value, &subject, at, percent), report(&value, &subject, at)]).await;
        ResultId(view.entries[1].id.unwrap())
    }
}

impl TestPortal {
    /// Many people born then, each with two unreleased results, in few imports.
    pub async fn charts_with_results(&self, born: &[String], at: Time) -> Vec<(PatientId, [ResultId; 2])> {
        let mut charts = Vec::with_capacity(born.len());
        for some in born.chunks(100) {
            let mut entries = Vec::new();
            for born in some {
                let source = Uuid::new_v4().to_string();
                let mut person = patient(&source, "Emma", "Lund");
                person["resource"]["birthDate"] = born.as_str().into();
                entries.push(person);
                let subject = json!({ "reference": format!("Patient/{source}") });
                for percent in ["6.4", "5.1"] {
                    let value = Uuid::new_v4().to_string();
                    entries.push(observation(&value, &subject, at, percent));
                    entries.push(report(&value, &subject, at));
                }
            }
            let view = self.import(entries).await;
            for of_one in view.entries.chunks(5) {
                let id = |place: usize| of_one[place].id.unwrap();
                charts.push((PatientId(id(0)), [ResultId(id(2)), ResultId(id(4))]));
            }
        }
        charts
    }
}

/// A prescription as its test needs it.
#[derive(Clone)]
pub struct Prescription {
    /// FHIR `medicationrequest-status`.
    pub status: &'static str,
    /// FHIR `medicationrequest-intent`.
    pub intent: &'static str,
    /// How often it may be filled again; none to leave it out.
    pub refills: Option<u32>,
    /// Until when it may be filled.
    pub valid_until: Option<&'static str>,
    /// What the pharmacy did: status and when it was handed over.
    pub fills: Vec<(&'static str, &'static str)>,
}

/// Active, with three refills left.
impl Default for Prescription {
    fn default() -> Self {
        Self { status: "active", intent: "order", refills: Some(3), valid_until: None, fills: vec![] }
    }
}

impl TestPortal {
    /// A prescription in the chart of a patient whom this portal made, with what was handed out for it.
    pub async fn prescription(&self, patient: PatientId, drug: &str, of: Prescription) -> ChartItemId {
        let subject = json!({ "reference": format!("Patient/{}", self.sources.borrow()[&patient]) });
        let id = Uuid::new_v4().to_string();
        let mut dispense = json!({});
        if let Some(refills) = of.refills {
            dispense["numberOfRepeatsAllowed"] = refills.into();
        }
        if let Some(until) = of.valid_until {
            dispense["validityPeriod"] = json!({ "end": until });
        }
        let mut entries = vec![entry(json!({
            "resourceType": "MedicationRequest", "id": id, "status": of.status, "intent": of.intent, "subject": subject,
            "medicationCodeableConcept": { "text": drug }, "authoredOn": "2026-04-17",
            "requester": { "display": "Dr. Maria Lund" }, "dispenseRequest": dispense,
            "dosageInstruction": [{ "text": "Take 1 tablet every morning" }],
        }))];
        for (status, at) in of.fills {
            entries.push(entry(json!({
                "resourceType": "MedicationDispense", "id": Uuid::new_v4().to_string(), "status": status,
                "subject": subject, "medicationCodeableConcept": { "text": drug }, "whenHandedOver": at,
                "authorizingPrescription": [{ "reference": format!("urn:uuid:{id}") }],
            })));
        }
        ChartItemId(self.import(entries).await.entries[0].id.unwrap())
    }
}

async fn import(app: &App, entries: Vec<Value>) -> ImportView {
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
    let bytes = serde_json::to_vec(&bundle).unwrap();
    match integrations::import(app, &Actor::operator(), "test".into(), bytes, None).await.unwrap() {
        Imported::Kept(view) => view,
        Imported::Unreadable(error) => panic!("{error}"),
        Imported::Refused(mistakes) => panic!("{mistakes:?}"),
    }
}

/// A person with a chart and no account, where no server runs.
pub async fn import_patient(app: &App, given: &str, family: &str) -> PatientId {
    let view = import(app, vec![patient(&Uuid::new_v4().to_string(), given, family)]).await;
    PatientId(view.entries[0].id.unwrap())
}

fn hemoglobin_a1c() -> Value {
    json!({ "coding": [{ "system": "http://loinc.org", "code": "4548-4" }], "text": "Hemoglobin A1c" })
}

fn observation(id: &str, subject: &Value, at: Time, percent: &str) -> Value {
    let quantity = |value: &str| {
        let number: serde_json::Number = value.parse().unwrap();
        json!({ "value": number, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%" })
    };
    entry(json!({
        "resourceType": "Observation", "id": id, "status": "final", "subject": subject, "code": hemoglobin_a1c(),
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory",
        }] }],
        "effectiveDateTime": at, "issued": at, "valueQuantity": quantity(percent),
        "referenceRange": [{ "low": quantity("4"), "high": quantity("5.6") }],
    }))
}

fn report(value: &str, subject: &Value, at: Time) -> Value {
    entry(json!({
        "resourceType": "DiagnosticReport", "id": Uuid::new_v4().to_string(), "status": "final", "subject": subject,
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB" }] }],
        "code": hemoglobin_a1c(), "effectiveDateTime": at, "issued": at,
        "result": [{ "reference": format!("urn:uuid:{value}") }],
    }))
}

/// A `Patient` entry.
pub fn patient(source: &str, given: &str, family: &str) -> Value {
    entry(json!({
        "resourceType": "Patient", "id": source, "gender": "female", "birthDate": BIRTH_DATE,
        "name": [{ "use": "official", "family": family, "given": [given] }],
        "identifier": [{ "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
            "system": "urn:test:mrn", "value": format!("MRN-{source}") }],
    }))
}

/// A transaction entry of a resource.
pub fn entry(resource: Value) -> Value {
    let (kind, id) = (resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    json!({ "fullUrl": format!("urn:uuid:{id}"), "request": { "method": "POST", "url": kind }, "resource": resource })
}
