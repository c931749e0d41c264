//! What is no reader's reaches no reader: drafts, retired items, and what was assigned to others.

use portal_domain::mail::InboxQuery;

use super::*;

/// No trace of an item on any way that a patient has.
async fn assert_hidden(reader: &Person, item: EducationId, word: &str) {
    let inbox = InboxQuery { q: Some(word.into()), ..InboxQuery::default() };
    let own = reader.patient();
    assert_eq!(found(reader, LibraryQuery::default()).await, [], "the list");
    assert_eq!(found(reader, words(word)).await, [], "the search");
    assert_eq!(found(reader, explaining(&[loinc("4548-4")])).await, [], "the code");
    assert_eq!(refused(reader.portal.read_education(item, &Default::default()).await).code, Code::NotFound);
    assert!(arrived(reader).await.is_empty(), "the inbox");
    assert!(reader.portal.inbox(own, &inbox).await.unwrap().items.is_empty(), "the search of the inbox");
    assert!(reader.portal.assigned_education(own).await.unwrap().is_empty(), "what was assigned");
    assert_eq!(refused(reader.portal.mark_education_read(own, item).await).code, Code::NotFound);
}

on_both! {
    async fn a_draft_reaches_no_patient(portal) {
        let (anna, nurse, desk) =
            (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.desk().await);
        let draft = create(&nurse, &content()).await;
        assert_eq!(draft.state, EducationState::Draft);
        assert_hidden(&anna, draft.id, "sugar").await;
        let new = NewEducationAssignment { education_id: draft.id };
        let early = nurse.portal.assign_education(anna.patient(), &new, Uuid::new_v4()).await;
        assert_eq!(refused(early).errors[0].field, "education_id", "nobody is assigned a draft");
        assert_hidden(&anna, draft.id, "sugar").await;
        let of_desk = desk.portal.read_education(draft.id, &Default::default()).await;
        assert_eq!(refused(of_desk).code, Code::NotFound);
    }

    async fn a_retired_item_reaches_no_patient_until_it_is_published_again(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let item = published(&nurse, &content()).await;
        let file = nurse.portal.upload_education_file(item.id, "diary.txt", b"Monday:".to_vec()).await.unwrap();
        let with = EducationContent { files: vec![file.id], ..content() };
        let item = nurse.portal.save_education(item.id, item.version, &with).await.unwrap();
        let item = nurse.portal.publish_education(item.id, item.version).await.unwrap();
        assign(&nurse, &anna, item.id).await;
        anna.portal.mark_education_read(anna.patient(), item.id).await.unwrap();

        assert_eq!(refused(nurse.portal.retire_education(item.id, 1).await).code, Code::StaleVersion);
        let retired = nurse.portal.retire_education(item.id, item.version).await.unwrap();
        assert_eq!(retired.state, EducationState::Retired);
        assert_hidden(&anna, item.id, "sugar").await;
        assert_eq!(refused(anna.portal.education_file_text(item.id, file.id).await).code, Code::NotFound);
        let seen = nurse.portal.assigned_education(anna.patient()).await.unwrap();
        assert!(seen[0].is_retired && seen[0].read_at.is_some(), "staff keep the record");
        let twice = nurse.portal.retire_education(item.id, retired.version).await;
        assert_eq!(refused(twice).code, Code::WrongState);

        // A newer draft of a retired item is hidden as well.
        let saved = nurse.portal.save_education(item.id, retired.version, &with).await.unwrap();
        assert_eq!(saved.state, EducationState::Retired);
        assert_hidden(&anna, item.id, "sugar").await;
        nurse.portal.publish_education(item.id, saved.version).await.unwrap();
        assert_eq!(found(&anna, words("sugar")).await, [item.id]);
        assert!(anna.portal.assigned_education(anna.patient()).await.unwrap()[0].read_at.is_some());
    }

    async fn an_unchanged_item_is_found_again_when_it_is_put_back(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let item = published(&nurse, &content()).await;
        let retired = nurse.portal.retire_education(item.id, item.version).await.unwrap();
        let back = nurse.portal.publish_education(item.id, retired.version).await.unwrap();
        assert_eq!((back.state, back.versions.len()), (EducationState::Published, 1), "the same version");
        assert_eq!(found(&anna, words("sugar")).await, [item.id]);
    }

    async fn a_stranger_can_not_see_who_was_assigned_what(portal) {
        let (anna, berta, nurse) =
            (portal.patient("Anna").await, portal.patient("Berta").await, portal.staff(Role::Nurse).await);
        let item = published(&nurse, &content()).await;
        assign(&nurse, &anna, item.id).await;
        assert_eq!(refused(berta.portal.assigned_education(anna.patient()).await).code, Code::NotFound);
        let mark = berta.portal.mark_education_read(anna.patient(), item.id).await;
        assert_eq!(refused(mark).code, Code::NotFound);
        let back = berta.portal.take_back_education(anna.patient(), item.id).await;
        assert_eq!(refused(back).code, Code::NotFound);
        assert!(berta.portal.assigned_education(berta.patient()).await.unwrap().is_empty());
        assert!(arrived(&berta).await.is_empty());
        for role in [Role::FrontDesk, Role::Billing, Role::Records, Role::PrivacyOfficer] {
            let staff = portal.staff(role).await;
            let seen = staff.portal.assigned_education(anna.patient()).await;
            assert_eq!(refused(seen).code, Code::RoleRequired, "{role}");
        }
        assert_eq!(nurse.portal.assigned_education(anna.patient()).await.unwrap()[0].read_at, None);
    }
}
