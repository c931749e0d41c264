//! LAB-1 and LAB-3: unreleased results are nowhere, a release is one act with its inbox item.

mod by_test;
mod policies;
mod recall;
mod together;

use portal_client::Portal;
use portal_domain::{
    access::Role,
    ids::{PatientId, ResultId},
    mail::ItemKind,
    page::PageQuery,
    problem::Code,
    results::{Flag, Release, Value},
    time::Time,
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    charts::entry,
    on_both,
    people::Person,
    portal::{TestPortal, begin},
    refused,
};

fn day(day: u32) -> Time {
    format!("2026-09-{day:02}T08:00:00Z").parse().unwrap()
}

async fn release(provider: &Person, patient: PatientId, result: ResultId, comment: &str) {
    let seen = provider.portal.result(patient, result).await.unwrap();
    let release = Release { comment: Some(comment.into()) };
    provider.portal.release_result(patient, result, seen.version, &release, Uuid::new_v4()).await.unwrap();
}

async fn titles(portal: &Portal, patient: PatientId) -> Vec<ResultId> {
    let page = portal.results(patient, &PageQuery::default()).await.unwrap();
    page.items.into_iter().map(|item| item.id).collect()
}

/// The tag of the patient's list as this reader gets it.
async fn tag(portal: &TestPortal, reader: &Person, patient: PatientId) -> String {
    let request = portal.request("GET", &format!("/api/v1/patients/{patient}/results"));
    let answer = portal.send(&portal.cookie(reader).await, request).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.header("etag").to_owned()
}

async fn patient_with_two_results(portal: &TestPortal) -> (Person, ResultId, ResultId) {
    let anna = portal.patient("Anna").await;
    let first = portal.result(anna.patient(), day(1), "5.2").await;
    let second = portal.result(anna.patient(), day(20), "6.4").await;
    (anna, first, second)
}

/// An unreleased result with a value far above the usual range.
async fn critical(portal: &TestPortal, patient: PatientId) -> ResultId {
    let source = portal.sources.borrow()[&patient].clone();
    let value = entry(json!({
        "resourceType": "Observation", "id": Uuid::new_v4().to_string(), "status": "final",
        "category": [{ "coding": [{ "code": "laboratory" }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "4548-4" }], "text": "Hemoglobin A1c" },
        "subject": { "reference": format!("Patient/{source}") }, "effectiveDateTime": "2026-09-02T08:00:00Z",
        "valueQuantity": { "value": 15.1, "unit": "%" },
        "interpretation": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "HH",
        }] }],
    }));
    portal.import(vec![value]).await;
    let provider = portal.staff(Role::Provider).await;
    let queue = provider.portal.unreleased_results(&Default::default()).await.unwrap();
    let item =
        queue.items.iter().find(|item| item.result.flag == Flag::CriticalHigh && item.patient.id == patient);
    item.unwrap().result.id
}

on_both! {
    async fn an_unreleased_result_is_nowhere_for_the_patient(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        assert_eq!(titles(&anna.portal, anna.patient()).await, []);
        assert_eq!(refused(anna.portal.result(anna.patient(), first).await).code, Code::NotFound);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((inbox.items.len(), inbox.unread), (0, 0));
        assert_eq!(refused(anna.portal.unreleased_results(&Default::default()).await).code, Code::RoleRequired);
    }

    async fn a_release_shows_the_result_and_puts_it_into_the_inbox(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let queue = provider.portal.unreleased_results(&Default::default()).await.unwrap();
        assert_eq!(queue.items.iter().map(|item| item.result.id).collect::<Vec<_>>(), [first, second], "longest waiting first");

        release(&provider, anna.patient(), second, "  A little above the usual range.  ").await;
        assert_eq!(titles(&anna.portal, anna.patient()).await, [second]);
        let view = anna.portal.result(anna.patient(), second).await.unwrap();
        assert_eq!(view.provider_comment.as_deref(), Some("A little above the usual range."));
        assert_eq!(view.released_by.as_deref(), Some("Staff provider"));
        let value = &view.observations[0];
        assert_eq!(value.flag, Flag::High);
        assert_eq!(value.value, Some(Value::Quantity { text: "6.4".into(), number: 6.4, unit: "%".into() }));
        assert_eq!(value.earlier, [], "the unreleased earlier value stays out of the history");

        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.unread, 1);
        assert_eq!((inbox.items[0].kind, inbox.items[0].subject_id), (ItemKind::ResultReleased, second.0));
        anna.portal.mark_read(anna.patient(), inbox.items[0].id).await.unwrap();
        assert_eq!(anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap().unread, 0);

        release(&provider, anna.patient(), first, "").await;
        let view = anna.portal.result(anna.patient(), second).await.unwrap();
        assert_eq!(view.observations[0].earlier.iter().map(|earlier| earlier.result_id).collect::<Vec<_>>(), [first]);
    }

    async fn a_provider_releases_what_the_provider_saw_and_once(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let none = Release::default();
        let key = Uuid::new_v4();
        let stale = provider.portal.release_result(anna.patient(), first, 99, &none, Uuid::new_v4()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
        let done = provider.portal.release_result(anna.patient(), first, 1, &none, key).await.unwrap();
        let again = provider.portal.release_result(anna.patient(), first, 1, &none, key).await.unwrap();
        assert_eq!(done, again, "the same key gets the first answer");
        let twice = provider.portal.release_result(anna.patient(), first, 2, &none, Uuid::new_v4()).await;
        assert_eq!(refused(twice).code, Code::AlreadyReleased);
        let other = Release { comment: Some("Another".into()) };
        let reused = provider.portal.release_result(anna.patient(), first, 1, &other, key).await;
        assert_eq!(refused(reused).code, Code::IdempotencyKeyReused);
        assert_eq!(anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap().items.len(), 1);
    }

    async fn only_providers_release_and_only_clinical_staff_look(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        for role in Role::ALL {
            let staff = portal.staff(*role).await;
            let sees = matches!(role, Role::Provider | Role::Nurse);
            assert_eq!(staff.portal.result(anna.patient(), first).await.is_ok(), sees, "{role}");
            if *role != Role::Provider {
                let answer = staff.portal.release_result(anna.patient(), first, 1, &Release::default(), Uuid::new_v4()).await;
                assert_eq!(refused(answer).code, Code::RoleRequired, "{role}");
            }
        }
        let own = anna.portal.release_result(anna.patient(), first, 1, &Release::default(), Uuid::new_v4()).await;
        assert_eq!(refused(own).code, Code::RoleRequired);
    }

    async fn another_patients_result_is_like_none(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        release(&provider, anna.patient(), first, "").await;
        let berta = portal.patient("Berta").await;
        let mut foreign = refused(berta.portal.result(anna.patient(), first).await);
        let mut random = refused(berta.portal.result(PatientId(Uuid::new_v4()), ResultId(Uuid::new_v4())).await);
        (foreign.request_id, random.request_id) = (None, None);
        assert_eq!(foreign, random);
        assert_eq!(refused(berta.portal.result(berta.patient(), first).await).code, Code::NotFound, "own path, foreign id");
    }

    async fn pages_go_through_every_result_once(portal) {
        let anna = portal.patient("Anna").await;
        let provider = portal.staff(Role::Provider).await;
        let mut made = Vec::new();
        for n in 1..=7 {
            // Two of each day: the id decides between equal times.
            let result = portal.result(anna.patient(), day(n / 2 + 1), "5.0").await;
            release(&provider, anna.patient(), result, "").await;
            made.push(result);
        }
        let mut seen = Vec::new();
        let mut query = PageQuery { cursor: None, limit: Some(3) };
        loop {
            let page = anna.portal.results(anna.patient(), &query).await.unwrap();
            seen.extend(page.items.into_iter().map(|item| item.id));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        let unique: std::collections::HashSet<_> = seen.iter().copied().collect();
        assert_eq!((seen.len(), unique.len()), (made.len(), made.len()));
        let problem = refused(anna.portal.results(anna.patient(), &PageQuery { cursor: Some("x".into()), limit: None }).await);
        assert_eq!(problem.errors[0].field, "cursor");
        let problem = refused(anna.portal.results(anna.patient(), &PageQuery { cursor: None, limit: Some(101) }).await);
        assert_eq!(problem.errors[0].field, "limit");
    }

    async fn the_earlier_values_are_of_the_same_test_in_the_same_system_and_never_its_own(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        release(&provider, anna.patient(), first, "").await;
        let source = portal.sources.borrow()[&anna.patient()].clone();
        let value = |id: &str, system: &str, at: &str| entry(json!({
            "resourceType": "Observation", "id": id, "status": "final",
            "category": [{ "coding": [{ "code": "laboratory" }] }],
            "code": { "coding": [{ "system": system, "code": "4548-4" }], "text": "Other" },
            "subject": { "reference": format!("Patient/{source}") }, "effectiveDateTime": at,
            "valueQuantity": { "value": 9.9 },
        }));
        // One report with the same test before and after a meal, the report dated by the later of the two.
        let report = entry(json!({
            "resourceType": "DiagnosticReport", "id": "own", "status": "final", "code": { "text": "Two times" },
            "subject": { "reference": format!("Patient/{source}") }, "effectiveDateTime": "2026-09-25T08:00:00Z",
            "result": [{ "reference": "Observation/morning" }, { "reference": "Observation/noon" }],
        }));
        let view = portal.import(vec![
            value("local", "urn:another-system", "2026-09-02T08:00:00Z"),
            value("morning", "http://loinc.org", "2026-09-24T08:00:00Z"),
            value("noon", "http://loinc.org", "2026-09-25T08:00:00Z"),
            report,
        ]).await;
        let own = ResultId(view.entries[3].id.unwrap());
        let queue = provider.portal.unreleased_results(&Default::default()).await.unwrap();
        for item in queue.items.iter().filter(|item| item.result.id != second) {
            release(&provider, anna.patient(), item.result.id, "").await;
        }
        let view = anna.portal.result(anna.patient(), own).await.unwrap();
        for value in &view.observations {
            let earlier: Vec<_> = value.earlier.iter().map(|earlier| earlier.result_id).collect();
            assert_eq!(earlier, [first], "each value has the history, without itself and without another system's code");
        }
    }

    async fn the_tag_of_a_patients_list_says_nothing_of_what_is_not_released(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let empty = tag(&portal, &anna, anna.patient()).await;
        let staff = tag(&portal, &provider, anna.patient()).await;
        portal.result(anna.patient(), day(21), "5.0").await;
        assert_eq!(tag(&portal, &anna, anna.patient()).await, empty, "an import that nobody released is not told");
        assert_ne!(tag(&portal, &provider, anna.patient()).await, staff);
        release(&provider, anna.patient(), first, "").await;
        assert_ne!(tag(&portal, &anna, anna.patient()).await, empty, "a release is");
    }
}

#[test]
fn the_tests_days_lie_before_the_tests_begin() {
    assert!(day(30) < begin());
}
