//! PRX-1 to PRX-3: how looking after somebody begins, what it gives, and how it ends.

mod ages;
mod histories;
mod invited;
mod mailbox;
mod sensitive;

use chrono::TimeDelta;
use portal_api::features::health_record::make_due;
use portal_domain::{
    access::{Category, Depth, Level, NoAccess, Share},
    dependents::{
        DependentApproval, DependentDenial, DependentRequestState, DependentRequestView, DependentView,
        GrantTerms, InviteAcceptance, NewDependent, NewDependentRequest, NewProxyInvite, ProxyChange,
        Relationship,
    },
    ids::PatientId,
    problem::Code,
    record::{NewHealthRecord, RecordState, Section},
};
use uuid::Uuid;

use crate::harness::{
    on_both,
    people::{Person, identity, new_account},
    portal::TestPortal,
    refused,
};

pub fn full() -> GrantTerms {
    GrantTerms { level: Level::Full, shares: vec![], ends_on: None }
}

pub fn limited(shares: &[(Category, Depth)]) -> GrantTerms {
    let shares =
        shares.iter().map(|(category, depth)| Share { category: *category, depth: *depth }).collect();
    GrantTerms { level: Level::Limited, shares, ends_on: None }
}

/// `from` gives this to `to`.
pub async fn given(from: &Person, to: &Person, terms: GrantTerms) -> DependentView {
    let new = NewProxyInvite { relationship: Relationship::Spouse, terms, mail: None };
    let code = from.portal.invite_proxy(from.patient(), &new).await.unwrap().code.unwrap();
    to.portal.accept_invite(to.patient(), &InviteAcceptance { code }).await.unwrap()
}

fn child(born: &str) -> NewDependentRequest {
    NewDependentRequest {
        given_name: "Emma".into(),
        family_name: "Lund".into(),
        birth_date: born.parse().unwrap(),
        relationship: Relationship::Parent,
        reason: "I am her mother.".into(),
    }
}

pub async fn asked(person: &Person, born: &str) -> DependentRequestView {
    person.portal.request_dependent(person.patient(), &child(born), Uuid::new_v4()).await.unwrap()
}

/// A child with a chart, and Anna who looks after her as staff approved.
pub async fn mother_and_child(portal: &TestPortal, born: &str, has_assent: bool) -> (Person, PatientId) {
    let anna = portal.patient("Anna").await;
    let emma = portal.chart_born("Emma", "Lund", born).await;
    let request = asked(&anna, born).await;
    let approval = DependentApproval { dependent: emma, terms: full(), has_assent };
    portal.desk().await.portal.approve_dependent(&request, &approval, Uuid::new_v4()).await.unwrap();
    (anna, emma)
}

on_both! {
    async fn a_token_adds_a_dependent_once(portal) {
        let anna = portal.patient("Anna").await;
        let emma = portal.chart("Emma", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(emma).await.unwrap().token;
        let new = NewDependent { identity: identity(&token, "Lund"), relationship: Relationship::Relative };
        let added = anna.portal.add_dependent(anna.patient(), &new).await.unwrap();
        assert_eq!((added.patient.id, added.level, added.why_not), (emma, Level::Full, None));
        assert_eq!(anna.portal.patient(emma).await.unwrap().summary.id, emma);
        let again = refused(anna.portal.add_dependent(anna.patient(), &new).await);
        assert_eq!(again.code, Code::EnrolmentRefused, "a token works once");
        portal.clock.advance(TimeDelta::seconds(10));
        let account = new_account(&token, "Lund", "emma.lund.7");
        assert_eq!(refused(portal.visitor().create_account(&account).await).code, Code::EnrolmentRefused);
    }

    async fn wrong_details_get_one_answer_and_burn_the_token(portal) {
        let anna = portal.patient("Anna").await;
        let emma = portal.chart("Emma", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(emma).await.unwrap().token;
        for _ in 0..5 {
            let wrong = NewDependent { identity: identity(&token, "Holm"), relationship: Relationship::Parent };
            assert_eq!(refused(anna.portal.add_dependent(anna.patient(), &wrong).await).code, Code::EnrolmentRefused);
            portal.clock.advance(TimeDelta::seconds(10));
        }
        let right = NewDependent { identity: identity(&token, "Lund"), relationship: Relationship::Parent };
        assert_eq!(refused(anna.portal.add_dependent(anna.patient(), &right).await).code, Code::EnrolmentRefused);
        assert!(anna.portal.dependents(anna.patient()).await.unwrap().is_empty());
    }

    async fn staff_check_a_request_and_both_sides_are_told(portal) {
        let (anna, emma) = mother_and_child(&portal, "2020-05-01", false).await;
        let list = anna.portal.dependents(anna.patient()).await.unwrap();
        assert_eq!((list.len(), list[0].patient.id, list[0].relationship), (1, emma, Relationship::Parent));
        let requests = anna.portal.dependent_requests(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(requests.items[0].state, DependentRequestState::Approved);
        let events = anna.portal.account_events().await.unwrap();
        let told = events.iter().find(|event| event.event.as_str() == "dependent_added").unwrap();
        assert_eq!(told.label, "Emma Lund");
    }

    async fn a_denied_request_tells_why_and_gives_nothing(portal) {
        let anna = portal.patient("Anna").await;
        let request = asked(&anna, "2020-05-01").await;
        let denial = DependentDenial { reason: "Please bring the birth certificate.".into() };
        let desk = portal.desk().await;
        desk.portal.deny_dependent(&request, &denial, Uuid::new_v4()).await.unwrap();
        let seen = anna.portal.dependent_request(anna.patient(), request.id).await.unwrap();
        assert_eq!((seen.state, &seen.answer), (DependentRequestState::Denied, &denial.reason));
        assert!(anna.portal.dependents(anna.patient()).await.unwrap().is_empty());
        let late = refused(desk.portal.deny_dependent(&seen, &denial, Uuid::new_v4()).await);
        assert_eq!(late.code, Code::WrongState);
    }

    async fn the_chart_that_staff_choose_must_have_the_birth_date_that_was_written(portal) {
        let anna = portal.patient("Anna").await;
        let other = portal.chart_born("Emma", "Lund", "2021-05-01").await;
        let request = asked(&anna, "2020-05-01").await;
        let approval = DependentApproval { dependent: other, terms: full(), has_assent: false };
        let problem = refused(portal.desk().await.portal.approve_dependent(&request, &approval, Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.errors[0].code.as_str()), (Code::Invalid, "birth_date_differs"));
    }

    async fn an_invitation_works_once_for_somebody_else_within_seven_days(portal) {
        let (anna, bruno, carl) = (portal.patient("Anna").await, portal.patient("Bruno").await, portal.patient("Carl").await);
        let new = NewProxyInvite { relationship: Relationship::Spouse, terms: full(), mail: None };
        let code = InviteAcceptance { code: anna.portal.invite_proxy(anna.patient(), &new).await.unwrap().code.unwrap() };
        let accept = async |person: &Person, code: &InviteAcceptance| {
            portal.clock.advance(TimeDelta::seconds(10));
            person.portal.accept_invite(person.patient(), code).await
        };
        assert_eq!(refused(accept(&anna, &code).await).code, Code::EnrolmentRefused, "not the own one");
        accept(&bruno, &code).await.unwrap();
        assert_eq!(refused(accept(&carl, &code).await).code, Code::EnrolmentRefused, "once");
        let late = anna.portal.invite_proxy(anna.patient(), &new).await.unwrap();
        portal.clock.advance(TimeDelta::days(7));
        let (anna, carl) = (portal.sign_in(&anna.session.username).await, portal.sign_in(&carl.session.username).await);
        assert_eq!(refused(accept(&carl, &InviteAcceptance { code: late.code.unwrap() }).await).code, Code::EnrolmentRefused);
        assert!(anna.portal.proxies(anna.patient()).await.unwrap().invites.is_empty());
    }

    async fn what_is_revoked_or_changed_counts_from_the_next_request(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let grant = given(&anna, &bruno, full()).await;
        bruno.portal.results(anna.patient(), &Default::default()).await.unwrap();
        let terms = limited(&[(Category::Appointments, Depth::View)]);
        let change = ProxyChange { terms, has_assent: false };
        let after = anna.portal.change_proxy(anna.patient(), grant.id, 1, &change).await.unwrap();
        assert_eq!(after.proxies[0].version, 2);
        assert_eq!(refused(bruno.portal.results(anna.patient(), &Default::default()).await).code, Code::NotFound);
        bruno.portal.appointments(anna.patient(), &Default::default()).await.unwrap();
        anna.portal.revoke_proxy(anna.patient(), grant.id).await.unwrap();
        assert_eq!(refused(bruno.portal.appointments(anna.patient(), &Default::default()).await).code, Code::NotFound);
        assert!(bruno.portal.dependents(bruno.patient()).await.unwrap().is_empty());
        let events = bruno.portal.account_events().await.unwrap();
        assert_eq!(events[0].event.as_str(), "dependent_ended");
        let events = anna.portal.account_events().await.unwrap();
        assert_eq!((events[0].event.as_str(), events[0].label.as_str()), ("proxy_ended", "Bruno Lund"));
    }

    async fn a_last_day_ends_at_the_practices_midnight(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let terms = GrantTerms { ends_on: Some("2026-10-05".parse().unwrap()), ..full() };
        given(&anna, &bruno, terms).await;
        let look = async |person: &Person| person.portal.results(anna.patient(), &Default::default()).await;
        // Ten in the morning in New York; midnight there is at four in UTC.
        portal.clock.advance(TimeDelta::minutes(14 * 60 - 1));
        let bruno = portal.sign_in(&bruno.session.username).await;
        look(&bruno).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(1));
        assert_eq!(refused(look(&bruno).await).code, Code::NotFound);
        let list = bruno.portal.dependents(bruno.patient()).await.unwrap();
        assert_eq!((list[0].why_not, list[0].shares.len()), (Some(NoAccess::Ended), 0));
    }

    async fn whoever_looks_after_somebody_can_leave(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let grant = given(&anna, &bruno, full()).await;
        let other = refused(anna.portal.leave_dependent(anna.patient(), grant.id).await);
        assert_eq!(other.code, Code::NotFound, "it is not hers to leave");
        bruno.portal.leave_dependent(bruno.patient(), grant.id).await.unwrap();
        assert!(anna.portal.proxies(anna.patient()).await.unwrap().proxies.is_empty());
    }

    async fn giving_more_asks_for_a_password_just_given_and_ending_does_not(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let grant = given(&anna, &bruno, full()).await;
        portal.clock.advance(TimeDelta::minutes(6));
        let new = NewProxyInvite { relationship: Relationship::Spouse, terms: full(), mail: None };
        let own = anna.patient();
        let change = ProxyChange { terms: full(), has_assent: false };
        assert_eq!(refused(anna.portal.invite_proxy(own, &new).await).code, Code::ProofRequired);
        assert_eq!(refused(anna.portal.change_proxy(own, grant.id, 1, &change).await).code, Code::ProofRequired);
        let asked = anna.portal.request_dependent(own, &child("2020-05-01"), Uuid::new_v4()).await;
        assert_eq!(refused(asked).code, Code::ProofRequired);
        anna.portal.revoke_proxy(own, grant.id).await.unwrap();
    }

    async fn a_record_holds_no_section_that_is_not_shared_and_is_not_made_for_whoever_was_revoked(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let grant = given(&anna, &bruno, limited(&[(Category::Chart, Depth::Act), (Category::Demographics, Depth::View)])).await;
        let ask = async |sections: &[Section]| {
            let asked = NewHealthRecord { sections: sections.to_vec(), ..Default::default() };
            bruno.portal.request_health_record(anna.patient(), &asked, Uuid::new_v4()).await
        };
        assert_eq!(refused(ask(&[Section::Allergies, Section::Results]).await).code, Code::NotFound);
        assert_eq!(refused(ask(&[]).await).code, Code::NotFound, "all of them");
        let section = bruno.portal.chart_section(anna.patient(), Section::Medications, &Default::default()).await;
        assert_eq!(refused(section).code, Code::NotFound);
        let record = ask(&[Section::Allergies]).await.unwrap();
        let whole = NewHealthRecord::default();
        let all = anna.portal.request_health_record(anna.patient(), &whole, Uuid::new_v4()).await.unwrap();
        let listed = bruno.portal.health_records(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(listed.items.iter().map(|one| one.id).collect::<Vec<_>>(), [record.id]);
        assert_eq!(refused(bruno.portal.health_record(anna.patient(), all.id).await).code, Code::NotFound);
        anna.portal.revoke_proxy(anna.patient(), grant.id).await.unwrap();
        assert_eq!(make_due(&portal.app).await.unwrap(), 1, "only her own");
        let state = anna.portal.health_record(anna.patient(), record.id).await.unwrap().state;
        assert_eq!(state, RecordState::Failed);
    }

    async fn of_revoking_and_acting_at_once_nothing_is_done_after_the_answer(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let grant = given(&anna, &bruno, full()).await;
        let (patient, tries) = (anna.patient(), 12);
        let revoked = std::cell::Cell::new(false);
        let revoking = async {
            anna.portal.revoke_proxy(patient, grant.id).await.unwrap();
            revoked.set(true);
        };
        let acting = async {
            for _ in 0..tries {
                let over = revoked.get();
                let begun = bruno.portal.begin_draft(patient, &Default::default(), Uuid::new_v4()).await;
                assert!(!(over && begun.is_ok()), "done after the revocation was answered");
            }
        };
        futures_util::join!(revoking, acting);
        let last = bruno.portal.begin_draft(patient, &Default::default(), Uuid::new_v4()).await;
        assert_eq!(refused(last).code, Code::NotFound);
    }

    async fn the_patient_reads_who_acted_as_what(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let grant = given(&anna, &bruno, full()).await;
        bruno.portal.results(anna.patient(), &Default::default()).await.unwrap();
        anna.portal.revoke_proxy(anna.patient(), grant.id).await.unwrap();
        let lines = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        let line = lines.iter().find(|line| line.category == Category::Results).unwrap();
        let acted = line.on_behalf.as_ref().unwrap();
        assert_eq!((line.by.name.as_str(), acted.grant), ("Bruno Lund", grant.id));
        assert_eq!((acted.relationship, acted.level), (Relationship::Spouse, Level::Full));
        assert!(lines.iter().all(|line| line.by.name == "Bruno Lund" || line.on_behalf.is_none()), "{lines:?}");
        let table = anna.portal.access_table(anna.patient(), &Default::default()).await.unwrap();
        assert!(table.lines().any(|line| line.contains("Bruno Lund") && line.ends_with(",spouse")), "{table}");
    }

    async fn others_see_neither_who_looks_after_whom_nor_what_happened_to_the_account(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, full()).await;
        assert_eq!(refused(bruno.portal.proxies(anna.patient()).await).code, Code::NotFound);
        assert_eq!(refused(bruno.portal.dependents(anna.patient()).await).code, Code::NotFound);
        let new = NewProxyInvite { relationship: Relationship::Spouse, terms: full(), mail: None };
        assert_eq!(refused(bruno.portal.invite_proxy(anna.patient(), &new).await).code, Code::NotFound);
        let own = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert!(own.items.iter().any(|item| item.kind.as_str() == "account_event"), "{own:?}");
        let seen = bruno.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((seen.items.len(), seen.unread), (0, 0));
    }
}
