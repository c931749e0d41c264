//! MED-2: the medication list, requests for refills and renewals, answers drug by drug; the races among them.

mod answering;
mod medications;

use chrono::TimeDelta;
use portal_domain::{
    access::Role,
    ids::ChartItemId,
    problem::Problem,
    refills::{
        ItemState, MedicationRequestView, NewMedicationRequest, RequestKind, RequestState, WantedMedication,
        Withdrawal,
    },
};
use uuid::Uuid;

use crate::harness::{charts::Prescription, on_both, people::Person, portal::TestPortal, refused};

fn wanted(all: &[(ChartItemId, RequestKind)]) -> NewMedicationRequest {
    NewMedicationRequest {
        items: all
            .iter()
            .map(|(medication, kind)| WantedMedication { medication: *medication, kind: *kind })
            .collect(),
        pharmacy: "Corner Pharmacy, Main Street".into(),
        note: "I leave on Friday.".into(),
    }
}

/// A request for one refill each of these drugs.
async fn asked(portal: &TestPortal, person: &Person, drugs: &[&str]) -> MedicationRequestView {
    let mut items = Vec::new();
    for drug in drugs {
        let id = portal.prescription(person.patient(), drug, Prescription::default()).await;
        items.push((id, RequestKind::Refill));
    }
    let sent =
        person.portal.request_medications(person.patient(), &wanted(&items), Uuid::new_v4()).await.unwrap();
    portal.clock.advance(TimeDelta::seconds(1));
    sent
}

async fn waiting(nurse: &Person) -> Vec<MedicationRequestView> {
    nurse.portal.medication_request_queue(&Default::default()).await.unwrap().items
}

fn errors(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

on_both! {
    async fn a_request_waits_in_the_queue_with_its_due_time_oldest_first(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let first = asked(&portal, &anna, &["Metformin", "Lisinopril"]).await;
        let second = asked(&portal, &berta, &["Albuterol"]).await;
        assert_eq!(first.due_at.to_string(), "2026-10-07T14:00:00Z", "two business days after a Monday");
        assert_eq!((first.state, first.items[0].state, first.items[0].drug.as_str()), (RequestState::Open, ItemState::Waiting, "Metformin"));
        assert_eq!((first.pharmacy.as_str(), first.note.as_str()), ("Corner Pharmacy, Main Street", "I leave on Friday."));

        let nurse = portal.staff(Role::Nurse).await;
        assert_eq!(waiting(&nurse).await, [first.clone(), second]);
        let page = portal_domain::refills::RefillQueueQuery { limit: Some(1), ..Default::default() };
        let one = nurse.portal.medication_request_queue(&page).await.unwrap();
        let next = portal_domain::refills::RefillQueueQuery { cursor: one.next, ..page };
        assert_eq!(nurse.portal.medication_request_queue(&next).await.unwrap().items[0].patient.given_name, "Berta");

        let own = anna.portal.medication_requests(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(own.items, std::slice::from_ref(&first));
        portal.clock.advance(TimeDelta::hours(49));
        let nurse = portal.staff(Role::Provider).await;
        assert!(nurse.portal.medication_request(first.patient.id, first.id).await.unwrap().is_overdue);
    }

    async fn what_is_not_offered_now_is_refused_and_then_nothing_of_the_request_is_kept(portal) {
        let anna = portal.patient("Anna").await;
        let refill = portal.prescription(anna.patient(), "Metformin", Prescription::default()).await;
        let none_left = Prescription { refills: Some(0), ..Default::default() };
        let renewal = portal.prescription(anna.patient(), "Lisinopril", none_left).await;
        let stopped = Prescription { status: "stopped", ..Default::default() };
        let stopped = portal.prescription(anna.patient(), "Amlodipine", stopped).await;
        let foreign = portal.prescription(portal.patient("Berta").await.patient(), "Albuterol", Default::default()).await;
        let ask = wanted(&[
            (refill, RequestKind::Refill), (renewal, RequestKind::Refill), (stopped, RequestKind::Renewal),
            (foreign, RequestKind::Refill), (refill, RequestKind::Refill),
        ]);
        let refusal = refused(anna.portal.request_medications(anna.patient(), &ask, Uuid::new_v4()).await);
        assert_eq!(errors(&refusal), [
            ("items[1].kind", "no_refills"), ("items[2].kind", "stopped"), ("items[3].medication", "unknown"),
            ("items[4].medication", "twice"),
        ]);
        assert!(waiting(&portal.staff(Role::Nurse).await).await.is_empty(), "nothing was written");
        let ask = wanted(&[(refill, RequestKind::Refill), (renewal, RequestKind::Renewal)]);
        anna.portal.request_medications(anna.patient(), &ask, Uuid::new_v4()).await.unwrap();
    }

    async fn a_drug_waits_in_one_request_at_a_time_even_when_many_ask_at_once(portal) {
        let anna = portal.patient("Anna").await;
        let drug = portal.prescription(anna.patient(), "Metformin", Prescription::default()).await;
        let ask = wanted(&[(drug, RequestKind::Refill)]);
        let tries = (0..20).map(|_| anna.portal.request_medications(anna.patient(), &ask, Uuid::new_v4()));
        let answers = futures_util::future::join_all(tries).await;
        let (kept, refusals): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(kept.len(), 1);
        for refusal in refusals {
            assert_eq!(errors(&refused(refusal)), [("items[0].kind", "already_requested")]);
        }
        let shown = anna.portal.medications(anna.patient()).await.unwrap();
        assert_eq!(shown[0].request.unwrap().id, kept.into_iter().next().unwrap().unwrap().id);
    }

    async fn a_repeat_with_the_same_key_asks_once(portal) {
        let anna = portal.patient("Anna").await;
        let drug = portal.prescription(anna.patient(), "Metformin", Prescription::default()).await;
        let (ask, key) = (wanted(&[(drug, RequestKind::Refill)]), Uuid::new_v4());
        let first = anna.portal.request_medications(anna.patient(), &ask, key).await.unwrap();
        assert_eq!(anna.portal.request_medications(anna.patient(), &ask, key).await.unwrap(), first);
        assert_eq!(waiting(&portal.staff(Role::Nurse).await).await.len(), 1);
    }

    async fn what_is_taken_back_leaves_the_queue_and_can_be_asked_for_again(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = asked(&portal, &anna, &["Metformin", "Lisinopril"]).await;
        let back = |items: &[usize]| Withdrawal { items: items.iter().map(|at| sent.items[*at].id).collect() };
        let withdraw = async |back: &Withdrawal| {
            anna.portal.withdraw_medications(anna.patient(), sent.id, back, Uuid::new_v4()).await
        };
        let half = withdraw(&back(&[0])).await.unwrap();
        assert_eq!((half.state, half.items[0].state, half.items[1].state), (RequestState::Open, ItemState::Withdrawn, ItemState::Waiting));
        assert_eq!(waiting(&nurse).await, [half]);
        let again = refused(withdraw(&back(&[0, 1])).await);
        assert_eq!((again.code, again.detail.as_deref()), (portal_domain::problem::Code::WrongState, Some("Its state is withdrawn.")));
        let whole = withdraw(&back(&[1])).await.unwrap();
        assert_eq!(whole.state, RequestState::Withdrawn);
        assert!(waiting(&nurse).await.is_empty());
        let none = Withdrawal { items: vec![] };
        assert_eq!(errors(&refused(withdraw(&none).await)), [("items", "required")]);

        let ask = wanted(&[(sent.items[0].medication_id, RequestKind::Refill)]);
        anna.portal.request_medications(anna.patient(), &ask, Uuid::new_v4()).await.unwrap();
        assert_eq!(waiting(&nurse).await.len(), 1);
    }
}
