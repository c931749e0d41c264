//! What a typeset record is. Whether it keeps PDF/UA-1 as foreign validators read it is asked of the finished program.

use chrono_tz::Tz;
use portal_domain::{
    chart::{Address, ChartEntry, ChartReport},
    fhir::read_bundle,
    ids::PatientId,
    record::DateRange,
};
use portal_record::{HealthRecord, Item, Practice, ResultReport, Subject};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

/// A record whose patient has this name and these values, each released as a report of its own.
fn record(name: &str, values: &[(&str, f64)]) -> HealthRecord {
    let patient = json!({"resourceType": "Patient", "id": "p1", "name": [{"family": name, "given": ["Anna"]}],
        "gender": "female", "birthDate": "1980-02-29"});
    let seen = |(place, (test, value)): (usize, &(&str, f64))| {
        json!({
            "resourceType": "Observation", "id": format!("o{place}"), "status": "final", "code": {"text": test},
            "subject": {"reference": "urn:uuid:p1"}, "category": [{"coding": [{"code": "laboratory"}]}],
            "effectiveDateTime": "2026-03-01", "valueQuantity": {"value": value, "unit": "mg/dL"},
            "referenceRange": [{"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 99, "unit": "mg/dL"}}],
        })
    };
    let all = std::iter::once(patient).chain(values.iter().enumerate().map(seen));
    let entry =
        |one: Value| json!({"fullUrl": format!("urn:uuid:{}", one["id"].as_str().unwrap()), "resource": one});
    let entries: Vec<Value> = all.map(entry).collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    let reading = read_bundle(bundle.to_string().as_bytes()).unwrap();
    let mut entries = reading.entries.iter();
    let Some(ChartEntry::Patient(person)) = entries.next().and_then(|entry| entry.record()) else { panic!() };
    let practice = Practice {
        id: Uuid::from_u128(1),
        name: "Infinity Health".into(),
        phone: "+1 617 555 0100".into(),
        address: Address {
            lines: vec!["1 Harbor St".into()],
            city: Some("Boston".into()),
            ..Address::default()
        },
        zone: Tz::America__New_York,
    };
    let subject =
        Subject { id: PatientId(Uuid::from_u128(2)), mrn: "IH-1".into(), person: (**person).clone() };
    let made = "2026-10-05T14:00:00Z".parse().unwrap();
    let mut record =
        HealthRecord::new(Uuid::from_u128(3), made, practice, subject, DateRange::default(), &[]);
    for (place, entry) in entries.enumerate() {
        let (Some(ChartEntry::Observation(seen)), Some(named)) = (entry.record(), entry.link()) else {
            panic!()
        };
        record.add_result(ResultReport {
            id: Uuid::from_u128(10_000 + place as u128),
            report: ChartReport::of_observation(seen, named),
            laboratory: None,
            ordered_by: Some("Dr. Rowe".into()),
            provider_comment: Some("All is well.".into()),
            released_at: made,
            values: vec![Item { id: Uuid::from_u128(100 + place as u128), record: (**seen).clone() }],
        });
    }
    record
}

/// The document before it is written as a file: its pages with their texts.
fn pages(record: &HealthRecord) -> PagedDocument {
    let desk = world::Desk::new(world::Template::Record, document::values(record)).unwrap();
    let compiled = typst::compile(&desk);
    assert!(compiled.warnings.is_empty(), "{:?}", compiled.warnings);
    compiled.output.unwrap()
}

/// What a page says, run by run.
pub fn said(document: &PagedDocument) -> Vec<String> {
    fn collect(frame: &typst::layout::Frame, found: &mut String) {
        for (_, item) in frame.items() {
            match item {
                typst::layout::FrameItem::Group(group) => collect(&group.frame, found),
                typst::layout::FrameItem::Text(run) => {
                    found.push_str(&run.text);
                    found.push(' ');
                }
                _ => {}
            }
        }
    }
    let page = |page: &typst_layout::Page| {
        let mut found = String::new();
        collect(&page.frame, &mut found);
        found.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    document.pages().iter().map(page).collect()
}

pub fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn a_record_is_a_tagged_file_that_names_its_standard_language_and_title() {
    let bytes = write_pdf(&record("Lund", &[("Glucose", 93.0)])).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for part in [
        "/Marked true",
        "/Lang(en-US)",
        "/DisplayDocTitle true",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Health record of Anna Lund",
    ] {
        assert!(holds(&bytes, part), "{part}");
    }
}

#[test]
fn the_same_record_gives_the_same_bytes_and_another_time_gives_others() {
    let mut given = record("Lund", &[("Glucose", 93.0)]);
    let first = write_pdf(&given).unwrap();
    assert_eq!(first, write_pdf(&given).unwrap());
    given.made_at = "2026-10-05T14:00:01Z".parse().unwrap();
    assert_ne!(first, write_pdf(&given).unwrap());
}

#[test]
fn what_a_person_wrote_is_never_read_as_markup() {
    let wild = "#panic() *b* _i_ $x$ = h `c` <l> @r // #import \"x\" \\u{41}";
    let given = record(wild, &[("#read(\"/etc/passwd\")", 93.0)]);
    let told = said(&pages(&given)).join(" ");
    assert!(told.contains(wild), "{told}");
    assert!(told.contains("#read(\"/etc/passwd\")"), "{told}");
    write_pdf(&given).unwrap();
}

#[test]
fn each_page_says_whose_it_is_and_which_of_how_many_and_tables_repeat_their_headings() {
    let long = "Every line of this remark is here. ".repeat(400);
    let mut given = record("Lund", &[("Glucose", 93.0)]);
    given.results[0].values = std::iter::repeat_n(given.results[0].values[0].clone(), 120).collect();
    given.results[0].report.narrative = Some(long);
    let told = said(&pages(&given));
    assert!(told.len() > 4, "{}", told.len());
    for (place, page) in told.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {}", place + 1, told.len())), "{page}");
        assert!(page.contains("Anna Lund") && page.contains("IH-1"), "{page}");
    }
    assert!(told[2].contains("Test Result Usual range Compared with usual"), "{}", told[2]);
    assert_eq!(told.join(" ").matches("Every line").count(), 400);
}

#[test]
fn a_value_that_stands_out_is_told_in_words() {
    let told = said(&pages(&record("Lund", &[("Glucose", 250.0), ("Sodium", 93.0)]))).join(" ");
    assert!(told.contains("High") && told.contains("As usual"), "{told}");
}

#[test]
fn letters_that_no_font_has_are_replaced_and_the_first_page_says_so() {
    let told = said(&pages(&record("李", &[])));
    assert!(told[0].contains("Health record of Anna \u{FFFD}"), "{}", told[0]);
    assert!(told[0].contains("The plain text file has them."), "{}", told[0]);
    assert!(!said(&pages(&record("Łukasz שרה", &[])))[0].contains("plain text file"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_with_any_letters_at_all_is_written(name in ".{1,40}", test in "\\PC{1,60}", planes in any_planes()) {
        let mut given = record("Lund", &[("Glucose", 93.0)]);
        given.patient.person.name.family = name;
        given.results[0].values[0].record.code.text = test;
        given.results[0].report.narrative = Some(planes);
        prop_assert!(write_pdf(&given).is_ok());
    }
}

/// Letters with marks of every plane, in any order.
fn any_planes() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        any::<char>(),
        proptest::char::range('\u{300}', '\u{36F}'),
        proptest::char::range('\u{590}', '\u{1FFF}'),
        proptest::char::range('\u{2000}', '\u{2FFF}'),
        proptest::char::range('a', 'z'),
    ];
    proptest::collection::vec(letter, 0..200).prop_map(String::from_iter)
}
