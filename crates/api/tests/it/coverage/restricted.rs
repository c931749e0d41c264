//! Restricted records, for the operations that are about them.

use portal_client::{Error, Portal};
use portal_domain::restricted::{NewRestrictedRecord, RestrictedReason};
use serde_json::Value;

use super::scene::Scene;

fn new(scene: &Scene) -> NewRestrictedRecord {
    NewRestrictedRecord { reason: RestrictedReason::Asked, staff: vec![scene.colleague] }
}

/// What an operation is sent.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    (operation == "restricted_restrict").then(|| serde_json::to_value(new(scene)).ok()).flatten()
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let patient = scene.patient;
    match operation {
        "restricted_list" => portal.restricted_records(&Default::default()).await.map(drop),
        "restricted_open" => portal.restricted_record(patient).await.map(drop),
        "restricted_restrict" => portal.restrict_record(patient, scene.version, &new(scene)).await.map(drop),
        "restricted_lift" => portal.lift_restriction(patient).await.map(drop),
        other => panic!("the typed client does not reach {other}"),
    }
}
