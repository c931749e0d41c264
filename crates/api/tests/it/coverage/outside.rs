//! A record from elsewhere for the operations that are about it.

use portal_client::{Error, Portal};
use uuid::Uuid;

use super::scene::{People, Scene};

/// A clinical document that nobody brought before.
pub fn document() -> String {
    let title = Uuid::new_v4();
    format!("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>{title}</title></ClinicalDocument>")
}

impl Scene {
    /// A record that Anna brought.
    pub async fn add_outside_record(&mut self, people: &People, operation: &str) {
        if !matches!(operation, "outside_records_list" | "outside_records_upload") {
            let anna = &people.patient.portal;
            self.outside_record =
                anna.bring_outside_record(self.patient, document().into_bytes()).await.unwrap().id;
        }
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id) = (scene.patient, scene.outside_record);
    match operation {
        "outside_records_list" => portal.outside_records(patient, &Default::default()).await.map(drop),
        "outside_records_upload" => {
            portal.bring_outside_record(patient, document().into_bytes()).await.map(drop)
        }
        "outside_records_open" => portal.outside_record(patient, id).await.map(drop),
        "outside_records_remove" => portal.remove_outside_record(patient, id).await,
        "outside_records_download" => portal.outside_record_file(patient, id).await.map(drop),
        other => panic!("the typed client does not reach {other}"),
    }
}
