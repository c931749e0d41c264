//! Advance directives, instructions, referrals, and how the patient fares in daily life.

use super::*;
use crate::chart::ObservationCategory;

fn directive(scope: &str) -> Value {
    json!({
        "resourceType": "Consent", "id": "w1", "status": "active", "patient": {"reference": "urn:uuid:p1"},
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": scope}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "75320-2"}], "text": "Living will"}],
        "dateTime": "2025-03-01", "provision": {
            "period": {"start": "2025-03-01"}, "actor": [{"reference": {"display": "Rosa Lund"}}],
            "code": [{"text": "Do not resuscitate"}],
        },
    })
}

#[test]
fn an_advance_directive_is_kept_and_any_other_consent_is_not() {
    let reading = read(&bundle(&[patient(), directive("adr")]));
    let Some(ChartEntry::Directive(found)) = reading.entries[1].record() else { panic!("{reading:?}") };
    assert_eq!(
        (found.kind.text.as_str(), found.wanted[0].text.as_str()),
        ("Living will", "Do not resuscitate")
    );
    assert_eq!(found.agents[0].display.as_deref(), Some("Rosa Lund"));
    let mut another = directive("research");
    // A mistake in what is not kept stops nobody.
    another["status"] = json!("nonsense");
    let reading = read(&bundle(&[patient(), another]));
    assert_eq!(reading.entries[1].outcome, Outcome::Ignored(IgnoredReason::UnsupportedType));
}

#[test]
fn an_instruction_is_kept_and_other_messages_between_systems_are_not() {
    let communication = |category: &str| {
        of_patient(
            "Communication",
            "i1",
            json!({
                "status": "completed", "category": [{"coding": [{"code": category}]}], "sent": "2026-05-04T10:00:00Z",
                "topic": {"text": "After the knee operation"}, "sender": {"display": "Dr. Lund"},
                "payload": [{"contentString": "Rest for a week."}, {"contentReference": {"display": "x"}}, {"contentString": "Then walk."}],
            }),
        )
    };
    let reading = read(&bundle(&[patient(), communication("instruction")]));
    let Some(ChartEntry::Instruction(found)) = reading.entries[1].record() else { panic!("{reading:?}") };
    assert_eq!(found.text, ["Rest for a week.", "Then walk."]);
    assert_eq!(found.by.as_ref().unwrap().display.as_deref(), Some("Dr. Lund"));
    let reading = read(&bundle(&[patient(), communication("alert")]));
    assert_eq!(reading.entries[1].outcome, Outcome::Ignored(IgnoredReason::UnsupportedType));
}

#[test]
fn a_referral_is_kept_with_its_reason_and_an_order_of_the_laboratory_stays_with_its_report() {
    let request = |code: &str| {
        of_patient(
            "ServiceRequest",
            "s1",
            json!({
                "status": "active", "intent": "order", "authoredOn": "2026-05-04",
                "category": [{"coding": [{"system": "http://snomed.info/sct", "code": code}]}],
                "code": {"text": "Cardiology"}, "requester": {"display": "Dr. Lund"}, "performer": [{"display": "Heart Center"}],
                "reasonCode": [{"text": "Chest pain"}], "patientInstruction": "Bring your list of medications.",
            }),
        )
    };
    let reading = read(&bundle(&[patient(), request("3457005")]));
    let Some(ChartEntry::Referral(found)) = reading.entries[1].record() else { panic!("{reading:?}") };
    assert_eq!(
        (found.reasons[0].text.as_str(), found.performers[0].display.as_deref()),
        ("Chest pain", Some("Heart Center"))
    );
    assert_eq!(found.patient_instruction.as_deref(), Some("Bring your list of medications."));
    let reading = read(&bundle(&[patient(), request("108252007")]));
    assert_eq!(reading.entries[1].outcome, Outcome::Ignored(IgnoredReason::KeptWithOthers));
}

#[test]
fn how_the_patient_fares_in_daily_life_is_told_apart_from_other_questionnaires() {
    let category = |code: &str| json!({"coding": [{"code": code}]});
    let answer = |id: &str, categories: &[&str]| {
        let categories: Vec<_> = categories.iter().map(|code| category(code)).collect();
        of_patient(
            "Observation",
            id,
            json!({
                "status": "final", "code": {"text": "Walks alone"}, "category": categories, "valueBoolean": true,
            }),
        )
    };
    let reading = read(&bundle(&[
        patient(),
        answer("o1", &["survey", "functional-status"]),
        answer("o2", &["survey"]),
        answer("o3", &["functional-status", "laboratory"]),
    ]));
    let categories: Vec<_> = reading
        .entries
        .iter()
        .filter_map(|entry| {
            if let Some(ChartEntry::Observation(seen)) = entry.record() { Some(seen.category) } else { None }
        })
        .collect();
    use ObservationCategory as C;
    assert_eq!(
        categories,
        [C::FunctionalStatus, C::Survey, C::Laboratory],
        "what may be a finding still waits"
    );
}
