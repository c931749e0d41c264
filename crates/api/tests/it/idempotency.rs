//! One effect per `Idempotency-Key`, and its answer for nobody else (API-1, P-8).

use diesel::prelude::*;
use portal_api::platform::db::{Conn, schema::account_roles};
use portal_client::Portal;
use portal_domain::{
    appointments::{AppointmentQuery, AppointmentView, NewRequest, Reason, Refusal, Which},
    ids::PatientId,
    problem::Code,
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{on_both, people::Person, refused};

async fn new_request(portal: &Portal) -> NewRequest {
    let location_id = portal.practice().await.unwrap().locations[0].id;
    NewRequest {
        location_id,
        provider_id: None,
        reason: Reason::Other,
        preferred: vec![],
        note: String::new(),
    }
}

async fn ask(person: &Person, key: Uuid) -> AppointmentView {
    let new = new_request(&person.portal).await;
    person.portal.request_appointment(person.patient(), &new, key).await.unwrap()
}

async fn pending(portal: &Portal, patient: PatientId) -> usize {
    let query = AppointmentQuery { which: Some(Which::Pending), ..Default::default() };
    portal.appointments(patient, &query).await.unwrap().items.len()
}

on_both! {
    async fn the_same_key_of_two_people_is_two_keys(portal) {
        let (anna, berta, key) = (portal.patient("Anna").await, portal.patient("Berta").await, Uuid::new_v4());
        let (hers, theirs) = (ask(&anna, key).await, ask(&berta, key).await);
        assert_eq!((hers.patient.id, theirs.patient.id), (anna.patient(), berta.patient()));
        assert_ne!(hers.id, theirs.id);

        let (noor, omar) = (portal.desk().await, portal.desk().await);
        let no = Refusal { reason: "The roof leaks.".into() };
        noor.portal.deny_appointment(&hers, &no, key).await.unwrap();
        let second = refused(omar.portal.deny_appointment(&hers, &no, key).await);
        assert_eq!(second.code, Code::WrongState, "a second clerk does not get the first one's answer");
    }

    async fn a_key_that_was_used_elsewhere_is_refused(portal) {
        let (anna, key) = (portal.patient("Anna").await, Uuid::new_v4());
        let asked = ask(&anna, key).await;
        let recall = refused(anna.portal.recall_appointment(anna.patient(), asked.id, key).await);
        assert_eq!(recall.code, Code::IdempotencyKeyReused);
        assert_eq!(pending(&anna.portal, anna.patient()).await, 1, "it still stands");
    }

    async fn an_answer_is_replayed_only_to_who_may_still_see_it(portal) {
        let (anna, desk, key) = (portal.patient("Anna").await, portal.desk().await, Uuid::new_v4());
        let asked = ask(&anna, Uuid::new_v4()).await;
        let no = Refusal { reason: "The roof leaks.".into() };
        let first = desk.portal.deny_appointment(&asked, &no, key).await.unwrap();
        assert_eq!(desk.portal.deny_appointment(&asked, &no, key).await.unwrap(), first, "a repeat gets the first answer");

        let account = desk.session.account_id;
        let cut = move |conn: &mut Conn| {
            diesel::delete(account_roles::table.filter(account_roles::account_id.eq(account))).execute(conn)?;
            Ok(())
        };
        portal.app.db.write(cut).await.unwrap();
        let cut = refused(desk.portal.deny_appointment(&asked, &no, key).await);
        assert_eq!(cut.code, Code::RoleRequired, "who lost the role loses the answer");
        desk.portal.sign_out().await.unwrap();
        let gone = refused(desk.portal.deny_appointment(&asked, &no, key).await);
        assert_eq!(gone.code, Code::SignInRequired);
    }

    async fn what_was_refused_uses_no_key_up(portal) {
        let (anna, key) = (portal.patient("Anna").await, Uuid::new_v4());
        let right = new_request(&anna.portal).await;
        let wrong = NewRequest { note: "x".repeat(501), ..right.clone() };
        let problem = refused(anna.portal.request_appointment(anna.patient(), &wrong, key).await);
        assert_eq!(problem.code, Code::Invalid);
        anna.portal.request_appointment(anna.patient(), &right, key).await.unwrap();
        let other = refused(anna.portal.request_appointment(anna.patient(), &wrong, key).await);
        assert_eq!(other.code, Code::IdempotencyKeyReused, "the same key for another request");
    }

    async fn a_key_has_1_to_64_visible_characters(portal) {
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let path = format!("/api/v1/patients/{}/appointments", anna.patient());
        let body = json!({ "location_id": portal.visitor().practice().await.unwrap().locations[0].id, "reason": "other" });
        for (key, status) in [("", 422), (&*"k".repeat(65), 422), ("schl\u{fc}ssel", 422), (&*"k".repeat(64), 201)] {
            let request = portal.request("POST", &path).header("Idempotency-Key", key).json(&body);
            let answer = portal.send(&cookie, request).await;
            assert_eq!(answer.status, status, "{key}: {answer:?}");
            if status == 422 {
                assert_eq!(answer.problem().errors[0].field, "Idempotency-Key");
            }
        }
    }
}
