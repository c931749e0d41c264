//! Decision 0022: what was accepted stands when the source sends its entry again, and staff are asked when it contradicts.

use portal_domain::proposals::ProposalOrigin;
use serde_json::{Value, json};

use super::*;
use crate::harness::charts;

/// A prescription as its source sends it.
fn sent(portal: &TestPortal, person: &Person, directions: &str, repeats: u32, status: &str) -> Value {
    let source = portal.sources.borrow()[&person.patient()].clone();
    charts::entry(json!({
        "resourceType": "MedicationRequest", "id": "rx-1", "status": status, "intent": "order",
        "subject": { "reference": format!("Patient/{source}") },
        "medicationCodeableConcept": { "text": "Metformin" },
        "dosageInstruction": [{ "text": directions }],
        "dispenseRequest": { "numberOfRepeatsAllowed": repeats },
    }))
}

async fn changed(portal: &TestPortal, anna: &Person, nurse: &Person) {
    portal.import(vec![sent(portal, anna, "1 a day", 3, "active")]).await;
    let own = entry(anna, ProposalSubject::Medication, "Metformin").await;
    let told = send(anna, &change(&own, &[(F::Directions, "2 a day")])).await.unwrap();
    accept(nurse, &told).await;
}

async fn directions(anna: &Person) -> String {
    entry(anna, ProposalSubject::Medication, "Metformin").await.fields.get(F::Directions).to_owned()
}

on_both! {
    async fn a_repeat_undoes_nothing_and_what_nobody_touched_follows_the_source(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        changed(&portal, &anna, &nurse).await;
        portal.import(vec![sent(&portal, &anna, "1 a day", 3, "active")]).await;
        assert_eq!(directions(&anna).await, "2 a day", "the same bundle again");
        portal.import(vec![sent(&portal, &anna, "1 a day", 5, "active")]).await;
        assert_eq!(directions(&anna).await, "2 a day", "the entry changed elsewhere");
        assert_eq!(anna.portal.medications(anna.patient()).await.unwrap()[0].refills_left, Some(5));
        assert!(waiting(&nurse).await.is_empty(), "nobody contradicts");
    }

    async fn a_source_that_contradicts_asks_staff_and_the_chart_stays_meanwhile(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        changed(&portal, &anna, &nurse).await;
        portal.import(vec![sent(&portal, &anna, "3 a day", 3, "active")]).await;
        assert_eq!(directions(&anna).await, "2 a day");
        let queue = waiting(&nurse).await;
        assert_eq!(queue.iter().map(|one| (one.origin, one.name.as_str())).collect::<Vec<_>>(), [(ProposalOrigin::Feed, "Metformin")]);
        assert!(anna.portal.proposals(anna.patient(), &Default::default()).await.unwrap().items.len() == 1, "a task of staff");
        assert_eq!(refused(anna.portal.proposal(anna.patient(), queue[0].id).await).code, Code::NotFound);

        // It says so again, with something else: one task, with the newest word.
        portal.import(vec![sent(&portal, &anna, "4 a day", 3, "active")]).await;
        let queue = waiting(&nurse).await;
        assert_eq!(queue.len(), 1);
        assert_eq!(queue[0].fields.get(F::Directions), "4 a day");
        let seen = nurse.portal.proposal(anna.patient(), queue[0].id).await.unwrap();
        assert_eq!(seen.proposed_by, None);
        answer(&nurse, &seen, &no()).await.unwrap();
        portal.import(vec![sent(&portal, &anna, "4 a day", 2, "active")]).await;
        assert_eq!(directions(&anna).await, "2 a day");
        assert!(waiting(&nurse).await.is_empty(), "that was answered");

        portal.import(vec![sent(&portal, &anna, "5 a day", 2, "active")]).await;
        let next = waiting(&nurse).await.remove(0);
        let seen = nurse.portal.proposal(anna.patient(), next.id).await.unwrap();
        answer(&nurse, &seen, &yes(&seen)).await.unwrap();
        assert_eq!(directions(&anna).await, "5 a day");
        portal.import(vec![sent(&portal, &anna, "5 a day", 1, "active")]).await;
        assert_eq!(directions(&anna).await, "5 a day");
        assert!(waiting(&nurse).await.is_empty());
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.len(), 1, "the patient hears of the own proposal alone");
    }

    async fn a_stopped_medication_stays_stopped_until_its_source_says_it_was_an_error(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        portal.import(vec![sent(&portal, &anna, "1 a day", 3, "active")]).await;
        let own = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        let told = send(&anna, &remove(&own)).await.unwrap();
        accept(&nurse, &told).await;
        portal.import(vec![sent(&portal, &anna, "1 a day", 4, "active")]).await;
        let now = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        assert_eq!((now.is_current, now.fields.get(F::Status)), (false, "Stopped"));
        assert!(waiting(&nurse).await.is_empty());
        portal.import(vec![sent(&portal, &anna, "1 a day", 4, "entered-in-error")]).await;
        assert!(entries(&anna, ProposalSubject::Medication).await.is_empty());
    }

    async fn an_address_that_was_accepted_stands_against_the_register(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let contact = entries(&anna, ProposalSubject::Contact).await.remove(0);
        let told = send(&anna, &change(&contact, &[(F::Street, "1 Elm St"), (F::City, "Salem"), (F::MobilePhone, "555 0100")])).await.unwrap();
        accept(&nurse, &told).await;
        let source = portal.sources.borrow()[&anna.patient()].clone();
        let mut person = charts::patient(&source, "Anna", "Lund");
        person["resource"]["telecom"] = json!([{ "system": "phone", "use": "work", "value": "555 0199" }]);
        portal.import(vec![person]).await;
        let now = entries(&anna, ProposalSubject::Contact).await.remove(0);
        let told = [F::Street, F::City, F::MobilePhone, F::WorkPhone].map(|field| now.fields.get(field).to_owned());
        assert_eq!(told, ["1 Elm St", "Salem", "555 0100", "555 0199"]);
    }
}
