//! A document for the operations that are about it.

use portal_client::{Error, Portal};
use portal_domain::documents::{DocumentKind, DocumentWithdrawal, NewDocument};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};

fn new() -> NewDocument {
    NewDocument {
        title: "After your visit".into(),
        kind: DocumentKind::VisitSummary,
        date: "2026-10-05".parse().unwrap(),
        text: "Walk daily.".into(),
    }
}

fn withdrawal() -> DocumentWithdrawal {
    DocumentWithdrawal { reason: "It was another patient's.".into() }
}

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    let body = match operation {
        "documents_create" => serde_json::to_value(new()),
        "documents_withdraw" => serde_json::to_value(withdrawal()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// A document in Anna's chart, in the state that the operation begins in.
    pub async fn add_document(&mut self, people: &People, operation: &str) {
        let doctor = &people.doctor.portal;
        let mut view = doctor.create_document(self.patient, &new(), Uuid::new_v4()).await.unwrap();
        if !matches!(operation, "documents_upload") {
            let file = b"Walk daily.".to_vec();
            view = doctor.upload_document_file(self.patient, view.id, "plan.txt", file).await.unwrap();
        }
        if !matches!(operation, "documents_upload" | "documents_release" | "documents_discard") {
            let (id, version) = (view.id, view.version);
            view = doctor.release_document(self.patient, id, version, Uuid::new_v4()).await.unwrap();
        }
        (self.document, self.version) = (view.id, view.version);
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id, key) = (scene.patient, scene.document, Uuid::new_v4());
    match operation {
        "documents_list" => portal.documents(patient, &Default::default()).await.map(drop),
        "documents_create" => portal.create_document(patient, &new(), key).await.map(drop),
        "documents_open" => portal.document(patient, id).await.map(drop),
        "documents_discard" => portal.discard_document(patient, id).await,
        "documents_upload" => {
            portal.upload_document_file(patient, id, "more.txt", b"Run.".to_vec()).await.map(drop)
        }
        "documents_download" => portal.document_file(patient, id).await.map(drop),
        "documents_release" => portal.release_document(patient, id, scene.version, key).await.map(drop),
        "documents_withdraw" => {
            portal.withdraw_document(patient, id, scene.version, &withdrawal(), key).await.map(drop)
        }
        "documents_mark_read" => portal.mark_document_read(patient, id).await,
        other => panic!("the typed client does not reach {other}"),
    }
}
