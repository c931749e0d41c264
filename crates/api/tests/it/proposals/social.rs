//! What patients tell about their lives, and what front desk answers.

use portal_domain::{proposals::ProposalsQuery, record::Section};
use serde_json::json;

use super::*;
use crate::harness::charts;

/// Somebody who smoked in 2019, as a clinic's system sends it.
async fn smokes(portal: &TestPortal, person: &Person) {
    let source = portal.sources.borrow()[&person.patient()].clone();
    let concept = |system: &str, code: &str, text: &str| json!({ "coding": [{ "system": system, "code": code }], "text": text });
    portal
        .import(vec![charts::entry(json!({
            "resourceType": "Observation", "id": format!("{source}-smoking"), "status": "final",
            "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "social-history" }] }],
            "code": concept("http://loinc.org", "72166-2", "Tobacco smoking status"), "subject": { "reference": format!("Patient/{source}") },
            "effectiveDateTime": "2019-05-02", "valueCodeableConcept": concept("http://snomed.info/sct", "77176002", "Smoker"),
        }))])
        .await;
}

async fn chart(person: &Person) -> String {
    let section = person
        .portal
        .chart_section(person.patient(), Section::SocialHistory, &Default::default())
        .await
        .unwrap();
    serde_json::to_string(&section.blocks).unwrap()
}

on_both! {
    async fn what_is_told_about_life_is_in_the_chart_once_it_is_accepted(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let sent = send(&anna, &add(ProposalSubject::SocialHistory, &[(F::Topic, "Work"), (F::Answer, "Night shifts in a bakery")])).await.unwrap();
        assert!(!chart(&anna).await.contains("bakery"));
        accept(&nurse, &sent).await;
        let told = chart(&anna).await;
        assert!(told.contains("Work") && told.contains("Night shifts in a bakery"), "{told}");
        let own = entry(&anna, ProposalSubject::SocialHistory, "Work").await;
        let gone = send(&anna, &remove(&own)).await.unwrap();
        accept(&nurse, &gone).await;
        assert!(!chart(&anna).await.contains("bakery"));
        assert!(entries(&anna, ProposalSubject::SocialHistory).await.is_empty());
    }

    async fn what_is_different_now_stands_beside_what_was_true_before(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        smokes(&portal, &anna).await;
        let own = entry(&anna, ProposalSubject::SocialHistory, "Tobacco smoking status").await;
        assert_eq!(own.fields.get(F::Answer), "Smoker");
        let sent = send(&anna, &change(&own, &[(F::Answer, "I stopped")])).await.unwrap();
        accept(&nurse, &sent).await;
        let told = chart(&anna).await;
        assert!(told.contains("I stopped") && told.contains("Smoker"), "{told}");
        let all = entries(&anna, ProposalSubject::SocialHistory).await;
        let now: Vec<_> = all.iter().map(|one| one.fields.get(F::Answer)).collect();
        assert_eq!(now, ["I stopped"], "of each question the last answer, by its code");
        let seen = nurse.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        assert_eq!(seen.chart.get(F::Answer), "Smoker", "what was said before is kept");
    }

    async fn front_desk_answers_contact_and_insurance_and_sees_nothing_clinical(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.staff(Role::FrontDesk).await);
        let contact = entries(&anna, ProposalSubject::Contact).await.remove(0);
        let moved = send(&anna, &change(&contact, &[(F::City, "Salem")])).await.unwrap();
        let insured = send(&anna, &add(ProposalSubject::Insurance, &[(F::Payer, "Blue Harbor")])).await.unwrap();
        let clinical = [
            (ProposalSubject::Allergy, F::Substance),
            (ProposalSubject::Medication, F::Drug),
            (ProposalSubject::FamilyHistory, F::Relationship),
            (ProposalSubject::SocialHistory, F::Topic),
        ];
        for (about, field) in clinical {
            let hidden = send(&anna, &add(about, &[(field, "Zirconium")])).await.unwrap();
            assert_eq!(refused(desk.portal.proposal(anna.patient(), hidden.proposal.id).await).code, Code::RoleRequired, "{about}");
            assert_eq!(refused(answer(&desk, &hidden, &no()).await).code, Code::RoleRequired, "{about}");
            assert_eq!(refused(desk.portal.chart_entries(anna.patient(), about).await).code, Code::RoleRequired, "{about}");
            let named = ProposalsQuery { about: Some(about), ..Default::default() };
            assert!(desk.portal.proposals(anna.patient(), &named).await.unwrap().items.is_empty());
        }
        let listed = desk.portal.proposals(anna.patient(), &Default::default()).await.unwrap().items;
        for all in [waiting(&desk).await, listed] {
            let mut about: Vec<_> = all.iter().map(|one| one.about).collect();
            about.sort();
            assert_eq!(about, [ProposalSubject::Contact, ProposalSubject::Insurance]);
        }
        assert_eq!(waiting(&portal.staff(Role::Nurse).await).await.len(), 6);
        for sent in [moved, insured] {
            assert_eq!(accept(&desk, &sent).await.proposal.state, ProposalState::Accepted);
        }
        assert_eq!(entries(&anna, ProposalSubject::Contact).await[0].fields.get(F::City), "Salem");
        assert_eq!(entries(&anna, ProposalSubject::Insurance).await[0].name, "Blue Harbor");
    }
}
