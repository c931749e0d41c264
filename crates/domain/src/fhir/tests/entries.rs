use super::*;
use crate::{
    chart::{
        ChartDispense, ChartMedication, ChartObservation, ChartPatient, ChartReport, Code, DispenseStatus,
        Interpretation, ObservationCategory, ObservationValue, systems,
    },
    patients::Gender,
};

fn record<T>(reading: &Reading, index: usize, take: fn(&ChartEntry) -> Option<&T>) -> &T {
    let entry = &reading.entries[index];
    entry.record().and_then(take).unwrap_or_else(|| panic!("{:?}", entry.outcome))
}

fn as_patient(entry: &ChartEntry) -> Option<&ChartPatient> {
    if let ChartEntry::Patient(record) = entry { Some(record) } else { None }
}
fn as_observation(entry: &ChartEntry) -> Option<&ChartObservation> {
    if let ChartEntry::Observation(record) = entry { Some(record) } else { None }
}
fn as_report(entry: &ChartEntry) -> Option<&ChartReport> {
    if let ChartEntry::Report(record) = entry { Some(record) } else { None }
}
fn as_dispense(entry: &ChartEntry) -> Option<&ChartDispense> {
    match entry {
        ChartEntry::Dispense(dispense) => Some(dispense),
        _ => None,
    }
}

fn as_medication(entry: &ChartEntry) -> Option<&ChartMedication> {
    if let ChartEntry::Medication(record) = entry { Some(record) } else { None }
}

#[test]
fn of_a_patients_names_numbers_and_addresses_the_present_ones_are_taken() {
    let identifier = |kind: &str, value: &str| json!({"type": {"coding": [{"system": systems::IDENTIFIER_TYPE, "code": kind}]}, "system": "urn:x", "value": value});
    let mut resource = patient();
    resource.as_object_mut().unwrap().extend(
        json!({
            "identifier": [identifier("SS", "999-55-1234"), identifier("MR", "IH-1")],
            "name": [
                {"use": "maiden", "family": "Old", "given": ["Ana"]},
                {"use": "usual", "family": "Known", "given": ["Ana"]},
                {"use": "official", "family": "Now", "given": ["Ana", null, "Maria"], "prefix": ["Dr."]},
            ],
            "telecom": [
                {"system": "phone", "value": "555-0100", "use": "old"},
                {"system": "phone", "value": "555-0101", "use": "home", "rank": 2},
                {"system": "phone", "value": "555-0102", "use": "mobile", "rank": 1},
                {"system": "email", "value": "ana@example.org"},
            ],
            "address": [
                {"use": "old", "city": "Before"},
                {"use": "home", "line": ["1 Elm St"], "city": "After", "postalCode": "02135"},
            ],
            "deceasedBoolean": false,
            "communication": [{"language": {"text": "English"}}, {"language": {"text": "Spanish"}, "preferred": true}],
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    let reading = read(&bundle(&[resource]));
    let patient = record(&reading, 0, as_patient);
    assert_eq!(patient.mrn.as_deref(), Some("IH-1"));
    assert_eq!(patient.name.full(), "Dr. Ana Maria Now");
    assert_eq!(patient.gender, Some(Gender::Female));
    assert_eq!(
        patient.phones.iter().map(|p| p.number.as_str()).collect::<Vec<_>>(),
        ["555-0102", "555-0101"]
    );
    assert_eq!(patient.email.as_deref(), Some("ana@example.org"));
    assert_eq!(patient.address.as_ref().unwrap().city.as_deref(), Some("After"));
    assert_eq!(patient.language.as_ref().unwrap().text, "Spanish");
    assert!(!patient.deceased);
    let kept = format!("{reading:?}");
    assert!(!kept.contains("999-55-1234"), "a social security number is never read");
}

#[test]
fn every_mistake_of_an_entry_is_found_with_its_path_and_no_value_is_repeated() {
    let resource = json!({
        "resourceType": "Patient", "id": "p1", "birthDate": "19 SECRET 80", "gender": "SECRET",
        "name": [{"given": ["SECRET\u{0}"]}], "address": [{"city": "SECRET".repeat(200)}],
    });
    let reading = read(&bundle(&[resource]));
    let problems = problems(&reading, 0);
    assert_eq!(
        problems,
        [
            "Patient.name[0].family is missing",
            "Patient.name[0].given[0] holds a control character, which can't be stored",
            "Patient.birthDate is not a FHIR date or dateTime between 1900 and 2200 (a clock time needs its zone)",
            "Patient.gender must be one of female, male, other, unknown",
            "Patient.address[0].city is longer than 1000 characters",
        ]
    );
    assert!(!problems.concat().contains("SECRET"));
}

#[test]
fn a_wrong_shape_is_named_by_path_and_what_was_expected_there() {
    let cases = [
        (
            json!({"valueQuantity": {"value": "SECRET"}}),
            "Observation.valueQuantity.value is not a number of at most 64 characters",
        ),
        (json!({"valueQuantity": 5}), "Observation.valueQuantity must be an object"),
        (json!({"status": 5}), "Observation.status must be a string"),
        (json!({"component": {}}), "Observation.component must be a list"),
        (
            json!({"component": [{"code": {"coding": "SECRET"}}]}),
            "Observation.component[0].code.coding must be a list",
        ),
        (json!({"valueBoolean": "SECRET"}), "Observation.valueBoolean must be true or false"),
        (json!({"valueInteger": 1.5}), "Observation.valueInteger must be a whole number"),
        (
            json!({"issued": "2019-13-01T00:00:00Z"}),
            "Observation.issued is not a FHIR date or dateTime between 1900 and 2200 (a clock time needs its zone)",
        ),
        (
            json!({"effectiveDateTime": "2019-01-01T10:00:00"}),
            "Observation.effectiveDateTime is not a FHIR date or dateTime between 1900 and 2200 (a clock time needs its zone)",
        ),
        (
            json!({"effectivePeriod": {"start": "2020-01-01", "end": "2019-01-01"}}),
            "Observation.effectivePeriod ends before it starts",
        ),
        (
            json!({"valueString": "a", "valueBoolean": true}),
            "Observation.value is given in two shapes; send one",
        ),
        (json!({"code": {}}), "Observation.code is missing"),
        (json!({"status": null}), "Observation.status is missing"),
    ];
    for (rest, expected) in cases {
        let reading = read(&bundle(&[patient(), laboratory("o1", rest)]));
        assert_eq!(problems(&reading, 1), [expected]);
    }
    let twice = bundle(&[patient()]).to_string().replace("\"gender\":", "\"gender\":\"male\",\"gender\":");
    let reading = read_bundle(twice.as_bytes()).unwrap();
    assert_eq!(problems(&reading, 0), ["Patient holds a property twice"]);
}

#[test]
fn a_birth_date_must_be_whole() {
    let mut resource = patient();
    resource["birthDate"] = json!("1980");
    let reading = read(&bundle(&[resource]));
    assert_eq!(problems(&reading, 0), ["Patient.birthDate must be a whole date: the patient enrols with it"]);
}

#[test]
fn references_resolve_by_url_type_and_id_and_identifier() {
    let doctor = json!({"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Lund"}],
                        "identifier": [{"system": systems::US_NPI, "value": "1234567893"}]});
    let encounter = |id: &str, who: Value| {
        of_patient("Encounter", id, json!({"status": "finished", "participant": [{"individual": who}]}))
    };
    let by_identifier = format!("Practitioner?identifier={}|1234567893", systems::US_NPI);
    let mut whole = bundle(&[
        doctor,
        patient(),
        encounter("e1", json!({"reference": "urn:uuid:d1"})),
        encounter("e2", json!({"reference": "Practitioner/d1/_history/2"})),
        encounter("e3", json!({"reference": by_identifier})),
        encounter(
            "e4",
            json!({"identifier": {"system": systems::US_NPI, "value": "1234567893"}, "type": "Practitioner"}),
        ),
        encounter("e5", json!({"reference": "https://ehr.example/fhir/Practitioner/d9"})),
        encounter("e6", json!({"reference": "PractitionerRole/r1", "display": "Dr. Lund"})),
        encounter("e7", json!({"display": "Dr. Lund"})),
    ]);
    whole["entry"][1]["fullUrl"] = json!("https://ehr.example/fhir/Patient/p1");
    for entry in whole["entry"].as_array_mut().unwrap().iter_mut().skip(2) {
        entry["resource"]["subject"]["reference"] = json!("https://ehr.example/fhir/Patient/p1");
    }
    let reading = read(&whole);
    assert!(reading.is_valid(), "{reading:?}");
    let links: Vec<_> = reading.entries[2..]
        .iter()
        .map(|entry| match entry.record() {
            Some(ChartEntry::Encounter(record)) => record.practitioners[0].link.clone(),
            _ => panic!(),
        })
        .collect();
    let own = Some(Link { kind: ChartKind::Practitioner, key: SourceKey::Id("d1".into()) });
    assert_eq!(links[..4], [own.clone(), own.clone(), own.clone(), own]);
    assert_eq!(links[4], Some(Link { kind: ChartKind::Practitioner, key: SourceKey::Id("d9".into()) }));
    assert_eq!(links[5..], [None, None]);
    assert_eq!(reading.entries[6].outside.len(), 1);
    assert_eq!(reading.entries[6].outside[0].path, "Encounter.participant[0].individual.reference");
    assert!(reading.entries[2..6].iter().all(|entry| entry.outside.is_empty()));
}

#[test]
fn a_broken_reference_is_named_and_one_to_an_earlier_import_is_handed_on() {
    let with_subject = |reference: &str| {
        let mut resource = laboratory("o1", json!({}));
        resource["subject"]["reference"] = json!(reference);
        read(&bundle(&[resource]))
    };
    assert_eq!(
        problems(&with_subject("urn:uuid:nobody"), 0),
        ["Observation.subject.reference names no entry of the bundle"]
    );
    assert_eq!(
        problems(&with_subject("not a reference"), 0),
        [
            "Observation.subject.reference is not a FHIR reference (urn:uuid:.., Type/id, Type?identifier=system|value or a URL)"
        ]
    );
    assert_eq!(problems(&with_subject("Group/g1"), 0), ["Observation.subject must name a Patient"]);
    let earlier = with_subject("Patient/p7");
    assert!(earlier.is_valid());
    let outside = &earlier.entries[0].outside[0];
    assert_eq!(outside.path, "Observation.subject.reference");
    assert_eq!(outside.link, Link { kind: ChartKind::Patient, key: SourceKey::Id("p7".into()) });
    assert!(outside.broken().message.contains("neither in the bundle nor imported before"));

    let mut nobody = laboratory("o1", json!({}));
    nobody.as_object_mut().unwrap().remove("subject");
    assert_eq!(problems(&read(&bundle(&[nobody])), 0), ["Observation.subject is missing"]);
    let lost = read(&bundle(&[patient(), report("r1", &["lost"])]));
    assert_eq!(problems(&lost, 1), ["DiagnosticReport.result[0].reference names no entry of the bundle"]);
}

#[test]
fn a_record_that_names_another_patients_is_refused() {
    let mut other = patient();
    other["id"] = json!("p2");
    let mut foreign = laboratory("o1", json!({}));
    foreign["subject"]["reference"] = json!("urn:uuid:p2");
    let reading = read(&bundle(&[patient(), other, foreign, report("r1", &["o1"])]));
    assert_eq!(
        problems(&reading, 3),
        ["DiagnosticReport.result[0].reference names a record of another patient"]
    );
}

#[test]
fn digits_flags_and_ranges_of_a_value_are_kept() {
    let observation = laboratory(
        "o1",
        json!({
            "valueQuantity": {"value": 7, "comparator": "<", "unit": "mg/dL", "system": systems::UCUM, "code": "mg/dL"},
            "interpretation": [{"coding": [{"code": "N"}]}, {"coding": [{"code": "HH"}, {"code": "H"}]}],
            "referenceRange": [
                {"type": {"coding": [{"code": "therapeutic"}]}, "low": {"value": 1}},
                {"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 99, "unit": "mg/dL"}, "text": "70-99 fasting"},
            ],
            "note": [{"text": "two\r\nlines"}],
        }),
    );
    // serde_json would write 7.00 as 7.0: the digits are put in by hand.
    let text = bundle(&[patient(), observation])
        .to_string()
        .replace("\"value\":7}", "\"value\":7.00}")
        .replace("\"value\":7,", "\"value\":7.00,");
    let reading = read_bundle(text.as_bytes()).unwrap();
    let observation = record(&reading, 1, as_observation);
    let Some(ObservationValue::Quantity(quantity)) = &observation.value else { panic!() };
    assert_eq!(quantity.decimal.literal(), "7.00");
    assert_eq!(quantity.to_string(), "< 7.00 mg/dL");
    assert_eq!(quantity.ucum.as_deref(), Some("mg/dL"));
    assert_eq!(observation.interpretation, Some(Interpretation::CriticallyHigh));
    let range = observation.reference_range.as_ref().unwrap();
    assert_eq!(range.low.as_ref().unwrap().decimal.value(), 70.0);
    assert_eq!(range.text.as_deref(), Some("70-99 fasting"));
    assert_eq!(observation.notes, ["two\nlines"]);
}

#[test]
fn of_several_categories_the_one_that_waits_for_release_counts() {
    let coded = |codes: &[&str]| {
        let categories: Vec<_> = codes.iter().map(|code| json!({"coding": [{"code": code}]})).collect();
        let reading = read(&bundle(&[patient(), laboratory("o1", json!({"category": categories}))]));
        record(&reading, 1, as_observation).category
    };
    assert_eq!(coded(&["vital-signs", "laboratory"]), ObservationCategory::Laboratory);
    assert_eq!(coded(&["vital-signs"]), ObservationCategory::VitalSigns);
    assert_eq!(coded(&["LAB"]), ObservationCategory::Laboratory);
    assert_eq!(coded(&["smartdata"]), ObservationCategory::Other);
    assert_eq!(coded(&[]), ObservationCategory::Other);
}

#[test]
fn smoking_is_social_history_even_where_it_comes_as_a_survey() {
    let smoking = |category: &str| {
        let rest = json!({"code": {"coding": [{"system": systems::LOINC, "code": "72166-2"}]},
                          "category": [{"coding": [{"code": category}]}]});
        let reading = read(&bundle(&[patient(), laboratory("o1", rest)]));
        record(&reading, 1, as_observation).category
    };
    assert_eq!(smoking("survey"), ObservationCategory::SocialHistory);
    assert_eq!(smoking("laboratory"), ObservationCategory::Laboratory, "what waits goes on waiting");
}

#[test]
fn of_several_codes_the_clinical_one_is_kept() {
    let code = json!({"coding": [
        {"system": systems::ICD_10_CM, "code": "E11.9", "display": "Type 2 diabetes"},
        {"code": "DM2"},
        {"system": systems::SNOMED_CT, "code": "44054006", "display": "Diabetes mellitus type 2"},
    ]});
    let condition =
        of_patient("Condition", "c1", json!({"code": code, "onsetAge": {"value": 40, "unit": "years"}}));
    let reading = read(&bundle(&[patient(), condition]));
    let Some(ChartEntry::Condition(condition)) = reading.entries[1].record() else { panic!("{reading:?}") };
    assert!(condition.code.is(systems::SNOMED_CT, "44054006"));
    assert_eq!(condition.code.text, "Diabetes mellitus type 2");
    assert_eq!(condition.onset_text.as_deref(), Some("age 40 years"));
}

#[test]
fn helpers_are_kept_with_what_names_them() {
    let request = of_patient(
        "MedicationRequest",
        "m1",
        json!({
            "status": "active", "intent": "order", "medicationReference": {"reference": "#drug"},
            "contained": [{"resourceType": "Medication", "id": "drug", "code": {"text": "Metformin"}}],
            "dispenseRequest": {"numberOfRepeatsAllowed": 3, "expectedSupplyDuration": {"value": 30, "unit": "days"}},
        }),
    );
    let bundled = of_patient(
        "MedicationRequest",
        "m2",
        json!({
            "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/aspirin"},
        }),
    );
    let nameless = of_patient(
        "MedicationRequest",
        "m3",
        json!({
            "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/elsewhere"},
        }),
    );
    let mut report = report("r1", &[]);
    report.as_object_mut().unwrap().extend(
        json!({"specimen": [{"reference": "urn:uuid:s1"}], "basedOn": [{"reference": "urn:uuid:order"}],
               "category": [{"coding": [{"code": "MB"}]}],
               "presentedForm": [{"contentType": "text/plain", "data": "R3Jvd3RoOiBub25l"}, {"contentType": "application/pdf"}]})
        .as_object()
        .unwrap()
        .clone(),
    );
    let reading = read(&bundle(&[
        patient(),
        request,
        json!({"resourceType": "Medication", "id": "aspirin", "code": {"text": "Aspirin"}}),
        bundled,
        json!({"resourceType": "Specimen", "id": "s1", "type": {"text": "Urine"},
               "collection": {"collectedDateTime": "2024-03-01T08:00:00Z"}}),
        json!({"resourceType": "ServiceRequest", "id": "order", "requester": {"display": "Dr. Lund"}}),
        report,
        nameless,
    ]));
    assert_eq!(reading.entries[2].outcome, Outcome::Ignored(IgnoredReason::KeptWithOthers));
    assert_eq!(record(&reading, 1, as_medication).drug.text, "Metformin");
    assert_eq!(record(&reading, 1, as_medication).refills_allowed, Some(3));
    assert_eq!(record(&reading, 1, as_medication).supply_days, Some(30));
    assert_eq!(record(&reading, 3, as_medication).drug.text, "Aspirin");
    let report = record(&reading, 6, as_report);
    assert_eq!(report.specimen.as_deref(), Some("Urine"));
    assert_eq!(report.collected.unwrap().to_string(), "2024-03-01T08:00:00Z");
    assert_eq!(report.ordered_by.as_ref().unwrap().display.as_deref(), Some("Dr. Lund"));
    assert_eq!(report.category.code(), "laboratory");
    assert_eq!(report.narrative.as_deref(), Some("Growth: none"));
    assert_eq!(report.files_left_out, 1);
    assert_eq!(
        problems(&reading, 7),
        [
            "MedicationRequest.medicationReference names no Medication of the bundle that says which drug it is"
        ]
    );
}

#[test]
fn unsupported_types_are_ignored_with_a_reason() {
    let reading = read(&bundle(&[
        json!({"resourceType": "Claim", "id": "c"}),
        json!({"resourceType": "ImagingStudy", "id": "i"}),
        json!({"resourceType": "Specimen", "id": "s"}),
    ]));
    let reasons: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| match entry.outcome {
            Outcome::Ignored(reason) => reason.code(),
            _ => "kept",
        })
        .collect();
    assert_eq!(reasons, ["billing", "unsupported_type", "kept_with_others"]);
}

#[test]
fn the_same_content_has_the_same_canonical_bytes_in_any_order_and_other_content_has_others() {
    let bytes = |text: &str| {
        let whole = format!(
            "{{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{{\"fullUrl\":\"urn:uuid:o\",\"resource\":{text}}}]}}"
        );
        read_bundle(whole.as_bytes()).unwrap().entries[0].record().unwrap().canonical()
    };
    let one = bytes(r#"{"resourceType":"Organization","id":"o","name":"Lab","active":true}"#);
    let other_order =
        bytes(r#"{"active" : true, "name":"Lab", "id":"o","resourceType":"Organization", "extra": 1}"#);
    let other_name = bytes(r#"{"resourceType":"Organization","id":"o","name":"Lab 2","active":true}"#);
    assert_eq!(one, other_order);
    assert_ne!(one, other_name);
}

#[test]
fn what_a_pharmacy_handed_out_names_its_prescription_and_when() {
    let request = of_patient(
        "MedicationRequest",
        "m1",
        json!({ "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "Metformin"} }),
    );
    let dispense = |id: &str, rest: Value| {
        let mut resource = of_patient(
            "MedicationDispense",
            id,
            json!({ "status": "completed", "medicationCodeableConcept": {"text": "Metformin"},
                    "authorizingPrescription": [{"reference": "MedicationRequest/m1"}] }),
        );
        resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        resource
    };
    let reading = read(&bundle(&[
        patient(),
        request,
        dispense(
            "d1",
            json!({ "whenPrepared": "2026-03-01", "whenHandedOver": "2026-03-02",
                    "daysSupply": {"value": 30, "unit": "days"}, "quantity": {"value": 60, "unit": "tablet"} }),
        ),
        dispense("d2", json!({ "status": "in-progress", "whenPrepared": "2026-04-01" })),
        dispense("d3", json!({ "status": "done" })),
        dispense("d4", json!({ "authorizingPrescription": [{"reference": "MedicationRequest/m2"}] })),
    ]));
    let first = record(&reading, 2, as_dispense);
    assert_eq!(first.handed_over.unwrap().to_string(), "2026-03-02");
    assert_eq!(
        (first.supply_days, first.quantity.as_ref().unwrap().to_string().as_str()),
        (Some(30), "60 tablet")
    );
    assert_eq!(Some(&first.prescriptions[0]), reading.entries[1].link().as_ref());
    let second = record(&reading, 3, as_dispense);
    assert_eq!(
        (second.status, second.handed_over.unwrap().to_string().as_str()),
        (DispenseStatus::InProgress, "2026-04-01")
    );
    assert_eq!(problems(&reading, 4).len(), 1, "a status that FHIR doesn't know");
    let outside = OutsideLink {
        path: "MedicationDispense.authorizingPrescription[0].reference".into(),
        link: reading.entries[5].outside[0].link.clone(),
    };
    assert_eq!(
        reading.entries[5].outside,
        [outside],
        "another system's prescription is looked up, never ignored"
    );
}
