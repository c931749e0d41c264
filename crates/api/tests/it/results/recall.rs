//! LAB-1: a mistaken release is taken back whole, and the staff learn whether it was read.

use diesel::prelude::*;
use portal_api::platform::db::schema::outbox_mails;
use portal_domain::{
    ids::InboxItemId,
    outbox::{MailKind, MailState},
    record::Section,
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
    let page = provider.portal.unreleased_results(&PageQuery::default()).await.unwrap();
    page.items.into_iter().map(|item| item.result.id).collect()
}

/// The only item of the inbox.
async fn item(anna: &Person) -> InboxItemId {
    let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
    let [item] = &inbox.items[..] else { panic!("one item: {inbox:?}") };
    item.id
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
        release(&provider, anna.patient(), first, "Wrong words").await;
        assert_eq!(mails(&portal).await, [MailState::Queued]);

        let answer = recall(&provider, anna.patient(), first).await;
        assert_eq!(answer.opened_at, None);
        let view = answer.result;
        assert_eq!((view.summary.released_at, view.released_by, view.provider_comment), (None, None, None));
        assert_eq!(titles(&anna.portal, anna.patient()).await, []);
        assert_eq!(refused(anna.portal.result(anna.patient(), first).await).code, Code::NotFound);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((inbox.items.len(), inbox.unread), (0, 0));
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

    async fn the_staff_learn_when_a_recalled_result_was_read(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        release(&provider, anna.patient(), first, "").await;
        anna.portal.mark_read(anna.patient(), item(&anna).await).await.unwrap();
        assert_eq!(recall(&provider, anna.patient(), first).await.opened_at, Some(portal.clock.now()));
        release(&provider, anna.patient(), first, "").await;
        assert_eq!(recall(&provider, anna.patient(), first).await.opened_at, None, "the second time nobody read it");
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

    async fn of_a_recall_and_a_reading_at_once_the_staff_learn_what_happened(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        for round in 0..20 {
            release(&provider, anna.patient(), first, "").await;
            let item = item(&anna).await;
            let (recalled, read) = tokio::join!(
                recall(&provider, anna.patient(), first),
                anna.portal.mark_read(anna.patient(), item),
            );
            assert_eq!(recalled.opened_at.is_some(), read.is_ok(), "round {round}");
            assert_eq!(titles(&anna.portal, anna.patient()).await, [], "round {round}");
        }
    }
}
