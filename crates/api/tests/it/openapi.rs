//! The contract: what is served is what is committed (API-1).

use std::path::Path;

use portal_api::contract;
use portal_domain::{access::Role, appointments::State, problem::Code};

#[test]
fn the_committed_contract_is_the_served_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/portal.json");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let served = contract::json();
    if committed == served {
        return;
    }
    if std::env::var("CI").is_err() {
        std::fs::write(&path, &served).unwrap();
    }
    panic!(
        "openapi/portal.json was stale. Run this test again (or `portal openapi > openapi/portal.json`) and commit it."
    );
}

#[test]
fn every_operation_has_a_summary_a_tag_and_an_id_of_its_own() {
    let document = serde_json::to_value(contract::document()).unwrap();
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path} has no summary"
            );
            assert_eq!(
                operation["tags"].as_array().map(Vec::len),
                Some(1),
                "{method} {path} has not one tag"
            );
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "two operations share an id");
}

#[test]
fn closed_lists_are_described_by_the_words_that_are_sent() {
    let document = serde_json::to_value(contract::document()).unwrap();
    let described = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    assert_eq!(described("Code"), serde_json::to_value(Code::ALL).unwrap());
    assert_eq!(described("State"), serde_json::to_value(State::ALL).unwrap());
    assert_eq!(described("Role"), serde_json::to_value(Role::ALL).unwrap());
}
