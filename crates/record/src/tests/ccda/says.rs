//! What the document says where a careless writer would say something else.

use super::*;

/// A prescription with these directions.
fn drug(dosage: Value, rest: Value) -> Value {
    let mut resource = json!({
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
        "medicationCodeableConcept": coding("http://www.nlm.nih.gov/research/umls/rxnorm", "313782", "Acetaminophen 325 MG"),
        "authoredOn": "2026-03-01", "dosageInstruction": dosage,
    });
    resource.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    resource
}

fn dose(value: f64) -> Value {
    json!([{"doseQuantity": {"value": value, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}}])
}

fn read(resources: &[Value]) -> Element {
    Element::read(&written(&whole(resources)))
}

#[test]
fn three_times_a_day_is_every_eight_hours_when_needed_and_the_first_filling_counts() {
    let directions = json!([{
        "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}, "asNeededBoolean": true,
        "doseAndRate": dose(325.0), "text": "One tablet",
    }]);
    let rest = json!({"dispenseRequest": {"numberOfRepeatsAllowed": 2}});
    let document = read(&[drug(directions, rest)]);
    let taken = document.of_template("2.16.840.1.113883.10.20.22.4.16")[0];
    let all = taken.all();
    let period = all.iter().find(|one| one.name == "period").unwrap();
    assert_eq!((period.a("value"), period.a("unit")), ("8", "h"));
    let dose = taken.at("doseQuantity").unwrap();
    assert_eq!((dose.a("value"), dose.a("unit")), ("325.0", "mg"));
    assert!(taken.at("precondition/criterion").is_some());
    assert_eq!(
        taken.of_template("2.16.840.1.113883.10.20.22.4.17")[0].at("repeatNumber").unwrap().a("value"),
        "3"
    );
    assert_eq!(
        document.all().iter().find(|one| one.a("ID") == "medications-1-directions").unwrap().words(),
        "One tablet"
    );
}

#[test]
fn a_taper_is_told_in_words_and_never_as_its_first_dose() {
    let line = |mg: f64| json!({"doseAndRate": dose(mg), "text": format!("{mg} mg for a week")});
    let document = read(&[drug(json!([line(40.0), line(20.0)]), json!({}))]);
    let taken = document.of_template("2.16.840.1.113883.10.20.22.4.16")[0];
    assert_eq!(taken.at("doseQuantity").unwrap().a("nullFlavor"), "UNK");
    let sig = taken.of_template("2.16.840.1.113883.10.20.22.4.147")[0];
    assert_eq!(sig.at("text/reference").unwrap().a("value"), "#medications-1-directions");
}

#[test]
fn a_unit_without_a_code_never_leaves_its_number_alone() {
    let with_unit = |unit: &str| {
        let mut seen = glucose("o1", "2026-03-01", 112.0);
        seen["valueQuantity"] = json!({"value": 112.0, "unit": unit});
        let document = read(&[seen]);
        let value = document.of_template("2.16.840.1.113883.10.20.22.4.2")[0].at("value").unwrap();
        let words = value.at("translation").map(|other| (other.a("value").to_owned(), other.words()));
        (value.a("value").to_owned(), value.a("unit").to_owned(), words)
    };
    assert_eq!(with_unit("mmHg"), ("112.0".into(), "mm[Hg]".into(), None));
    assert_eq!(
        with_unit("drops an eye"),
        (String::new(), String::new(), Some(("112.0".into(), "drops an eye".into())))
    );
}

#[test]
fn a_code_with_a_slip_is_kept_as_words() {
    let problem = |code: &str| {
        let document =
            read(&[json!({"resourceType": "Condition", "id": "c1", "code": snomed(code, "Hypertension")})]);
        let value = document.of_template("2.16.840.1.113883.10.20.22.4.4")[0].at("value").unwrap();
        (
            value.a("code").to_owned(),
            value.a("nullFlavor").to_owned(),
            value.at("originalText").unwrap().words(),
        )
    };
    assert_eq!(problem("38341003"), ("38341003".into(), String::new(), "Hypertension".into()));
    assert_eq!(problem("38341002"), (String::new(), "UNK".into(), "Hypertension".into()));
}

#[test]
fn no_known_allergy_is_a_denial_and_an_allergy_is_none() {
    let allergy =
        |id: &str, code: Value| json!({"resourceType": "AllergyIntolerance", "id": id, "code": code});
    let document = read(&[
        allergy("a1", snomed("716186003", "No known allergy")),
        allergy("a2", coding("http://www.nlm.nih.gov/research/umls/rxnorm", "7980", "Penicillin G")),
    ]);
    let seen = document.of_template("2.16.840.1.113883.10.20.22.4.7");
    let substance = "participant/participantRole/playingEntity/code";
    let told = |one: &Element| {
        let code = one.at(substance).unwrap();
        (one.a("negationInd").to_owned(), code.a("nullFlavor").to_owned(), code.a("code").to_owned())
    };
    assert_eq!(told(seen[0]), ("true".into(), "NA".into(), String::new()));
    assert_eq!(told(seen[1]), (String::new(), String::new(), "7980".into()));
}

#[test]
fn sex_at_birth_stands_with_the_social_history_when_demographics_were_asked_for() {
    let told = |sections: &[Section]| {
        let mut record = record_of(&bundle(&[]), DateRange::default(), sections);
        record.patient.person.birth_sex = Some(portal_domain::chart::BirthSex::Female);
        let document = Element::read(&written(&record));
        assert_eq!(document.dangling(), [""; 0]);
        let seen = document.of_template("2.16.840.1.113883.10.20.22.4.200");
        seen.first().map(|one| one.at("value").unwrap().a("code").to_owned())
    };
    assert_eq!(told(&[]), Some("F".into()));
    assert_eq!(told(&[Section::Demographics]), Some("F".into()));
    assert_eq!(told(&[Section::SocialHistory]), None);
}

#[test]
fn who_has_no_address_phone_race_or_given_name_is_unknown_in_them() {
    let mut record = whole(&[]);
    let person = &mut record.patient.person;
    (person.address, person.gender, person.race, person.ethnicity) = (None, None, None, None);
    person.phones.clear();
    person.name.given.clear();
    let document = Element::read(&written(&record));
    let role = document.at("recordTarget/patientRole").unwrap();
    for path in [
        "addr/city",
        "telecom",
        "patient/name/given",
        "patient/administrativeGenderCode",
        "patient/raceCode",
        "patient/ethnicGroupCode",
    ] {
        assert_eq!(role.at(path).unwrap().a("nullFlavor"), "UNK", "{path}");
    }
}

#[test]
fn an_instant_stands_on_the_practices_calendar_and_a_day_has_no_clock() {
    let when = |day: &str| {
        let document = read(&[glucose("o1", day, 112.0)]);
        let seen = document.of_template("2.16.840.1.113883.10.20.22.4.2")[0];
        seen.at("effectiveTime").unwrap().a("value").to_owned()
    };
    assert_eq!(when("2026-03-01T02:30:00Z"), "20260228213000-0500");
    assert_eq!(when("2026-03-01"), "20260301");
    assert_eq!(when("2026-03"), "202603");
}

#[test]
fn what_is_over_is_told_but_is_no_act_that_is_still_to_come() {
    let referral = |status: &str| {
        let document = read(&[json!({
            "resourceType": "ServiceRequest", "id": "r1", "status": status, "intent": "order", "code": {"text": "Cardiology"},
            "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}],
        })]);
        assert!(document.words().contains("Cardiology"));
        document.of_template("2.16.840.1.113883.10.20.22.4.140").len()
    };
    assert_eq!((referral("active"), referral("completed"), referral("revoked")), (1, 0, 0));
    let goal = |status: &str| {
        let document = read(&[json!({
            "resourceType": "Goal", "id": "g1", "lifecycleStatus": status, "description": {"text": "Walk daily"},
        })]);
        assert!(document.words().contains("Walk daily"));
        document.of_template("2.16.840.1.113883.10.20.22.4.121").len()
    };
    assert_eq!((goal("active"), goal("completed"), goal("cancelled")), (1, 0, 0));
}
