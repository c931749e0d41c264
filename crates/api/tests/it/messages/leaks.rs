//! What is not for a reader reaches that reader on no path: notes, drafts, recalled texts.

use super::*;

/// All that a patient can ask for about messages, as it comes over the wire.
async fn all_that_the_patient_sees(portal: &TestPortal, anna: &Person, thread: &ThreadView) -> String {
    let cookie = portal.cookie(anna).await;
    let patient = anna.patient();
    let mut seen = String::new();
    for path in [
        "inbox".into(),
        "inbox?folder=archive".into(),
        "inbox?q=quagga".into(),
        "sent".into(),
        "sent?q=quagga".into(),
        "drafts".into(),
        format!("threads/{}", thread.id),
        "care-teams".into(),
    ] {
        let ask = portal.request("GET", &format!("/api/v1/patients/{patient}/{path}"));
        let answer = portal.send(&cookie, ask).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        seen += &answer.body;
    }
    seen
}

on_both! {
    async fn a_note_never_reaches_the_patient(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        portal.verify_email(&anna, "anna@example.org").await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        let note = NewNote { text: "Quagga: call the sister.".into() };
        nurse.portal.add_note(anna.patient(), thread.id, &note, Uuid::new_v4()).await.unwrap();
        assert_eq!(search(&nurse, "quagga").await.items.len(), 1, "colleagues find it");
        let replied = answer(&nurse, &anna, &thread, "We look into it.").await;
        assert_eq!(replied.messages.len(), 2, "the answer of the sending does not show it either");

        let seen = all_that_the_patient_sees(&portal, &anna, &thread).await;
        assert!(!seen.contains("Quagga") && !seen.contains("sister"), "{seen}");
        assert!(anna.portal.inbox(anna.patient(), &words("quagga")).await.unwrap().items.is_empty());
        assert!(anna.portal.sent_items(anna.patient(), &words("quagga")).await.unwrap().items.is_empty());
        let note_id = open(&nurse, &anna, &thread).await.messages.iter().find(|message| message.side == Side::Note).unwrap().id;
        let recall = anna.portal.recall_message(anna.patient(), note_id, Uuid::new_v4()).await;
        assert_eq!(refused(recall).code, Code::NotFound, "not even its being there");
        for mail in portal.mails_to("anna@example.org").await {
            assert!(!mail.text.contains("Quagga") && !mail.text.contains("We look"), "{mail:?}");
        }
    }

    async fn a_draft_is_its_writers_alone(portal) {
        let (anna, nurse, colleague) =
            (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse, &colleague]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        let reply = DraftText { thread_id: Some(thread.id), text: "Quagga".into(), ..DraftText::default() };
        let of_nurse = nurse.portal.begin_draft(anna.patient(), &reply, Uuid::new_v4()).await.unwrap();
        let of_anna = anna.portal.begin_draft(anna.patient(), &reply, Uuid::new_v4()).await.unwrap();
        assert_ne!(of_nurse.id, of_anna.id, "each side writes an answer of its own");
        for (reader, draft) in [(&anna, &of_nurse), (&colleague, &of_nurse), (&nurse, &of_anna)] {
            assert_eq!(refused(reader.portal.draft(anna.patient(), draft.id).await).code, Code::NotFound);
            assert_eq!(refused(reader.portal.delete_draft(anna.patient(), draft.id).await).code, Code::NotFound);
        }
        assert!(colleague.portal.drafts(anna.patient(), &Default::default()).await.unwrap().items.is_empty());
        assert_eq!(open(&colleague, &anna, &thread).await.draft, None);
        assert!(search(&colleague, "quagga").await.items.is_empty());
        anna.portal.delete_draft(anna.patient(), of_anna.id).await.unwrap();
        let seen = all_that_the_patient_sees(&portal, &anna, &thread).await;
        assert!(!seen.contains("Quagga"), "{seen}");
    }

    async fn a_recalled_text_is_gone_from_every_path(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let first = write(&anna, &anna, &text(nurses, "Quagga", "A quagga bit me.")).await;
        assert_eq!(search(&nurse, "quagga").await.items.len(), 1);
        anna.portal.recall_message(anna.patient(), first.messages[0].id, Uuid::new_v4()).await.unwrap();
        let seen = all_that_the_patient_sees(&portal, &anna, &first).await;
        assert!(!seen.to_lowercase().contains("quagga"), "{seen}");
        assert!(search(&nurse, "quagga").await.items.is_empty());
        let cookie = portal.cookie(&nurse).await;
        for path in ["message-queue?folder=open", "message-queue?folder=waiting", "message-teams"] {
            let answer = portal.send(&cookie, portal.request("GET", &format!("/api/v1/{path}"))).await;
            assert!(!answer.body.to_lowercase().contains("quagga"), "{path}");
        }
        let opened = open(&nurse, &anna, &first).await;
        assert!(!serde_json::to_string(&opened).unwrap().to_lowercase().contains("quagga"));
    }

    async fn staff_outside_of_the_team_and_patients_see_nothing_of_a_thread(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let (nurse, outsider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        team(&portal, TeamCategory::Health, &[&outsider]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        assert!(queue(&outsider, QueueFolder::Open).await.items.is_empty());
        assert!(search(&outsider, "rash").await.items.is_empty());
        assert_eq!(refused(outsider.portal.open_thread(anna.patient(), thread.id).await).code, Code::RoleRequired);
        let only = QueueQuery { team: Some(nurses), ..QueueQuery::default() };
        assert_eq!(refused(outsider.portal.message_queue(&only).await).code, Code::RoleRequired);
        assert_eq!(refused(berta.portal.thread(berta.patient(), thread.id).await).code, Code::NotFound);
        assert!(sent(&anna).await[0].opened_at.is_none(), "who was refused has opened nothing");
    }
}
