//! Several at once: exactly one wins.

use futures_util::future::join_all;

use super::*;

on_both! {
    async fn of_fifty_who_claim_a_thread_one_gets_it_and_the_others_are_told_who(portal) {
        let (anna, first, second) =
            (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&first, &second]).await;
        for round in 0..5 {
            let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
            let tries = (0..50).map(|place| {
                let (clerk, thread, patient) = (if place % 2 == 0 { &first } else { &second }, thread.id, anna.patient());
                async move { (place % 2, clerk.portal.claim_thread(patient, thread).await) }
            });
            let answers = join_all(tries).await;
            let winners: std::collections::BTreeSet<i32> =
                answers.iter().filter(|(_, answer)| answer.is_ok()).map(|(clerk, _)| *clerk).collect();
            assert_eq!(winners.len(), 1, "round {round}");
            for (_, answer) in answers.into_iter().filter(|(_, answer)| answer.is_err()) {
                let problem = refused(answer);
                assert_eq!(problem.code, Code::AlreadyClaimed);
                assert!(problem.detail.unwrap().contains("has it"));
            }
        }
    }

    async fn of_a_recall_and_an_opening_at_once_exactly_one_wins(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        for _ in 0..25 {
            let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
            let message = thread.messages[0].id;
            let (recalled, opened) = tokio::join!(
                anna.portal.recall_message(anna.patient(), message, Uuid::new_v4()),
                nurse.portal.open_thread(anna.patient(), thread.id),
            );
            let was_read = opened.unwrap().messages[0].text.is_some();
            match recalled {
                Ok(_) => assert!(!was_read, "a message was read and taken back"),
                Err(_) => assert!(was_read, "a message was neither read nor taken back"),
            }
        }
    }

    async fn a_draft_that_is_sent_twice_at_once_is_one_message(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let content = text(nurses, "Rash", "It itches.");
        let draft = anna.portal.begin_draft(anna.patient(), &content, Uuid::new_v4()).await.unwrap();
        let (same, patient) = (Uuid::new_v4(), anna.patient());
        let tries = (0..20).map(|place| {
            let key = if place < 10 { same } else { Uuid::new_v4() };
            anna.portal.send_draft(patient, &draft, key)
        });
        join_all(tries).await;
        assert_eq!(queue(&nurse, QueueFolder::Waiting).await.items.len(), 1);
        assert_eq!(sent(&anna).await.len(), 1);
    }
}
