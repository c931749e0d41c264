//! 45 CFR 164.522(a): a patient asks that something be not shared or used; the practice answers, and what was agreed is seen.

use chrono::TimeDelta;
use portal_client::Result;
use portal_domain::{
    access::Role,
    mail::ItemKind,
    petitions::{MOST_WAITING, PetitionState},
    problem::{Code, Problem},
    restrictions::{NewRestriction, RestrictionAim, RestrictionAnswer, RestrictionDenial, RestrictionView},
};
use uuid::Uuid;

use crate::{
    dependents::{full, given},
    harness::{on_both, people::Person, refused},
};

fn wanted(aim: RestrictionAim) -> NewRestriction {
    NewRestriction {
        aim,
        what: "My visit of October".into(),
        limit: "Not my brother.".into(),
        why: "He works here.".into(),
    }
}

pub fn yes() -> RestrictionAnswer {
    RestrictionAnswer { denial: None, words: "We tell him nothing.".into() }
}

fn no(denial: RestrictionDenial) -> RestrictionAnswer {
    RestrictionAnswer { denial: Some(denial), words: "We can not keep it apart.".into() }
}

pub async fn ask(person: &Person, aim: RestrictionAim) -> Result<RestrictionView> {
    person.portal.request_restriction(person.patient(), &wanted(aim), Uuid::new_v4()).await
}

pub async fn answer(
    staff: &Person,
    seen: &RestrictionView,
    answer: &RestrictionAnswer,
) -> Result<RestrictionView> {
    staff.portal.answer_restriction(seen, answer, Uuid::new_v4()).await
}

async fn seen_by(who: &Person, patient: &Person) -> Vec<PetitionState> {
    let page = who.portal.restrictions(patient.patient(), &Default::default()).await.unwrap();
    page.items.into_iter().map(|one| one.petitioned.state).collect()
}

fn errors(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

on_both! {
    async fn a_request_waits_thirty_days_is_answered_into_the_inbox_and_then_seen_by_all_of_the_staff(portal) {
        let (anna, records) = (portal.patient("Anna").await, portal.staff(Role::Records).await);
        let (officer, nurse) = (portal.staff(Role::PrivacyOfficer).await, portal.staff(Role::Nurse).await);
        let sent = ask(&anna, RestrictionAim::Person).await.unwrap();
        assert_eq!(sent.petitioned.due_at.since(sent.petitioned.requested_at), TimeDelta::days(30));
        let queue = officer.portal.restriction_queue(&Default::default()).await.unwrap().items;
        assert_eq!(queue, std::slice::from_ref(&sent));
        assert_eq!(seen_by(&nurse, &anna).await, [], "what waits is told to who answers");
        let id = sent.petitioned.id;
        assert_eq!(refused(nurse.portal.restriction(anna.patient(), id).await).code, Code::NotFound);
        assert_eq!(refused(nurse.portal.restriction_queue(&Default::default()).await).code, Code::RoleRequired);
        let done = answer(&records, &sent, &yes()).await.unwrap();
        assert_eq!((done.petitioned.state, done.petitioned.closed_by.as_deref()), (PetitionState::Accepted, Some("Staff records")));
        assert_eq!(nurse.portal.restriction(anna.patient(), id).await.unwrap(), done);
        for role in Role::ALL {
            assert_eq!(seen_by(&portal.staff(*role).await, &anna).await, [PetitionState::Accepted], "{role}");
        }
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        let news: Vec<_> = inbox.items.iter().map(|item| (item.kind, item.subject_id, item.title.as_str())).collect();
        assert_eq!(news, [(ItemKind::RestrictionAnswered, id.0, "My visit of October")]);
    }

    async fn what_was_paid_for_in_full_is_kept_from_the_health_plan_and_else_a_no_has_a_reason(portal) {
        let (anna, records) = (portal.patient("Anna").await, portal.staff(Role::Records).await);
        let paid = ask(&anna, RestrictionAim::Insurer).await.unwrap();
        for why in [RestrictionDenial::NeededForCare, RestrictionDenial::NotPossible] {
            let problem = refused(answer(&records, &paid, &no(why)).await);
            assert_eq!(errors(&problem), [("denial", "denial_not_lawful")]);
        }
        let denied = answer(&records, &paid, &no(RestrictionDenial::NotPaid)).await.unwrap();
        assert_eq!((denied.petitioned.state, denied.denial), (PetitionState::Denied, Some(RestrictionDenial::NotPaid)));
        let other = ask(&anna, RestrictionAim::Clinic).await.unwrap();
        assert_eq!(errors(&refused(answer(&records, &other, &no(RestrictionDenial::NotPaid)).await)), [("denial", "denial_not_lawful")]);
        answer(&records, &other, &no(RestrictionDenial::NotPossible)).await.unwrap();
        assert_eq!(seen_by(&portal.staff(Role::Nurse).await, &anna).await, [], "what was declined binds nobody");
    }

    async fn the_patient_takes_back_what_waits_and_ends_what_was_agreed(portal) {
        let (anna, records) = (portal.patient("Anna").await, portal.staff(Role::Records).await);
        let back = async |seen: &RestrictionView| {
            anna.portal.withdraw_restriction(anna.patient(), seen.petitioned.id, Uuid::new_v4()).await
        };
        let sent = ask(&anna, RestrictionAim::Use).await.unwrap();
        assert_eq!(back(&sent).await.unwrap().petitioned.state, PetitionState::Withdrawn);
        assert_eq!(refused(answer(&records, &sent, &yes()).await).code, Code::WrongState);
        let sent = ask(&anna, RestrictionAim::Use).await.unwrap();
        answer(&records, &sent, &yes()).await.unwrap();
        assert_eq!(back(&sent).await.unwrap().petitioned.state, PetitionState::Ended);
        assert_eq!(refused(back(&sent).await).code, Code::WrongState);
        assert_eq!(seen_by(&portal.staff(Role::Billing).await, &anna).await, []);
    }

    async fn what_is_not_acted_on_in_time_is_overdue(portal) {
        let anna = portal.patient("Anna").await;
        ask(&anna, RestrictionAim::Person).await.unwrap();
        portal.clock.advance(TimeDelta::days(30));
        let overdue = async || {
            let officer = portal.staff(Role::PrivacyOfficer).await;
            officer.portal.restriction_queue(&Default::default()).await.unwrap().items[0].petitioned.is_overdue
        };
        assert!(!overdue().await);
        portal.clock.advance(TimeDelta::seconds(1));
        assert!(overdue().await);
    }

    async fn nobody_who_acts_for_the_patient_learns_of_it(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, full()).await;
        let sent = ask(&anna, RestrictionAim::Person).await.unwrap();
        let (patient, id) = (anna.patient(), sent.petitioned.id);
        answer(&portal.staff(Role::Records).await, &sent, &yes()).await.unwrap();
        assert_eq!(refused(bruno.portal.restrictions(patient, &Default::default()).await).code, Code::NotFound);
        assert_eq!(refused(bruno.portal.restriction(patient, id).await).code, Code::NotFound);
        let asked = bruno.portal.request_restriction(patient, &wanted(RestrictionAim::Use), Uuid::new_v4()).await;
        assert_eq!(refused(asked).code, Code::NotFound);
        let inbox = bruno.portal.inbox(patient, &Default::default()).await.unwrap();
        assert!(inbox.items.is_empty() && inbox.unread == 0, "{inbox:?}");
    }

    async fn a_correction_is_no_restriction_and_too_many_do_not_wait(portal) {
        let anna = portal.patient("Anna").await;
        let sent = ask(&anna, RestrictionAim::Person).await.unwrap();
        assert_eq!(refused(anna.portal.amendment(anna.patient(), sent.petitioned.id).await).code, Code::NotFound);
        assert!(anna.portal.amendments(anna.patient(), &Default::default()).await.unwrap().items.is_empty());
        for _ in 1..MOST_WAITING {
            ask(&anna, RestrictionAim::Person).await.unwrap();
        }
        assert_eq!(errors(&refused(ask(&anna, RestrictionAim::Person).await)), [("what", "too_many_waiting")]);
    }
}
