//! A request for a refill for the operations that are about it.

use portal_client::{Error, Portal};
use portal_domain::refills::{
    ItemAnswer, ItemOutcome, NewMedicationRequest, RefillAnswer, RequestKind, WantedMedication, Withdrawal,
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::harness::portal::TestPortal;

fn wanted(scene: &Scene) -> NewMedicationRequest {
    NewMedicationRequest {
        items: vec![WantedMedication { medication: scene.medication, kind: RequestKind::Refill }],
        pharmacy: String::new(),
        note: String::new(),
    }
}

fn answer(scene: &Scene) -> RefillAnswer {
    let item = ItemAnswer {
        item: scene.medication_item,
        outcome: ItemOutcome::Approved,
        reason: None,
        words: String::new(),
    };
    RefillAnswer { items: vec![item], message: String::new() }
}

fn withdrawal(scene: &Scene) -> Withdrawal {
    Withdrawal { items: vec![scene.medication_item] }
}

/// What an operation is sent.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    let body = match operation {
        "refills_request" => serde_json::to_value(wanted(scene)),
        "refills_answer" => serde_json::to_value(answer(scene)),
        "refills_withdraw" => serde_json::to_value(withdrawal(scene)),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// A prescription of Anna's with refills left, and for operations about one a request for it.
    pub async fn add_refill(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        self.medication = portal.prescription(self.patient, "Metformin", Default::default()).await;
        if operation == "refills_request" {
            return;
        }
        let anna = &people.patient.portal;
        let view = anna.request_medications(self.patient, &wanted(self), Uuid::new_v4()).await.unwrap();
        (self.medication_request, self.medication_item) = (view.id, view.items[0].id);
        self.version = view.version;
        self.refill = Some(view);
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id, key) = (scene.patient, scene.medication_request, Uuid::new_v4());
    match operation {
        "medications_list" => portal.medications(patient).await.map(drop),
        "refills_queue" => portal.medication_request_queue(&Default::default()).await.map(drop),
        "refills_list" => portal.medication_requests(patient, &Default::default()).await.map(drop),
        "refills_request" => portal.request_medications(patient, &wanted(scene), key).await.map(drop),
        "refills_open" => portal.medication_request(patient, id).await.map(drop),
        "refills_withdraw" => {
            portal.withdraw_medications(patient, id, &withdrawal(scene), key).await.map(drop)
        }
        "refills_answer" => {
            let seen = scene.refill.clone().expect("the scene has a request");
            portal.answer_medication_request(&seen, &answer(scene), key).await.map(drop)
        }
        other => panic!("the typed client does not reach {other}"),
    }
}
