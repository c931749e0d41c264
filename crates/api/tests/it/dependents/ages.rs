//! PRX-3: what others may do for minors bends to the practice's policy, on the birthday and from the next request on.

use chrono::TimeDelta;
use portal_api::features::dependents::warn_due;
use portal_domain::{
    access::{AgePolicy, AgePreset, NoAccess, Role},
    dependents::{NewProxyInvite, ProxyChange, Relationship},
    ids::PatientId,
    problem::Code,
};

use super::{full, mother_and_child};
use crate::harness::{
    on_both,
    people::{Person, new_account},
    portal::TestPortal,
    refused,
};

async fn policy(portal: &TestPortal, preset: AgePreset) {
    let admin = portal.staff(Role::Admin).await.portal;
    let seen = admin.age_policy().await.unwrap().version;
    let after = admin.change_age_policy(seen, &AgePolicy::of(preset)).await.unwrap();
    assert_eq!(after.preset, Some(preset));
}

async fn results(person: &Person, patient: PatientId) -> bool {
    let answer = person.portal.results(patient, &Default::default()).await;
    if answer.is_err() {
        assert_eq!(refused(answer).code, Code::NotFound);
        return false;
    }
    true
}

on_both! {
    async fn a_birthday_narrows_a_grant_at_the_practices_midnight_without_any_job(portal) {
        policy(&portal, AgePreset::LimitedFrom12).await;
        let (anna, emma) = mother_and_child(&portal, "2014-10-06", false).await;
        portal.clock.advance(TimeDelta::minutes(14 * 60 - 1));
        let anna = portal.sign_in(&anna.session.username).await;
        assert!(results(&anna, emma).await, "a minute before midnight in New York");
        portal.clock.advance(TimeDelta::minutes(1));
        assert!(!results(&anna, emma).await, "twelve");
        anna.portal.appointments(emma, &Default::default()).await.unwrap();
        let list = anna.portal.dependents(anna.patient()).await.unwrap();
        assert_eq!((list[0].why_not, list[0].shares.len()), (None, 4));
    }

    async fn on_the_18th_birthday_a_grant_for_a_minor_gives_nothing(portal) {
        policy(&portal, AgePreset::FullTo18).await;
        let (anna, emma) = mother_and_child(&portal, "2008-10-06", false).await;
        assert!(results(&anna, emma).await);
        portal.clock.advance(TimeDelta::hours(14));
        let anna = portal.sign_in(&anna.session.username).await;
        assert!(!results(&anna, emma).await);
        assert_eq!(anna.portal.dependents(anna.patient()).await.unwrap()[0].why_not, Some(NoAccess::AgedOut));
    }

    async fn both_sides_are_warned_once_thirty_days_before_a_birthday_changes_something(portal) {
        policy(&portal, AgePreset::LimitedFrom12).await;
        let (anna, _) = mother_and_child(&portal, "2014-11-05", false).await;
        assert_eq!(warn_due(&portal.app).await.unwrap(), 0, "31 days before");
        portal.clock.advance(TimeDelta::days(1));
        assert_eq!(warn_due(&portal.app).await.unwrap(), 1);
        assert_eq!(warn_due(&portal.app).await.unwrap(), 0, "once");
        let anna = portal.sign_in(&anna.session.username).await;
        let events = anna.portal.account_events().await.unwrap();
        assert!(events.iter().any(|event| event.event.as_str() == "dependent_changes_soon" && event.label == "Emma Lund"));
    }

    async fn another_policy_counts_from_the_next_request(portal) {
        policy(&portal, AgePreset::FullTo18).await;
        let (anna, emma) = mother_and_child(&portal, "2012-02-29", false).await;
        assert!(results(&anna, emma).await);
        policy(&portal, AgePreset::LimitedFrom12).await;
        assert!(!results(&anna, emma).await);
    }

    async fn assent_of_the_young_patient_is_noted_by_staff_and_lifts_the_bound(portal) {
        policy(&portal, AgePreset::AssentFrom13).await;
        let (anna, emma) = mother_and_child(&portal, "2012-02-29", false).await;
        assert!(!results(&anna, emma).await);
        let desk = portal.desk().await;
        let grant = desk.portal.proxies(emma).await.unwrap().proxies.remove(0);
        let assent = ProxyChange { terms: full(), has_assent: true };
        desk.portal.change_proxy(emma, grant.id, grant.version, &assent).await.unwrap();
        assert!(results(&anna, emma).await);
    }

    async fn a_minor_decides_nothing_alone_and_has_an_address_of_their_own(portal) {
        let (anna, emma) = mother_and_child(&portal, "2012-02-29", false).await;
        portal.verify_email(&anna, "anna@example.org").await;
        let token = portal.desk().await.portal.issue_enrolment_token(emma).await.unwrap().token;
        let mut account = new_account(&token, "Lund", "emma.lund.7");
        account.identity.birth_date = "2012-02-29".parse().unwrap();
        account.email = Some("Anna@example.org".into());
        let problem = refused(portal.visitor().create_account(&account).await);
        assert_eq!(problem.errors[0].code, "of_another_account", "{problem:?}");
        account.email = Some("emma@example.org".into());
        let visitor = portal.visitor();
        visitor.create_account(&account).await.unwrap();
        let seen = visitor.proxies(emma).await.unwrap();
        assert!(!seen.is_adult && seen.proxies.len() == 1);
        let grant = seen.proxies[0].id;
        assert_eq!(refused(visitor.revoke_proxy(emma, grant).await).code, Code::WrongState);
        let new = NewProxyInvite { relationship: Relationship::Relative, terms: full(), mail: None };
        assert_eq!(refused(visitor.invite_proxy(emma, &new).await).code, Code::WrongState);
    }
}
