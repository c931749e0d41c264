//! Emergency access, for the operations that are about it.

use diesel::prelude::*;
use portal_api::platform::db::{
    Conn,
    schema::{account_locations, locations},
};
use portal_client::{Error, Portal};
use portal_domain::{
    accounts::StaffLocations,
    emergency::{EmergencyReason, NewEmergencyAccess},
    ids::{AccountId, LocationId},
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::harness::portal::TestPortal;

fn new() -> NewEmergencyAccess {
    NewEmergencyAccess { reason: EmergencyReason::Treatment, note: "She fainted in our waiting room.".into() }
}

fn everywhere() -> StaffLocations {
    StaffLocations { locations: vec![] }
}

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    match operation {
        "emergency_begin" => serde_json::to_value(new()).ok(),
        "helping_set_locations" => serde_json::to_value(everywhere()).ok(),
        _ => None,
    }
}

impl Scene {
    /// Anna belongs to one location, and all of the staff to another; for any other operation they work everywhere.
    pub async fn add_emergency(&self, portal: &TestPortal, people: &People, operation: &str) {
        let apart = operation == "emergency_begin";
        if apart {
            let anna = &people.patient.portal;
            anna.request_appointment(self.patient, &self.new_request(), Uuid::new_v4()).await.unwrap();
        }
        let mut staff: Vec<AccountId> = people.staff.iter().map(|(_, one)| AccountId(one.id)).collect();
        staff.extend([&people.desk, &people.doctor, &people.admin].map(|one| one.session.account_id));
        let known_at = self.provider.location_id.unwrap();
        let bind = move |conn: &mut Conn| {
            diesel::delete(account_locations::table).execute(conn)?;
            let other = locations::table.filter(locations::id.ne(known_at)).select(locations::id);
            let other: LocationId = other.first(conn)?;
            for account in staff.iter().filter(|_| apart) {
                diesel::insert_into(account_locations::table)
                    .values((
                        account_locations::account_id.eq(*account),
                        account_locations::location_id.eq(other),
                    ))
                    .execute(conn)?;
            }
            Ok(())
        };
        portal.app.db.write(bind).await.unwrap();
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, key) = (scene.patient, Uuid::new_v4());
    match operation {
        "emergency_standing" => portal.emergency_standing(patient).await.map(drop),
        "emergency_begin" => portal.begin_emergency(patient, &new(), key).await.map(drop),
        "emergency_end" => portal.end_emergency(patient).await.map(drop),
        "emergency_list" => portal.emergency_accesses(&Default::default()).await.map(drop),
        "helping_set_locations" => portal.set_staff_locations(scene.account, &everywhere()).await,
        other => panic!("the typed client does not reach {other}"),
    }
}
