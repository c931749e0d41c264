//! A health record for the operations that are about it.

use diesel::prelude::*;
use portal_api::{
    features::health_record::make_due,
    platform::db::schema::{health_records, transmissions},
};
use portal_client::{Error, Portal};
use portal_domain::{
    outbox::MailKind,
    record::{NewHealthRecord, RecordFailure, RecordFormat, RecordState},
    transmissions::{NewTransmission, TransmissionKey, TransmissionWay},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::harness::portal::TestPortal;

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "health_records_request" => json!({}),
        "health_records_check" => json!({ "format": "text" }),
        "transmissions_send" => json!({ "recipient": "clinic@example.org", "format": "text", "way": "link" }),
        _ => return None,
    })
}

impl Scene {
    /// A record of Anna's that is ready; one that failed for the operation that tries again.
    pub async fn add_record(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        let asked = NewHealthRecord::default();
        let anna = &people.patient;
        let record = anna.portal.request_health_record(self.patient, &asked, Uuid::new_v4()).await.unwrap();
        self.record = record.id;
        // What an operation before this one asked for is made with it.
        assert!(make_due(&portal.app).await.unwrap() > 0);
        if operation == "health_records_retry" {
            let row = health_records::table.filter(health_records::id.eq(record.id));
            let failed = move |conn: &mut portal_api::platform::db::Conn| {
                diesel::update(row)
                    .set((
                        health_records::state.eq(RecordState::Failed),
                        health_records::failure.eq(RecordFailure::Internal),
                    ))
                    .execute(conn)?;
                Ok(())
            };
            portal.app.db.write(failed).await.unwrap();
        }
    }
}

impl Scene {
    /// A record of Anna's and, but for the operation that sends one, a copy that was sent of it.
    pub async fn add_transmission(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        self.add_record(portal, people, operation).await;
        if operation == "transmissions_send" {
            // At most so many may be sent in a day, and everybody tries.
            let forget = |conn: &mut portal_api::platform::db::Conn| {
                Ok(diesel::delete(transmissions::table).execute(conn)?)
            };
            portal.app.db.write(forget).await.unwrap();
            return;
        }
        self.add_copy(portal, people).await;
    }

    async fn add_copy(&mut self, portal: &TestPortal, people: &People) {
        let to = format!("clinic.{}@example.org", Uuid::new_v4().simple());
        let new = NewTransmission {
            recipient: to.clone(),
            format: RecordFormat::Text,
            way: TransmissionWay::Link,
            days: None,
            accepts_unencrypted: false,
        };
        let anna = &people.patient.portal;
        let sent = anna.send_transmission(self.patient, self.record, &new, Uuid::new_v4()).await.unwrap();
        let token = portal.mail_to(&to, MailKind::RecordShared).await.token();
        self.transmission = sent.transmission.id;
        self.transmission_key = Some(TransmissionKey { token, code: sent.code.unwrap() });
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id) = (scene.patient, scene.record);
    match operation {
        "health_records_list" => portal.health_records(patient, &Default::default()).await.map(drop),
        "health_records_request" => {
            portal.request_health_record(patient, &Default::default(), Uuid::new_v4()).await.map(drop)
        }
        "health_records_open" => portal.health_record(patient, id).await.map(drop),
        "health_records_retry" => portal.retry_health_record(patient, id).await.map(drop),
        "health_records_check" => portal.check_health_record_download(patient, id, RecordFormat::Text).await,
        "health_records_download" => {
            portal.health_record_file(patient, id, RecordFormat::Text).await.map(drop)
        }
        "transmissions_send" => {
            let body = serde_json::from_value(body(operation).unwrap()).unwrap();
            portal.send_transmission(patient, id, &body, Uuid::new_v4()).await.map(drop)
        }
        "transmissions_list" => portal.transmissions(patient, &Default::default()).await.map(drop),
        "transmissions_withdraw" => portal.withdraw_transmission(patient, scene.transmission).await.map(drop),
        "transmissions_open" => {
            portal.open_transmission(scene.transmission_key.as_ref().unwrap()).await.map(drop)
        }
        "transmissions_download" => {
            portal.download_transmission(scene.transmission_key.as_ref().unwrap()).await.map(drop)
        }
        other => panic!("the typed client does not reach {other}"),
    }
}
