//! PHR-1, PHR-3: the health record holds what the patient may see of the whole chart, and nothing else.

mod asking;
mod everybody;
mod random;
mod reading;

use std::path::Path;

use diesel::prelude::*;
use portal_api::{features::health_record::export_file, platform::db::schema::audit_entries};
use portal_domain::{
    access::{Action, Category, Role},
    audit::Outcome,
    chart::ChartKind,
    fhir::read_bundle,
    ids::{PatientId, ResultId},
    record::RecordFormat,
    results::Release,
    time::Time,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{charts::entry, on_both, people::Person, portal::TestPortal};

fn day(text: &str) -> Time {
    format!("{text}T08:00:00Z").parse().unwrap()
}

async fn release(provider: &Person, patient: PatientId, result: ResultId) {
    let seen = provider.portal.result(patient, result).await.unwrap();
    let release = Release { comment: Some("Nothing to worry about.".into()) };
    provider.portal.release_result(patient, result, seen.version, &release, Uuid::new_v4()).await.unwrap();
}

async fn export(portal: &TestPortal, patient: &str, out: &Path) -> Result<String, String> {
    export_as(RecordFormat::Text, portal, patient, out).await
}

async fn export_as(
    format: RecordFormat,
    portal: &TestPortal,
    patient: &str,
    out: &Path,
) -> Result<String, String> {
    let written = export_file(&portal.app, patient, format, out).await;
    written.map_err(|why| why.to_string())?;
    Ok(std::fs::read_to_string(out).unwrap())
}

/// One of each of the kinds that are read whole, with a word of its own.
async fn fill(portal: &TestPortal, patient: PatientId) {
    let source = portal.sources.borrow()[&patient].clone();
    let of = json!({ "reference": format!("Patient/{source}") });
    let add = |field: &str, mut resource: Value| {
        resource[field] = of.clone();
        resource["id"] = json!(Uuid::new_v4().to_string());
        entry(resource)
    };
    let in_error = json!({ "coding": [{ "code": "entered-in-error" }] });
    let category = |code: &str| json!([{ "coding": [{ "code": code }] }]);
    portal
        .import(vec![
            add("patient", json!({ "resourceType": "AllergyIntolerance", "code": { "text": "Hazelnut" } })),
            add("subject", json!({ "resourceType": "MedicationRequest", "status": "active", "intent": "order",
                "medicationCodeableConcept": { "text": "Metformin" }, "requester": { "display": "Dr. Outside" } })),
            add("subject", json!({ "resourceType": "Condition", "code": { "text": "Migraine" } })),
            add("subject", json!({ "resourceType": "Condition", "code": { "text": "Never true" }, "verificationStatus": in_error })),
            add("patient", json!({ "resourceType": "Immunization", "status": "completed", "vaccineCode": { "text": "Tdap" } })),
            add("subject", json!({ "resourceType": "Procedure", "status": "completed", "code": { "text": "Appendectomy" } })),
            add("beneficiary", json!({ "resourceType": "Coverage", "status": "active", "payor": [{ "display": "Harbor Mutual" }] })),
            add("patient", json!({ "resourceType": "FamilyMemberHistory", "status": "completed", "relationship": { "text": "Aunt" } })),
            add("patient", json!({ "resourceType": "Consent", "status": "active", "category": [{ "text": "Living will" }],
                "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "adr" }] } })),
            add("subject", json!({ "resourceType": "Communication", "status": "completed", "category": category("instruction"),
                "payload": [{ "contentString": "Rest for a week" }] })),
            add("subject", json!({ "resourceType": "ServiceRequest", "status": "active", "code": { "text": "Cardiology" },
                "category": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "3457005" }] }] })),
            add("subject", json!({ "resourceType": "CarePlan", "status": "active", "title": "Walk more" })),
            add("subject", json!({ "resourceType": "Goal", "lifecycleStatus": "active", "description": { "text": "Ten thousand steps" } })),
            add("subject", json!({ "resourceType": "Observation", "status": "final", "code": { "text": "Heart rate" },
                "category": category("vital-signs"), "valueQuantity": { "value": 64, "unit": "/min" } })),
            add("subject", json!({ "resourceType": "Observation", "status": "final", "code": { "text": "Tobacco" },
                "category": category("social-history"), "valueString": "Never smoked" })),
            add("subject", json!({ "resourceType": "Observation", "status": "final", "code": { "text": "Climbing stairs" },
                "category": category("functional-status"), "valueString": "With a rail" })),
            add("subject", json!({ "resourceType": "Encounter", "status": "finished", "type": [{ "text": "House call" }] })),
        ])
        .await;
}

on_both! {
    async fn the_whole_chart_is_written_and_of_results_only_what_was_released(portal) {
        let (folder, provider) = (tempfile::tempdir().unwrap(), portal.staff(Role::Provider).await);
        let patient = portal.chart("Anna", "Lund").await;
        fill(&portal, patient).await;
        // Of somebody else, with the same words nowhere.
        let other = portal.chart("Berta", "Stone").await;
        let hers = portal.result(other, day("2026-08-01"), "9.9").await;
        release(&provider, other, hers).await;
        let first = portal.result(patient, day("2026-09-01"), "5.2").await;
        portal.result(patient, day("2026-09-20"), "6.4").await;

        let before = export(&portal, &patient.to_string(), &folder.path().join("before.txt")).await.unwrap();
        assert!(before.contains("No released results are on record"), "{before}");
        release(&provider, patient, first).await;
        let after = export(&portal, &patient.to_string(), &folder.path().join("after.txt")).await.unwrap();
        for told in [
            "Health record of Anna Lund", "Hazelnut", "Metformin", "Prescriber: Dr. Outside", "Migraine", "Tdap", "Appendectomy",
            "Harbor Mutual", "Aunt", "Living will", "Rest for a week", "Cardiology", "Walk more", "Ten thousand steps", "Heart rate",
            "Never smoked", "Climbing stairs", "House call", "5.2%", "Nothing to worry about.",
        ] {
            assert!(after.contains(told), "{told}\n---\n{after}");
        }
        for hidden in ["6.4%", "9.9%", "Berta", "Never true"] {
            assert!(!before.contains(hidden) && !after.contains(hidden), "{hidden}\n---\n{after}");
        }
    }

    async fn a_record_in_fhir_is_read_as_a_chart_with_the_released_results_and_no_others(portal) {
        let (folder, provider) = (tempfile::tempdir().unwrap(), portal.staff(Role::Provider).await);
        let patient = portal.chart("Anna", "Lund").await;
        fill(&portal, patient).await;
        let first = portal.result(patient, day("2026-09-01"), "5.2").await;
        portal.result(patient, day("2026-09-20"), "6.4").await;
        release(&provider, patient, first).await;
        let out = folder.path().join("record.json");
        let text = export_as(RecordFormat::Fhir, &portal, &patient.to_string(), &out).await.unwrap();
        let reading = read_bundle(text.as_bytes()).unwrap();
        assert!(reading.is_valid(), "{:?}", reading.entries);
        let count = |kind| reading.entries.iter().filter_map(|entry| entry.record()).filter(|one| one.kind() == kind).count();
        // Of two problems one was never true, of two results one was released.
        assert_eq!((count(ChartKind::Condition), count(ChartKind::Report), count(ChartKind::Medication)), (1, 1, 1));
        assert!(text.contains("5.2") && text.contains("Nothing to worry about."), "{text}");
        for hidden in ["6.4", "Never true"] {
            assert!(!text.contains(hidden), "{hidden}\n---\n{text}");
        }
    }

    async fn a_clinical_document_holds_the_whole_chart_and_of_results_only_what_was_released(portal) {
        let (folder, provider) = (tempfile::tempdir().unwrap(), portal.staff(Role::Provider).await);
        let patient = portal.chart("Anna", "Lund").await;
        fill(&portal, patient).await;
        let first = portal.result(patient, day("2026-09-01"), "5.2").await;
        portal.result(patient, day("2026-09-20"), "6.4").await;
        release(&provider, patient, first).await;
        let out = folder.path().join("record.xml");
        let text = export_as(RecordFormat::Ccda, &portal, &patient.to_string(), &out).await.unwrap();
        // Of all these the entries tell, not only the narrative.
        for told in [
            "Hazelnut", "Metformin", "Migraine", "Tdap", "Appendectomy", "Aunt", "Living will", "Cardiology", "Ten thousand steps",
            "Heart rate", "Tobacco", "Climbing stairs", "House call",
        ] {
            assert!(text.contains(&format!("<originalText>{told}</originalText>")), "{told}\n---\n{text}");
        }
        for told in ["Harbor Mutual", "Dr. Outside", "Walk more", "Rest for a week", "value=\"5.2\"", "Nothing to worry about."] {
            assert!(text.contains(told), "{told}\n---\n{text}");
        }
        for hidden in ["6.4", "Never true"] {
            assert!(!text.contains(hidden), "{hidden}\n---\n{text}");
        }
    }

    async fn a_pdf_is_written_of_the_same_chart_with_its_title_and_its_standard(portal) {
        let folder = tempfile::tempdir().unwrap();
        let patient = portal.chart("Anna", "Lund").await;
        fill(&portal, patient).await;
        let out = folder.path().join("record.pdf");
        export_file(&portal.app, &patient.to_string(), RecordFormat::Pdf, &out).await.unwrap();
        let bytes = std::fs::read(&out).unwrap();
        assert!(bytes.starts_with(b"%PDF-"), "{} bytes", bytes.len());
        for part in ["Health record of Anna Lund", "<pdfuaid:part>1</pdfuaid:part>"] {
            assert!(bytes.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
        }
    }

    async fn the_operators_export_names_the_patient_leaves_other_files_alone_and_is_recorded(portal) {
        let folder = tempfile::tempdir().unwrap();
        let anna = portal.patient("Anna").await;
        let mrn = anna.portal.patient(anna.patient()).await.unwrap().summary.mrn;
        let out = folder.path().join("record.txt");
        let text = export(&portal, &mrn, &out).await.unwrap();
        assert!(text.contains(&format!("Record number: {mrn}")));
        let again = export(&portal, &mrn, &out).await.unwrap_err();
        assert!(again.contains("is there already: name a new file"), "{again}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), text);
        for nobody in ["IH-NOBODY".to_owned(), Uuid::new_v4().to_string()] {
            let missing = folder.path().join("missing.txt");
            let why = export(&portal, &nobody, &missing).await.unwrap_err();
            assert!(why.contains("no patient has the") && !missing.exists(), "{why}");
        }
        let patient = anna.patient();
        let recorded = portal.app.db.read(move |conn| {
            let exports = audit_entries::table
                .filter(audit_entries::patient_id.eq(patient))
                .filter(audit_entries::action.eq(Action::Export))
                .filter(audit_entries::category.eq(Category::Chart))
                .filter(audit_entries::outcome.eq(Outcome::Done));
            Ok(exports.count().get_result::<i64>(conn)?)
        });
        assert_eq!(recorded.await.unwrap(), 2, "the one that was written, and the one whose file was there");
    }
}
