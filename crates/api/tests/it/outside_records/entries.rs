//! Single entries of a record from elsewhere: staff take them into the chart, leave them out, and undo it; until then, and
//! afterwards, they stand nowhere else.

use portal_client::Portal;
use portal_domain::{
    ids::PatientId,
    outside::{
        OutsideDismissReason, OutsideDismissal, OutsideEntryKind, OutsideEntryState, OutsideEntryView,
        OutsideRecordOpened,
    },
    refills::WhyNot,
};

use super::*;

const METFORMIN: &str = "metformin hydrochloride 500 MG Oral Tablet";

/// A clinical document with an allergy to a drug, that drug, a problem and a vaccination, each coded.
fn coded() -> Vec<u8> {
    let template = |number: &str| format!(r#"<templateId root="2.16.840.1.113883.10.20.22.4.{number}"/>"#);
    let section = |code: &str, entry: String| {
        format!(r#"<component><section><code code="{code}"/><entry>{entry}</entry></section></component>"#)
    };
    let product = |code: &str, system: &str, name: &str| {
        format!(
            r#"<consumable><manufacturedProduct><manufacturedMaterial><code code="{code}" codeSystem="2.16.840.1.113883.{system}"
            displayName="{name}"/></manufacturedMaterial></manufacturedProduct></consumable>"#
        )
    };
    let allergy = format!(
        r#"<act><statusCode code="active"/><entryRelationship><observation>{}<value code="416098002"/>
        <participant><participantRole><playingEntity><code code="6809" codeSystem="2.16.840.1.113883.6.88" displayName="metformin"/>
        </playingEntity></participantRole></participant></observation></entryRelationship></act>"#,
        template("7")
    );
    let medication = format!(
        r#"<substanceAdministration>{}<statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20260104"/></effectiveTime>
        <doseQuantity value="1" unit="{{tablet}}"/>{}</substanceAdministration>"#,
        template("16"),
        product("861007", "6.88", METFORMIN)
    );
    let problem = format!(
        r#"<act><statusCode code="active"/><entryRelationship><observation>{}<value xsi:type="CD" code="44054006"
        codeSystem="2.16.840.1.113883.6.96" displayName="Diabetes type 2"/></observation></entryRelationship></act>"#,
        template("4")
    );
    let vaccine = format!(
        r#"<substanceAdministration>{}<effectiveTime value="20251002"/>{}</substanceAdministration>"#,
        template("52"),
        product("140", "12.292", "Influenza vaccine")
    );
    format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><title>{}</title>
        <effectiveTime value="20260301"/><custodian><assignedCustodian><representedCustodianOrganization><name>Harbor Clinic</name>
        </representedCustodianOrganization></assignedCustodian></custodian><component><structuredBody>{}{}{}{}</structuredBody></component>
        </ClinicalDocument>"#,
        Uuid::new_v4(),
        section("48765-2", allergy),
        section("10160-0", medication),
        section("11450-4", problem),
        section("11369-6", vaccine)
    )
    .into_bytes()
}

async fn bring(anna: &Person, file: Vec<u8>) -> OutsideRecordId {
    anna.portal.bring_outside_record(anna.patient(), file).await.unwrap().id
}

fn of(opened: &OutsideRecordOpened, kind: OutsideEntryKind) -> OutsideEntryView {
    opened.entries.iter().find(|entry| entry.kind == kind).unwrap().clone()
}

async fn accept(
    portal: &Portal,
    patient: PatientId,
    record: OutsideRecordId,
    kind: OutsideEntryKind,
) -> OutsideEntryView {
    let seen = of(&portal.outside_record(patient, record).await.unwrap(), kind);
    portal.accept_outside_entry(patient, record, &seen, Uuid::new_v4()).await.unwrap()
}

/// Everything that the patient reads of the chart and takes along.
async fn told(portal: &TestPortal, anna: &Person) -> Vec<(String, String)> {
    let patient = anna.patient();
    let mut all = Vec::new();
    for section in Section::ALL {
        let shown = anna.portal.chart_section(patient, *section, &Default::default()).await.unwrap();
        all.push((format!("page {section}"), format!("{shown:?}")));
    }
    let listed = anna.portal.medications(patient).await.unwrap();
    all.push(("medication list".into(), format!("{listed:?}")));
    let asked = anna
        .portal
        .request_health_record(patient, &NewHealthRecord::default(), Uuid::new_v4())
        .await
        .unwrap();
    make_due(&portal.app).await.unwrap();
    for format in [RecordFormat::Text, RecordFormat::Ccda, RecordFormat::Fhir] {
        let bytes = anna.portal.health_record_file(patient, asked.id, format).await.unwrap();
        all.push((format!("{format}"), String::from_utf8(bytes).unwrap()));
    }
    all
}

fn places(all: &[(String, String)], word: &str) -> Vec<String> {
    all.iter().filter(|(_, text)| text.contains(word)).map(|(place, _)| place.clone()).collect()
}

on_both! {
    async fn an_entry_that_is_accepted_stands_in_the_chart_and_its_exports_and_nothing_else_does(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let record = bring(&anna, coded()).await;
        let opened = nurse.portal.outside_record(patient, record).await.unwrap();
        assert_eq!(opened.entries.len(), 4);
        let drug = of(&opened, OutsideEntryKind::Medication);
        assert_eq!((drug.name.as_str(), drug.code.as_deref(), drug.state), (METFORMIN, Some("RxNorm 861007"), OutsideEntryState::Open));
        let before = told(&portal, &anna).await;
        for word in [METFORMIN, "Diabetes type 2", "Influenza vaccine"] {
            assert_eq!(places(&before, word), [""; 0], "{word} before anybody decided");
        }

        let accepted = accept(&nurse.portal, patient, record, OutsideEntryKind::Medication).await;
        assert_eq!((accepted.state, accepted.version), (OutsideEntryState::Accepted, 1));
        assert!(accepted.decided_by.is_some());
        let after = told(&portal, &anna).await;
        assert_eq!(places(&after, METFORMIN), ["page medications", "medication list", "text", "ccda", "fhir"]);
        for word in ["Diabetes type 2", "Influenza vaccine"] {
            assert_eq!(places(&after, word), [""; 0], "{word} was not accepted");
        }
        let listed = anna.portal.medications(patient).await.unwrap();
        let taken = listed.iter().find(|one| one.drug == METFORMIN).unwrap();
        assert_eq!(taken.why_not, Some(WhyNot::NotPrescribed), "nobody asks this practice for a refill");

        let origin = anna.portal.outside_entries(patient, &Default::default()).await.unwrap().items.remove(0);
        assert_eq!((origin.source.as_str(), origin.made_on, origin.is_kept), ("Harbor Clinic", "2026-03-01".parse().ok(), true));
        assert_eq!((origin.item, origin.record), (taken.id, record));
        let seen = of(&anna.portal.outside_record(patient, record).await.unwrap(), OutsideEntryKind::Medication);
        assert_eq!((seen.state, seen.decided_by), (OutsideEntryState::Accepted, Some(origin.decided_by)));
    }

    async fn an_accepted_entry_is_undone_and_can_be_accepted_anew(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let record = bring(&anna, coded()).await;
        for kind in [OutsideEntryKind::Medication, OutsideEntryKind::Condition, OutsideEntryKind::Immunization, OutsideEntryKind::Allergy] {
            let accepted = accept(&nurse.portal, patient, record, kind).await;
            nurse.portal.undo_outside_entry(patient, record, &accepted.entry, accepted.version, Uuid::new_v4()).await.unwrap();
        }
        let after = told(&portal, &anna).await;
        for word in [METFORMIN, "Diabetes type 2", "Influenza vaccine"] {
            assert_eq!(places(&after, word), [""; 0], "{word} after it was undone");
        }
        assert!(anna.portal.outside_entries(patient, &Default::default()).await.unwrap().items.is_empty());
        let again = accept(&nurse.portal, patient, record, OutsideEntryKind::Condition).await;
        assert_eq!((again.state, again.version), (OutsideEntryState::Accepted, 3));
        assert_eq!(places(&told(&portal, &anna).await, "Diabetes type 2"), ["page conditions", "text", "ccda", "fhir"]);
    }

    async fn what_was_taken_over_keeps_its_origin_and_can_be_undone_when_the_record_is_gone(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let record = bring(&anna, coded()).await;
        let accepted = accept(&nurse.portal, patient, record, OutsideEntryKind::Condition).await;
        anna.portal.remove_outside_record(patient, record).await.unwrap();
        let origin = nurse.portal.outside_entries(patient, &Default::default()).await.unwrap().items.remove(0);
        assert_eq!((origin.source.as_str(), origin.is_kept), ("Harbor Clinic", false));
        nurse.portal.undo_outside_entry(patient, record, &accepted.entry, origin.version, Uuid::new_v4()).await.unwrap();
        assert!(nurse.portal.outside_entries(patient, &Default::default()).await.unwrap().items.is_empty());
        assert_eq!(places(&told(&portal, &anna).await, "Diabetes type 2"), [""; 0]);
        let twice = nurse.portal.undo_outside_entry(patient, record, &accepted.entry, origin.version, Uuid::new_v4()).await;
        assert_eq!(refused(twice).code, Code::NotFound);
    }

    async fn an_entry_is_left_out_for_a_reason_that_the_patient_reads(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let record = bring(&anna, coded()).await;
        let seen = of(&nurse.portal.outside_record(patient, record).await.unwrap(), OutsideEntryKind::Condition);
        let why = |reason, words: &str| OutsideDismissal { reason, words: words.into() };
        let wordless = nurse.portal.dismiss_outside_entry(patient, record, &seen, &why(OutsideDismissReason::Other, " "), Uuid::new_v4()).await;
        assert_eq!(refused(wordless).errors[0].field, "words");
        let outdated = why(OutsideDismissReason::Outdated, "It is over.");
        let left = nurse.portal.dismiss_outside_entry(patient, record, &seen, &outdated, Uuid::new_v4()).await.unwrap();
        assert_eq!(left.state, OutsideEntryState::Dismissed);
        let told_to_anna = of(&anna.portal.outside_record(patient, record).await.unwrap(), OutsideEntryKind::Condition);
        assert_eq!((told_to_anna.reason, told_to_anna.words.as_str()), (Some(OutsideDismissReason::Outdated), "It is over."));
        assert_eq!(places(&told(&portal, &anna).await, "Diabetes type 2"), [""; 0]);
        // A colleague saw it open.
        let late = nurse.portal.accept_outside_entry(patient, record, &seen, Uuid::new_v4()).await;
        assert_eq!(refused(late).code, Code::WrongState);
        nurse.portal.undo_outside_entry(patient, record, &seen.entry, left.version, Uuid::new_v4()).await.unwrap();
        let stale = nurse.portal.accept_outside_entry(patient, record, &seen, Uuid::new_v4()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
    }

    async fn what_the_chart_says_already_or_against_it_is_shown_to_who_decides_alone(portal) {
        let (anna, nurse, records) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.staff(Role::Records).await);
        let patient = anna.patient();
        let record = bring(&anna, coded()).await;
        accept(&nurse.portal, patient, record, OutsideEntryKind::Medication).await;
        let again = bring(&anna, coded()).await;
        let opened = nurse.portal.outside_record(patient, again).await.unwrap();
        assert_eq!(of(&opened, OutsideEntryKind::Medication).in_chart, [METFORMIN]);
        assert_eq!(of(&opened, OutsideEntryKind::Allergy).conflicts, [METFORMIN]);
        for other in [&anna, &records] {
            let opened = other.portal.outside_record(patient, again).await.unwrap();
            assert!(opened.entries.iter().all(|entry| entry.in_chart.is_empty() && entry.conflicts.is_empty()));
        }
        let seen = of(&opened, OutsideEntryKind::Allergy);
        let denied = records.portal.accept_outside_entry(patient, again, &seen, Uuid::new_v4()).await;
        assert_eq!(refused(denied).code, Code::RoleRequired);
        assert_eq!(refused(anna.portal.accept_outside_entry(patient, again, &seen, Uuid::new_v4()).await).code, Code::RoleRequired);
        let nothing = OutsideEntryView { entry: "99.0".into(), ..seen };
        assert_eq!(refused(nurse.portal.accept_outside_entry(patient, again, &nothing, Uuid::new_v4()).await).code, Code::NotFound);
    }

    async fn a_repeat_with_the_same_key_takes_one_entry_over_once(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let record = bring(&anna, coded()).await;
        let seen = of(&nurse.portal.outside_record(patient, record).await.unwrap(), OutsideEntryKind::Medication);
        let key = Uuid::new_v4();
        for _ in 0..2 {
            nurse.portal.accept_outside_entry(patient, record, &seen, key).await.unwrap();
        }
        let listed = anna.portal.medications(patient).await.unwrap();
        assert_eq!(listed.iter().filter(|one| one.drug == METFORMIN).count(), 1);
    }

    async fn our_own_copies_can_be_taken_over_from_either_format(portal) {
        let (anna, berta, nurse) = (portal.patient("Anna").await, portal.patient("Berta").await, portal.staff(Role::Nurse).await);
        let record = bring(&anna, coded()).await;
        accept(&nurse.portal, anna.patient(), record, OutsideEntryKind::Medication).await;
        let asked = anna.portal.request_health_record(anna.patient(), &NewHealthRecord::default(), Uuid::new_v4()).await.unwrap();
        make_due(&portal.app).await.unwrap();
        for format in [RecordFormat::Ccda, RecordFormat::Fhir] {
            let bytes = anna.portal.health_record_file(anna.patient(), asked.id, format).await.unwrap();
            let copy = bring(&berta, bytes).await;
            let taken = accept(&nurse.portal, berta.patient(), copy, OutsideEntryKind::Medication).await;
            assert_eq!((taken.name.as_str(), taken.code.as_deref()), (METFORMIN, Some("RxNorm 861007")), "{format}");
        }
        let listed = berta.portal.medications(berta.patient()).await.unwrap();
        let taken: Vec<_> = listed.iter().filter(|one| one.drug == METFORMIN).collect();
        assert_eq!(taken.len(), 2);
        assert!(taken.iter().all(|one| one.dose.starts_with('1') || one.directions.starts_with('1')), "{taken:?}");
    }
}
