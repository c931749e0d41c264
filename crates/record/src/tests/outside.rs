//! What strangers' files say, and that no file does harm.

use std::time::{Duration, Instant};

use portal_domain::{outside::OutsideFormat, record::ChartBlock, time::Time};
use proptest::prelude::*;
use serde_json::json;

use super::{condition, glucose, snomed, whole};
use crate::{
    HealthRecord,
    outside::{
        MAX_ROWS, MAX_TEXT, OutsideDocument, OutsideError, read_outside,
        tree::{MAX_DEPTH, MAX_ELEMENTS},
    },
};

fn now() -> Time {
    "2026-10-05T14:00:00Z".parse().unwrap()
}

fn read(text: &str) -> Result<OutsideDocument, OutsideError> {
    read_outside(text.as_bytes(), now())
}

/// A record of ours with something in several sections.
fn full() -> HealthRecord {
    whole(&[
        json!({
            "resourceType": "AllergyIntolerance", "id": "a1", "code": snomed("91936005", "Allergy to penicillin"),
        }),
        condition("c1", "Migraine", json!({})),
        glucose("g1", "2026-03-01", 5.4),
        json!({
            "resourceType": "Immunization", "id": "i1", "status": "completed", "vaccineCode": { "text": "Influenza" },
            "occurrenceDateTime": "2025-10-01",
        }),
        json!({
            "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
            "medicationCodeableConcept": { "text": "Metformin" }, "authoredOn": "2026-01-02",
        }),
    ])
}

/// A clinical document with this body.
fn document(body: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc">
  <title>Summary &amp; plan</title><effectiveTime value="20260301101500-0500"/>
  <recordTarget><patientRole><patient>
    <name use="P"><given>Annie</given><family>Lund</family></name>
    <name use="L"><given>Anna</given><given>M.</given><family>Lund</family></name>
    <birthTime value="19800417"/>
  </patient></patientRole></recordTarget>
  <custodian><assignedCustodian><representedCustodianOrganization><name>Harbor  Clinic</name></representedCustodianOrganization></assignedCustodian></custodian>
  {body}
</ClinicalDocument>"#
    )
}

fn section(text: &str) -> String {
    document(&format!(
        "<component><structuredBody><component><section><title>Allergies</title>{text}</section></component></structuredBody></component>"
    ))
}

/// A clinical document with one section that holds this.
pub fn section_of(inner: &str) -> String {
    section(inner)
}

fn said(document: &OutsideDocument) -> String {
    format!("{:?}", document.sections)
}

#[test]
fn a_document_says_whose_it_is_from_where_and_of_when() {
    let read = read(&section("<text>None known.</text>")).unwrap();
    assert_eq!(
        (read.format, read.title.as_str(), read.source.as_str()),
        (OutsideFormat::Ccda, "Summary & plan", "Harbor Clinic")
    );
    assert_eq!(read.made_on, "2026-03-01".parse().ok());
    let person = read.person.unwrap();
    assert_eq!(
        (person.name.as_str(), person.family_name.as_str(), person.birth_date),
        ("Anna M. Lund", "Lund", "1980-04-17".parse().ok())
    );
    assert_eq!(read.sections[0].title, "Allergies");
    assert_eq!(read.sections[0].blocks, [ChartBlock::Text { text: "None known.".into() }]);
}

#[test]
fn a_narrative_keeps_its_tables_lists_and_paragraphs() {
    let read = read(&section(
        r##"<text>Before <content styleCode="Bold">bold</content> words.
        <table><caption>Known</caption><thead><tr><th>What</th><th>Reaction</th></tr></thead>
        <tbody><tr ID="a1"><td>Penicillin</td><td>Hives<br/>Itching</td></tr><tr><td>Nuts</td></tr></tbody></table>
        <list><item>First</item><item><paragraph>Second</paragraph></item></list>
        <paragraph>Ask again &#x2014; &lt;soon&gt;.</paragraph>
        <renderMultiMedia referencedObject="x"/></text>"##,
    ))
    .unwrap();
    let text = |text: &str| ChartBlock::Text { text: text.into() };
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    assert_eq!(
        read.sections[0].blocks,
        [
            text("Before bold words."),
            ChartBlock::Table {
                caption: Some("Known".into()),
                columns: row(["What", "Reaction"]),
                rows: vec![row(["Penicillin", "Hives Itching"]), row(["Nuts", ""])],
            },
            text("First"),
            text("Second"),
            text("Ask again — <soon>."),
        ]
    );
    assert_eq!(read.unread, 1, "a picture");
}

#[test]
fn a_section_without_words_is_told_from_its_coded_entries() {
    let read = read(&section(
        r#"<entry><act><code code="CONC"/><entryRelationship><observation negationInd="true">
        <code displayName="Allergy"/><value displayName="Penicillin"/></observation></entryRelationship></act></entry>
        <entry><observation><code><originalText>Body weight</originalText></code><value value="70" unit="kg"/></observation></entry>"#,
    ))
    .unwrap();
    let text = |text: &str| ChartBlock::Text { text: text.into() };
    assert_eq!(read.sections[0].blocks, [text("not: Allergy, Penicillin"), text("Body weight, 70 kg")]);
}

#[test]
fn what_we_write_ourselves_reads_back_from_both_formats() {
    let record = full();
    let ccda = read_outside(&crate::write_ccda(&record), now()).unwrap();
    let fhir = read_outside(crate::write_fhir(&record).as_bytes(), now()).unwrap();
    let person = &record.patient.person;
    for read in [&ccda, &fhir] {
        let found = read.person.as_ref().unwrap();
        assert_eq!((&found.family_name, found.birth_date), (&person.name.family, Some(person.birth_date)));
        assert_eq!(read.source, record.practice.name, "{:?}", read.format);
        assert!(read.made_on.is_some());
        assert!(read.sections.len() >= 5, "{:?}", read.sections);
    }
    let allergy = &record.allergies[0].record.code.text;
    assert!(said(&ccda).contains(allergy.as_str()) && said(&fhir).contains(allergy.as_str()), "{allergy}");
}

#[test]
fn attacks_and_garbage_are_refused_by_name_and_quickly() {
    let entities = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let body = section("<text>x</text>");
    let (declaration, rest) = body.split_once("?>\n").unwrap();
    let deep = "<component>".repeat(MAX_DEPTH + 1);
    let many = format!("<text>{}</text>", "<br/>".repeat(MAX_ELEMENTS + 1));
    for (text, refusal) in [
        (String::new(), OutsideError::Empty),
        (" \n ".into(), OutsideError::Empty),
        ("hello".into(), OutsideError::NoRecord),
        ("<html><body/></html>".into(), OutsideError::NoRecord),
        ("<ClinicalDocument/>".into(), OutsideError::NoRecord),
        ("<Other xmlns=\"urn:hl7-org:v3\"/>".into(), OutsideError::NoRecord),
        ("<ClinicalDocument xmlns=\"urn:hl7-org:v3\">".into(), OutsideError::Broken),
        ("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"></Other>".into(), OutsideError::Broken),
        (format!("{declaration}?>{entities}{rest}"), OutsideError::DocumentType),
        (
            format!("{declaration}?><!DOCTYPE a SYSTEM \"file:///etc/passwd\">{rest}"),
            OutsideError::DocumentType,
        ),
        (section("<text>&a;</text>"), OutsideError::Broken),
        (section("<text a=\"&a;\">x</text>"), OutsideError::Broken),
        (document(&deep), OutsideError::TooComplex),
        (section(&many), OutsideError::TooComplex),
        (format!("{body}{body}"), OutsideError::Broken),
        ("{}".into(), OutsideError::NoRecord),
        ("{\"resourceType\":\"Patient\"}".into(), OutsideError::NoRecord),
        ("{\"resourceType\":\"Bundle\",\"type\":\"collection\"".into(), OutsideError::Broken),
        ("[".repeat(100_000), OutsideError::NoRecord),
        (format!("{{\"a\":{}", "[".repeat(1_000_000)), OutsideError::Broken),
    ] {
        let begun = Instant::now();
        assert_eq!(read(&text).map(drop), Err(refusal), "{}", text.chars().take(80).collect::<String>());
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
    assert_eq!(read_outside(b"<\xff>", now()).map(drop), Err(OutsideError::NotText));
    assert_eq!(read_outside(&vec![b' '; 10 * 1024 * 1024 + 1], now()).map(drop), Err(OutsideError::TooLarge));
}

#[test]
fn what_a_document_shows_has_a_limit_and_says_what_was_left_out() {
    let rows = "<tr><td>x</td></tr>".repeat(MAX_ROWS + 5);
    let read = read(&section(&format!("<text><table><tbody>{rows}</tbody></table></text>"))).unwrap();
    let ChartBlock::Table { rows, .. } = &read.sections[0].blocks[0] else { panic!("a table") };
    assert_eq!((rows.len(), read.unread), (MAX_ROWS, 5));
    let long = "word ".repeat(10_000);
    let read = read_outside(section(&format!("<text>{long}</text>")).as_bytes(), now()).unwrap();
    let ChartBlock::Text { text } = &read.sections[0].blocks[0] else { panic!("a text") };
    assert!(text.chars().count() <= MAX_TEXT + 1 && text.ends_with('…'));
}

#[test]
fn elements_of_other_namespaces_are_not_mistaken_for_ours() {
    let read = read(&section("<text>Ours<x:text xmlns:x=\"urn:other\">theirs</x:text></text>")).unwrap();
    assert_eq!(read.sections[0].blocks, [ChartBlock::Text { text: "Ours".into() }]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_at_all_upset_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_outside(&bytes, now());
    }

    #[test]
    fn no_markup_upsets_the_reader(parts in proptest::collection::vec("(<[a-z/!?]{0,3}(text|table|tr|td|list|item|section|component)? ?/?>|[&<>a-z\"';#0-9 ]{0,6})", 0..60)) {
        let _ = read(&section(&format!("<text>{}</text>", parts.concat())));
        let _ = read(&document(&parts.concat()));
    }

    #[test]
    fn a_document_of_ours_that_was_cut_or_changed_is_read_or_refused(cut in any::<prop::sample::Index>(), to in any::<u8>()) {
        for mut bytes in [crate::write_ccda(&full()), crate::write_fhir(&full()).into_bytes()] {
            let at = cut.index(bytes.len());
            let _ = read_outside(&bytes[..at], now());
            bytes[at] = to;
            let _ = read_outside(&bytes, now());
        }
    }
}
