//! What staff do for an account, devices and sessions, own settings, terms, policies (SEC-1, SEC-4, SEC-7, ENR-6).

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::{Conn, schema::practices};
use portal_domain::{
    access::Role,
    accounts::{
        AccountEvent, Duty, NoticeChoice, PasswordChange, Preferences, Proof, SignIn, TermsAccepted,
        UsernameChange,
    },
    notifications::NotificationChoices,
    outbox::MailKind,
    problem::Code,
};

use crate::harness::{
    on_both,
    people::{PASSWORD, Person},
    portal::TestPortal,
    refused,
    wire::Credentials,
};

fn sign_in(username: &str, password: &str) -> SignIn {
    SignIn { username: username.into(), password: password.into() }
}

/// Fails to sign in so often, as a stranger who waits each time.
async fn fail(portal: &TestPortal, username: &str, times: u32) {
    for failures in 1..=times {
        let code = refused(portal.visitor().sign_in(&sign_in(username, "Wrong-Horse-7")).await).code;
        assert_eq!(code, Code::SignInFailed, "failure {failures}");
        if failures < times {
            portal.clock.advance(portal_domain::accounts::wait_after(failures));
        }
    }
}

async fn raise_terms(portal: &TestPortal) {
    let raise = |conn: &mut Conn| {
        diesel::update(practices::table).set(practices::terms_version.eq(2)).execute(conn)?;
        Ok(())
    };
    portal.app.db.write(raise).await.unwrap();
}

async fn events(person: &Person) -> Vec<AccountEvent> {
    person.portal.account_events().await.unwrap().into_iter().map(|event| event.event).collect()
}

on_both! {
    async fn strangers_lock_themselves_out_but_not_the_owner_on_a_known_device(portal) {
        let anna = portal.patient("Anna").await;
        let username = &anna.session.username;
        fail(&portal, username, 100).await;
        let stranger = refused(portal.visitor().sign_in(&sign_in(username, PASSWORD)).await);
        assert_eq!(stranger.code, Code::TooManyRequests, "closed for the day, whoever asks from elsewhere");
        anna.portal.sign_in(&sign_in(username, PASSWORD)).await.unwrap();
        // A cookie that nobody gave out makes no device known.
        let planted = Credentials::Cookie(format!("portal_device={}", "A".repeat(43)));
        let request = portal.request("POST", "/api/v1/session").json(&sign_in(username, PASSWORD));
        assert_eq!(portal.send(&planted, request).await.code(), Code::TooManyRequests);
        // Somebody else's device is not this account's.
        let berta = portal.patient("Berta").await;
        assert_eq!(refused(berta.portal.sign_in(&sign_in(username, PASSWORD)).await).code, Code::TooManyRequests);
        portal.clock.advance(TimeDelta::days(1));
        assert!(portal.visitor().sign_in(&sign_in(username, PASSWORD)).await.is_ok(), "the next day");
    }

    async fn failures_on_a_known_device_count_there_as_well(portal) {
        let anna = portal.patient("Anna").await;
        let username = &anna.session.username;
        let wrong = sign_in(username, "Wrong-Horse-7");
        assert_eq!(refused(anna.portal.sign_in(&wrong).await).code, Code::SignInFailed);
        assert_eq!(refused(anna.portal.sign_in(&wrong).await).code, Code::TooManyRequests);
        assert!(portal.visitor().sign_in(&sign_in(username, PASSWORD)).await.is_ok(), "elsewhere nothing failed");
    }

    async fn staff_unlock_an_account_and_the_owner_is_told(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await.portal;
        fail(&portal, &anna.session.username, 30).await;
        let state = desk.enrolment_state(anna.patient()).await.unwrap().account.unwrap().state;
        assert_eq!(state.locked_until, Some(portal.clock.now().plus(TimeDelta::seconds(10))));
        desk.unlock(anna.patient()).await.unwrap();
        let again = portal.sign_in(&anna.session.username).await;
        assert!(events(&again).await.contains(&AccountEvent::Unlocked));
        let nobody = portal.chart("Clara", "Lund").await;
        assert_eq!(refused(desk.unlock(nobody).await).code, Code::NotEnrolled);
    }

    async fn a_new_device_is_told_by_mail_and_in_the_inbox_and_a_known_one_is_not(portal) {
        let anna = portal.patient("Anna").await;
        portal.verify_email(&anna, "anna@example.org").await;
        anna.portal.sign_in(&sign_in(&anna.session.username, PASSWORD)).await.unwrap();
        assert!(!events(&anna).await.contains(&AccountEvent::NewDevice), "the browser of the enrolment is known");
        portal.sign_in(&anna.session.username).await;
        assert_eq!(events(&anna).await[0], AccountEvent::NewDevice);
        let mail = portal.mail_to("anna@example.org", MailKind::NewDevice).await;
        assert_eq!(mail.fact("Device"), "A program");
        assert!(!mail.text.contains("Anna") && !mail.text.contains("http"), "{mail:?}");
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items[0].title, "new_device");
    }

    async fn a_person_sees_the_open_sessions_and_ends_any_of_them(portal) {
        let anna = portal.patient("Anna").await;
        let second = portal.sign_in(&anna.session.username).await;
        let third = portal.sign_in(&anna.session.username).await;
        let sessions = second.portal.sessions().await.unwrap();
        assert_eq!(sessions.iter().map(|session| session.current).collect::<Vec<_>>(), [true, false, false]);
        let berta = portal.patient("Berta").await;
        assert_eq!(refused(berta.portal.end_session(sessions[0].id).await).code, Code::NotFound, "another account's");
        let of_anna = anna.portal.sessions().await.unwrap()[0].id;
        second.portal.end_session(of_anna).await.unwrap();
        assert_eq!(anna.portal.session().await.unwrap().session, None);
        assert_eq!(refused(second.portal.end_session(of_anna).await).code, Code::NotFound, "ended already");
        second.portal.end_other_sessions().await.unwrap();
        assert_eq!(third.portal.session().await.unwrap().session, None);
        assert_eq!(second.portal.sessions().await.unwrap().len(), 1);
        portal.clock.advance(TimeDelta::minutes(14));
        let fourth = portal.sign_in(&anna.session.username).await;
        portal.clock.advance(TimeDelta::minutes(2));
        assert_eq!(fourth.portal.sessions().await.unwrap().len(), 1, "one that ran out is no open session");
    }

    async fn every_change_of_rights_gives_the_session_a_new_token(portal) {
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let proof = portal.request("POST", "/api/v1/session/proof").json(&Proof { password: PASSWORD.into() });
        let answer = portal.send(&cookie, proof).await;
        assert_eq!(answer.status, 201);
        let renewed = Credentials::Cookie(answer.set_cookie("portal_session").unwrap());
        let own = || portal.request("GET", "/api/v1/account");
        assert_eq!(portal.send(&cookie, own()).await.code(), Code::SignInRequired, "the old token opens nothing");
        assert_eq!(portal.send(&renewed, own()).await.status, 200);
    }

    async fn a_new_password_ends_the_other_sessions_and_the_ways_to_reset_the_old_one(portal) {
        let anna = portal.patient("Anna").await;
        let other = portal.sign_in(&anna.session.username).await;
        let issued = portal.desk().await.portal.issue_reset(anna.patient()).await.unwrap();
        let change = |current: &str, new: &str| PasswordChange { current_password: current.into(), new_password: new.into() };
        let wrong = refused(anna.portal.change_password(&change("Wrong-Horse-7", "Other-Horse-8")).await);
        assert_eq!(wrong.errors[0].field, "current_password");
        portal.clock.advance(TimeDelta::seconds(1));
        let named = format!("My-{}-8", anna.session.username.to_uppercase());
        let weak = refused(anna.portal.change_password(&change(PASSWORD, &named)).await);
        assert_eq!((weak.errors[0].field.as_str(), weak.errors[0].code.as_str()), ("new_password", "not_username"));
        anna.portal.change_password(&change(PASSWORD, "Other-Horse-8")).await.unwrap();
        assert!(anna.portal.session().await.unwrap().session.is_some(), "this session goes on");
        assert_eq!(other.portal.session().await.unwrap().session, None);
        let reset = portal_domain::accounts::PasswordReset {
            token: issued.token,
            username: Some(anna.session.username.clone()),
            new_password: "Third-Horse-9".into(),
        };
        assert_eq!(refused(portal.visitor().reset_password(&reset).await).code, Code::ResetRefused);
        assert!(portal.visitor().sign_in(&sign_in(&anna.session.username, "Other-Horse-8")).await.is_ok());
    }

    async fn the_username_is_changed_once_to_one_that_is_free(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let to = |username: &str| UsernameChange { username: username.into() };
        let taken = refused(anna.portal.change_username(&to(&berta.session.username.to_uppercase())).await);
        assert_eq!(taken.code, Code::UsernameTaken);
        assert_eq!(refused(anna.portal.change_username(&to("short")).await).errors[0].field, "username");
        let view = anna.portal.change_username(&to("Anna.The.First")).await.unwrap();
        assert_eq!((view.username.as_str(), view.can_change_username), ("Anna.The.First", false));
        assert_eq!(refused(anna.portal.change_username(&to("anna.again")).await).code, Code::UsernameChangeUsed);
        assert!(portal.visitor().sign_in(&sign_in("anna.the.first", PASSWORD)).await.is_ok());
        portal.clock.advance(TimeDelta::minutes(5));
        assert_eq!(refused(berta.portal.change_username(&to("berta.again")).await).code, Code::ProofRequired);
    }

    async fn news_is_mailed_without_saying_what_it_is_and_only_to_who_wants_it(portal) {
        let anna = portal.patient("Anna").await;
        let doctor = portal.staff(Role::Provider).await.portal;
        let release = async || {
            let result = portal.result(anna.patient(), portal.clock.now().plus(TimeDelta::days(-1)), "5.4").await;
            let release = portal_domain::results::Release::default();
            doctor.release_result(anna.patient(), result, 1, &release, uuid::Uuid::new_v4()).await.unwrap();
        };
        let told = async || {
            let mails = portal.mails_to("anna@example.org").await;
            mails.into_iter().filter(|mail| mail.kind == MailKind::SomethingNew).collect::<Vec<_>>()
        };
        release().await;
        portal.verify_email(&anna, "anna@example.org").await;
        assert!(told().await.is_empty(), "before the address counts nothing goes out");
        release().await;
        release().await;
        let mails = told().await;
        assert_eq!(mails.len(), 1, "what comes within ten minutes is covered");
        for word in ["Anna", "Lund", "A1c", "emoglobin", "result", "5.4"] {
            assert!(!mails[0].text.contains(word), "{word}: {:?}", mails[0]);
        }
        assert!(mails[0].text.contains("/mail/inbox"));
        portal.clock.advance(TimeDelta::minutes(10));
        let anna = portal.sign_in(&anna.session.username).await;
        let off = Preferences { language: "en".into(), notices: NotificationChoices::all(NoticeChoice::Off) };
        anna.portal.change_preferences(&off).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(1));
        let doctor = portal.staff(Role::Provider).await.portal;
        let result = portal.result(anna.patient(), portal.clock.now().plus(TimeDelta::days(-1)), "5.5").await;
        let release = portal_domain::results::Release::default();
        doctor.release_result(anna.patient(), result, 1, &release, uuid::Uuid::new_v4()).await.unwrap();
        assert!(told().await.is_empty(), "switched off, and what waited is not sent either");
    }

    async fn preferences_are_kept_and_an_unknown_language_is_refused(portal) {
        let anna = portal.patient("Anna").await;
        let off = Preferences { language: "en".into(), notices: NotificationChoices::all(NoticeChoice::Off) };
        assert_eq!(anna.portal.change_preferences(&off).await.unwrap().notices, NotificationChoices::all(NoticeChoice::Off));
        assert_eq!(anna.portal.account().await.unwrap().notices, NotificationChoices::all(NoticeChoice::Off));
        let klingon = Preferences { language: "tlh".into(), ..off };
        assert_eq!(refused(anna.portal.change_preferences(&klingon).await).errors[0].field, "language");
    }

    async fn changed_terms_are_accepted_before_anything_else(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        raise_terms(&portal).await;
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await;
        assert_eq!(refused(inbox).code, Code::TermsChanged);
        assert_eq!(anna.portal.session().await.unwrap().session.unwrap().duties, [Duty::AcceptTerms]);
        assert!(desk.portal.appointment_queue(&Default::default()).await.is_ok(), "the terms are the patients'");
        let old = refused(anna.portal.accept_terms(&TermsAccepted { version: 1 }).await);
        assert_eq!(old.errors[0].code, "terms_changed");
        assert!(anna.portal.accept_terms(&TermsAccepted { version: 2 }).await.unwrap().duties.is_empty());
        assert!(anna.portal.inbox(anna.patient(), &Default::default()).await.is_ok());
    }

    async fn an_administrator_helps_staff_and_switches_accounts_off(portal) {
        let (admin, nurse) = (portal.staff(Role::Admin).await, portal.staff(Role::Nurse).await);
        let id = nurse.session.account_id;
        let listed = admin.portal.staff_accounts().await.unwrap();
        assert!(listed.iter().any(|staff| staff.id == id && !staff.disabled && staff.roles == [Role::Nurse]));
        let issued = admin.portal.issue_staff_reset(id).await.unwrap();
        assert_eq!(issued.username, nurse.session.username);
        admin.portal.disable_staff(id).await.unwrap();
        assert_eq!(nurse.portal.session().await.unwrap().session, None, "the session ended");
        assert_eq!(refused(portal.visitor().sign_in(&sign_in(&nurse.session.username, PASSWORD)).await).code, Code::SignInFailed);
        let reset = portal_domain::accounts::PasswordReset { token: issued.token, username: Some(issued.username), new_password: "Other-Horse-8".into() };
        assert_eq!(refused(portal.visitor().reset_password(&reset).await).code, Code::ResetRefused, "no way back in");
        portal.clock.advance(TimeDelta::seconds(10));
        admin.portal.enable_staff(id).await.unwrap();
        portal.sign_in(&nurse.session.username).await;
        assert_eq!(refused(admin.portal.disable_staff(admin.session.account_id).await).code, Code::WrongState, "not the own one");
        let patient = portal.patient("Anna").await;
        assert_eq!(refused(admin.portal.disable_staff(patient.session.account_id).await).code, Code::NotFound, "no member of staff");
    }

    async fn policies_hold_from_the_next_request_on(portal) {
        let anna = portal.patient("Anna").await;
        let admin = portal.staff(Role::Admin).await.portal;
        let seen = admin.policies().await.unwrap();
        let mut wanted = seen.policies.clone();
        wanted.patient_idle_minutes = 1;
        assert_eq!(refused(admin.change_policies(seen.version, &wanted).await).errors[0].field, "patient_idle_minutes");
        wanted.patient_idle_minutes = 5;
        let changed = admin.change_policies(seen.version, &wanted).await.unwrap();
        assert_eq!(refused(admin.change_policies(seen.version, &seen.policies).await).code, Code::StaleVersion);
        assert_eq!(changed.policies, wanted);
        assert_eq!(anna.portal.session().await.unwrap().session.unwrap().idle_seconds, 300);
        portal.clock.advance(TimeDelta::minutes(5));
        assert_eq!(anna.portal.session().await.unwrap().session, None);
    }
}
