//! Sign-in, sessions and what a stranger learns from either (SEC-1, SEC-3, SEC-4).

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    platform::db::{
        Conn,
        schema::{account_roles, accounts, sessions},
    },
    upkeep,
};
use portal_domain::{access::Role, accounts::SignIn, problem::Code};

use crate::harness::{on_both, people::PASSWORD, portal::TestPortal, refused, wire::Credentials};

fn sign_in(username: &str, password: &str) -> SignIn {
    SignIn { username: username.into(), password: password.into() }
}

async fn live_sessions(portal: &TestPortal) -> i64 {
    let live = |conn: &mut Conn| {
        Ok(sessions::table.filter(sessions::ended_at.is_null()).count().get_result(conn)?)
    };
    portal.app.db.read(live).await.unwrap()
}

on_both! {
    async fn a_session_ends_by_sign_out_and_is_refused_on_the_next_request(portal) {
        let anna = portal.patient("Anna").await;
        assert!(anna.portal.session().await.unwrap().session.is_some());
        let same_cookie = anna.portal.clone();
        anna.portal.sign_out().await.unwrap();
        assert_eq!(same_cookie.session().await.unwrap().session, None);
        assert_eq!(refused(same_cookie.inbox(anna.patient(), &Default::default()).await).code, Code::SignInRequired);
    }

    async fn a_patient_is_signed_out_after_15_idle_minutes_and_staff_after_10(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        portal.clock.advance(TimeDelta::minutes(9));
        assert!(anna.portal.session().await.unwrap().session.is_some());
        assert!(desk.portal.session().await.unwrap().session.is_some());
        portal.clock.advance(TimeDelta::minutes(10));
        assert!(anna.portal.session().await.unwrap().session.is_some(), "used 10 minutes ago");
        assert_eq!(desk.portal.session().await.unwrap().session, None);
        portal.clock.advance(TimeDelta::minutes(15));
        assert_eq!(anna.portal.session().await.unwrap().session, None);
    }

    async fn a_session_ends_after_12_hours_however_busy(portal) {
        let anna = portal.patient("Anna").await;
        for _ in 0..(12 * 6) - 1 {
            portal.clock.advance(TimeDelta::minutes(10));
            assert!(anna.portal.session().await.unwrap().session.is_some());
        }
        portal.clock.advance(TimeDelta::minutes(10));
        assert_eq!(anna.portal.session().await.unwrap().session, None);
    }

    async fn a_session_that_ended_in_one_process_is_refused_in_every_other(portal) {
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let beside = portal.beside(|_| {}).await;
        let inbox = format!("/api/v1/patients/{}/inbox", anna.patient());
        assert_eq!(beside.send(&cookie, beside.request("GET", &inbox)).await.status, 200);
        assert_eq!(portal.send(&cookie, portal.request("DELETE", "/api/v1/session")).await.status, 204);
        assert_eq!(beside.send(&cookie, beside.request("GET", &inbox)).await.code(), Code::SignInRequired);
    }

    async fn a_disabled_account_and_a_lost_role_are_refused_on_the_next_request(portal) {
        let (desk, nurse) = (portal.desk().await, portal.staff(Role::Nurse).await);
        let (off, cut, now) = (desk.session.account_id, nurse.session.account_id, portal.clock.now());
        let query = Default::default();
        assert!(desk.portal.appointment_queue(&query).await.is_ok() && nurse.portal.appointment_queue(&query).await.is_ok());
        let change = move |conn: &mut Conn| {
            diesel::update(accounts::table.find(off)).set(accounts::disabled_at.eq(now)).execute(conn)?;
            diesel::delete(account_roles::table.filter(account_roles::account_id.eq(cut))).execute(conn)?;
            Ok(())
        };
        portal.app.db.write(change).await.unwrap();
        assert_eq!(refused(desk.portal.appointment_queue(&query).await).code, Code::SignInRequired);
        assert_eq!(refused(nurse.portal.appointment_queue(&query).await).code, Code::RoleRequired);
        let again = sign_in(&desk.session.username, PASSWORD);
        assert_eq!(refused(portal.visitor().sign_in(&again).await).code, Code::SignInFailed);
    }

    async fn a_sign_in_never_takes_over_a_session_that_was_there_before(portal) {
        let desk = portal.desk().await;
        let planted = Credentials::Cookie("portal_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into());
        let request = portal.request("POST", "/api/v1/session").json(&sign_in(&desk.session.username, PASSWORD));
        let answer = portal.send(&planted, request).await;
        assert_eq!(answer.status, 201);
        assert!(!answer.header("set-cookie").contains("AAAAAAAA"), "{answer:?}");
        let queue = portal.request("GET", "/api/v1/appointments");
        assert_eq!(portal.send(&planted, queue).await.code(), Code::SignInRequired);
    }

    async fn an_unknown_username_and_a_wrong_password_get_one_answer(portal) {
        let anna = portal.patient("Anna").await;
        let mut unknown = refused(portal.visitor().sign_in(&sign_in("nobody.here", PASSWORD)).await);
        let mut wrong = refused(portal.visitor().sign_in(&sign_in(&anna.session.username, "Wrong-Horse-7")).await);
        (unknown.request_id, wrong.request_id) = (None, None);
        assert_eq!(unknown.code, Code::SignInFailed);
        assert_eq!(unknown, wrong);
        let long = "x".repeat(100_000);
        assert_eq!(refused(portal.visitor().sign_in(&sign_in(&anna.session.username, &long[..60_000])).await).code, Code::SignInFailed);
        assert_eq!(refused(portal.visitor().sign_in(&sign_in("anna", &long)).await).code, Code::PayloadTooLarge);
    }

    async fn the_wait_grows_with_failures_and_a_success_forgives_them(portal) {
        let username = portal.patient("Anna").await.session.username;
        let wrong = sign_in(&username, "Wrong-Horse-7");
        for failures in 1..=9 {
            assert_eq!(refused(portal.visitor().sign_in(&wrong).await).code, Code::SignInFailed, "failure {failures}");
            let answer = refused(portal.visitor().sign_in(&sign_in(&username, PASSWORD)).await);
            assert_eq!(answer.code, Code::TooManyRequests, "the right password waits as well");
            portal.clock.advance(portal_domain::accounts::wait_after(failures));
        }
        assert!(portal.visitor().sign_in(&sign_in(&username, PASSWORD)).await.is_ok());
        assert_eq!(refused(portal.visitor().sign_in(&wrong).await).code, Code::SignInFailed);
        portal.clock.advance(TimeDelta::seconds(1));
        assert!(portal.visitor().sign_in(&sign_in(&username, PASSWORD)).await.is_ok(), "one failure waits one second");
    }

    async fn signing_in_ends_the_session_that_the_browser_had(portal) {
        let anna = portal.patient("Anna").await;
        let stolen = portal.visitor();
        let again = sign_in(&anna.session.username, PASSWORD);
        assert!(stolen.sign_in(&again).await.is_ok(), "another browser has a session of its own");
        assert!(anna.portal.session().await.unwrap().session.is_some());
        let live = || async { live_sessions(&portal).await };
        let before = live().await;
        anna.portal.sign_in(&again).await.unwrap();
        assert_eq!(live().await, before, "one ended, one begun");
    }

    async fn signing_out_twice_is_no_error(portal) {
        let anna = portal.patient("Anna").await;
        anna.portal.sign_out().await.unwrap();
        anna.portal.sign_out().await.unwrap();
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await;
        assert_eq!(refused(inbox).code, Code::SignInRequired);
    }

    async fn upkeep_forgets_what_is_over_and_nothing_else(portal) {
        let anna = portal.patient("Anna").await;
        refused(portal.visitor().sign_in(&sign_in("nobody.here", PASSWORD)).await);
        assert_eq!(upkeep::once(&portal.app).await.unwrap(), 0, "everything still counts");
        assert!(anna.portal.session().await.unwrap().session.is_some());
        portal.clock.advance(TimeDelta::hours(25));
        assert!(upkeep::once(&portal.app).await.unwrap() >= 2, "a session and a failure at least");
        assert_eq!(live_sessions(&portal).await, 0);
    }

    async fn fifty_tries_at_once_are_one_try(portal) {
        let username = portal.patient("Anna").await.session.username;
        let tries = (0..50).map(|_| {
            let (visitor, wrong) = (portal.visitor(), sign_in(&username, "Wrong-Horse-7"));
            async move { refused(visitor.sign_in(&wrong).await).code }
        });
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|code| **code == Code::SignInFailed).count(), 1, "{answers:?}");
    }
}
