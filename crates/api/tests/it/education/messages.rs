//! Items that go along with a care team's answer (MSG-7).

use portal_domain::messages::{DraftText, TeamCategory};

use super::*;
use crate::messages::{open, team, text as letter, write};

on_both! {
    async fn an_answer_carries_items_that_both_sides_can_open(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let item = published(&nurse, &content()).await;
        let thread = write(&anna, &anna, &letter(nurses, "Sugar", "What is it?")).await;
        open(&nurse, &anna, &thread).await;
        let reply = DraftText { thread_id: Some(thread.id), education: vec![item.id], ..DraftText::default() };
        write(&nurse, &anna, &reply).await;
        speaks(&anna, "es").await;
        let seen = anna.portal.thread(anna.patient(), thread.id).await.unwrap();
        let with: Vec<_> = seen.messages[1].education.iter().map(|one| (one.id, one.title.as_str())).collect();
        assert_eq!(with, [(item.id, "Su azúcar en sangre")], "in the reader's language");
        let of_staff = open(&nurse, &anna, &thread).await;
        assert_eq!(of_staff.messages[1].education[0].title, "Your blood sugar");

        nurse.portal.retire_education(item.id, item.version).await.unwrap();
        let seen = anna.portal.thread(anna.patient(), thread.id).await.unwrap();
        assert!(seen.messages[1].education.is_empty(), "no link that leads nowhere");
    }

    async fn only_staff_send_items_and_only_what_stands_in_the_library(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let (item, draft) = (published(&nurse, &content()).await, create(&nurse, &content()).await);
        let thread = write(&anna, &anna, &letter(nurses, "Sugar", "What is it?")).await;
        open(&nurse, &anna, &thread).await;
        let with = |id| DraftText {
            thread_id: Some(thread.id), text: "Read this.".into(), education: vec![id], ..DraftText::default()
        };
        let key = Uuid::new_v4;
        let own = refused(anna.portal.begin_draft(anna.patient(), &with(item.id), key()).await);
        assert_eq!((own.errors[0].field.as_str(), own.errors[0].code.as_str()), ("education", "not_allowed"));
        for wrong in [draft.id, EducationId(Uuid::new_v4())] {
            let begun = nurse.portal.begin_draft(anna.patient(), &with(wrong), key()).await;
            assert_eq!(refused(begun).errors[0].code, "unknown");
        }
        let reply = nurse.portal.begin_draft(anna.patient(), &with(item.id), key()).await.unwrap();
        let wrong = nurse.portal.save_draft(anna.patient(), &reply, &with(draft.id)).await;
        assert_eq!(refused(wrong).errors[0].field, "education", "saving asks too");
        nurse.portal.retire_education(item.id, item.version).await.unwrap();
        let sent = nurse.portal.send_draft(anna.patient(), &reply, key()).await;
        assert_eq!(refused(sent).errors[0].field, "education", "retired while it was a draft");
    }
}
