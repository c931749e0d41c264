//! LAB-2: results reach the patient by the policy for their group of tests, held back and overdue ones are told to
//! providers, and what a policy has not released is nowhere for the patient.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    features::results::release_due,
    platform::db::{AnyId, schema::audit_entries},
};
use portal_domain::{
    access::{Action, Category},
    audit::{ActorKind, Outcome},
    results::{
        GroupRule, Hold, HoldReason, MAX_HOLD_WORDS, Recall, RecallReason, ReleasePolicies,
        ReleaseQueueQuery, ReleaseRule, TestGroup, WaitingShown,
    },
};

use super::*;

/// The test that [`TestPortal::result`] makes.
const A1C: &str = "4548-4";

fn rule(rule: ReleaseRule, hours: Option<i64>) -> GroupRule {
    GroupRule { rule, hours, deadline_hours: 48 }
}

fn sugar(release: GroupRule) -> ReleasePolicies {
    let group = TestGroup {
        name: "Sugar".into(),
        codes: vec![A1C.into()],
        categories: vec![],
        sensitive: false,
        release,
    };
    ReleasePolicies { groups: vec![group], ..Default::default() }
}

async fn set(portal: &TestPortal, policies: ReleasePolicies) {
    let admin = portal.staff(Role::Admin).await;
    let seen = admin.portal.release_policies().await.unwrap();
    admin.portal.change_release_policies(seen.version, &policies).await.unwrap();
}

fn hold(hours: i64) -> Hold {
    Hold { reason: HoldReason::DiscussFirst, words: Some("Call before it is seen".into()), hours }
}

async fn place(provider: &Person, patient: PatientId, result: ResultId, hours: i64) {
    let seen = provider.portal.result_waiting(patient, result).await.unwrap().version;
    provider.portal.hold_result(patient, result, seen, &hold(hours), Uuid::new_v4()).await.unwrap();
}

async fn lift(provider: &Person, patient: PatientId, result: ResultId) {
    let seen = provider.portal.result_waiting(patient, result).await.unwrap().version;
    provider.portal.lift_hold(patient, result, seen, Uuid::new_v4()).await.unwrap();
}

async fn shown(provider: &Person, show: WaitingShown) -> Vec<ResultId> {
    let query = ReleaseQueueQuery { show: Some(show), ..Default::default() };
    let page = provider.portal.unreleased_results(&query).await.unwrap();
    page.items.into_iter().map(|item| item.result.id).collect()
}

async fn news(anna: &Person) -> usize {
    let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
    inbox.items.iter().filter(|item| item.kind == ItemKind::ResultReleased).count()
}

/// Who released this result, by the audit trail.
async fn releases(portal: &TestPortal, result: ResultId) -> Vec<(ActorKind, Option<AnyId>)> {
    let rows = audit_entries::table
        .filter(audit_entries::subject_id.eq(AnyId(result.0)))
        .filter(audit_entries::action.eq(Action::Release))
        .filter(audit_entries::category.eq(Category::Results))
        .filter(audit_entries::outcome.eq(Outcome::Done))
        .select((audit_entries::actor_kind, audit_entries::actor_id));
    portal.app.db.read(move |conn| Ok(rows.load(conn)?)).await.unwrap()
}

/// Lets time pass (or turns the clock back); whoever goes on signs in again, for an idle session ends.
async fn later(portal: &TestPortal, by: TimeDelta, people: &mut [&mut Person]) {
    portal.clock.advance(by);
    for person in people {
        **person = portal.sign_in(&person.session.username).await;
    }
}

/// Everything that the patient's list, record and inbox say of results, as text.
async fn seen_by(anna: &Person) -> String {
    let (patient, portal) = (anna.patient(), &anna.portal);
    let list = portal.results(patient, &Default::default()).await.unwrap();
    let inbox = portal.inbox(patient, &Default::default()).await.unwrap().items;
    let inbox: Vec<_> = inbox.into_iter().filter(|item| item.kind == ItemKind::ResultReleased).collect();
    let section = portal
        .chart_section(patient, portal_domain::record::Section::Results, &Default::default())
        .await
        .unwrap();
    format!("{list:?} {inbox:?} {:?}", section.blocks)
}

on_both! {
    async fn an_immediate_policy_releases_as_a_provider_would_and_is_named_as_the_one_who_did(portal) {
        set(&portal, sugar(rule(ReleaseRule::Immediate, None))).await;
        let (anna, first, second) = patient_with_two_results(&portal).await;
        assert_eq!(titles(&anna.portal, anna.patient()).await, [], "not before the portal comes to it");
        assert_eq!(release_due(&portal.app).await.unwrap(), 2);
        assert_eq!(titles(&anna.portal, anna.patient()).await, [second, first]);
        assert_eq!(news(&anna).await, 1, "the inbox item came with what is new");
        let view = anna.portal.result(anna.patient(), second).await.unwrap();
        assert_eq!((view.released_by, view.provider_comment), (None, None));
        assert_eq!(view.summary.released_at, Some(portal.clock.now()));
        assert_eq!(view.observations[0].earlier.len(), 1);
        assert_eq!(releases(&portal, first).await, [(ActorKind::Policy, None)]);
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        assert_eq!(news(&anna).await, 1);
    }

    async fn a_history_that_comes_in_is_there_to_be_read_and_is_no_news(portal) {
        set(&portal, sugar(rule(ReleaseRule::Immediate, None))).await;
        let anna = portal.patient("Anna").await;
        portal.verify_email(&anna, "anna@mail.example").await;
        let came_in = portal.clock.now();
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for days in [400, 200, 31, 29, 1] {
            let id = portal.result(anna.patient(), came_in.plus(TimeDelta::days(-days)), "5.2").await;
            if days > 30 { old.push(id) } else { new.push(id) }
        }
        let mails = portal.mails_to("anna@mail.example").await.len();
        assert_eq!(release_due(&portal.app).await.unwrap(), 5);
        assert_eq!(titles(&anna.portal, anna.patient()).await.len(), 5, "all of them can be read");
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        let mut told: Vec<_> = inbox.items.iter().filter(|item| item.kind == ItemKind::ResultReleased).map(|item| item.subject_id).collect();
        told.sort();
        new.sort();
        assert_eq!(told, new.iter().map(|id| id.0).collect::<Vec<_>>());
        assert!(portal.mails_to("anna@mail.example").await.len() <= mails + 1);
        // A provider who releases an old one by hand wants it seen.
        set(&portal, ReleasePolicies::default()).await;
        let id = portal.result(anna.patient(), came_in.plus(TimeDelta::days(-300)), "6.1").await;
        release(&portal.staff(Role::Provider).await, anna.patient(), id, "Look again.").await;
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert!(inbox.items.iter().any(|item| item.subject_id == id.0));
    }

    async fn a_policy_waits_its_hours_releases_once_and_a_clock_that_jumps_changes_nothing(portal) {
        set(&portal, sugar(rule(ReleaseRule::After, Some(24)))).await;
        let (mut anna, first, second) = patient_with_two_results(&portal).await;
        let mut provider = portal.staff(Role::Provider).await;
        let (empty, nothing) = (tag(&portal, &anna, anna.patient()).await, seen_by(&anna).await);
        release_due(&portal.app).await.unwrap();
        let waiting = provider.portal.result_waiting(anna.patient(), first).await.unwrap();
        assert_eq!(waiting.group.as_deref(), Some("Sugar"));
        assert_eq!((waiting.releases_at, waiting.review_by), (Some(begin().plus(TimeDelta::hours(24))), None));
        assert_eq!(shown(&provider, WaitingShown::Automatic).await, [first, second]);
        later(&portal, TimeDelta::hours(24) - TimeDelta::seconds(1), &mut [&mut anna, &mut provider]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        assert_eq!((tag(&portal, &anna, anna.patient()).await, seen_by(&anna).await), (empty, nothing));
        // A provider may be faster.
        release(&provider, anna.patient(), second, "Well done").await;
        portal.clock.advance(TimeDelta::days(400));
        assert_eq!(release_due(&portal.app).await.unwrap(), 1);
        portal.clock.advance(TimeDelta::days(-400));
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        later(&portal, TimeDelta::days(401), &mut [&mut anna]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        // What the provider released is news; what the policy did is of the month before.
        assert_eq!((news(&anna).await, releases(&portal, first).await.len()), (1, 1));
    }

    async fn what_is_left_to_a_provider_is_overdue_past_its_deadline_and_never_released(portal) {
        let (mut anna, first, second) = patient_with_two_results(&portal).await;
        let mut provider = portal.staff(Role::Provider).await;
        release_due(&portal.app).await.unwrap();
        assert_eq!(shown(&provider, WaitingShown::Overdue).await, []);
        let waiting = provider.portal.result_waiting(anna.patient(), first).await.unwrap();
        let by = begin().plus(TimeDelta::hours(72));
        assert_eq!((waiting.group, waiting.releases_at, waiting.review_by), (None, None, Some(by)), "the default");
        later(&portal, TimeDelta::hours(72), &mut [&mut provider]).await;
        assert_eq!(shown(&provider, WaitingShown::Overdue).await, [first, second]);
        place(&provider, anna.patient(), first, 5).await;
        assert_eq!(shown(&provider, WaitingShown::Overdue).await, [second], "a hold says why it waits");
        assert_eq!(shown(&provider, WaitingShown::Held).await, [first]);
        later(&portal, TimeDelta::days(30), &mut [&mut anna, &mut provider]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        assert_eq!(shown(&provider, WaitingShown::Overdue).await, [first, second], "until the hold ends");
        assert_eq!(titles(&anna.portal, anna.patient()).await, []);
    }

    async fn a_hold_stops_the_policy_until_it_ends_or_is_lifted(portal) {
        set(&portal, sugar(rule(ReleaseRule::After, Some(1)))).await;
        let (mut anna, first, second) = patient_with_two_results(&portal).await;
        let mut provider = portal.staff(Role::Provider).await;
        for result in [first, second] {
            place(&provider, anna.patient(), result, 3).await;
        }
        later(&portal, TimeDelta::hours(2), &mut [&mut anna, &mut provider]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        let held = provider.portal.result_waiting(anna.patient(), first).await.unwrap().hold.unwrap();
        assert_eq!((held.reason, held.words.as_deref()), (HoldReason::DiscussFirst, Some("Call before it is seen")));
        assert_eq!((held.until, held.placed_by.as_deref()), (begin().plus(TimeDelta::hours(3)), Some("Staff provider")));
        lift(&provider, anna.patient(), first).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 1);
        assert_eq!(titles(&anna.portal, anna.patient()).await, [first]);
        later(&portal, TimeDelta::hours(1), &mut [&mut anna]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 1);
        assert_eq!(titles(&anna.portal, anna.patient()).await, [second, first]);
    }

    async fn a_hold_is_the_staffs_alone_and_binds_colleagues(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let nothing = seen_by(&anna).await;
        place(&provider, patient, first, 3).await;
        let empty = tag(&portal, &anna, patient).await;
        assert_eq!(seen_by(&anna).await, nothing);
        let log = anna.portal.access_log(patient, &Default::default()).await.unwrap();
        assert!(log.items.iter().all(|row| row.action != Action::Decide), "{log:?}");
        assert_eq!(refused(anna.portal.result_waiting(patient, first).await).code, Code::RoleRequired);
        let own = anna.portal.hold_result(patient, first, 2, &hold(1), Uuid::new_v4()).await;
        assert_eq!(refused(own).code, Code::RoleRequired);
        assert_eq!(refused(anna.portal.lift_hold(patient, first, 2, Uuid::new_v4()).await).code, Code::RoleRequired);

        let colleague = portal.staff(Role::Provider).await;
        let seen = colleague.portal.result(patient, first).await.unwrap().version;
        let answer = colleague.portal.release_result(patient, first, seen, &Release::default(), Uuid::new_v4()).await;
        assert_eq!(refused(answer).code, Code::ResultHeld);
        lift(&colleague, patient, first).await;
        release(&colleague, patient, first, "").await;
        let again = colleague.portal.hold_result(patient, first, seen + 2, &hold(1), Uuid::new_v4()).await;
        assert_eq!(refused(again).code, Code::AlreadyReleased, "what the patient has can't be held");
        let text = format!("{:?}", anna.portal.result(patient, first).await.unwrap());
        assert!(!text.contains("Call before"), "{text}");
        assert_ne!(tag(&portal, &anna, patient).await, empty);
    }

    async fn a_hold_has_a_reason_an_end_and_the_version_that_was_seen(portal) {
        let (anna, first, _) = patient_with_two_results(&portal).await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let ask = async |version, hold: &Hold, key| provider.portal.hold_result(patient, first, version, hold, key).await;
        let other = Hold { reason: HoldReason::Other, words: Some(" ".into()), hours: 1 };
        assert_eq!(refused(ask(1, &other, Uuid::new_v4()).await).errors[0].field, "words");
        let long = Hold { words: Some("x".repeat(MAX_HOLD_WORDS + 1)), ..hold(1) };
        assert_eq!(refused(ask(1, &long, Uuid::new_v4()).await).errors[0].code, "too_long");
        for hours in [0, 721] {
            assert_eq!(refused(ask(1, &hold(hours), Uuid::new_v4()).await).errors[0].field, "hours");
        }
        assert_eq!(refused(ask(7, &hold(1), Uuid::new_v4()).await).code, Code::StaleVersion);
        let key = Uuid::new_v4();
        let done = ask(1, &hold(1), key).await.unwrap();
        assert_eq!(ask(1, &hold(1), key).await.unwrap(), done, "the same key gets the first answer");
        assert_eq!(ask(2, &hold(9), Uuid::new_v4()).await.unwrap().hold.unwrap().until, begin().plus(TimeDelta::hours(9)));
        lift(&provider, patient, first).await;
        let lifted = provider.portal.lift_hold(patient, first, 4, Uuid::new_v4()).await;
        assert_eq!(refused(lifted).code, Code::WrongState, "nothing holds it");
    }

    async fn of_a_hold_and_the_policys_release_at_once_exactly_one_wins(portal) {
        set(&portal, sugar(rule(ReleaseRule::Immediate, None))).await;
        let anna = portal.patient("Anna").await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let beside = portal.beside(|_| {}).await;
        let mut held = 0;
        for round in 0..12 {
            let result = portal.result(patient, day(round + 10), "5.0").await;
            let key = Uuid::new_v4();
            let (answer, one, two) = tokio::join!(
                async {
                    // Later in each round, so that both come first at times.
                    tokio::time::sleep(std::time::Duration::from_millis(u64::from(round))).await;
                    provider.portal.hold_result(patient, result, 1, &hold(1), key).await
                },
                release_due(&portal.app),
                release_due(&beside.app)
            );
            let released = one.unwrap() + two.unwrap();
            assert_eq!(released + usize::from(answer.is_ok()), 1, "round {round}: {answer:?}");
            assert_eq!(titles(&anna.portal, patient).await.contains(&result), released == 1, "round {round}");
            held += usize::from(answer.is_ok());
        }
        assert_eq!(news(&anna).await, 12 - held);
    }

    async fn several_servers_release_each_result_once(portal) {
        set(&portal, sugar(rule(ReleaseRule::Immediate, None))).await;
        let anna = portal.patient("Anna").await;
        for n in 9..=28 {
            portal.result(anna.patient(), day(n), "5.0").await;
        }
        let (beside, third) = (portal.beside(|_| {}).await, portal.beside(|_| {}).await);
        let (a, b, c) =
            tokio::join!(release_due(&portal.app), release_due(&beside.app), release_due(&third.app));
        let released = a.unwrap() + b.unwrap() + c.unwrap() + release_due(&portal.app).await.unwrap();
        assert_eq!((released, news(&anna).await), (20, 20));
    }

    async fn a_change_of_the_policies_holds_for_what_waits(portal) {
        set(&portal, sugar(rule(ReleaseRule::After, Some(24)))).await;
        let (mut anna, first, second) = patient_with_two_results(&portal).await;
        release_due(&portal.app).await.unwrap();
        let mut strict = sugar(rule(ReleaseRule::Manual, None));
        strict.groups[0].sensitive = true;
        set(&portal, strict).await;
        portal.clock.advance(TimeDelta::hours(25));
        assert_eq!(release_due(&portal.app).await.unwrap(), 0, "it is a provider's by now");
        let provider = portal.staff(Role::Provider).await;
        assert_eq!(shown(&provider, WaitingShown::Automatic).await, []);
        set(&portal, sugar(rule(ReleaseRule::After, Some(26)))).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        later(&portal, TimeDelta::hours(1), &mut [&mut anna]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 2);
        assert_eq!(titles(&anna.portal, anna.patient()).await, [second, first]);
    }

    async fn what_was_taken_back_is_never_released_by_a_policy_again(portal) {
        set(&portal, sugar(rule(ReleaseRule::Immediate, None))).await;
        let (mut anna, first, _) = patient_with_two_results(&portal).await;
        release_due(&portal.app).await.unwrap();
        let mut provider = portal.staff(Role::Provider).await;
        let recall = Recall { reason: RecallReason::DiscussFirst, words: None };
        provider.portal.recall_result(anna.patient(), first, 2, &recall, Uuid::new_v4()).await.unwrap();
        for hours in [1, -2, 1_000] {
            portal.clock.advance(TimeDelta::hours(hours));
            assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        }
        later(&portal, TimeDelta::zero(), &mut [&mut anna, &mut provider]).await;
        assert_eq!(shown(&provider, WaitingShown::Overdue).await, [first]);
        release(&provider, anna.patient(), first, "We spoke").await;
        assert_eq!(titles(&anna.portal, anna.patient()).await.len(), 2);
    }

    async fn a_correction_by_policy_takes_the_place_of_what_it_corrects(portal) {
        set(&portal, sugar(rule(ReleaseRule::After, Some(1)))).await;
        let mut anna = portal.patient("Anna").await;
        let subject = json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&anna.patient()]) });
        let value = |percent: f64, status: &str| entry(json!({
            "resourceType": "Observation", "id": "a1c", "status": status, "subject": subject,
            "category": [{ "coding": [{ "code": "laboratory" }] }],
            "code": { "coding": [{ "system": "http://loinc.org", "code": A1C }], "text": "Hemoglobin A1c" },
            "effectiveDateTime": "2026-09-02T08:00:00Z", "valueQuantity": { "value": percent, "unit": "%" },
        }));
        portal.import(vec![value(5.1, "final")]).await;
        portal.clock.advance(TimeDelta::minutes(40));
        portal.import(vec![value(5.2, "final")]).await;
        portal.clock.advance(TimeDelta::minutes(40));
        assert_eq!(release_due(&portal.app).await.unwrap(), 0, "its hours began again when it changed");
        later(&portal, TimeDelta::minutes(20), &mut [&mut anna]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 1);
        let [old] = titles(&anna.portal, anna.patient()).await[..] else { panic!("one") };
        portal.import(vec![value(6.2, "corrected")]).await;
        assert_eq!(titles(&anna.portal, anna.patient()).await, [old], "the old one stands until then");
        later(&portal, TimeDelta::hours(1), &mut [&mut anna]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 1);
        let [new] = titles(&anna.portal, anna.patient()).await[..] else { panic!("one") };
        let view = anna.portal.result(anna.patient(), new).await.unwrap();
        assert_eq!((view.replaces, view.summary.is_correction), (Some(old), true));
        assert_eq!(anna.portal.result(anna.patient(), old).await.unwrap().replaced_by, Some(new));
    }

    async fn a_critical_value_is_left_to_a_provider_unless_the_practice_says_otherwise(portal) {
        let mut policies = sugar(rule(ReleaseRule::Immediate, None));
        set(&portal, policies.clone()).await;
        let anna = portal.patient("Anna").await;
        let result = critical(&portal, anna.patient()).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        policies.critical_waits = false;
        set(&portal, policies).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 1);
        assert_eq!(titles(&anna.portal, anna.patient()).await, [result]);
    }

    async fn a_report_that_takes_a_held_value_over_is_held_as_well(portal) {
        set(&portal, sugar(rule(ReleaseRule::Immediate, None))).await;
        let anna = portal.patient("Anna").await;
        let (patient, provider) = (anna.patient(), portal.staff(Role::Provider).await);
        let subject = json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&patient]) });
        portal.import(vec![entry(json!({
            "resourceType": "Observation", "id": "a1c", "status": "final", "subject": subject,
            "category": [{ "coding": [{ "code": "laboratory" }] }],
            "code": { "coding": [{ "system": "http://loinc.org", "code": A1C }], "text": "Hemoglobin A1c" },
            "effectiveDateTime": "2026-09-02T08:00:00Z", "valueQuantity": { "value": 5.1, "unit": "%" },
        }))]).await;
        let alone = provider.portal.unreleased_results(&Default::default()).await.unwrap().items[0].result.id;
        place(&provider, patient, alone, 5).await;
        portal.import(vec![entry(json!({
            "resourceType": "DiagnosticReport", "id": "report", "status": "final", "subject": subject,
            "code": { "text": "Sugar" }, "result": [{ "reference": "Observation/a1c" }],
        }))]).await;
        assert_eq!(release_due(&portal.app).await.unwrap(), 0);
        let queue = provider.portal.unreleased_results(&Default::default()).await.unwrap();
        assert_eq!(queue.items.len(), 1);
        assert_ne!(queue.items[0].result.id, alone);
        assert_eq!(queue.items[0].waiting.hold.as_ref().map(|hold| hold.reason), Some(HoldReason::DiscussFirst));
    }

    async fn only_administrators_set_policies_and_mistakes_are_named(portal) {
        for role in Role::ALL {
            let staff = portal.staff(*role).await;
            assert_eq!(staff.portal.release_policies().await.is_ok(), *role == Role::Admin, "{role}");
        }
        let admin = portal.staff(Role::Admin).await;
        let seen = admin.portal.release_policies().await.unwrap();
        assert_eq!((seen.version, &seen.policies), (1, &ReleasePolicies::default()));
        let mut wrong = sugar(rule(ReleaseRule::Immediate, None));
        wrong.groups[0].sensitive = true;
        let problem = refused(admin.portal.change_release_policies(1, &wrong).await);
        assert_eq!(problem.errors[0].field, "groups[0].release.rule");
        let right = sugar(rule(ReleaseRule::Immediate, None));
        assert_eq!(admin.portal.change_release_policies(1, &right).await.unwrap().version, 2);
        let stale = admin.portal.change_release_policies(1, &ReleasePolicies::default()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
        assert_eq!(admin.portal.release_policies().await.unwrap().policies, right);
        let edits = (0..20).map(|_| admin.portal.change_release_policies(2, &right));
        let done = futures_util::future::join_all(edits).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(done, 1, "of twenty at once");
    }
}
