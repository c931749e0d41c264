//! A record from elsewhere for the operations that are about it.

use portal_client::{Error, Portal};
use portal_domain::outside::{OutsideDismissReason, OutsideDismissal};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{People, Scene};

/// The place of the one entry of [`document`].
pub const ENTRY: &str = "1.0";

/// A clinical document that nobody brought before, with a medication.
pub fn document() -> String {
    let title = Uuid::new_v4();
    format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><title>{title}</title><component><structuredBody><component><section>
        <code code="10160-0"/><entry><substanceAdministration><templateId root="2.16.840.1.113883.10.20.22.4.16"/>
        <consumable><manufacturedProduct><manufacturedMaterial><code displayName="Aspirin {title}"/></manufacturedMaterial>
        </manufacturedProduct></consumable></substanceAdministration></entry></section></component></structuredBody>
        </component></ClinicalDocument>"#
    )
}

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    (operation == "outside_records_dismiss").then(|| json!({ "reason": "outdated" }))
}

impl Scene {
    /// A record that Anna brought; for the operation that undoes a decision, one that was decided about.
    pub async fn add_outside_record(&mut self, people: &People, operation: &str) {
        if matches!(operation, "outside_records_list" | "outside_records_upload" | "outside_records_taken") {
            return;
        }
        let anna = &people.patient.portal;
        self.outside_record =
            anna.bring_outside_record(self.patient, document().into_bytes()).await.unwrap().id;
        let provider = &people.doctor.portal;
        let opened = provider.outside_record(self.patient, self.outside_record).await.unwrap();
        let entry = &opened.entries[0];
        assert_eq!(entry.entry, ENTRY);
        self.version = entry.version;
        if operation == "outside_records_undo" {
            let key = Uuid::new_v4();
            let accepted = provider.accept_outside_entry(self.patient, self.outside_record, entry, key).await;
            self.version = accepted.unwrap().version;
        }
        self.outside_entry = Some(entry.clone());
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id, key) = (scene.patient, scene.outside_record, Uuid::new_v4());
    let seen = || scene.outside_entry.clone().expect("the scene has an entry");
    match operation {
        "outside_records_list" => portal.outside_records(patient, &Default::default()).await.map(drop),
        "outside_records_upload" => {
            portal.bring_outside_record(patient, document().into_bytes()).await.map(drop)
        }
        "outside_records_open" => portal.outside_record(patient, id).await.map(drop),
        "outside_records_remove" => portal.remove_outside_record(patient, id).await,
        "outside_records_download" => portal.outside_record_file(patient, id).await.map(drop),
        "outside_records_taken" => portal.outside_entries(patient, &Default::default()).await.map(drop),
        "outside_records_accept" => portal.accept_outside_entry(patient, id, &seen(), key).await.map(drop),
        "outside_records_dismiss" => {
            let why = OutsideDismissal { reason: OutsideDismissReason::Outdated, words: String::new() };
            portal.dismiss_outside_entry(patient, id, &seen(), &why, key).await.map(drop)
        }
        "outside_records_undo" => portal.undo_outside_entry(patient, id, ENTRY, scene.version, key).await,
        other => panic!("the typed client does not reach {other}"),
    }
}
