//! LAB-4: a patient's results by test, and finding one. What no provider or policy has released is in neither.

use portal_domain::results::{ResultsQuery, ResultsShown, Susceptibility, TestView};

use super::*;

fn q(words: &str) -> ResultsQuery {
    ResultsQuery { q: Some(words.into()), ..Default::default() }
}

async fn tests(reader: &Person, patient: PatientId, query: &ResultsQuery) -> Vec<TestView> {
    reader.portal.tests(patient, query).await.unwrap().items
}

/// A laboratory value of this patient.
fn value(portal: &TestPortal, patient: PatientId, id: &str, more: serde_json::Value) -> serde_json::Value {
    let mut resource = json!({
        "resourceType": "Observation", "id": id, "status": "final",
        "category": [{ "coding": [{ "code": "laboratory" }] }],
        "subject": { "reference": format!("Patient/{}", portal.sources.borrow()[&patient]) },
    });
    resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry(resource)
}

fn sodium(at: &str, number: f64, unit: &str) -> serde_json::Value {
    json!({
        "code": { "coding": [{ "system": "http://loinc.org", "code": "2951-2" }], "text": "Sodium in Serum" },
        "effectiveDateTime": at, "valueQuantity": { "value": number, "unit": unit },
    })
}

async fn release_everything(provider: &Person) {
    let queue = provider.portal.unreleased_results(&Default::default()).await.unwrap();
    for item in queue.items {
        release(provider, item.patient.id, item.result.id, "").await;
    }
}

on_both! {
    async fn each_test_has_its_newest_released_value_and_how_it_went(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        portal.result(patient, day(25), "9.9").await;
        assert_eq!(tests(&anna, patient, &Default::default()).await, [], "nothing is released");
        let seen = tests(&provider, patient, &Default::default()).await;
        assert_eq!((seen.len(), seen[0].count), (1, 3), "staff see what waits");

        release(&provider, patient, first, "").await;
        release(&provider, patient, second, "").await;
        let seen = tests(&anna, patient, &Default::default()).await;
        let [a1c] = &seen[..] else { panic!("one test") };
        assert_eq!((a1c.result_id, a1c.count, a1c.flag), (second, 2, Flag::High), "not of the one that waits");
        assert_eq!(a1c.value, Value::Quantity { text: "6.4".into(), number: 6.4, unit: "%".into() });
        assert_eq!(a1c.points.iter().map(|point| (point.at, point.number)).collect::<Vec<_>>(), [(day(1), 5.2), (day(20), 6.4)]);
    }

    async fn what_waits_changes_neither_list_nor_search_nor_their_tags(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        release(&provider, patient, first, "").await;
        let look = async || {
            let mut seen = Vec::new();
            for path in ["results?q=sodium", "results?only=outside", "tests", "tests?q=sodium", "tests?only=outside"] {
                let request = portal.request("GET", &format!("/api/v1/patients/{patient}/{path}"));
                let answer = portal.send(&portal.cookie(&anna).await, request).await;
                assert_eq!(answer.status, 200, "{answer:?}");
                seen.push((answer.header("etag").to_owned(), answer.body.clone()));
            }
            seen
        };
        let before = look().await;
        portal.import(vec![value(&portal, patient, "sodium", sodium("2026-09-22T08:00:00Z", 131.0, "mmol/L"))]).await;
        assert_eq!(look().await, before);
        let queue = provider.portal.unreleased_results(&Default::default()).await.unwrap();
        let waiting = queue.items.iter().find(|item| item.result.title.starts_with("Sodium")).unwrap().result.id;
        release(&provider, patient, waiting, "").await;
        assert_ne!(look().await, before);
        assert_eq!(tests(&anna, patient, &q("sodium")).await.len(), 1);
        let recall = portal_domain::results::Recall { reason: portal_domain::results::RecallReason::WrongResult, words: None };
        provider.portal.recall_result(patient, waiting, 2, &recall, Uuid::new_v4()).await.unwrap();
        let bodies = |all: Vec<(String, String)>| all.into_iter().map(|one| one.1).collect::<Vec<_>>();
        assert_eq!(bodies(look().await), bodies(before), "what was taken back is gone again");
    }

    async fn words_find_a_test_by_its_own_name_and_by_that_of_its_panel(portal) {
        let anna = portal.patient("Anna").await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let subject = json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&patient]) });
        let view = portal.import(vec![
            value(&portal, patient, "sodium", sodium("2026-09-22T08:00:00Z", 131.0, "mmol/L")),
            entry(json!({
                "resourceType": "DiagnosticReport", "id": "panel", "status": "final", "code": { "text": "Électrolytes" },
                "subject": subject, "result": [{ "reference": "Observation/sodium" }],
            })),
        ]).await;
        let panel = ResultId(view.entries[1].id.unwrap());
        portal.result(patient, day(3), "5.0").await;
        release_everything(&provider).await;
        let found = async |query: &ResultsQuery| -> Vec<ResultId> {
            let page = anna.portal.find_results(patient, query).await.unwrap();
            page.items.into_iter().map(|item| item.id).collect()
        };
        for words in ["electro", "SODIUM", "serum sod"] {
            assert_eq!(found(&q(words)).await, [panel], "{words}");
        }
        assert_eq!(found(&q("odium")).await, [], "words are found by their beginning");
        assert_eq!(found(&q("")).await.len(), 2);
        assert_eq!(tests(&anna, patient, &q("hemo")).await.len(), 1);
        assert_eq!(refused(anna.portal.tests(patient, &q(&"x".repeat(101))).await).errors[0].field, "q");
        let outside = ResultsQuery { only: Some(ResultsShown::Outside), ..Default::default() };
        assert_eq!((found(&outside).await, tests(&anna, patient, &outside).await), (vec![], vec![]));
    }

    async fn a_line_is_drawn_in_one_unit_and_without_what_was_never_true(portal) {
        let anna = portal.patient("Anna").await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let mut wrong = value(&portal, patient, "four", sodium("2026-09-24T08:00:00Z", 999.0, "mmol/L"));
        let report = |members: &[&str]| entry(json!({
            "resourceType": "DiagnosticReport", "id": "panel", "status": "final", "code": { "text": "Salts" },
            "subject": { "reference": format!("Patient/{}", portal.sources.borrow()[&patient]) },
            "result": members.iter().map(|id| json!({ "reference": format!("Observation/{id}") })).collect::<Vec<_>>(),
        }));
        wrong["resource"]["status"] = "entered-in-error".into();
        portal.import(vec![
            value(&portal, patient, "one", sodium("2026-09-21T08:00:00Z", 3.1, "g/L")),
            value(&portal, patient, "two", sodium("2026-09-22T08:00:00Z", 138.0, "mmol/L")),
            value(&portal, patient, "three", sodium("2026-09-23T08:00:00Z", 140.0, "mmol/L")),
            wrong,
            report(&["one", "two", "three", "four"]),
        ]).await;
        release_everything(&provider).await;
        let seen = tests(&anna, patient, &Default::default()).await;
        let [test] = &seen[..] else { panic!("one test") };
        assert_eq!(test.value, Value::Quantity { text: "140.0".into(), number: 140.0, unit: "mmol/L".into() });
        assert_eq!(test.points.iter().map(|point| point.number).collect::<Vec<_>>(), [138.0, 140.0]);
    }

    async fn a_germ_has_its_drugs_and_they_are_no_tests_of_their_own(portal) {
        let anna = portal.patient("Anna").await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let interpretation = |code: &str| json!([{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": code,
        }] }]);
        let view = portal.import(vec![
            value(&portal, patient, "drug", json!({
                "code": { "coding": [{ "system": "http://loinc.org", "code": "18864-9" }], "text": "Ampicillin" },
                "valueQuantity": { "value": 32, "unit": "ug/mL" }, "interpretation": interpretation("R"),
            })),
            value(&portal, patient, "germ", json!({
                "code": { "text": "Bacteria identified" }, "valueCodeableConcept": { "text": "Escherichia coli" },
                "hasMember": [{ "reference": "Observation/drug" }],
                "component": [{
                    "code": { "text": "Nitrofurantoin" }, "valueQuantity": { "value": 16, "unit": "ug/mL" },
                    "interpretation": interpretation("S"),
                }],
            })),
            entry(json!({
                "resourceType": "DiagnosticReport", "id": "culture", "status": "final", "code": { "text": "Culture" },
                "subject": { "reference": format!("Patient/{}", portal.sources.borrow()[&patient]) },
                "result": [{ "reference": "Observation/germ" }],
            })),
        ]).await;
        let culture = ResultId(view.entries[2].id.unwrap());
        release_everything(&provider).await;
        let seen = anna.portal.result(patient, culture).await.unwrap().observations;
        let germ = seen.iter().find(|one| one.name == "Bacteria identified").unwrap();
        assert_eq!(germ.drugs.iter().map(|drug| (drug.name.as_str(), drug.susceptibility)).collect::<Vec<_>>(),
            [("Nitrofurantoin", Susceptibility::Susceptible)]);
        assert_eq!(germ.note, None, "drugs are told once");
        let drug = seen.iter().find(|one| one.name == "Ampicillin").unwrap();
        assert_eq!((drug.part_of, drug.susceptibility), (Some(germ.id), Some(Susceptibility::Resistant)));
        let names: Vec<_> = tests(&anna, patient, &Default::default()).await.into_iter().map(|test| test.name).collect();
        assert_eq!(names, ["Bacteria identified"]);
    }

    async fn pages_go_through_every_test_once_by_name(portal) {
        let anna = portal.patient("Anna").await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let one = |n: usize| value(&portal, patient, &format!("test-{n}"), json!({
            "code": { "text": format!("Test {n}") }, "valueString": "Negative", "effectiveDateTime": "2026-09-21T08:00:00Z",
        }));
        portal.import((1..=7).map(one).collect()).await;
        release_everything(&provider).await;
        let mut query = ResultsQuery { limit: Some(3), ..Default::default() };
        let mut names = Vec::new();
        loop {
            let page = anna.portal.tests(patient, &query).await.unwrap();
            names.extend(page.items.into_iter().map(|test| test.name));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(names, (1..=7).map(|n| format!("Test {n}")).collect::<Vec<_>>());
        for cursor in ["x", "-1", "1.5", "99999999999999999999999"] {
            let query = ResultsQuery { cursor: Some(cursor.into()), ..Default::default() };
            assert_eq!(refused(anna.portal.tests(patient, &query).await).errors[0].field, "cursor");
        }
        let beyond = ResultsQuery { cursor: Some(usize::MAX.to_string()), ..Default::default() };
        assert_eq!(tests(&anna, patient, &beyond).await, []);
    }

    async fn another_patients_tests_are_like_none(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        assert_eq!(refused(berta.portal.tests(anna.patient(), &q("x")).await).code, Code::NotFound);
    }
}
