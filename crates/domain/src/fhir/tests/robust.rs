//! Whatever arrives: never a panic, and never something that isn't said.

use proptest::{prelude::*, sample::Index};

use super::*;

fn sample() -> Value {
    let vital = laboratory(
        "v",
        json!({"category": [{"coding": [{"code": "vital-signs"}]}],
        "component": [{"code": {"text": "Systolic"}, "valueQuantity": {"value": 120.5, "unit": "mm[Hg]"}}]}),
    );
    bundle(&[
        patient(),
        json!({"resourceType": "Practitioner", "id": "d", "name": [{"family": "Lund", "prefix": ["Dr."]}]}),
        of_patient(
            "Encounter",
            "e",
            json!({"status": "finished", "class": {"system": "urn:x", "code": "AMB"},
            "participant": [{"individual": {"reference": "urn:uuid:d"}}], "period": {"start": "2020-01-01", "end": "2020-01-02"}}),
        ),
        of_patient("Condition", "c", json!({"code": {"text": "Asthma"}, "onsetDateTime": "2009"})),
        of_patient(
            "MedicationRequest",
            "m",
            json!({"status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "Salbutamol"},
            "dosageInstruction": [{"text": "2 puffs", "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}]}),
        ),
        laboratory(
            "a",
            json!({"valueQuantity": {"value": 5.20, "unit": "mmol/L"}, "issued": "2020-01-01T00:00:00Z"}),
        ),
        vital,
        report("r", &["a"]),
        json!({"resourceType": "Claim", "id": "k"}),
    ])
}

/// Replaces the `n`th value of the tree (counted in any fixed order) by another.
fn replace(tree: &mut Value, n: &mut usize, by: &Value) {
    if *n == 0 {
        *tree = by.clone();
    }
    let done = *n == 0;
    *n = n.wrapping_sub(1);
    if done {
        return;
    }
    match tree {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, n, by)),
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, n, by)),
        _ => {}
    }
}

fn count(tree: &Value) -> usize {
    1 + match tree {
        Value::Array(items) => items.iter().map(count).sum::<usize>(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("a\u{0}b")),
        Just(json!("urn:uuid:p1")),
        Just(json!("Patient/p1")),
        Just(json!("x".repeat(200_000))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[{}]]])),
        Just(json!({"reference": "#x", "coding": [{}], "value": 1})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_cut_off_bundle_is_always_an_error(at in any::<Index>()) {
        let whole = sample().to_string();
        let cut = at.index(whole.len());
        prop_assert!(read_bundle(&whole.as_bytes()[..cut]).is_err());
    }

    #[test]
    fn a_changed_byte_never_panics(at in any::<Index>(), byte: u8) {
        let mut whole = sample().to_string().into_bytes();
        let at = at.index(whole.len());
        whole[at] = byte;
        if let Ok(reading) = read_bundle(&whole) {
            reading.reports();
        }
    }

    #[test]
    fn a_changed_value_never_panics_and_an_invalid_entry_always_says_why(
        changes in proptest::collection::vec((any::<Index>(), any_value()), 1..4),
    ) {
        let mut whole = sample();
        for (at, value) in &changes {
            let mut n = at.index(count(&whole));
            replace(&mut whole, &mut n, value);
        }
        let text = whole.to_string();
        let read = read_bundle(text.as_bytes());
        prop_assert_eq!(&read, &read_bundle(text.as_bytes()), "reading twice is equal");
        if let Ok(reading) = read {
            for entry in &reading.entries {
                if let Outcome::Invalid { problems } = &entry.outcome {
                    prop_assert!(!problems.is_empty());
                    prop_assert!(problems.iter().all(|problem| !problem.path.is_empty() && problem.message.len() < 400));
                }
            }
            let grouped: usize = reading.reports().iter().map(|group| group.entries().count()).sum();
            prop_assert!(grouped <= reading.entries.len());
            prop_assert!(reading.in_storing_order().len() <= reading.entries.len());
        }
    }

    #[test]
    fn bytes_at_random_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(read_bundle(&bytes).is_err());
    }

    #[test]
    fn a_record_reads_back_from_its_canonical_bytes(at in any::<Index>()) {
        let reading = read(&sample());
        let records: Vec<_> = reading.entries.iter().filter_map(EntryReading::record).collect();
        let record = records[at.index(records.len())];
        let again: ChartEntry = serde_json::from_slice(&record.canonical()).unwrap();
        prop_assert_eq!(&again, record);
    }
}

#[test]
fn the_sample_itself_is_valid() {
    assert!(read(&sample()).is_valid(), "{:?}", read(&sample()));
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let whole =
        bundle(&[patient()]).to_string().replace("\"gender\":", &format!("\"extra\":{deep},\"gender\":"));
    assert!(
        read_bundle(whole.as_bytes()).unwrap().is_valid(),
        "what nobody reads is skipped without recursion"
    );
    let nested = format!("{}null{}", "{\"extension\":[".repeat(5_000), "]}".repeat(5_000));
    let whole = bundle(&[patient()])
        .to_string()
        .replace("\"gender\":", &format!("\"extension\":[{nested}],\"gender\":"));
    assert!(!read_bundle(whole.as_bytes()).unwrap().is_valid());
}
