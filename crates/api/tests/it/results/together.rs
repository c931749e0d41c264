//! Several results are released at once, each for itself.

use portal_domain::results::{BulkRelease, Hold, HoldReason, Recall, RecallReason, ReleaseTarget};

use super::*;

fn target(patient: PatientId, result_id: ResultId, version: i64) -> ReleaseTarget {
    ReleaseTarget { patient_id: patient, result_id, version }
}

async fn release_all(
    provider: &Person,
    results: Vec<ReleaseTarget>,
    comment: Option<&str>,
) -> Vec<Result<i64, Code>> {
    let asked = BulkRelease { results, comment: comment.map(str::to_owned) };
    let outcomes = provider.portal.release_results(&asked, Uuid::new_v4()).await.unwrap();
    outcomes
        .into_iter()
        .map(|outcome| outcome.version.ok_or_else(|| outcome.problem.expect("a reason").code))
        .collect()
}

on_both! {
    async fn what_can_be_released_is_and_the_rest_is_told_by_name(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let berta = portal.patient("Berta").await;
        let (third, fourth) = (portal.result(berta.patient(), day(3), "5").await, portal.result(berta.patient(), day(4), "5").await);
        let provider = portal.staff(Role::Provider).await;
        release(&provider, anna.patient(), second, "Before").await;
        let hold = Hold { reason: HoldReason::DiscussFirst, words: None, hours: 1 };
        provider.portal.hold_result(berta.patient(), fourth, 1, &hold, Uuid::new_v4()).await.unwrap();
        let outcomes = release_all(&provider, vec![
            target(anna.patient(), first, 1),
            target(anna.patient(), second, 2),
            target(berta.patient(), third, 1),
            target(berta.patient(), fourth, 2),
            // Another patient's result at Berta's name, and a version that nobody saw.
            target(berta.patient(), first, 1),
            target(anna.patient(), ResultId(Uuid::new_v4()), 1),
        ], Some("  As discussed  ")).await;
        assert_eq!(outcomes, [
            Ok(2), Err(Code::AlreadyReleased), Ok(2), Err(Code::ResultHeld), Err(Code::NotFound), Err(Code::NotFound),
        ]);
        let view = anna.portal.result(anna.patient(), first).await.unwrap();
        assert_eq!((view.provider_comment.as_deref(), view.released_by.as_deref()), (Some("As discussed"), Some("Staff provider")));
        assert_eq!(anna.portal.result(anna.patient(), second).await.unwrap().provider_comment.as_deref(), Some("Before"));
        assert_eq!(titles(&berta.portal, berta.patient()).await, [third]);
        let inbox = berta.portal.inbox(berta.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.iter().filter(|item| item.kind == ItemKind::ResultReleased).count(), 1);
    }

    async fn a_critical_result_goes_along_once_its_provider_has_opened_it(portal) {
        let anna = portal.patient("Anna").await;
        let patient = anna.patient();
        let result = critical(&portal, patient).await;
        let (provider, colleague) = (portal.staff(Role::Provider).await, portal.staff(Role::Provider).await);
        colleague.portal.result(patient, result).await.unwrap();
        // What it waits for tells nothing of its values.
        provider.portal.result_waiting(patient, result).await.unwrap();
        assert_eq!(release_all(&provider, vec![target(patient, result, 1)], None).await, [Err(Code::OpenFirst)]);
        assert_eq!(titles(&anna.portal, patient).await, []);
        provider.portal.result(patient, result).await.unwrap();
        assert_eq!(release_all(&provider, vec![target(patient, result, 1)], None).await, [Ok(2)]);
    }

    async fn what_was_released_together_is_taken_back_one_by_one(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let both = vec![target(anna.patient(), first, 1), target(anna.patient(), second, 1)];
        let done = release_all(&provider, both, None).await;
        let recall = Recall { reason: RecallReason::WrongResult, words: None };
        for (result, version) in [first, second].into_iter().zip(done) {
            let version = version.unwrap();
            provider.portal.recall_result(anna.patient(), result, version, &recall, Uuid::new_v4()).await.unwrap();
        }
        assert_eq!(titles(&anna.portal, anna.patient()).await, []);
    }

    async fn a_repeat_gets_the_first_answer_and_only_providers_ask(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let asked = BulkRelease { results: vec![target(anna.patient(), first, 1)], comment: None };
        let key = Uuid::new_v4();
        let done = provider.portal.release_results(&asked, key).await.unwrap();
        assert_eq!(provider.portal.release_results(&asked, key).await.unwrap(), done);
        for results in [vec![], vec![target(anna.patient(), first, 2); 101]] {
            let asked = BulkRelease { results, comment: None };
            let problem = refused(provider.portal.release_results(&asked, Uuid::new_v4()).await);
            assert_eq!(problem.errors[0].field, "results");
        }
        let nurse = portal.staff(Role::Nurse).await;
        for person in [&nurse, &anna] {
            assert_eq!(refused(person.portal.release_results(&asked, Uuid::new_v4()).await).code, Code::RoleRequired);
        }
    }

    async fn of_twenty_who_release_the_same_results_at_once_one_does_each(portal) {
        let (anna, first, second) = patient_with_two_results(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let asks = (0..20).map(|_| async {
            let both = vec![target(anna.patient(), first, 1), target(anna.patient(), second, 1)];
            release_all(&provider, both, None).await.into_iter().filter(Result::is_ok).count()
        });
        let done: usize = futures_util::future::join_all(asks).await.into_iter().sum();
        assert_eq!(done, 2);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.iter().filter(|item| item.kind == ItemKind::ResultReleased).count(), 2);
    }
}
