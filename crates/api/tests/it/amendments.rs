//! PHR-6: a patient asks for a correction of the record; the practice answers within 60 days, and the patient sees it.

use chrono::TimeDelta;
use portal_client::Result;
use portal_domain::{
    access::Role,
    amendments::{AmendmentAnswer, AmendmentDenial, AmendmentView, NewAmendment},
    mail::ItemKind,
    petitions::PetitionState,
    problem::{Code, Problem},
    record::Section,
};
use uuid::Uuid;

use crate::harness::{on_both, people::Person, refused};

fn wanted(entry: &str) -> NewAmendment {
    NewAmendment {
        section: Section::Conditions,
        entry: entry.into(),
        wrong: "I never had asthma.".into(),
        right: "It was bronchitis.\nThe hospital said so.".into(),
    }
}

fn yes() -> AmendmentAnswer {
    AmendmentAnswer { denial: None, words: "We corrected it and told the hospital.".into() }
}

fn no() -> AmendmentAnswer {
    AmendmentAnswer { denial: Some(AmendmentDenial::AccurateAndComplete), words: "The test shows it.".into() }
}

async fn ask(person: &Person, new: &NewAmendment) -> Result<AmendmentView> {
    person.portal.request_amendment(person.patient(), new, Uuid::new_v4()).await
}

async fn answer(staff: &Person, seen: &AmendmentView, answer: &AmendmentAnswer) -> Result<AmendmentView> {
    staff.portal.answer_amendment(seen, answer, Uuid::new_v4()).await
}

async fn waiting(staff: &Person) -> Vec<AmendmentView> {
    staff.portal.amendment_queue(&Default::default()).await.unwrap().items
}

fn errors(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

on_both! {
    async fn a_request_waits_with_its_due_date_of_sixty_days_and_is_answered_into_the_inbox(portal) {
        let anna = portal.patient("Anna").await;
        let records = portal.staff(Role::Records).await;
        let sent = ask(&anna, &wanted("Asthma, 2014")).await.unwrap();
        assert_eq!(sent.petitioned.due_at.since(sent.petitioned.requested_at), TimeDelta::days(60));
        assert_eq!((sent.petitioned.state, sent.entry.as_str(), sent.right.as_str()), (PetitionState::Pending, "Asthma, 2014", "It was bronchitis.\nThe hospital said so."));
        assert_eq!(waiting(&records).await, std::slice::from_ref(&sent));
        let done = answer(&records, &sent, &no()).await.unwrap();
        assert_eq!((done.petitioned.state, done.denial, done.petitioned.closed_by.as_deref()), (PetitionState::Denied, Some(AmendmentDenial::AccurateAndComplete), Some("Staff records")));
        assert!(waiting(&records).await.is_empty());
        let read = anna.portal.amendment(anna.patient(), sent.petitioned.id).await.unwrap();
        assert_eq!(read, done);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        let news: Vec<_> = inbox.items.iter().map(|item| (item.kind, item.subject_id, item.title.as_str())).collect();
        assert_eq!(news, [(ItemKind::AmendmentAnswered, sent.petitioned.id.0, "Asthma, 2014")]);
        let own = anna.portal.amendments(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(own.items, [read]);
    }

    async fn what_is_not_acted_on_in_time_is_overdue(portal) {
        let anna = portal.patient("Anna").await;
        ask(&anna, &wanted("Asthma")).await.unwrap();
        portal.clock.advance(TimeDelta::days(60));
        let records = portal.staff(Role::Records).await;
        assert!(!waiting(&records).await[0].petitioned.is_overdue);
        portal.clock.advance(TimeDelta::seconds(1));
        let provider = portal.staff(Role::Provider).await;
        assert!(waiting(&provider).await[0].petitioned.is_overdue);
    }

    async fn forty_answers_and_a_withdrawal_at_once_have_one_winner(portal) {
        let anna = portal.patient("Anna").await;
        let (records, provider) = (portal.staff(Role::Records).await, portal.staff(Role::Provider).await);
        let sent = ask(&anna, &wanted("Asthma")).await.unwrap();
        let (accepts, denies) = (yes(), no());
        let tries = (0..40).map(|n| {
            let (who, what) = if n % 2 == 0 { (&records, &accepts) } else { (&provider, &denies) };
            answer(who, &sent, what)
        });
        let back = anna.portal.withdraw_amendment(anna.patient(), sent.petitioned.id, Uuid::new_v4());
        let (mut outcomes, back) = futures_util::future::join(futures_util::future::join_all(tries), back).await;
        outcomes.push(back);
        assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
        let read = anna.portal.amendment(anna.patient(), sent.petitioned.id).await.unwrap();
        for lost in outcomes.into_iter().filter(Result::is_err) {
            let problem = refused(lost);
            assert_eq!((problem.code, problem.detail), (Code::WrongState, Some(format!("Its state is {}.", read.petitioned.state))));
        }
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.len(), usize::from(read.petitioned.state != PetitionState::Withdrawn));
    }

    async fn what_is_not_right_is_refused_and_another_patients_request_is_not_there(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let records = portal.staff(Role::Records).await;
        assert_eq!(errors(&refused(ask(&anna, &wanted(" ")).await)), [("entry", "required")]);
        let sent = ask(&anna, &wanted("Asthma")).await.unwrap();
        let silent = AmendmentAnswer { words: String::new(), ..no() };
        assert_eq!(errors(&refused(answer(&records, &sent, &silent).await)), [("words", "required")]);
        let mut stale = sent.clone();
        stale.petitioned.version += 1;
        assert_eq!(refused(answer(&records, &stale, &yes()).await).code, Code::StaleVersion);
        for patient in [anna.patient(), berta.patient()] {
            assert_eq!(refused(berta.portal.amendment(patient, sent.petitioned.id).await).code, Code::NotFound);
        }
        for _ in 1..portal_domain::petitions::MOST_WAITING {
            ask(&anna, &wanted("Asthma")).await.unwrap();
        }
        assert_eq!(errors(&refused(ask(&anna, &wanted("Asthma")).await)), [("entry", "too_many_waiting")]);
    }
}
