//! PHR-1, LAB-1: the chart on a page says what the record would say, and vital signs show how they went.

use portal_domain::{
    documents::{DocumentKind, NewDocument},
    problem::Code,
    record::{ChartBlock, ChartSection, Section, SectionQuery},
    results::Flag,
};

use super::*;
use crate::harness::refused;

/// Every word of a section.
fn words(section: &ChartSection) -> String {
    let block = |block: &ChartBlock| match block {
        ChartBlock::Table { caption, rows, .. } => {
            format!("{} {}", caption.as_deref().unwrap_or_default(), rows.concat().join(" "))
        }
        ChartBlock::Facts { facts } => {
            facts.iter().map(|fact| format!("{} {} ", fact.label, fact.value)).collect()
        }
        ChartBlock::Text { text } => text.clone(),
    };
    section.blocks.iter().map(block).collect::<Vec<_>>().join(" ")
}

async fn section(person: &Person, section: Section) -> ChartSection {
    person.portal.chart_section(person.patient(), section, &Default::default()).await.unwrap()
}

/// A vital sign as a device sends it.
fn pulse(of: &Value, day: u32, rate: u32, category: &str) -> Value {
    entry(
        json!({ "resourceType": "Observation", "id": Uuid::new_v4().to_string(), "status": "final", "subject": of,
        "category": [{ "coding": [{ "code": category }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }], "text": "Heart rate" },
        "effectiveDateTime": format!("2026-03-{day:02}T08:00:00Z"),
        "referenceRange": [{ "low": { "value": 50 }, "high": { "value": 90 } }],
        "valueQuantity": { "value": rate, "unit": "/min" } }),
    )
}

/// A visit summary that the practice released.
async fn document(provider: &Person, patient: PatientId, title: &str) {
    let new = NewDocument {
        title: title.into(),
        kind: DocumentKind::VisitSummary,
        date: "2026-10-01".parse().unwrap(),
        text: "Come again in spring.".into(),
    };
    let one = provider.portal.create_document(patient, &new, Uuid::new_v4()).await.unwrap();
    provider.portal.release_document(patient, one.id, one.version, Uuid::new_v4()).await.unwrap();
}

on_both! {
    async fn each_section_says_what_the_chart_holds_and_nothing_of_another_section(portal) {
        let (anna, provider) = (portal.patient("Anna").await, portal.staff(Role::Provider).await);
        fill(&portal, anna.patient()).await;
        let shown = portal.result(anna.patient(), day("2026-09-01"), "5.2").await;
        release(&provider, anna.patient(), shown).await;
        portal.result(anna.patient(), day("2026-09-20"), "6.4").await;
        document(&provider, anna.patient(), "Zebra summary").await;
        let told = [
            (Section::Demographics, "Anna"), (Section::Allergies, "Hazelnut"), (Section::Medications, "Metformin"),
            (Section::Conditions, "Migraine"), (Section::Results, "5.2%"), (Section::VitalSigns, "Heart rate"),
            (Section::Immunizations, "Tdap"), (Section::Procedures, "Appendectomy"), (Section::Insurance, "Harbor Mutual"),
            (Section::SocialHistory, "Never smoked"), (Section::FamilyHistory, "Aunt"),
            (Section::AdvanceDirectives, "Living will"), (Section::Instructions, "Rest for a week"),
            (Section::Referrals, "Cardiology"), (Section::PlanOfCare, "Walk more"),
            (Section::FunctionalStatus, "Climbing stairs"), (Section::Encounters, "House call"),
            (Section::Documents, "Zebra summary"),
        ];
        assert_eq!(told.map(|(section, _)| section), Section::ALL);
        for (place, (asked, own)) in told.into_iter().enumerate() {
            let section = section(&anna, asked).await;
            let words = words(&section);
            assert!(section.section == asked && !section.is_empty && words.contains(own), "{asked}: {words}");
            for (_, foreign) in told.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, one)| one) {
                assert!(!words.contains(foreign), "{foreign} in {asked}: {words}");
            }
            assert!(!words.contains("6.4%") && !words.contains("Never true"), "{words}");
        }
    }

    async fn an_empty_section_says_so_and_a_long_one_comes_in_part(portal) {
        let anna = portal.patient("Anna").await;
        let empty = section(&anna, Section::Conditions).await;
        assert!(empty.is_empty && words(&empty).contains("No health problems are on record."), "{empty:?}");

        let of = json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&anna.patient()]) });
        let condition = |n: u32| entry(json!({ "resourceType": "Condition", "id": Uuid::new_v4().to_string(), "subject": of,
            "recordedDate": format!("2026-01-{:02}", n + 1), "code": { "text": format!("Problem {n}") } }));
        portal.import((0..7).map(condition).collect()).await;
        let ask = async |rows| {
            let query = SectionQuery { rows: Some(rows) };
            anna.portal.chart_section(anna.patient(), Section::Conditions, &query).await.unwrap()
        };
        let part = ask(3).await;
        assert_eq!(part.hidden, 4);
        let ChartBlock::Table { rows, columns, .. } = &part.blocks[0] else { panic!("{part:?}") };
        assert!(rows.len() == 3 && rows.iter().all(|row| row.len() == columns.len()));
        assert_eq!(rows[0][0], "Problem 6", "the newest first");
        assert_eq!(ask(0).await.hidden, 6, "never none at all");
        assert_eq!(ask(7).await.hidden, 0);
    }

    async fn vital_signs_come_by_sign_newest_first_with_what_is_usual_and_blood_pressure_in_its_parts(portal) {
        let anna = portal.patient("Anna").await;
        let of = json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&anna.patient()]) });
        let number = |value: u32| json!({ "value": value, "unit": "mm[Hg]" });
        let part = |code: &str, name: &str, value: u32| json!({ "valueQuantity": number(value),
            "code": { "coding": [{ "system": "http://loinc.org", "code": code }], "text": name } });
        portal.import(vec![
            pulse(&of, 1, 64, "vital-signs"), pulse(&of, 3, 104, "vital-signs"), pulse(&of, 2, 70, "vital-signs"),
            // The same code as a finding: that waits for its release.
            pulse(&of, 9, 33, "exam"),
            entry(json!({ "resourceType": "Observation", "id": "bp", "status": "final", "subject": of,
                "category": [{ "coding": [{ "code": "vital-signs" }] }], "code": { "text": "Blood pressure" },
                "effectiveDateTime": "2026-03-04T08:00:00Z",
                "component": [part("8480-6", "Systolic", 128), part("8462-4", "Diastolic", 81), part("8478-0", "Mean", 97)] })),
        ]).await;
        let signs = anna.portal.vital_signs(anna.patient()).await.unwrap();
        let names: Vec<&str> = signs.iter().map(|sign| sign.name.as_str()).collect();
        assert_eq!(names, ["Systolic blood pressure", "Diastolic blood pressure", "Blood pressure, Mean", "Heart rate"]);
        let rate = &signs[3];
        let values: Vec<String> = rate.values.iter().map(|value| value.value.words()).collect();
        assert_eq!(values, ["104 /min", "70 /min", "64 /min"]);
        let flags: Vec<Flag> = rate.values.iter().map(|value| value.flag).collect();
        assert_eq!(flags, [Flag::High, Flag::Normal, Flag::Normal]);
        assert_eq!(rate.loinc.as_deref(), Some("8867-4"));
        assert_eq!(rate.range.as_ref().and_then(|range| range.high), Some(90.0));
        assert_eq!(signs[0].values[0].value.words(), "128 mmHg");
    }

    async fn nobody_else_reads_the_chart(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        fill(&portal, anna.patient()).await;
        let clerk = portal.staff(Role::FrontDesk).await;
        for (person, code) in [(&berta, Code::NotFound), (&clerk, Code::RoleRequired)] {
            let section = person.portal.chart_section(anna.patient(), Section::Allergies, &Default::default()).await;
            assert_eq!(refused(section).code, code);
            assert_eq!(refused(person.portal.vital_signs(anna.patient()).await).code, code);
        }
    }
}
