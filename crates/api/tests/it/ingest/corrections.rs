//! LAB-3: corrected content never reaches the patient without release, and a release that stands is never changed.

use portal_client::Error;
use portal_domain::{
    access::Role,
    ids::{PatientId, ResultId},
    integrations::EntryResult,
    page::PageQuery,
    problem::Code,
    results::{Flag, Recall, RecallReason, Recalled, Release, ReportStatus, Value},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::harness::{charts::entry, on_both, people::Person, portal::TestPortal, refused};

const LABORATORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

pub fn value(id: &str, patient: &str, name: &str, digits: f64) -> Json {
    entry(json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": { "text": name },
        "category": [{ "coding": [{ "system": LABORATORY, "code": "laboratory" }] }],
        "subject": { "reference": format!("Patient/{patient}") },
        "effectiveDateTime": "2026-09-01T08:00:00Z", "valueQuantity": { "value": digits, "unit": "mg/dL" },
    }))
}

pub fn report(id: &str, patient: &str, status: &str, values: &[&str]) -> Json {
    let values: Vec<_> =
        values.iter().map(|id| json!({ "reference": format!("Observation/{id}") })).collect();
    entry(json!({
        "resourceType": "DiagnosticReport", "id": id, "status": status, "code": { "text": "Panel" },
        "category": [{ "coding": [{ "code": "LAB" }] }],
        "subject": { "reference": format!("Patient/{patient}") },
        "effectiveDateTime": "2026-09-01T08:00:00Z", "issued": "2026-09-02T08:00:00Z", "result": values,
    }))
}

/// A patient with an account, a provider, and how the source calls the patient.
pub async fn people(portal: &TestPortal) -> (Person, Person, String) {
    let anna = portal.patient("Anna").await;
    let source = portal.sources.borrow()[&anna.patient()].clone();
    (anna, portal.staff(Role::Provider).await, source)
}

pub async fn release(provider: &Person, patient: PatientId, result: ResultId) {
    let version = provider.portal.result(patient, result).await.unwrap().version;
    provider
        .portal
        .release_result(patient, result, version, &Release::default(), Uuid::new_v4())
        .await
        .unwrap();
}

async fn recall(provider: &Person, patient: PatientId, result: ResultId) -> Result<Recalled, Error> {
    let version = provider.portal.result(patient, result).await.unwrap().version;
    let recall = Recall { reason: RecallReason::WrongResult, words: None };
    provider.portal.recall_result(patient, result, version, &recall, Uuid::new_v4()).await
}

/// Name and number of each value, as this reader sees them.
async fn values(reader: &Person, patient: PatientId, result: ResultId) -> Vec<(String, f64)> {
    let view = reader.portal.result(patient, result).await.unwrap();
    let number = |value: Option<Value>| match value {
        Some(Value::Quantity { number, .. }) => number,
        other => panic!("{other:?}"),
    };
    view.observations.into_iter().map(|one| (one.name, number(one.value))).collect()
}

fn named(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
    expected.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
}

async fn listed(reader: &Person, patient: PatientId) -> Vec<ResultId> {
    let page = reader.portal.results(patient, &PageQuery::default()).await.unwrap();
    page.items.into_iter().map(|item| item.id).collect()
}

pub async fn waiting(provider: &Person) -> Vec<ResultId> {
    let page = provider.portal.unreleased_results(&Default::default()).await.unwrap();
    page.items.into_iter().map(|item| item.result.id).collect()
}

/// Sodium 140 and potassium 4.1 in one report.
pub async fn two_values(portal: &TestPortal, source: &str) -> ResultId {
    let view = portal
        .import(vec![
            value("na", source, "Sodium", 140.0),
            value("k", source, "Potassium", 4.1),
            report("r", source, "final", &["na", "k"]),
        ])
        .await;
    ResultId(view.entries[2].id.unwrap())
}

on_both! {
    async fn a_correction_of_a_released_result_waits_and_leaves_the_released_one_as_it_is(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;

        let view = portal.import(vec![
            value("na", &source, "Sodium", 140.0), value("k", &source, "Potassium", 5.9),
            report("r", &source, "corrected", &["na", "k"]),
        ]).await;
        assert_eq!((view.unchanged, view.updated), (1, 2));
        let correction = ResultId(view.entries[2].id.unwrap());
        assert_ne!(correction, first);
        assert_eq!(values(&anna, anna.patient(), first).await, named(&[("Sodium", 140.0), ("Potassium", 4.1)]));
        assert_eq!(refused(anna.portal.result(anna.patient(), correction).await).code, Code::NotFound);
        assert_eq!(listed(&anna, anna.patient()).await, [first]);
        assert_eq!(waiting(&provider).await, [correction]);

        release(&provider, anna.patient(), correction).await;
        let now = anna.portal.result(anna.patient(), correction).await.unwrap();
        assert_eq!((now.replaces, now.summary.is_correction, now.summary.status), (Some(first), true, ReportStatus::Corrected));
        assert_eq!(values(&anna, anna.patient(), correction).await, named(&[("Sodium", 140.0), ("Potassium", 5.9)]));
        assert_eq!(anna.portal.result(anna.patient(), first).await.unwrap().replaced_by, Some(correction));
        assert_eq!(listed(&anna, anna.patient()).await, [correction]);
    }

    async fn after_the_recall_of_a_correction_what_it_replaced_stands_as_before(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        portal.import(vec![value("k", &source, "Potassium", 5.9), report("r", &source, "corrected", &["na", "k"])]).await;
        let [correction] = waiting(&provider).await[..] else { panic!("a correction waits") };
        release(&provider, anna.patient(), correction).await;
        let covered = refused(recall(&provider, anna.patient(), first).await);
        assert_eq!(covered.code, Code::WrongState, "the correction is recalled first");

        recall(&provider, anna.patient(), correction).await.unwrap();
        assert_eq!(listed(&anna, anna.patient()).await, [first]);
        assert_eq!(anna.portal.result(anna.patient(), first).await.unwrap().replaced_by, None);
        assert_eq!(waiting(&provider).await, [correction]);

        recall(&provider, anna.patient(), first).await.unwrap();
        release(&provider, anna.patient(), correction).await;
        assert_eq!(listed(&anna, anna.patient()).await, [correction]);
        assert_eq!(waiting(&provider).await, [], "what is corrected waits no longer");
        let version = provider.portal.result(anna.patient(), first).await.unwrap().version;
        let (again, key) = (Release::default(), Uuid::new_v4());
        let late = provider.portal.release_result(anna.patient(), first, version, &again, key).await;
        assert_eq!(refused(late).code, Code::WrongState);
    }

    async fn a_corrected_value_that_comes_by_itself_brings_the_rest_of_its_report(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        portal.import(vec![value("na", &source, "Sodium", 128.0), value("k", &source, "Potassium", 5.9)]).await;
        let [correction] = waiting(&provider).await[..] else { panic!("one correction, not two") };
        assert_eq!(values(&provider, anna.patient(), correction).await, named(&[("Sodium", 128.0), ("Potassium", 5.9)]));
        assert_eq!(values(&anna, anna.patient(), first).await, named(&[("Sodium", 140.0), ("Potassium", 4.1)]));

        portal.import(vec![value("k", &source, "Potassium", 6.3)]).await;
        assert_eq!(waiting(&provider).await, [correction], "an unreleased correction is changed in place");
        assert_eq!(values(&provider, anna.patient(), correction).await, named(&[("Sodium", 128.0), ("Potassium", 6.3)]));
        assert_eq!(values(&anna, anna.patient(), first).await, named(&[("Sodium", 140.0), ("Potassium", 4.1)]));
    }

    async fn an_unreleased_report_is_changed_in_place_and_its_version_rises(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        let seen = provider.portal.result(anna.patient(), first).await.unwrap().version;
        portal.import(vec![value("k", &source, "Potassium", 5.9)]).await;
        assert_eq!(waiting(&provider).await, [first]);
        assert_eq!(values(&provider, anna.patient(), first).await, named(&[("Sodium", 140.0), ("Potassium", 5.9)]));
        let stale = provider.portal.release_result(anna.patient(), first, seen, &Release::default(), Uuid::new_v4()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion, "nobody releases what they did not see");
    }

    async fn a_value_that_came_alone_moves_into_the_report_that_lists_it_later(portal) {
        let (anna, provider, source) = people(&portal).await;
        portal.import(vec![value("na", &source, "Sodium", 140.0), value("k", &source, "Potassium", 4.1)]).await;
        assert_eq!(waiting(&provider).await.len(), 2, "each is a result of its own");
        let view = portal.import(vec![report("r", &source, "final", &["k", "na"])]).await;
        let whole = ResultId(view.entries[0].id.unwrap());
        assert_eq!(waiting(&provider).await, [whole]);
        assert_eq!(values(&provider, anna.patient(), whole).await, named(&[("Potassium", 4.1), ("Sodium", 140.0)]));
    }

    async fn a_released_value_that_a_later_report_lists_is_copied_not_taken(portal) {
        let (anna, provider, source) = people(&portal).await;
        portal.import(vec![value("na", &source, "Sodium", 140.0)]).await;
        let [alone] = waiting(&provider).await[..] else { panic!() };
        release(&provider, anna.patient(), alone).await;
        let view = portal.import(vec![value("k", &source, "Potassium", 4.1), report("r", &source, "final", &["na", "k"])]).await;
        let whole = ResultId(view.entries[1].id.unwrap());
        assert_eq!(values(&anna, anna.patient(), alone).await, named(&[("Sodium", 140.0)]));
        assert_eq!(listed(&anna, anna.patient()).await, [alone]);
        assert_eq!(values(&provider, anna.patient(), whole).await, named(&[("Sodium", 140.0), ("Potassium", 4.1)]));
        assert_eq!(provider.portal.result(anna.patient(), whole).await.unwrap().replaces, Some(alone));
    }

    async fn a_value_that_a_report_no_longer_lists_leaves_it(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        portal.import(vec![report("r", &source, "corrected", &["na"])]).await;
        assert_eq!(values(&provider, anna.patient(), first).await, named(&[("Sodium", 140.0)]));
        let all = waiting(&provider).await;
        assert_eq!(all.len(), 2, "what left it waits as a result of its own");
        let other = all.into_iter().find(|id| *id != first).unwrap();
        assert_eq!(values(&provider, anna.patient(), other).await, named(&[("Potassium", 4.1)]));
    }

    async fn a_report_that_was_never_true_is_withdrawn_at_once(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        portal.import(vec![report("r", &source, "entered-in-error", &["na", "k"])]).await;
        assert_eq!(listed(&anna, anna.patient()).await, []);
        assert_eq!(refused(anna.portal.result(anna.patient(), first).await).code, Code::NotFound);
        assert_eq!(waiting(&provider).await, [], "there is nothing to release");
    }

    async fn a_value_that_was_never_true_is_not_shown_in_what_replaces_its_report(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        let mut wrong = value("k", &source, "Potassium", 4.1);
        wrong["resource"]["status"] = json!("entered-in-error");
        portal.import(vec![wrong]).await;
        let [correction] = waiting(&provider).await[..] else { panic!("a correction waits") };
        assert_eq!(values(&provider, anna.patient(), correction).await, named(&[("Sodium", 140.0)]));
    }

    async fn the_same_correction_twice_changes_nothing(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        let correction = || vec![value("k", &source, "Potassium", 5.9), report("r", &source, "corrected", &["na", "k"])];
        portal.import(correction()).await;
        let before = (crate::ingest::rows(&portal).await, waiting(&provider).await);
        let view = portal.import(correction()).await;
        assert!(view.entries.iter().all(|entry| entry.result == EntryResult::Unchanged));
        assert_eq!((crate::ingest::rows(&portal).await, waiting(&provider).await), before);
    }

    async fn a_withdrawal_takes_the_released_report_away_while_its_correction_waits(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        portal.import(vec![report("r", &source, "amended", &["na", "k"])]).await;
        let [correction] = waiting(&provider).await[..] else { panic!("a correction waits") };
        portal.import(vec![report("r", &source, "entered-in-error", &["na", "k"])]).await;
        assert_eq!(listed(&anna, anna.patient()).await, []);
        assert_eq!(refused(anna.portal.result(anna.patient(), first).await).code, Code::NotFound);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items, [], "no news leads to what was withdrawn");
        let version = provider.portal.result(anna.patient(), correction).await.unwrap().version;
        let none = Release::default();
        let answer = provider.portal.release_result(anna.patient(), correction, version, &none, Uuid::new_v4()).await;
        assert_eq!(refused(answer).code, Code::WrongState, "what was never true is not released");
    }

    async fn a_withdrawal_reaches_every_version_that_was_released(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        portal.import(vec![report("r", &source, "amended", &["na", "k"])]).await;
        let [second] = waiting(&provider).await[..] else { panic!("a correction waits") };
        release(&provider, anna.patient(), second).await;
        portal.import(vec![report("r", &source, "entered-in-error", &["na", "k"])]).await;
        for id in [first, second] {
            assert_eq!(refused(anna.portal.result(anna.patient(), id).await).code, Code::NotFound);
        }
    }

    async fn a_report_that_repeats_some_values_does_not_hide_the_released_one(portal) {
        let (anna, provider, source) = people(&portal).await;
        let first = two_values(&portal, &source).await;
        release(&provider, anna.patient(), first).await;
        let view = portal.import(vec![report("r2", &source, "final", &["k"])]).await;
        let second = ResultId(view.entries[0].id.unwrap());
        release(&provider, anna.patient(), second).await;
        let mut seen = listed(&anna, anna.patient()).await;
        seen.sort_unstable();
        let mut both = [first, second];
        both.sort_unstable();
        assert_eq!(seen, both, "sodium stands in the first alone");
    }

    async fn a_report_that_loses_a_value_to_another_gets_a_new_version(portal) {
        let (anna, provider, source) = people(&portal).await;
        let mut high = value("k", &source, "Potassium", 6.9);
        high["resource"]["interpretation"] = json!([{ "coding": [{ "code": "HH" }] }]);
        let all = vec![value("na", &source, "Sodium", 140.0), high, report("r", &source, "final", &["na", "k"])];
        let first = ResultId(portal.import(all).await.entries[2].id.unwrap());
        let seen = provider.portal.result(anna.patient(), first).await.unwrap();
        assert_eq!(seen.summary.flag, Flag::CriticalHigh);
        portal.import(vec![report("r2", &source, "final", &["k"])]).await;
        let now = provider.portal.result(anna.patient(), first).await.unwrap();
        assert_eq!((now.observations.len(), now.summary.flag), (1, Flag::None));
        let stale = provider.portal.release_result(anna.patient(), first, seen.version, &Release::default(), Uuid::new_v4()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
    }

    async fn a_report_without_a_date_is_dated_by_its_import(portal) {
        let (anna, provider, source) = people(&portal).await;
        let mut undated = value("na", &source, "Sodium", 140.0);
        undated["resource"].as_object_mut().unwrap().remove("effectiveDateTime");
        let mut dated = value("k", &source, "Potassium", 4.1);
        dated["resource"]["effectiveDateTime"] = json!("2026-09-05");
        portal.import(vec![undated, dated]).await;
        let page = provider.portal.results(anna.patient(), &PageQuery::default()).await.unwrap();
        let at = |title: &str| page.items.iter().find(|item| item.title == title).unwrap().collected_at.to_string();
        assert!(at("Sodium").starts_with("20"), "{}", at("Sodium"));
        assert_eq!(at("Potassium"), "2026-09-05T12:00:00Z", "the same day in every zone of the United States");
    }
}
