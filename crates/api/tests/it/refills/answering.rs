//! What staff answer, and what the patient then reads.

use portal_client::Result;
use portal_domain::{
    access::Role,
    mail::ItemKind,
    problem::Code,
    refills::{
        DeclineReason, ItemAnswer, ItemOutcome, ItemState, MedicationRequestView, RefillAnswer, RequestKind,
        RequestState, Withdrawal,
    },
};
use uuid::Uuid;

use super::{asked, errors, waiting, wanted};
use crate::harness::{on_both, people::Person, refused};

fn approve(request: &MedicationRequestView, at: usize) -> ItemAnswer {
    ItemAnswer {
        item: request.items[at].id,
        outcome: ItemOutcome::Approved,
        reason: None,
        words: String::new(),
    }
}

fn answer(items: Vec<ItemAnswer>) -> RefillAnswer {
    RefillAnswer { items, message: String::new() }
}

async fn send(
    who: &Person,
    seen: &MedicationRequestView,
    answer: &RefillAnswer,
) -> Result<MedicationRequestView> {
    who.portal.answer_medication_request(seen, answer, Uuid::new_v4()).await
}

on_both! {
    async fn each_medication_has_its_own_answer_and_the_request_stays_open_until_the_last(portal) {
        let anna = portal.patient("Anna").await;
        let (nurse, doctor) = (portal.staff(Role::Nurse).await, portal.staff(Role::Provider).await);
        let sent = asked(&portal, &anna, &["Metformin", "Lisinopril", "Atorvastatin"]).await;
        let no = ItemAnswer {
            item: sent.items[1].id, outcome: ItemOutcome::Declined, reason: Some(DeclineReason::TooSoon),
            words: "Ask again after October 20.".into(),
        };
        let first = RefillAnswer { items: vec![approve(&sent, 0), no], message: "See you in spring.".into() };
        let half = send(&nurse, &sent, &first).await.unwrap();
        assert_eq!(half.state, RequestState::Open);
        assert_eq!(waiting(&nurse).await.len(), 1, "it waits on");
        let come = ItemAnswer { outcome: ItemOutcome::NeedsAppointment, ..approve(&sent, 2) };
        let whole = send(&doctor, &half, &answer(vec![come])).await.unwrap();
        assert_eq!(whole.state, RequestState::Answered);
        assert!(waiting(&nurse).await.is_empty());

        let read = anna.portal.medication_request(anna.patient(), sent.id).await.unwrap();
        let states: Vec<_> = read.items.iter().map(|item| (item.state, item.reason, item.words.as_str())).collect();
        assert_eq!(states, [
            (ItemState::Approved, None, ""),
            (ItemState::Declined, Some(DeclineReason::TooSoon), "Ask again after October 20."),
            (ItemState::NeedsAppointment, None, ""),
        ]);
        let said: Vec<_> = read.answers.iter().map(|answer| (answer.by.as_str(), answer.message.as_str())).collect();
        assert_eq!(said, [("Staff nurse", "See you in spring."), ("Staff provider", "")]);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        let mut news: Vec<_> = inbox.items.iter().map(|item| (item.kind, item.subject_id, item.title.as_str())).collect();
        news.sort_by_key(|(_, _, title)| *title);
        assert_eq!(news, [
            (ItemKind::MedicationsAnswered, sent.id.0, "Atorvastatin"),
            (ItemKind::MedicationsAnswered, sent.id.0, "Metformin, Lisinopril"),
        ], "an item of the inbox for each answer");
    }

    async fn an_approval_changes_nothing_in_the_chart(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = asked(&portal, &anna, &["Metformin"]).await;
        let before = anna.portal.medications(anna.patient()).await.unwrap();
        assert_eq!(before[0].can_request, None, "it waits");
        send(&nurse, &sent, &answer(vec![approve(&sent, 0)])).await.unwrap();
        let after = anna.portal.medications(anna.patient()).await.unwrap();
        assert_eq!((after[0].refills_left, after[0].last_filled), (before[0].refills_left, None));
        assert_eq!(after[0].can_request, Some(RequestKind::Refill), "and can be asked for again");
    }

    async fn fifty_answers_at_once_are_one_answer_for_each_medication(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = asked(&portal, &anna, &["Metformin", "Lisinopril"]).await;
        let both = answer(vec![approve(&sent, 0), approve(&sent, 1)]);
        let no = |at: usize| ItemAnswer {
            outcome: ItemOutcome::Declined, reason: Some(DeclineReason::TestFirst), ..approve(&sent, at)
        };
        let answers = [both, answer(vec![no(0)]), answer(vec![no(1)]), answer(vec![no(1), approve(&sent, 0)]), answer(vec![approve(&sent, 1)])];
        let tries = (0..50).map(|n| send(&nurse, &sent, &answers[n % answers.len()]));
        let outcomes = futures_util::future::join_all(tries).await;
        let mut won = 0;
        for outcome in outcomes {
            match outcome {
                Ok(view) => {
                    won += 1;
                    assert_eq!(view.answers.len(), 1, "who came second saw the first and was refused");
                }
                Err(_) => assert!(matches!(refused(outcome).code, Code::WrongState | Code::StaleVersion)),
            }
        }
        assert_eq!(won, 1, "all saw the same version");
        let seen = nurse.portal.medication_request(sent.patient.id, sent.id).await.unwrap();
        let left: Vec<_> = (0..2).filter(|at| seen.items[*at].state == ItemState::Waiting).collect();
        for at in left {
            send(&nurse, &seen, &answer(vec![approve(&seen, at)])).await.unwrap();
        }
        let read = anna.portal.medication_request(anna.patient(), sent.id).await.unwrap();
        assert_eq!(read.state, RequestState::Answered);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.len(), read.answers.len());
    }

    async fn taking_back_and_answering_at_once_has_one_winner(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        for _ in 0..5 {
            let sent = asked(&portal, &anna, &["Metformin"]).await;
            let back = Withdrawal { items: vec![sent.items[0].id] };
            let yes = answer(vec![approve(&sent, 0)]);
            let (withdrawn, answered) = futures_util::future::join(
                anna.portal.withdraw_medications(anna.patient(), sent.id, &back, Uuid::new_v4()),
                send(&nurse, &sent, &yes),
            ).await;
            assert_ne!(withdrawn.is_ok(), answered.is_ok(), "{withdrawn:?} {answered:?}");
            let (lost, state) = if withdrawn.is_ok() { (answered, ItemState::Withdrawn) } else { (withdrawn, ItemState::Approved) };
            assert_eq!(refused(lost).code, Code::WrongState);
            let seen = nurse.portal.medication_request(sent.patient.id, sent.id).await.unwrap();
            assert_eq!(seen.items[0].state, state);
        }
    }

    async fn an_answer_that_is_not_right_is_refused_as_a_whole(portal) {
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let sent = asked(&portal, &anna, &["Metformin", "Lisinopril"]).await;
        let silent = ItemAnswer { outcome: ItemOutcome::Declined, ..approve(&sent, 1) };
        let unknown = ItemAnswer { item: portal_domain::ids::MedicationRequestItemId(Uuid::new_v4()), ..approve(&sent, 0) };
        let wrong = answer(vec![approve(&sent, 0), silent, unknown]);
        let refusal = refused(send(&nurse, &sent, &wrong).await);
        assert_eq!(errors(&refusal), [("items[1].reason", "required"), ("items[2].item", "unknown")]);
        assert_eq!(waiting(&nurse).await, std::slice::from_ref(&sent), "nothing was answered");
        // What another saw meanwhile: one was taken back.
        let back = Withdrawal { items: vec![sent.items[1].id] };
        anna.portal.withdraw_medications(anna.patient(), sent.id, &back, Uuid::new_v4()).await.unwrap();
        let stale = refused(send(&nurse, &sent, &answer(vec![approve(&sent, 0)])).await);
        assert_eq!(stale.code, Code::StaleVersion);
        let gone = refused(send(&nurse, &sent, &answer(vec![approve(&sent, 1)])).await);
        assert_eq!((gone.code, gone.detail.as_deref()), (Code::WrongState, Some("Its state is withdrawn.")));
    }

    async fn front_desk_and_other_patients_reach_no_request(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let sent = asked(&portal, &anna, &["Metformin"]).await;
        let desk = portal.desk().await;
        assert_eq!(refused(desk.portal.medication_request_queue(&Default::default()).await).code, Code::RoleRequired);
        assert_eq!(refused(send(&desk, &sent, &answer(vec![approve(&sent, 0)])).await).code, Code::RoleRequired);
        assert_eq!(refused(send(&anna, &sent, &answer(vec![approve(&sent, 0)])).await).code, Code::RoleRequired);
        assert_eq!(refused(berta.portal.medication_request(anna.patient(), sent.id).await).code, Code::NotFound);
        assert_eq!(refused(berta.portal.medication_request(berta.patient(), sent.id).await).code, Code::NotFound);
        let ask = wanted(&[(sent.items[0].medication_id, RequestKind::Refill)]);
        let foreign = refused(berta.portal.request_medications(berta.patient(), &ask, Uuid::new_v4()).await);
        assert_eq!(errors(&foreign), [("items[0].medication", "unknown")]);
    }
}
