//! Every operation of the requests not to share or use something: what it is sent, what it begins with, how the client calls it.

use portal_client::{Error, Portal};
use portal_domain::{
    access::Role,
    restrictions::{NewRestriction, RestrictionAim, RestrictionAnswer},
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::harness::portal::TestPortal;

fn new() -> NewRestriction {
    NewRestriction {
        aim: RestrictionAim::Person,
        what: "My visits".into(),
        limit: "Not my brother.".into(),
        why: String::new(),
    }
}

fn answer() -> RestrictionAnswer {
    RestrictionAnswer { denial: None, words: "We tell him nothing.".into() }
}

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    let body = match operation {
        "restrictions_request" => serde_json::to_value(new()),
        "restrictions_answer" => serde_json::to_value(answer()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// A request of Anna's: one that was agreed where everybody of the staff looks at it, else one that waits.
    pub async fn add_restriction(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        let anna = &people.patient.portal;
        let mut sent = anna.request_restriction(self.patient, &new(), Uuid::new_v4()).await.unwrap();
        if operation == "restrictions_open" {
            let records = portal.staff(Role::Records).await.portal;
            sent = records.answer_restriction(&sent, &answer(), Uuid::new_v4()).await.unwrap();
        }
        (self.restriction, self.version) = (sent.petitioned.id, sent.petitioned.version);
        self.limited = Some(sent);
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id, key) = (scene.patient, scene.restriction, Uuid::new_v4());
    match operation {
        "restrictions_queue" => portal.restriction_queue(&Default::default()).await.map(drop),
        "restrictions_list" => portal.restrictions(patient, &Default::default()).await.map(drop),
        "restrictions_request" => portal.request_restriction(patient, &new(), key).await.map(drop),
        "restrictions_open" => portal.restriction(patient, id).await.map(drop),
        "restrictions_withdraw" => portal.withdraw_restriction(patient, id, key).await.map(drop),
        "restrictions_answer" => {
            let seen = scene.limited.clone().expect("the scene has a request");
            portal.answer_restriction(&seen, &answer(), key).await.map(drop)
        }
        other => panic!("the typed client does not reach {other}"),
    }
}
