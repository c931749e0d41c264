//! What a record holds: no more than was asked for and may be seen.

use proptest::{prelude::*, sample::select};

use super::*;

#[test]
fn what_waits_for_release_comes_with_its_report_and_by_no_other_way() {
    let reading = bundle(&[glucose("o1", "2026-03-01", 93.0)]);
    let mut record = whole(&[]);
    let seen = observation(&reading, 1);
    assert!(!record.add(id(1), ChartEntry::from(seen)));
    assert_eq!(record, whole(&[]));
    let released = whole(&[glucose("o1", "2026-03-01", 93.0)]);
    assert_eq!((released.results.len(), released.results[0].values.len()), (1, 1));
}

#[test]
fn what_was_recorded_in_error_is_never_there() {
    let wrong = json!({"verificationStatus": {"coding": [{"code": "entered-in-error"}]}});
    let mut value = glucose("o1", "2026-03-01", 93.0);
    value["status"] = json!("entered-in-error");
    let report = json!({
        "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": loinc("24323-8", "Panel"),
        "result": [{"reference": "urn:uuid:o1"}, {"reference": "urn:uuid:o2"}],
    });
    let record = whole(&[condition("c1", "Asthma", wrong), value, glucose("o2", "2026-03-01", 95.0), report]);
    assert!(record.conditions.is_empty());
    assert_eq!(record.results[0].values.len(), 1);
    assert!(!record.add_result_again("entered-in-error"));
}

impl HealthRecord {
    /// Whether a copy of the first result would be taken in another state.
    fn add_result_again(&self, status: &str) -> bool {
        let mut result = self.results[0].clone();
        result.report.status = status.parse().unwrap();
        self.clone().add_result(result)
    }
}

#[test]
fn a_range_of_days_cuts_what_happened_and_keeps_what_goes_on() {
    let march = DateRange { from: "2026-03-01".parse().ok(), to: "2026-03-31".parse().ok() };
    let cut = |resources: &[Value]| record_of(&bundle(resources), march, &[]);
    let record = cut(&[
        glucose("o1", "2026-02-28", 90.0),
        // Still the 31st in Boston.
        glucose("o2", "2026-04-01T03:30:00Z", 91.0),
        glucose("o3", "2026-04-01T04:30:00Z", 92.0),
        glucose("o4", "2026-03", 93.0),
        condition(
            "c1",
            "Old and here",
            json!({"onsetDateTime": "1999", "clinicalStatus": clinical("active")}),
        ),
        condition("c2", "Over before", json!({"onsetDateTime": "1999", "abatementDateTime": "2026-02"})),
        condition("c3", "Not yet", json!({"onsetDateTime": "2026-04-02"})),
        condition("c4", "Nobody knows when", json!({})),
    ]);
    let days: Vec<_> = record.results.iter().map(|one| one.report.effective.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-04-01T03:30:00Z", "2026-03"]);
    let kept: Vec<_> = record.conditions.iter().map(|one| one.record.code.text.as_str()).collect();
    assert_eq!(kept, ["Old and here", "Nobody knows when"]);
}

proptest! {
    #[test]
    fn a_section_that_was_not_asked_for_is_empty_and_the_others_are_as_in_the_whole(
        asked in proptest::collection::vec(select(Section::ALL), 1..6),
    ) {
        let resources = [
            glucose("o1", "2026-03-01", 93.0),
            condition("c1", "Asthma", json!({})),
            json!({"resourceType": "Coverage", "id": "v1", "status": "active", "payor": [{"display": "Harbor Mutual"}]}),
        ];
        let all = whole(&resources);
        let some = record_of(&bundle(&resources), DateRange::default(), &asked);
        prop_assert_eq!(some.results.len(), if some.has(Section::Results) { all.results.len() } else { 0 });
        prop_assert_eq!(some.conditions.len(), if some.has(Section::Conditions) { 1 } else { 0 });
        prop_assert_eq!(some.coverages.len(), if some.has(Section::Insurance) { 1 } else { 0 });
        prop_assert!(some.sections.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once");
        let told: Vec<Section> = some.narrative().sections.iter().map(|one| one.section).collect();
        prop_assert_eq!(&told, &some.sections);
        for section in some.narrative().sections {
            let same = all.narrative().sections.into_iter().find(|one| one.section == section.section);
            prop_assert_eq!(Some(section), same);
        }
    }
}
