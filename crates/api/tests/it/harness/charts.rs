//! Charts as they come in: small FHIR bundles through the same import that integrators use.

use portal_api::{
    features::integrations::{self, Imported},
    platform::auth::Actor,
};
use portal_domain::{
    ids::{PatientId, ResultId},
    patients::PatientQuery,
    time::Time,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::portal::TestPortal;

/// The date of birth of everybody whose test does not care.
pub const BIRTH_DATE: &str = "1980-04-17";

impl TestPortal {
    /// Imports a bundle of these entries from the source `test`.
    pub async fn import(&self, entries: Vec<Value>) -> Imported {
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
        let bytes = serde_json::to_vec(&bundle).unwrap();
        integrations::import(&self.app, &Actor::operator(), "test", bytes).await.unwrap()
    }

    /// A person with a chart and no account.
    pub async fn chart(&self, given: &str, family: &str) -> PatientId {
        let source = Uuid::new_v4().to_string();
        self.import(vec![patient(&source, given, family)]).await;
        let mrn = format!("MRN-{source}");
        let query = PatientQuery { q: Some(mrn), ..Default::default() };
        let desk = self.desk().await;
        desk.portal.patients(&query).await.unwrap().items[0].id
    }
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
