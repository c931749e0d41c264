//! Teams, their members and policies, templates, absences, escalation.

use portal_domain::messages::{NewCover, TemplateText};

use super::*;

on_both! {
    async fn only_staff_whose_role_fits_work_in_a_team(portal) {
        let (admin, nurse, biller) =
            (portal.staff(Role::Admin).await, portal.staff(Role::Nurse).await, portal.staff(Role::Billing).await);
        let with = |person: &Person| edit(TeamCategory::Health, vec![person.session.account_id]);
        let made = admin.portal.add_care_team(&with(&nurse), Uuid::new_v4()).await.unwrap();
        assert_eq!(made.members.len(), 1);
        let problem = refused(admin.portal.add_care_team(&with(&biller), Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "members[0]"));

        let gone = TeamEdit { is_open: false, members: vec![], ..with(&nurse) };
        let stale = admin.portal.change_care_team(made.team.id, 7, &gone).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
        let anna = portal.patient("Anna").await;
        let thread = write(&anna, &anna, &text(made.team.id, "Rash", "It itches.")).await;
        admin.portal.change_care_team(made.team.id, made.version, &gone).await.unwrap();
        let view = anna.portal.thread(anna.patient(), thread.id).await.unwrap();
        assert_eq!(view.reason, Some(NoReply::TeamGone));
        assert_eq!(refused(nurse.portal.open_thread(anna.patient(), thread.id).await).code, Code::RoleRequired);
    }

    async fn an_overdue_item_shows_in_the_queue_of_the_team_that_looks_after_it(portal) {
        let (admin, nurse, provider) =
            (portal.staff(Role::Admin).await, portal.staff(Role::Nurse).await, portal.staff(Role::Provider).await);
        let leads = team(&portal, TeamCategory::Health, &[&provider]).await;
        let escalating =
            TeamEdit { escalates_to: Some(leads), ..edit(TeamCategory::Health, vec![nurse.session.account_id]) };
        let nurses = admin.portal.add_care_team(&escalating, Uuid::new_v4()).await.unwrap().team.id;
        let anna = portal.patient("Anna").await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        assert!(queue(&provider, QueueFolder::Waiting).await.items.is_empty());
        assert_eq!(refused(provider.portal.open_thread(anna.patient(), thread.id).await).code, Code::RoleRequired);

        // Sessions are over by then, too.
        portal.clock.advance(TimeDelta::days(6));
        let (nurse, provider) =
            (portal.sign_in(&nurse.session.username).await, portal.sign_in(&provider.session.username).await);
        let late = queue(&provider, QueueFolder::Waiting).await;
        assert!(late.items[0].overdue && late.items[0].thread_id == thread.id);
        assert!(queue(&nurse, QueueFolder::Waiting).await.items[0].overdue, "its own team keeps it");
        assert_eq!(nurse.portal.message_teams().await.unwrap()[0].overdue, 1);
        let patient = anna.patient();
        assert!(provider.portal.open_thread(patient, thread.id).await.is_ok());
    }

    async fn the_work_of_who_is_away_shows_in_the_colleagues_queue(portal) {
        let (anna, nurse, colleague, stranger) = (
            portal.patient("Anna").await,
            portal.staff(Role::Nurse).await,
            portal.staff(Role::Nurse).await,
            portal.staff(Role::Nurse).await,
        );
        let nurses = team(&portal, TeamCategory::Health, &[&nurse, &colleague]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        nurse.portal.claim_thread(anna.patient(), thread.id).await.unwrap();
        assert!(queue(&colleague, QueueFolder::Mine).await.items.is_empty());
        let now = portal.app.now();
        let away = |cover: &Person| NewCover {
            cover: cover.session.account_id,
            from: now,
            until: now.plus(TimeDelta::days(2)),
        };
        let choices = nurse.portal.cover_choices().await.unwrap();
        assert_eq!(choices.iter().map(|one| one.id).collect::<Vec<_>>(), [colleague.session.account_id]);
        assert!(stranger.portal.cover_choices().await.unwrap().is_empty());
        assert_eq!(refused(nurse.portal.set_cover(&away(&stranger)).await).code, Code::Invalid);
        nurse.portal.set_cover(&away(&colleague)).await.unwrap();
        let covered = queue(&colleague, QueueFolder::Mine).await;
        assert_eq!(covered.items[0].covered_by.as_ref().unwrap().id, colleague.session.account_id);
        assert_eq!(colleague.portal.covers().await.unwrap().len(), 1);
        nurse.portal.end_cover().await.unwrap();
        assert!(queue(&colleague, QueueFolder::Mine).await.items.is_empty());
    }

    async fn templates_belong_to_a_team(portal) {
        let (nurse, outsider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let thanks = TemplateText { team_id: nurses, title: "Thanks".into(), text: "Thank you.".into() };
        let made = nurse.portal.add_template(&thanks, Uuid::new_v4()).await.unwrap();
        assert_eq!(refused(outsider.portal.add_template(&thanks, Uuid::new_v4()).await).code, Code::RoleRequired);
        assert!(outsider.portal.templates().await.unwrap().is_empty());
        assert_eq!(refused(outsider.portal.remove_template(made.id).await).code, Code::NotFound);
        let changed = TemplateText { title: "Many thanks".into(), ..thanks };
        let newer = nurse.portal.change_template(&made, &changed).await.unwrap();
        assert_eq!(refused(nurse.portal.change_template(&made, &changed).await).code, Code::StaleVersion);
        nurse.portal.remove_template(newer.id).await.unwrap();
        assert!(nurse.portal.templates().await.unwrap().is_empty());
    }

    async fn an_owner_is_a_member_of_the_team(portal) {
        let (anna, nurse, outsider) =
            (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        let entry = open(&nurse, &anna, &thread).await.entry;
        let to_outsider = nurse.portal.assign_thread(&entry, Some(outsider.session.account_id)).await;
        assert_eq!(refused(to_outsider).code, Code::Invalid);
        let mine = nurse.portal.assign_thread(&entry, Some(nurse.session.account_id)).await.unwrap();
        assert_eq!(refused(nurse.portal.assign_thread(&entry, None).await).code, Code::StaleVersion);
        assert_eq!(nurse.portal.assign_thread(&mine, None).await.unwrap().owner, None);
    }
}
