//! AUD-1: patients see who was at their record, the privacy officer sees everything, and both leave a trace.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    features::accounts::{self, NewStaff},
    platform::{auth::Actor, db::schema::audit_entries},
};
use portal_domain::{
    access::{Action, Category, Role},
    accounts::SignIn,
    audit::{AccessQuery, AccessView, ActorKind, AuditQuery, Outcome},
    problem::Code,
};

use crate::harness::{
    on_both,
    people::{PASSWORD, Person},
    portal::TestPortal,
    refused,
};

/// What the patient reads, in short.
fn short(items: &[AccessView]) -> Vec<(String, Action, Category)> {
    items.iter().map(|line| (line.by.name.clone(), line.action, line.category)).collect()
}

async fn log(person: &Person, query: AccessQuery) -> Vec<(String, Action, Category)> {
    short(&person.portal.access_log(person.patient(), &query).await.unwrap().items)
}

/// A nurse and a provider with the results of Anna, whose enrolment front desk made.
async fn looked_at(portal: &TestPortal) -> (Person, Person, Person) {
    let anna = portal.patient("Anna").await;
    let (nurse, provider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Provider).await);
    for person in [&nurse, &provider] {
        portal.clock.advance(TimeDelta::minutes(1));
        person.portal.results(anna.patient(), &Default::default()).await.unwrap();
    }
    portal.clock.advance(TimeDelta::minutes(1));
    (anna, nurse, provider)
}

on_both! {
    async fn a_patient_sees_who_was_at_the_record_as_what_and_when_the_newest_first(portal) {
        let (anna, nurse, _) = looked_at(&portal).await;
        let lines = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        assert_eq!(short(&lines)[..2], [
            ("Staff provider".into(), Action::View, Category::Results),
            ("Staff nurse".into(), Action::View, Category::Results),
        ]);
        assert!(short(&lines).contains(&("Staff front_desk".into(), Action::Issue, Category::Enrolment)));
        let line = &lines[1];
        assert_eq!((line.by.kind, line.by.roles.as_slice()), (ActorKind::Staff, [Role::Nurse].as_slice()));
        assert_eq!(line.by.id, Some(nurse.session.account_id.0));
        assert_eq!(portal.app.now().since(line.at), TimeDelta::minutes(2));
    }

    async fn own_looks_are_folded_and_refused_ones_were_none(portal) {
        let (anna, ..) = looked_at(&portal).await;
        anna.portal.results(anna.patient(), &Default::default()).await.unwrap();
        let clerk = portal.staff(Role::Billing).await;
        assert_eq!(refused(clerk.portal.results(anna.patient(), &Default::default()).await).code, Code::RoleRequired);
        let without = log(&anna, AccessQuery::default()).await;
        let own = |line: &(String, Action, Category)| line.0.starts_with("Anna");
        assert!(!without.iter().any(own), "{without:?}");
        assert!(without.iter().all(|(name, ..)| name != "Staff billing"), "{without:?}");
        let with = log(&anna, AccessQuery { own: Some(true), ..Default::default() }).await;
        assert!(with.iter().any(own), "{with:?}");
        assert!(with.len() > without.len());
    }

    async fn the_log_narrows_by_person_day_and_copies_and_comes_in_pages(portal) {
        let (anna, nurse, provider) = looked_at(&portal).await;
        portal.clock.advance(TimeDelta::days(1));
        let nurse = { let again = portal.staff(Role::Nurse).await; again.portal.results(anna.patient(), &Default::default()).await.unwrap(); nurse };
        let anna = portal.sign_in(&format!("Anna.{}", &anna.patient().to_string()[24..])).await;
        let of = |by: &Person| AccessQuery { by: Some(by.session.account_id.0), ..Default::default() };
        assert_eq!(log(&anna, of(&nurse)).await.len(), 1);
        assert_eq!(log(&anna, of(&provider)).await.len(), 1);
        let day = |day: &str| AccessQuery { from: day.parse().ok(), to: day.parse().ok(), ..Default::default() };
        assert_eq!(log(&anna, day("2026-10-06")).await.len(), 1);
        assert!(log(&anna, day("2026-10-05")).await.len() > 2);
        assert_eq!(log(&anna, day("2026-10-07")).await, []);
        let problem = refused(anna.portal.access_log(anna.patient(), &day("1500-01-01")).await);
        assert_eq!(problem.errors[0].field, "from");
        assert_eq!(log(&anna, AccessQuery { copies: Some(true), ..Default::default() }).await, []);

        let all = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        let mut query = AccessQuery { limit: Some(2), ..Default::default() };
        let mut paged = Vec::new();
        loop {
            let page = anna.portal.access_log(anna.patient(), &query).await.unwrap();
            paged.extend(page.items);
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(paged, all);
        let people = anna.portal.access_people(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(people.iter().map(|one| one.count).sum::<i64>(), all.len() as i64);
    }

    async fn the_table_is_a_copy_that_is_recorded_and_holds_no_formula(portal) {
        let anna = portal.patient("Anna").await;
        let staff = NewStaff {
            username: "evil.nurse".into(),
            password: PASSWORD.into(),
            display_name: "=HYPERLINK(\"http://x\")".into(),
            roles: vec![Role::Nurse],
            provider_id: None,
        };
        accounts::create_staff(&portal.app, &Actor::operator(), staff).await.unwrap();
        portal.sign_in("evil.nurse").await.portal.results(anna.patient(), &Default::default()).await.unwrap();
        let table = anna.portal.access_table(anna.patient(), &Default::default()).await.unwrap();
        let first = table.lines().nth(1).unwrap();
        assert_eq!(first, "2026-10-05 10:00:00,\"'=HYPERLINK(\"\"http://x\"\")\",nurse,Looked at,Test results,,");
        let copies = AccessQuery { own: Some(true), copies: Some(true), ..Default::default() };
        assert_eq!(log(&anna, copies).await.iter().map(|(_, action, category)| (*action, *category)).collect::<Vec<_>>(), [(Action::Export, Category::Audit)]);
    }

    async fn the_report_shows_what_was_refused_and_narrows_by_everything(portal) {
        let (anna, nurse, _) = looked_at(&portal).await;
        let clerk = portal.staff(Role::Billing).await;
        refused(clerk.portal.results(anna.patient(), &Default::default()).await);
        let officer = portal.staff(Role::PrivacyOfficer).await;
        let count = async |query: AuditQuery| officer.portal.audit_entries(&query).await.unwrap().items.len();
        let query = AuditQuery { outcome: Some(Outcome::Refused), category: Some(Category::Results), ..Default::default() };
        let lines = officer.portal.audit_entries(&query).await.unwrap().items;
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!((line.by.name.as_str(), line.outcome, line.action), ("Staff billing", Outcome::Refused, Action::View));
        assert_eq!(line.patient.as_ref().map(|patient| patient.id), Some(anna.patient()));
        assert_eq!(count(AuditQuery { by: Some(nurse.session.account_id.0), category: Some(Category::Results), ..Default::default() }).await, 1);
        assert_eq!(count(AuditQuery { patient: Some(anna.patient()), action: Some(Action::View), category: Some(Category::Results), ..Default::default() }).await, 3);
        let later = AuditQuery { from: "2026-10-06".parse().ok(), to: "2026-10-06".parse().ok(), ..Default::default() };
        assert_eq!(count(later.clone()).await, 0);
        let long = AuditQuery { from: "2026-01-01".parse().ok(), ..Default::default() };
        assert_eq!(refused(officer.portal.audit_entries(&long).await).errors[0].code, "too_long");

        let of_results = AuditQuery { category: Some(Category::Results), ..Default::default() };
        let summary = officer.portal.audit_summary(&of_results).await.unwrap();
        assert_eq!(summary.days.len(), 30);
        let today = summary.days.last().unwrap();
        assert_eq!((today.date.to_string().as_str(), today.done, today.refused), ("2026-10-05", 2, 1));
        assert_eq!(summary.people.iter().map(|one| one.count).sum::<i64>(), 3);
        let table = officer.portal.audit_table(&query).await.unwrap();
        assert!(table.lines().count() == 2 && table.contains(",Anna Lund,Looked at,Test results,refused,"), "{table}");
    }

    async fn reading_the_report_is_a_look_that_the_patients_in_it_see(portal) {
        let (anna, ..) = looked_at(&portal).await;
        let officer = portal.staff(Role::PrivacyOfficer).await;
        let query = AuditQuery { patient: Some(anna.patient()), ..Default::default() };
        officer.portal.audit_entries(&query).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(1));
        officer.portal.audit_table(&query).await.unwrap();
        let lines = log(&anna, AccessQuery::default()).await;
        assert_eq!(lines[..2], [
            ("Staff privacy_officer".into(), Action::Export, Category::Audit),
            ("Staff privacy_officer".into(), Action::View, Category::Audit),
        ]);
        let whole = officer.portal.audit_entries(&AuditQuery { category: Some(Category::Audit), ..Default::default() }).await.unwrap().items;
        assert!(whole.iter().any(|line| line.patient.is_none() && line.action == Action::View), "the look at the report itself");
    }

    async fn sign_ins_failures_and_new_staff_are_in_the_report(portal) {
        let wrong = SignIn { username: "nobody.here".into(), password: PASSWORD.into() };
        refused(portal.visitor().sign_in(&wrong).await);
        let officer = portal.staff(Role::PrivacyOfficer).await;
        let of = async |category, action, outcome| {
            let query = AuditQuery { category: Some(category), action: Some(action), outcome: Some(outcome), ..Default::default() };
            officer.portal.audit_entries(&query).await.unwrap().items
        };
        let failed = of(Category::Account, Action::SignIn, Outcome::Refused).await;
        assert_eq!(failed.iter().map(|line| line.by.kind).collect::<Vec<_>>(), [ActorKind::Nobody]);
        let signed_in = of(Category::Account, Action::SignIn, Outcome::Done).await;
        assert!(signed_in.iter().any(|line| line.by.id == Some(officer.session.account_id.0)), "{signed_in:?}");
        let made = of(Category::Account, Action::Issue, Outcome::Done).await;
        assert!(made.iter().any(|line| line.by.kind == ActorKind::Operator), "new staff: {made:?}");
    }

    async fn the_trail_holds_only_ids_times_and_words_of_closed_lists(portal) {
        looked_at(&portal).await;
        // What is no word of these lists can't be read as one.
        let rows: Vec<(ActorKind, Category, Action, Outcome)> = portal.app.db.read(|conn| {
            use audit_entries::dsl as e;
            Ok(audit_entries::table.select((e::actor_kind, e::category, e::action, e::outcome)).load(conn)?)
        }).await.unwrap();
        assert!(rows.len() > 5);
    }
}
