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
