//! LAB-1: a mistaken release is taken back whole, and the staff learn whether it was opened.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    features::health_record::{expire_due, make_due},
    platform::db::schema::outbox_mails,
};
use portal_domain::{
    outbox::{MailKind, MailState},
    record::{NewHealthRecord, RecordFormat, RecordState, Section},
    results::{MAX_RECALL_WORDS, Recall, RecallReason, Recalled},
};

use super::*;

fn mistake() -> Recall {
    Recall { reason: RecallReason::WrongResult, words: None }
}

async fn recall(provider: &Person, patient: PatientId, result: ResultId) -> Recalled {
    let seen = provider.portal.result(patient, result).await.unwrap();
    let (recall, key) = (mistake(), Uuid::new_v4());
    provider.portal.recall_result(patient, result, seen.version, &recall, key).await.unwrap()
}

async fn queue(provider: &Person) -> Vec<ResultId> {
    let page = provider.portal.unreleased_results(&Default::default()).await.unwrap();
    page.items.into_iter().map(|item| item.result.id).collect()
}

/// What the patient's results say in the words of the chart.
async fn chart(anna: &Person) -> String {
    let section =
        anna.portal.chart_section(anna.patient(), Section::Results, &Default::default()).await.unwrap();
    format!("{:?}", section.blocks)
}

/// What became of the mails that something new waits.
async fn mails(portal: &TestPortal) -> Vec<MailState> {
    let mails = outbox_mails::table.filter(outbox_mails::kind.eq(MailKind::SomethingNew));
    let states = mails.order(outbox_mails::created_at).select(outbox_mails::state);
    portal.app.db.read(move |conn| Ok(states.load(conn)?)).await.unwrap()
}

on_both! {
    async fn a_recalled_result_is_nowhere_for_the_patient_and_may_be_released_again(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        portal.verify_email(&anna, "anna@example.org").await;
        let provider = portal.staff(Role::Provider).await;
        let (empty, none) = (tag(&portal, &anna, anna.patient()).await, chart(&anna).await);
        // The news of the new address and of a new device is older than what follows.
        portal.clock.advance(TimeDelta::minutes(1));
        release(&provider, anna.patient(), first, "Wrong words").await;
        assert_eq!(mails(&portal).await, [MailState::Queued]);

        let answer = recall(&provider, anna.patient(), first).await;
        assert_eq!(answer.opened_at, None);
        let view = answer.result;
        assert_eq!((view.summary.released_at, view.released_by, view.provider_comment), (None, None, None));
        assert_eq!(titles(&anna.portal, anna.patient()).await, []);
        assert_eq!(refused(anna.portal.result(anna.patient(), first).await).code, Code::NotFound);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert!(!inbox.items.iter().any(|item| item.subject_id == first.0), "{inbox:?}");
        assert_eq!(mails(&portal).await, [MailState::Suppressed], "the waiting e-mail told of nothing else");
        assert_eq!(tag(&portal, &anna, anna.patient()).await, empty);
        assert_eq!(chart(&anna).await, none);
        assert_eq!(queue(&provider).await, [first, second]);

        release(&provider, anna.patient(), second, "").await;
        let view = anna.portal.result(anna.patient(), second).await.unwrap();
        assert_eq!(view.observations[0].earlier, [], "it is no part of a trend");
        release(&provider, anna.patient(), first, "Right words").await;
        let view = anna.portal.result(anna.patient(), first).await.unwrap();
        assert_eq!(view.provider_comment.as_deref(), Some("Right words"));
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.iter().filter(|item| item.subject_id == first.0).count(), 1);
    }

    async fn the_staff_learn_when_a_recalled_result_was_opened(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        release(&provider, anna.patient(), first, "").await;
        anna.portal.result(anna.patient(), first).await.unwrap();
        assert_eq!(recall(&provider, anna.patient(), first).await.opened_at, Some(portal.clock.now()));
        portal.clock.advance(TimeDelta::seconds(1));
        release(&provider, anna.patient(), first, "").await;
        assert_eq!(recall(&provider, anna.patient(), first).await.opened_at, None, "the second time nobody opened it");
    }

    async fn a_record_that_was_made_with_it_is_taken_back_and_an_older_one_stays(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        release(&provider, patient, first, "").await;
        let ask = async || {
            let asked = NewHealthRecord::default();
            let asked = anna.portal.request_health_record(patient, &asked, Uuid::new_v4()).await.unwrap();
            make_due(&portal.app).await.unwrap();
            asked.id
        };
        let download = async |id| anna.portal.health_record_file(patient, id, RecordFormat::Text).await;
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let older = ask().await;
        portal.clock.advance(TimeDelta::seconds(5));
        release(&provider, patient, second, "").await;
        let with_it = ask().await;
        assert!(text(download(with_it).await.unwrap()).contains("6.4%"));
        recall(&provider, patient, second).await;
        assert_eq!(refused(download(with_it).await).code, Code::RecordNotReady);
        assert!(!text(download(older).await.unwrap()).contains("6.4%"));
        assert_eq!(expire_due(&portal.app).await.unwrap(), 1, "and its bytes are thrown away");
        assert_eq!(anna.portal.health_record(patient, with_it).await.unwrap().state, RecordState::Expired);
    }

    async fn a_record_that_is_being_made_meanwhile_is_made_anew_without_it(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        for _ in 0..5 {
            release(&provider, patient, first, "").await;
            let asked = NewHealthRecord::default();
            let asked = anna.portal.request_health_record(patient, &asked, Uuid::new_v4()).await.unwrap();
            let (made, _) = tokio::join!(make_due(&portal.app), recall(&provider, patient, first));
            made.unwrap();
            make_due(&portal.app).await.unwrap();
            if let Ok(file) = anna.portal.health_record_file(patient, asked.id, RecordFormat::Text).await {
                assert!(!String::from_utf8(file).unwrap().contains("5.2%"));
            }
            portal.clock.advance(TimeDelta::seconds(1));
        }
    }

    async fn of_fifty_who_recall_at_once_one_does(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        release(&provider, patient, first, "").await;
        let recalls = (0..50).map(|_| async {
            provider.portal.recall_result(patient, first, 2, &mistake(), Uuid::new_v4()).await
        });
        let (done, refusals): (Vec<_>, Vec<_>) =
            futures_util::future::join_all(recalls).await.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refusals.len()), (1, 49));
        for refusal in refusals {
            assert!(matches!(refused(refusal).code, Code::WrongState | Code::StaleVersion));
        }
    }

    async fn a_provider_recalls_what_the_provider_saw_once_and_with_a_reason(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let ask = async |version, recall: &Recall, key| {
            provider.portal.recall_result(anna.patient(), first, version, recall, key).await
        };
        assert_eq!(refused(ask(1, &mistake(), Uuid::new_v4()).await).code, Code::WrongState, "not released");
        release(&provider, anna.patient(), first, "").await;
        assert_eq!(refused(ask(1, &mistake(), Uuid::new_v4()).await).code, Code::StaleVersion);
        let other = Recall { reason: RecallReason::Other, words: Some("  ".into()) };
        let problem = refused(ask(2, &other, Uuid::new_v4()).await);
        assert_eq!((problem.errors[0].field.as_str(), problem.errors[0].code.as_str()), ("words", "required"));
        let long = Recall { words: Some("x".repeat(MAX_RECALL_WORDS + 1)), ..mistake() };
        assert_eq!(refused(ask(2, &long, Uuid::new_v4()).await).errors[0].field, "words");
        let key = Uuid::new_v4();
        let done = ask(2, &mistake(), key).await.unwrap();
        assert_eq!(ask(2, &mistake(), key).await.unwrap(), done, "the same key gets the first answer");
        assert_eq!(refused(ask(3, &mistake(), Uuid::new_v4()).await).code, Code::WrongState, "recalled already");
        let own = anna.portal.recall_result(anna.patient(), first, 3, &mistake(), Uuid::new_v4()).await;
        assert_eq!(refused(own).code, Code::RoleRequired);
    }

    async fn of_a_recall_and_a_look_at_once_either_wins_and_the_look_is_on_record(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        for round in 0..20 {
            release(&provider, anna.patient(), first, "").await;
            let (recalled, opened) =
                tokio::join!(recall(&provider, anna.patient(), first), anna.portal.result(anna.patient(), first));
            // An answer may be on its way at the moment of the recall; nobody is told of a look that was none.
            assert!(recalled.opened_at.is_none() || opened.is_ok(), "round {round}");
            assert_eq!(refused(anna.portal.result(anna.patient(), first).await).code, Code::NotFound, "round {round}");
            portal.clock.advance(TimeDelta::seconds(1));
        }
    }
}
