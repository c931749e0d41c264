use super::*;

fn groups(resources: &[Value]) -> Vec<ReportGroup> {
    let reading = read(&bundle(resources));
    assert!(reading.is_valid(), "{reading:?}");
    reading.reports()
}

fn group(source: ReportSource, observations: &[usize]) -> ReportGroup {
    ReportGroup { source, members: observations.iter().copied().map(Member::Entry).collect() }
}

#[test]
fn a_report_takes_the_observations_it_lists_in_its_order() {
    let made = groups(&[
        patient(),
        laboratory("a", json!({})),
        laboratory("b", json!({})),
        report("r", &["b", "a"]),
    ]);
    assert_eq!(made, [group(ReportSource::Sent(3), &[2, 1])]);
}

#[test]
fn a_laboratory_value_in_no_report_gets_one_of_its_own_and_a_vital_sign_does_not() {
    let vital = laboratory("v", json!({"category": [{"coding": [{"code": "vital-signs"}]}]}));
    let made = groups(&[patient(), laboratory("a", json!({})), vital.clone(), report("r", &[])]);
    assert_eq!(made, [group(ReportSource::Sent(3), &[]), group(ReportSource::Made(1), &[1])]);

    let listed = groups(&[patient(), vital, report("r", &["v"])]);
    assert_eq!(listed, [group(ReportSource::Sent(2), &[1])], "what a report lists waits with it");
}

#[test]
fn a_panel_brings_its_members_wherever_they_stand() {
    let members = json!({"hasMember": [{"reference": "urn:uuid:a"}, {"reference": "urn:uuid:b"}]});
    let panel = laboratory("panel", members);
    let (a, b) = (laboratory("a", json!({})), laboratory("b", json!({})));
    let alone = groups(&[patient(), a.clone(), b.clone(), panel.clone()]);
    assert_eq!(alone, [group(ReportSource::Made(3), &[3, 1, 2])]);
    let listed = groups(&[patient(), a, b, panel, report("r", &["panel", "b"])]);
    assert_eq!(listed, [group(ReportSource::Sent(4), &[3, 1, 2])]);
}

#[test]
fn panels_that_name_each_other_end() {
    let panel =
        |id: &str, of: &str| laboratory(id, json!({"hasMember": [{"reference": format!("urn:uuid:{of}")}]}));
    let made = groups(&[patient(), panel("a", "b"), panel("b", "a")]);
    assert_eq!(made, [group(ReportSource::Made(1), &[1, 2])]);
}

#[test]
fn an_observation_imported_before_is_named_as_such_in_its_place() {
    let mut later = report("r", &[]);
    later["result"] = json!([{"reference": "Observation/old"}, {"reference": "urn:uuid:a"}]);
    let made = groups(&[patient(), later, laboratory("a", json!({}))]);
    let old = Link { kind: ChartKind::Observation, key: SourceKey::Id("old".into()) };
    let members = vec![Member::Earlier(old), Member::Entry(2)];
    assert_eq!(made, [ReportGroup { source: ReportSource::Sent(1), members }]);
}

#[test]
fn a_value_that_two_reports_list_is_refused() {
    let resources = [patient(), laboratory("a", json!({})), report("r", &["a", "a"]), report("s", &["a"])];
    let reading = read(&bundle(&resources));
    assert!(reading.entries[2].record().is_some(), "listing it twice in one report is no harm");
    assert_eq!(
        problems(&reading, 3),
        ["DiagnosticReport.result[0].reference names an observation that the report at entry 2 lists too"]
    );
}

#[test]
fn the_order_of_storing_puts_whatever_is_named_first() {
    let encounter = of_patient("Encounter", "e", json!({"status": "finished"}));
    let organization = json!({"resourceType": "Organization", "id": "o", "name": "O"});
    let doctor = json!({"resourceType": "Practitioner", "id": "d", "name": [{"family": "Lund"}]});
    let reading = read(&bundle(&[
        report("r", &["a"]),
        laboratory("a", json!({})),
        encounter,
        patient(),
        organization,
        doctor,
    ]));
    let order: Vec<_> = reading.in_storing_order().into_iter().map(|(entry, _)| entry.index).collect();
    assert_eq!(order, [5, 4, 3, 2, 1, 0]);
}

#[test]
fn what_bears_an_unknown_modifier_is_left_out_and_may_not_be_listed() {
    let modifier = json!({"modifierExtension": [{"url": "urn:test:negated", "valueBoolean": true}]});
    let forbidden = of_patient(
        "MedicationRequest",
        "m",
        json!({"status": "active", "intent": "order", "doNotPerform": true,
               "medicationCodeableConcept": {"text": "Warfarin"}}),
    );
    let reading = read(&bundle(&[patient(), laboratory("a", modifier.clone()), forbidden]));
    for entry in &reading.entries[1..] {
        assert_eq!(entry.outcome, Outcome::Ignored(IgnoredReason::UnknownModifier));
    }
    let listed = read(&bundle(&[patient(), laboratory("a", modifier), report("r", &["a"])]));
    assert!(!listed.is_valid(), "a report without one of its values is incomplete");
    let plain = json!({"modifierExtension": [ ]});
    assert!(read(&bundle(&[patient(), laboratory("a", plain)])).entries[1].record().is_some());
}

#[test]
fn a_resource_with_a_thousand_references_is_read_and_one_with_more_is_invalid_once() {
    let listing = |count: usize| {
        let results: Vec<_> = (0..count).map(|n| json!({"reference": format!("Observation/o{n}")})).collect();
        let report = of_patient(
            "DiagnosticReport",
            "r",
            json!({"status": "final", "code": {"text": "Panel"}, "result": results}),
        );
        read(&bundle(&[patient(), report]))
    };
    assert!(listing(999).is_valid(), "with the patient a thousand");
    assert_eq!(
        problems(&listing(5_000), 1),
        ["DiagnosticReport.result[999] is more than the 1000 references that a resource may hold"]
    );
}

#[test]
fn a_range_for_some_people_only_is_used_when_no_other_was_sent() {
    let range = |low: u32, rest: Value| {
        let mut range = json!({"low": {"value": low}});
        range.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        range
    };
    let low = |ranges: Vec<Value>| {
        let reading = read(&bundle(&[patient(), laboratory("a", json!({"referenceRange": ranges}))]));
        match reading.entries[1].record() {
            Some(ChartEntry::Observation(seen)) => {
                seen.reference_range.as_ref().and_then(|range| Some(range.low.as_ref()?.decimal.value()))
            }
            other => panic!("{other:?}"),
        }
    };
    let men = || range(13, json!({"appliesTo": [{"text": "Male"}]}));
    let old = || range(11, json!({"age": {"low": {"value": 65}}}));
    assert_eq!(low(vec![men(), range(12, json!({}))]), Some(12.0));
    assert_eq!(low(vec![men(), old()]), None);
    assert_eq!(low(vec![men()]), Some(13.0));
}

#[test]
fn of_several_interpretations_the_one_with_the_weightiest_flag_counts() {
    let sent = json!({"interpretation": [{"coding": [{"code": "U"}]}, {"coding": [{"code": "H"}]}]});
    let reading = read(&bundle(&[patient(), laboratory("a", sent)]));
    let Some(ChartEntry::Observation(seen)) = reading.entries[1].record() else { panic!() };
    assert_eq!(seen.flag(), crate::results::Flag::High);
}

#[test]
fn parts_beside_a_value_are_told_with_it() {
    let sent = json!({"valueString": "Positive",
                      "component": [{"code": {"text": "Titre"}, "valueString": "1:128"}]});
    let reading = read(&bundle(&[patient(), laboratory("a", sent)]));
    let Some(ChartEntry::Observation(seen)) = reading.entries[1].record() else { panic!() };
    assert_eq!(seen.shown_note().as_deref(), Some("Titre: 1:128"));
}
