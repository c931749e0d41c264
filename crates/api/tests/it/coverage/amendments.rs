//! Every operation of the slice `amendments`: what it is sent, what it begins with, how the client calls it.

use portal_client::{Error, Portal};
use portal_domain::{
    amendments::{AmendmentAnswer, NewAmendment},
    record::Section,
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};

fn new() -> NewAmendment {
    NewAmendment {
        section: Section::Conditions,
        entry: "Asthma".into(),
        wrong: "I never had it.".into(),
        right: "It was bronchitis.".into(),
    }
}

fn answer() -> AmendmentAnswer {
    AmendmentAnswer { denial: None, words: "We corrected it.".into() }
}

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    let body = match operation {
        "amendments_request" => serde_json::to_value(new()),
        "amendments_answer" => serde_json::to_value(answer()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// A request of Anna's.
    pub async fn add_amendment(&mut self, people: &People) {
        let anna = &people.patient.portal;
        let sent = anna.request_amendment(self.patient, &new(), Uuid::new_v4()).await.unwrap();
        (self.amendment, self.version) = (sent.petitioned.id, sent.petitioned.version);
        self.amended = Some(sent);
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id, key) = (scene.patient, scene.amendment, Uuid::new_v4());
    match operation {
        "amendments_queue" => portal.amendment_queue(&Default::default()).await.map(drop),
        "amendments_list" => portal.amendments(patient, &Default::default()).await.map(drop),
        "amendments_request" => portal.request_amendment(patient, &new(), key).await.map(drop),
        "amendments_open" => portal.amendment(patient, id).await.map(drop),
        "amendments_withdraw" => portal.withdraw_amendment(patient, id, key).await.map(drop),
        "amendments_answer" => {
            let seen = scene.amended.clone().expect("the scene has a request");
            portal.answer_amendment(&seen, &answer(), key).await.map(drop)
        }
        other => panic!("the typed client does not reach {other}"),
    }
}
