//! One message to a cohort: who gets it, once each, and who may send and see it.

use portal_api::{features::messages::deliver_due, platform::db::schema::audit_entries};
use portal_domain::{
    access::{Action, Category},
    audience::{Audience, CodedTerm},
    ids::CohortMessageId,
    messages::{CohortMessageView, CohortRecipient, NewCohortMessage},
    page::PageQuery,
};

use super::*;
use crate::harness::charts;

fn flu(team_id: TeamId, audience: Audience) -> NewCohortMessage {
    NewCohortMessage {
        team_id,
        subject: "Flu shots".into(),
        text: "Come in on Friday.".into(),
        audience,
        confirmed_patients: None,
    }
}

async fn send(by: &Person, message: &NewCohortMessage) -> CohortMessageView {
    by.portal.send_to_cohort(message, Uuid::new_v4()).await.unwrap()
}

async fn recipients(of: &Person, id: CohortMessageId) -> Vec<CohortRecipient> {
    let (mut all, mut query) = (Vec::new(), PageQuery { cursor: None, limit: Some(40) });
    loop {
        let page = of.portal.cohort_recipients(id, &query).await.unwrap();
        all.extend(page.items);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return all;
        }
    }
}

fn younger() -> Audience {
    Audience { max_age: Some(90), ..Audience::default() }
}

on_both! {
    async fn each_patient_of_a_cohort_gets_a_thread_of_their_own_and_may_answer(portal) {
        let (anna, berta, nurse) =
            (portal.patient("Anna").await, portal.patient("Berta").await, portal.staff(Role::Nurse).await);
        portal.chart_born("Otto", "Lund", "1930-01-01").await;
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        assert_eq!(nurse.portal.cohort_reach(&younger()).await.unwrap().patients, 2);
        let sent = send(&nurse, &flu(nurses, younger())).await;
        assert_eq!((sent.patients, sent.delivered, sent.opened), (2, 2, 0));

        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((inbox.unread, inbox.items[0].kind, inbox.items[0].title.as_str()), (1, ItemKind::Message, "Flu shots"));
        let thread = anna.portal.thread(anna.patient(), ThreadId(inbox.items[0].subject_id)).await.unwrap();
        assert_eq!(thread.messages.len(), 1);
        assert_eq!(thread.messages[0].text.as_deref(), Some("Come in on Friday."));
        assert!(thread.can_reply);
        assert!(queue(&nurse, QueueFolder::Waiting).await.items.is_empty(), "nobody waits for an answer");
        answer(&anna, &anna, &thread, "Which Friday?").await;
        let waiting = queue(&nurse, QueueFolder::Unclaimed).await;
        assert_eq!(waiting.items.len(), 1, "the whole team sees the answer");

        anna.portal.mark_thread_read(anna.patient(), thread.id).await.unwrap();
        let all = recipients(&nurse, sent.id).await;
        let opened = |person: &Person| all.iter().find(|one| one.patient.id == person.patient()).unwrap().opened_at.is_some();
        assert_eq!((all.len(), opened(&anna), opened(&berta)), (2, true, false));
        assert_eq!(nurse.portal.cohort_message(sent.id).await.unwrap().opened, 1);
        assert_eq!(search(&nurse, "friday").await.items.len(), 2, "found as any other conversation");
    }

    async fn a_repeat_of_a_sending_writes_to_nobody_twice(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let (message, key) = (flu(nurses, Audience::default()), Uuid::new_v4());
        let first = nurse.portal.send_to_cohort(&message, key).await.unwrap();
        let second = nurse.portal.send_to_cohort(&message, key).await.unwrap();
        assert_eq!((first.id, second.delivered), (second.id, 1));
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.len(), 1);
    }

    async fn many_patients_are_confirmed_and_each_gets_it_once_whoever_delivers(portal) {
        let nurse = portal.staff(Role::Nurse).await;
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let entries = (0..120).map(|_| charts::patient(&Uuid::new_v4().to_string(), "Ida", "Holm")).collect();
        portal.import(entries).await;
        let there = nurse.portal.cohort_reach(&Audience::default()).await.unwrap().patients;
        let mut message = flu(nurses, Audience::default());
        for unsure in [None, Some(there - 1)] {
            message.confirmed_patients = unsure;
            let problem = refused(nurse.portal.send_to_cohort(&message, Uuid::new_v4()).await);
            assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "confirmed_patients"));
        }
        assert!(nurse.portal.cohort_messages(&Default::default()).await.unwrap().items.is_empty(), "nothing was sent");
        message.confirmed_patients = Some(there);
        let sent = send(&nurse, &message).await;
        assert_eq!((sent.patients, sent.delivered), (there, 50), "the first at once");
        let later = portal.patient("Later").await;

        // Two servers deliver the rest.
        let (one, other) = tokio::join!(deliver_due(&portal.app), deliver_due(&portal.app));
        assert_eq!((one.unwrap() + other.unwrap()) as i64, there - 50);
        assert_eq!(deliver_due(&portal.app).await.unwrap(), 0);
        let all = recipients(&nurse, sent.id).await;
        let mut threads: Vec<_> = all.iter().map(|one| one.thread_id.unwrap()).collect();
        threads.sort();
        threads.dedup();
        assert_eq!((all.len(), threads.len()), (there as usize, there as usize));
        assert!(all.iter().all(|one| one.patient.id != later.patient()), "who comes later does not belong to it");
        let inbox = later.portal.inbox(later.patient(), &Default::default()).await.unwrap();
        assert!(inbox.items.is_empty());

        let (actor, rows) = (AnyId(nurse.session.account_id.0), portal.app.db.clone());
        let recorded = rows.read(move |conn| {
            let of_nurse = audit_entries::table.filter(audit_entries::actor_id.eq(actor));
            let written = of_nurse
                .filter(audit_entries::action.eq(Action::Act))
                .filter(audit_entries::category.eq(Category::Messages))
                .filter(audit_entries::outcome.eq(Outcome::Done))
                .filter(audit_entries::patient_id.is_not_null());
            Ok(written.count().get_result::<i64>(conn)?)
        });
        assert_eq!(recorded.await.unwrap(), there, "a row in the audit trail for each patient, in the sender's name");
    }

    async fn only_members_of_an_open_team_write_to_a_cohort_and_see_who_got_it(portal) {
        portal.patient("Anna").await;
        let (nurse, outsider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let message = flu(nurses, Audience::default());
        let problem = refused(outsider.portal.send_to_cohort(&message, Uuid::new_v4()).await);
        assert_eq!(problem.code, Code::RoleRequired);
        let nobody = flu(nurses, Audience { min_age: Some(120), ..Audience::default() });
        let problem = refused(nurse.portal.send_to_cohort(&nobody, Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.errors[0].code.as_str()), (Code::Invalid, "nobody"));

        let sent = send(&nurse, &message).await;
        assert!(outsider.portal.cohort_messages(&Default::default()).await.unwrap().items.is_empty());
        assert_eq!(refused(outsider.portal.cohort_message(sent.id).await).code, Code::NotFound);
        let seen = outsider.portal.cohort_recipients(sent.id, &Default::default()).await;
        assert_eq!(refused(seen).code, Code::NotFound);

        let admin = portal.staff(Role::Admin).await;
        let teams = admin.portal.care_teams().await.unwrap();
        let ours = teams.into_iter().find(|one| one.team.id == nurses).unwrap();
        let closed = TeamEdit { is_open: false, ..edit(TeamCategory::Health, vec![nurse.session.account_id]) };
        admin.portal.change_care_team(nurses, ours.version, &closed).await.unwrap();
        let problem = refused(nurse.portal.send_to_cohort(&message, Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "team_id"));
    }

    async fn a_cohort_by_condition_is_for_clinical_staff_only(portal) {
        let anna = portal.patient("Anna").await;
        let (nurse, clerk) = (portal.staff(Role::Nurse).await, portal.desk().await);
        let mixed = team(&portal, TeamCategory::Visits, &[&nurse, &clerk]).await;
        let source = portal.sources.borrow()[&anna.patient()].clone();
        portal.import(vec![charts::entry(serde_json::json!({
            "resourceType": "Condition", "id": "asthma",
            "subject": { "reference": format!("Patient/{source}") },
            "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }] },
            "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "195967001" }], "text": "Asthma" },
        }))]).await;
        let asthma = CodedTerm { system: "http://snomed.info/sct".into(), code: "195967001".into() };
        let audience = Audience { condition: Some(asthma), ..Audience::default() };
        let message = flu(mixed, audience.clone());
        let sent = send(&nurse, &message).await;
        assert_eq!((sent.patients, recipients(&nurse, sent.id).await.len()), (1, 1));
        let refusals = [
            refused(clerk.portal.cohort_reach(&audience).await),
            refused(clerk.portal.send_to_cohort(&message, Uuid::new_v4()).await),
            refused(clerk.portal.cohort_recipients(sent.id, &Default::default()).await),
        ];
        assert!(refusals.iter().all(|refusal| refusal.code == Code::RoleRequired), "{refusals:?}");
        assert_eq!(clerk.portal.cohort_reach(&younger()).await.unwrap().patients, 1);
    }
}
