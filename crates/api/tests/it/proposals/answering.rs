//! What staff make of a proposal, what the patient then reads, and the races among them.

use portal_domain::mail::ItemKind;

use super::*;

on_both! {
    async fn an_accepted_entry_is_in_the_chart_with_its_news_and_where_it_came_from(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = send(&anna, &add(ProposalSubject::Medication, &[(F::Drug, "Ibuprofen"), (F::Directions, "At night"), (F::Reason, "Knee pain")])).await.unwrap();
        let done = accept(&nurse, &sent).await;
        assert_eq!((done.proposal.state, done.closed_by.as_deref()), (ProposalState::Accepted, Some("Staff nurse")));
        assert!(done.proposal.item.is_some() && done.proposal.closed_at.is_some());
        assert!(waiting(&nurse).await.is_empty());

        let shown = anna.portal.medications(anna.patient()).await.unwrap();
        assert_eq!((shown[0].drug.as_str(), shown[0].directions.as_str(), shown[0].is_current), ("Ibuprofen", "At night", true));
        assert_eq!(shown[0].can_request, None, "nobody here prescribed it");
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        let news: Vec<_> = inbox.items.iter().map(|item| (item.kind, item.subject_id, item.title.as_str())).collect();
        assert_eq!(news, [(ItemKind::ProposalAnswered, sent.proposal.id.0, "Ibuprofen")]);
        let read = anna.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        assert_eq!((read.proposed_by, read.closed_by), (sent.proposed_by.clone(), Some("Staff nurse".into())));
    }

    async fn what_staff_correct_is_what_the_chart_says(portal) {
        let anna = portal.patient("Anna").await;
        let provider = portal.staff(Role::Provider).await;
        takes(&portal, &anna, "Metformin").await;
        let own = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        let sent = send(&anna, &change(&own, &[(F::Directions, "2 a day")])).await.unwrap();
        let seen = provider.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        let told = seen.differences.iter().find(|one| one.field == F::Directions).unwrap();
        assert_eq!((told.now.as_str(), told.seen.as_str(), told.proposed.as_str()), ("Take 1 tablet every morning", "Take 1 tablet every morning", "2 a day"));
        let corrected = ProposalAnswer {
            fields: Some(seen.proposal.fields.clone().with(F::Directions, "1 tablet morning and evening")),
            words: "With meals.".into(), ..yes(&seen)
        };
        let done = answer(&provider, &seen, &corrected).await.unwrap();
        assert_eq!(done.proposal.state, ProposalState::EditedAndAccepted);
        assert_eq!(done.chart.get(F::Directions), "Take 1 tablet every morning", "what was there before is kept");
        let now = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        assert_eq!(now.fields.get(F::Directions), "1 tablet morning and evening");
        let read = anna.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        assert_eq!(read.accepted.unwrap().get(F::Directions), "1 tablet morning and evening");
        assert_eq!((read.proposal.words.as_str(), read.proposal.fields.get(F::Directions)), ("With meals.", "2 a day"));
        let same = ProposalAnswer { fields: None, ..corrected };
        assert_eq!(refused(answer(&provider, &seen, &same).await).detail.as_deref(), Some("Its state is edited_and_accepted."));
    }

    async fn a_stopped_medication_is_past_and_a_declined_one_stays(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        takes(&portal, &anna, "Metformin").await;
        let own = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        let sent = send(&anna, &remove(&own)).await.unwrap();
        let done = answer(&nurse, &sent, &no()).await.unwrap();
        assert_eq!((done.proposal.state, done.proposal.reason), (ProposalState::Declined, Some(ProposalDeclineReason::TalkFirst)));
        assert!(entry(&anna, ProposalSubject::Medication, "Metformin").await.is_current);
        let again = send(&anna, &remove(&own)).await.unwrap();
        accept(&nurse, &again).await;
        let ended = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        assert_eq!((ended.is_current, ended.fields.get(F::Status)), (false, "Stopped"));
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.len(), 2, "each answer is news");
    }

    async fn staff_see_that_the_chart_moved_on_and_decide_only_on_what_it_says_now(portal) {
        let anna = portal.patient("Anna").await;
        let (nurse, provider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Provider).await);
        let contact = entries(&anna, ProposalSubject::Contact).await.remove(0);
        let first = send(&anna, &change(&contact, &[(F::City, "Boston")])).await.unwrap();
        accept(&nurse, &first).await;
        let contact = entries(&anna, ProposalSubject::Contact).await.remove(0);
        let sent = send(&anna, &change(&contact, &[(F::City, "Salem")])).await.unwrap();
        let seen = provider.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        assert!(!seen.is_stale);
        // The register sends another town meanwhile.
        let source = portal.sources.borrow()[&anna.patient()].clone();
        let mut person = crate::harness::charts::patient(&source, "Anna", "Lund");
        person["resource"]["telecom"] = serde_json::json!([{ "system": "phone", "use": "home", "value": "555 0100" }]);
        portal.import(vec![person]).await;
        assert_eq!(refused(answer(&provider, &seen, &yes(&seen)).await).code, Code::StaleVersion);
        let now = provider.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        assert!(now.is_stale);
        let phone = now.differences.iter().find(|one| one.field == F::HomePhone).unwrap();
        assert_eq!((phone.now.as_str(), phone.seen.as_str(), phone.proposed.as_str()), ("555 0100", "", ""));
        let with_phone = ProposalAnswer { fields: Some(now.proposal.fields.clone().with(F::HomePhone, "555 0100")), ..yes(&now) };
        answer(&provider, &now, &with_phone).await.unwrap();
        let contact = entries(&anna, ProposalSubject::Contact).await.remove(0);
        assert_eq!((contact.fields.get(F::City), contact.fields.get(F::HomePhone)), ("Salem", "555 0100"));
    }

    async fn fifty_answers_at_once_are_one_answer(portal) {
        let anna = portal.patient("Anna").await;
        let (nurse, provider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Provider).await);
        let sent = send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, "Latex")])).await.unwrap();
        let (accepts, declines) = (yes(&sent), no());
        let tries = (0..50).map(|n| {
            let (who, what) = if n % 2 == 0 { (&nurse, &accepts) } else { (&provider, &declines) };
            answer(who, &sent, what)
        });
        let outcomes = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
        let read = anna.portal.proposal(anna.patient(), sent.proposal.id).await.unwrap();
        for lost in outcomes.into_iter().filter(Result::is_err) {
            let problem = refused(lost);
            assert_eq!(problem.code, Code::WrongState);
            assert_eq!(problem.detail, Some(format!("Its state is {}.", read.proposal.state)));
        }
        let listed = entries(&anna, ProposalSubject::Allergy).await.len();
        assert_eq!(listed, usize::from(read.proposal.state == ProposalState::Accepted));
        assert_eq!(anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap().items.len(), 1);
    }

    async fn taking_back_and_accepting_at_once_has_one_winner(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        for round in 0..5 {
            let substance = format!("Substance {round}");
            let sent = send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, &substance)])).await.unwrap();
            let accepts = yes(&sent);
            let (back, accepted) = futures_util::future::join(
                anna.portal.withdraw_proposal(anna.patient(), sent.proposal.id, Uuid::new_v4()),
                answer(&nurse, &sent, &accepts),
            ).await;
            assert_ne!(back.is_ok(), accepted.is_ok(), "{back:?} {accepted:?}");
            let was_accepted = accepted.is_ok();
            let lost = if was_accepted { back } else { accepted };
            assert_eq!(refused(lost).code, Code::WrongState);
            let listed = entries(&anna, ProposalSubject::Allergy).await;
            assert_eq!(listed.iter().any(|one| one.name == substance), was_accepted);
        }
    }

    async fn an_answer_that_is_not_right_changes_nothing(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, "Latex")])).await.unwrap();
        let no_reason = ProposalAnswer { reason: None, ..no() };
        assert_eq!(errors(&refused(answer(&nurse, &sent, &no_reason).await)), [("reason", "required")]);
        let nameless = ProposalAnswer { fields: Some(Fields::default()), ..yes(&sent) };
        assert_eq!(errors(&refused(answer(&nurse, &sent, &nameless).await)), [("fields.substance", "required")]);
        let mut stale = sent.clone();
        stale.proposal.version += 1;
        assert_eq!(refused(answer(&nurse, &stale, &yes(&sent)).await).code, Code::StaleVersion);
        assert!(entries(&anna, ProposalSubject::Allergy).await.is_empty());
        assert_eq!(waiting(&nurse).await, [sent.proposal]);
    }

    async fn another_patients_proposal_is_not_there(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let nurse = portal.staff(Role::Nurse).await;
        let sent = send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, "Latex")])).await.unwrap();
        for patient in [anna.patient(), berta.patient()] {
            let problem = refused(berta.portal.proposal(patient, sent.proposal.id).await);
            assert_eq!(problem.code, Code::NotFound);
        }
        let mut elsewhere = sent.clone();
        elsewhere.proposal.patient.id = berta.patient();
        assert_eq!(refused(answer(&nurse, &elsewhere, &yes(&sent)).await).code, Code::NotFound);
        assert_eq!(waiting(&nurse).await.len(), 1);
    }
}
