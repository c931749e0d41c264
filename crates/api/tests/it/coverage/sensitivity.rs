//! What is kept from whoever acts for a patient, for the operations that are about it.

use portal_client::{Error, Portal};
use portal_domain::sensitivity::{SensitiveKind, SensitivityChange};
use serde_json::Value;

use super::scene::Scene;

fn change(scene: &Scene) -> SensitivityChange {
    let subject_id = scene.appointment.0;
    SensitivityChange { kind: SensitiveKind::Appointment, subject_id, is_sensitive: true }
}

/// What an operation is sent.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    (operation == "sensitivity_change").then(|| serde_json::to_value(change(scene)).ok()).flatten()
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let patient = scene.patient;
    match operation {
        "sensitivity_list" => portal.sensitive_items(patient).await.map(drop),
        "sensitivity_change" => portal.change_sensitivity(patient, &change(scene)).await.map(drop),
        "sensitivity_preview" => portal.proxy_preview(patient, scene.proxy).await.map(drop),
        other => panic!("the typed client does not reach {other}"),
    }
}
