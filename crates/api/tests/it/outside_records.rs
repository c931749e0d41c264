//! Records that a patient brings from elsewhere: shown as such, apart from the chart, gone when removed.

mod entries;

use portal_api::features::health_record::make_due;
use portal_domain::{
    access::Role,
    ids::OutsideRecordId,
    outside::OutsideFormat,
    problem::Code,
    record::{ChartBlock, NewHealthRecord, RecordFormat, Section},
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{charts::BIRTH_DATE, on_both, people::Person, portal::TestPortal, refused};

const SECRET: &str = "Zebrafish allergy";

/// A clinical document about somebody of this last name and day of birth.
fn ccda(family: &str, born: &str) -> Vec<u8> {
    let born = born.replace('-', "");
    format!(
        r#"<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Visit of {}</title>
        <effectiveTime value="20260301"/>
        <recordTarget><patientRole><patient><name><given>Anna</given><family>{family}</family></name>
        <birthTime value="{born}"/></patient></patientRole></recordTarget>
        <custodian><assignedCustodian><representedCustodianOrganization><name>Harbor Clinic</name></representedCustodianOrganization></assignedCustodian></custodian>
        <component><structuredBody><component><section><title>Allergies</title><text>{SECRET}</text></section></component></structuredBody></component>
        </ClinicalDocument>"#,
        Uuid::new_v4()
    )
    .into_bytes()
}

fn fhir() -> Vec<u8> {
    let subject = json!({ "reference": "urn:uuid:p" });
    let entry = |id: &str, resource: serde_json::Value| json!({ "fullUrl": format!("urn:uuid:{id}"), "resource": resource });
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "timestamp": "2026-02-01T10:00:00Z", "entry": [
        entry("p", json!({ "resourceType": "Patient", "id": "p", "birthDate": BIRTH_DATE, "name": [{ "family": "Lund", "given": ["Anna"] }] })),
        entry("o", json!({ "resourceType": "Organization", "id": "o", "name": "Hill Hospital" })),
        entry("a", json!({ "resourceType": "AllergyIntolerance", "id": "a", "patient": subject, "code": { "text": SECRET } })),
        entry("x", json!({ "resourceType": "Observation", "id": "x", "status": "no such status", "subject": subject, "code": {} })),
    ] });
    serde_json::to_vec(&bundle).unwrap()
}

fn kept(portal: &TestPortal) -> usize {
    std::fs::read_dir(portal.app.settings.data_dir.join("files")).map_or(0, Iterator::count)
}

/// The family name of everybody whom tests enrol.
async fn family(anna: &Person) -> String {
    anna.portal.patient(anna.patient()).await.unwrap().summary.family_name
}

on_both! {
    async fn a_record_from_elsewhere_is_read_shown_saved_and_removed(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let file = ccda(&family(&anna).await, BIRTH_DATE);
        let brought = anna.portal.bring_outside_record(patient, file.clone()).await.unwrap();
        assert_eq!((brought.format, brought.source.as_str(), brought.made_on), (OutsideFormat::Ccda, "Harbor Clinic", "2026-03-01".parse().ok()));
        assert!(!brought.may_be_of_another);
        for person in [&anna, &nurse] {
            let list = person.portal.outside_records(patient, &Default::default()).await.unwrap();
            assert_eq!(list.items, std::slice::from_ref(&brought));
            let opened = person.portal.outside_record(patient, brought.id).await.unwrap();
            assert_eq!(opened.sections[0].blocks, [ChartBlock::Text { text: SECRET.into() }]);
            assert_eq!(person.portal.outside_record_file(patient, brought.id).await.unwrap(), file, "byte for byte");
        }
        let twice = refused(anna.portal.bring_outside_record(patient, file).await);
        assert_eq!(twice.errors[0].code, "file_duplicate");
        assert_eq!(kept(&portal), 1);
        anna.portal.remove_outside_record(patient, brought.id).await.unwrap();
        assert_eq!(kept(&portal), 0, "its bytes went with it");
        for person in [&anna, &nurse] {
            assert_eq!(refused(person.portal.outside_record(patient, brought.id).await).code, Code::NotFound);
            assert!(person.portal.outside_records(patient, &Default::default()).await.unwrap().items.is_empty());
        }
        assert_eq!(refused(anna.portal.remove_outside_record(patient, brought.id).await).code, Code::NotFound);
    }

    async fn a_bundle_is_told_in_words_and_what_can_not_be_read_is_counted(portal) {
        let anna = portal.patient("Anna").await;
        let patient = anna.patient();
        let brought = anna.portal.bring_outside_record(patient, fhir()).await.unwrap();
        assert_eq!((brought.format, brought.source.as_str(), brought.made_on), (OutsideFormat::Fhir, "Hill Hospital", "2026-02-01".parse().ok()));
        let opened = anna.portal.outside_record(patient, brought.id).await.unwrap();
        assert!(format!("{:?}", opened.sections).contains(SECRET));
        assert_eq!(opened.unread, 1);
    }

    async fn nothing_of_it_is_in_the_chart_or_in_what_is_taken_along(portal) {
        let anna = portal.patient("Anna").await;
        let patient = anna.patient();
        for file in [ccda("Lund", BIRTH_DATE), fhir()] {
            anna.portal.bring_outside_record(patient, file).await.unwrap();
        }
        for section in Section::ALL {
            let section = anna.portal.chart_section(patient, *section, &Default::default()).await.unwrap();
            assert!(!format!("{section:?}").contains(SECRET));
        }
        let asked = anna.portal.request_health_record(patient, &NewHealthRecord::default(), Uuid::new_v4()).await.unwrap();
        make_due(&portal.app).await.unwrap();
        for format in [RecordFormat::Text, RecordFormat::Ccda, RecordFormat::Fhir] {
            let bytes = anna.portal.health_record_file(patient, asked.id, format).await.unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{format}");
        }
    }

    async fn a_record_about_another_name_or_birthday_is_marked(portal) {
        let anna = portal.patient("Anna").await;
        let (patient, family) = (anna.patient(), family(&anna).await);
        for (name, born, is_marked) in [
            (family.as_str(), BIRTH_DATE, false),
            (&family.to_uppercase(), BIRTH_DATE, false),
            ("Holm", BIRTH_DATE, true),
            (&family, "1980-04-18", true),
        ] {
            let brought = anna.portal.bring_outside_record(patient, ccda(name, born)).await.unwrap();
            assert_eq!(brought.may_be_of_another, is_marked, "{name} {born}");
        }
    }

    async fn what_can_not_be_read_is_refused_by_name_and_leaves_nothing(portal) {
        let anna = portal.patient("Anna").await;
        let patient = anna.patient();
        let doctype = [b"<!DOCTYPE a [<!ENTITY a \"b\">]>".to_vec(), ccda("Lund", BIRTH_DATE)].concat();
        for (bytes, code) in [
            (vec![], "outside_empty"),
            (b"hello".to_vec(), "outside_no_record"),
            (b"<html/>".to_vec(), "outside_no_record"),
            (b"{\"resourceType\":\"Patient\"}".to_vec(), "outside_no_record"),
            (b"<ClinicalDocument xmlns=\"urn:hl7-org:v3\">".to_vec(), "outside_broken"),
            (b"<!DOCTYPE a><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>".to_vec(), "outside_document_type"),
            (b"<\xff".to_vec(), "outside_not_text"),
            (vec![b' '; 10 * 1024 * 1024 + 1], "file_too_large"),
        ] {
            let refusal = refused(anna.portal.bring_outside_record(patient, bytes).await);
            assert_eq!((refusal.code, refusal.errors[0].code.as_str()), (Code::Invalid, code));
        }
        assert!(anna.portal.bring_outside_record(patient, doctype).await.is_err());
        assert_eq!(kept(&portal), 0);
        for _ in 0..20 {
            anna.portal.bring_outside_record(patient, ccda("Lund", BIRTH_DATE)).await.unwrap();
        }
        let refusal = refused(anna.portal.bring_outside_record(patient, ccda("Lund", BIRTH_DATE)).await);
        assert_eq!(refusal.errors[0].code, "outside_too_many");
        assert_eq!(kept(&portal), 20);
        let random = OutsideRecordId(Uuid::new_v4());
        assert_eq!(refused(anna.portal.outside_record(patient, random).await).code, Code::NotFound);
    }
}
