//! MED-3: an allergy to what the patient takes can't wait, and no known allergies is a statement that excludes others.

use super::*;

fn none_known() -> NewProposal {
    NewProposal { change: ProposalChange::NoneKnown, ..add(ProposalSubject::Allergy, &[]) }
}

on_both! {
    async fn an_allergy_to_an_active_drug_is_urgent_at_once_and_stands_before_what_waits_longer(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let nurse = portal.staff(Role::Nurse).await;
        send(&berta, &add(ProposalSubject::Allergy, &[(F::Substance, "Penicillin")])).await.unwrap();
        takes(&portal, &anna, "Penicillin V Potassium 250 MG Oral Tablet").await;
        let over = Prescription { status: "stopped", ..Default::default() };
        portal.prescription(anna.patient(), "Penicillin G", over).await;
        let sent = send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, "penicillins"), (F::Severity, "severe"), (F::Known, "observed")])).await.unwrap();
        assert_eq!(sent.proposal.conflicts, ["Penicillin V Potassium 250 MG Oral Tablet"]);
        assert_eq!(sent.proposal.due_at.since(sent.proposal.proposed_at), TimeDelta::hours(4));
        let queue = waiting(&nurse).await;
        assert_eq!(queue.iter().map(|one| one.is_urgent()).collect::<Vec<_>>(), [true, false], "what is due first comes first");
        portal.clock.advance(TimeDelta::minutes(241));
        let nurse = portal.staff(Role::Nurse).await;
        assert_eq!(waiting(&nurse).await.iter().map(|one| one.is_overdue).collect::<Vec<_>>(), [true, false]);
        accept(&nurse, &sent).await;
        let now = nurse.portal.chart_entries(anna.patient(), ProposalSubject::Allergy).await.unwrap().remove(0);
        assert_eq!((now.fields.get(F::Severity), now.fields.get(F::Known)), ("severe", "observed"));
    }

    async fn a_drug_to_which_the_patient_is_allergic_is_urgent_too(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, "Aspirin")])).await.unwrap();
        assert!(!sent.proposal.is_urgent());
        accept(&nurse, &sent).await;
        let drug = send(&anna, &add(ProposalSubject::Medication, &[(F::Drug, "Aspirin 81 mg")])).await.unwrap();
        assert_eq!(drug.proposal.conflicts, ["Aspirin"]);
    }

    async fn no_known_allergies_excludes_others_and_others_end_it(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let latex = add(ProposalSubject::Allergy, &[(F::Substance, "Latex")]);
        let none = send(&anna, &none_known()).await.unwrap();
        assert_eq!(errors(&refused(send(&anna, &latex).await)), [("change", "none_known_waiting")]);
        assert_eq!(errors(&refused(send(&anna, &none_known()).await)), [("change", "already_waiting")]);
        accept(&nurse, &none).await;
        let stated = entries(&anna, ProposalSubject::Allergy).await;
        assert_eq!(stated.iter().map(|one| (one.name.as_str(), one.is_none_known)).collect::<Vec<_>>(), [("No known allergies", true)]);
        assert_eq!(errors(&refused(send(&anna, &none_known()).await)), [("change", "already_waiting")]);

        let sent = send(&anna, &latex).await.unwrap();
        accept(&nurse, &sent).await;
        let listed = entries(&anna, ProposalSubject::Allergy).await;
        assert_eq!(listed.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Latex"], "the statement is gone");
        assert_eq!(errors(&refused(send(&anna, &none_known()).await)), [("change", "allergies_known")]);
        let gone = send(&anna, &remove(&listed[0])).await.unwrap();
        accept(&nurse, &gone).await;
        let listed = entries(&anna, ProposalSubject::Allergy).await;
        assert_eq!(listed.iter().map(|one| (one.is_current, one.fields.get(F::Status))).collect::<Vec<_>>(), [(false, "Refuted")]);
        send(&anna, &none_known()).await.unwrap();
    }

    async fn no_known_allergies_is_not_accepted_beside_an_allergy_that_came_in(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let none = send(&anna, &none_known()).await.unwrap();
        let of = serde_json::json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&anna.patient()]) });
        let allergy = |id: &str| crate::harness::charts::entry(serde_json::json!({
            "resourceType": "AllergyIntolerance", "id": id, "patient": of.clone(), "code": { "text": "Hazelnut" },
        }));
        portal.import(vec![allergy("a")]).await;
        assert_eq!(refused(answer(&nurse, &none, &yes(&none)).await).code, Code::WrongState);
        answer(&nurse, &none, &no()).await.unwrap();

        // Stated first, contradicted later: the statement does not outlive it.
        let berta = portal.patient("Berta").await;
        let none = send(&berta, &none_known()).await.unwrap();
        accept(&nurse, &none).await;
        let of = serde_json::json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&berta.patient()]) });
        portal.import(vec![crate::harness::charts::entry(serde_json::json!({
            "resourceType": "AllergyIntolerance", "id": "b", "patient": of, "code": { "text": "Hazelnut" },
        }))]).await;
        let listed = entries(&berta, ProposalSubject::Allergy).await;
        assert_eq!(listed.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Hazelnut"]);
    }
}
