//! Two-step verification: switching on and off, codes, recovery codes, and what nobody gets round (SEC-2).

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::{Conn, schema::totp_secrets};
use portal_domain::{
    access::Role,
    accounts::{
        AccountEvent, Duty, PasswordReset, Proof, SecondStep, SecondStepOff, SignIn, SignInAnswer, TotpCode,
    },
    practice::Policies,
    problem::Code,
};

use crate::harness::{
    on_both,
    people::PASSWORD,
    portal::TestPortal,
    refused,
    second_step::{by_app, by_recovery},
    wire::Credentials,
};

fn sign_in(username: &str) -> SignIn {
    SignIn { username: username.into(), password: PASSWORD.into() }
}

/// What the account's owner was told, newest first.
async fn told(person: &crate::harness::people::Person) -> Vec<AccountEvent> {
    person.portal.account_events().await.unwrap().into_iter().map(|event| event.event).collect()
}

async fn policies(portal: &TestPortal, change: impl FnOnce(&mut Policies)) {
    let admin = portal.staff(Role::Admin).await.portal;
    let mut view = admin.policies().await.unwrap();
    change(&mut view.policies);
    admin.change_policies(view.version, &view.policies).await.unwrap();
}

on_both! {
    async fn one_right_code_switches_it_on_and_every_sign_in_asks_a_fresh_one_from_then_on(portal) {
        let anna = portal.patient("Anna").await;
        let username = anna.session.username.clone();
        let setup = portal.phone_before_its_first_code(&anna).await;
        let wrong = refused(anna.portal.confirm_totp(&TotpCode { code: "000000".into() }).await);
        assert_eq!((wrong.code, wrong.errors[0].field.as_str()), (Code::Invalid, "code"));
        assert!(portal.visitor().sign_in(&sign_in(&username)).await.unwrap().session().is_some(), "not on yet");
        portal.clock.advance(TimeDelta::seconds(1));
        let codes = anna.portal.confirm_totp(&TotpCode { code: setup.code(&portal) }).await.unwrap();
        assert_eq!(codes.codes.len(), 10);
        let state = anna.portal.second_step_state().await.unwrap();
        assert!(state.totp_since.is_some() && state.recovery_codes_left == 10);
        assert!(told(&anna).await.contains(&AccountEvent::TotpOn));

        let visitor = portal.visitor();
        let answer = visitor.sign_in(&sign_in(&username)).await.unwrap();
        let SignInAnswer::SecondStep { methods, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(methods, [SecondStep::Totp, SecondStep::RecoveryCode]);
        assert_eq!(visitor.session().await.unwrap().session, None, "the password alone opens nothing");
        assert_eq!(refused(visitor.inbox(anna.patient(), &Default::default()).await).code, Code::SignInRequired);
        portal.clock.advance(TimeDelta::seconds(30));
        assert_eq!(visitor.second_step(&by_app(setup.code(&portal))).await.unwrap().username, username);
        assert!(visitor.session().await.unwrap().session.is_some());
    }

    async fn a_code_that_was_used_is_refused_and_so_is_every_older_one(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let used = phone.code(&portal);
        let replay = portal.first_step(&anna.session.username).await;
        assert_eq!(refused(replay.second_step(&by_app(used)).await).code, Code::SecondStepFailed, "it switched the app on");
        portal.clock.advance(TimeDelta::seconds(60));
        let (before, now) = (phone.code_in(&portal, -1), phone.code(&portal));
        let first = portal.first_step(&anna.session.username).await;
        first.second_step(&by_app(now.clone())).await.unwrap();
        for stale in [now, before] {
            let again = portal.first_step(&anna.session.username).await;
            assert_eq!(refused(again.second_step(&by_app(stale)).await).code, Code::SecondStepFailed);
            portal.clock.advance(TimeDelta::seconds(1));
        }
    }

    async fn fifty_sign_ins_with_one_code_give_one_session(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        portal.clock.advance(TimeDelta::seconds(30));
        let step = portal.first_step(&anna.session.username).await;
        let code = phone.code(&portal);
        let tries = (0..50).map(|_| {
            let (step, code) = (step.clone(), by_app(code.clone()));
            async move { step.second_step(&code).await.is_ok() }
        });
        let done = futures_util::future::join_all(tries).await;
        assert_eq!(done.iter().filter(|done| **done).count(), 1);
    }

    async fn a_recovery_code_works_once_and_the_owner_is_told(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let typed = phone.recovery_codes[3].to_lowercase().replace('-', " ");
        let (client, _) = portal.sign_in_by_recovery(&anna.session.username, &typed).await;
        assert_eq!(client.second_step_state().await.unwrap().recovery_codes_left, 9);
        let events = client.account_events().await.unwrap();
        assert!(events.iter().any(|event| event.event == AccountEvent::RecoveryCodeUsed));
        let again = portal.first_step(&anna.session.username).await;
        assert_eq!(refused(again.second_step(&by_recovery(&typed)).await).code, Code::SecondStepFailed);
        portal.clock.advance(TimeDelta::seconds(1));
        let fresh = client.make_recovery_codes().await.unwrap();
        assert_eq!(refused(again.second_step(&by_recovery(&phone.recovery_codes[0])).await).code, Code::SecondStepFailed, "replaced");
        portal.clock.advance(TimeDelta::seconds(1));
        again.second_step(&by_recovery(&fresh.codes[0])).await.unwrap();
    }

    async fn fifty_uses_of_one_recovery_code_give_one_session(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let step = portal.first_step(&anna.session.username).await;
        let tries = (0..50).map(|_| {
            let (step, code) = (step.clone(), by_recovery(&phone.recovery_codes[0]));
            async move { step.second_step(&code).await.is_ok() }
        });
        let done = futures_util::future::join_all(tries).await;
        assert_eq!(done.iter().filter(|done| **done).count(), 1);
    }

    async fn the_second_step_without_the_first_is_refused(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        portal.clock.advance(TimeDelta::seconds(30));
        let code = by_app(phone.code(&portal));
        assert_eq!(refused(portal.visitor().second_step(&code).await).code, Code::StepExpired, "no step at all");
        let forged = Credentials::Cookie(format!("portal_step={}", "A".repeat(43)));
        let request = portal.request("POST", "/api/v1/session/second-step").json(&code);
        assert_eq!(portal.send(&forged, request).await.code(), Code::StepExpired, "a made-up step");
        let step = portal.first_step(&anna.session.username).await;
        portal.clock.advance(TimeDelta::minutes(5));
        let late = by_app(phone.code(&portal));
        assert_eq!(refused(step.second_step(&late).await).code, Code::StepExpired, "after five minutes");
        let step = portal.first_step(&anna.session.username).await;
        let newer = portal.first_step(&anna.session.username).await;
        assert_eq!(refused(step.second_step(&late).await).code, Code::StepExpired, "a newer first step took its place");
        newer.second_step(&late).await.unwrap();
        assert_eq!(refused(newer.second_step(&by_recovery(&phone.recovery_codes[0])).await).code, Code::StepExpired, "used up");
    }

    async fn the_first_steps_cookie_opens_nothing_but_the_second(portal) {
        let anna = portal.patient("Anna").await;
        portal.phone(&anna).await;
        let request = portal.request("POST", "/api/v1/session").json(&sign_in(&anna.session.username));
        let answer = portal.send(&Credentials::Nobody, request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.set_cookie("portal_session"), None);
        let token = answer.set_cookie("portal_step").unwrap().replace("portal_step=", "");
        let as_session = Credentials::Cookie(format!("portal_session={token}"));
        let inbox = portal.request("GET", &format!("/api/v1/patients/{}/inbox", anna.patient()));
        assert_eq!(portal.send(&as_session, inbox).await.code(), Code::SignInRequired);
    }

    async fn five_wrong_codes_ask_for_the_password_again_and_a_restart_forgives_none(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let step = portal.first_step(&anna.session.username).await;
        for failure in 1..=5 {
            let wrong = refused(step.second_step(&by_app("000000".into())).await);
            assert_eq!(wrong.code, Code::SecondStepFailed, "failure {failure}");
            if failure < 5 {
                let at_once = refused(step.second_step(&by_app("000000".into())).await);
                assert_eq!(at_once.code, Code::TooManyRequests);
            }
            portal.clock.advance(portal_domain::accounts::wait_after(failure));
        }
        assert_eq!(refused(step.second_step(&by_app(phone.code(&portal))).await).code, Code::StepExpired);
        // Another server on the same database has not forgotten the failures.
        let beside = portal.beside(|_| {}).await;
        let again = beside.first_step(&anna.session.username).await;
        assert_eq!(refused(again.second_step(&by_app("000000".into())).await).code, Code::SecondStepFailed);
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refused(again.second_step(&by_app(phone.code(&portal))).await).code, Code::TooManyRequests, "the sixth failure waits three seconds");
        portal.clock.advance(TimeDelta::seconds(30));
        again.second_step(&by_app(phone.code(&portal))).await.unwrap();
    }

    async fn fifty_wrong_codes_at_once_are_one_try(portal) {
        let anna = portal.patient("Anna").await;
        portal.phone(&anna).await;
        let step = portal.first_step(&anna.session.username).await;
        let tries = (0..50).map(|number| {
            let (step, code) = (step.clone(), by_app(format!("{number:06}")));
            async move { refused(step.second_step(&code).await).code }
        });
        let codes = futures_util::future::join_all(tries).await;
        assert_eq!(codes.iter().filter(|code| **code == Code::SecondStepFailed).count(), 1, "{codes:?}");
    }

    async fn switching_off_needs_password_and_code_and_ends_every_other_session(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let (other, _) = portal.sign_in_by_recovery(&anna.session.username, &phone.recovery_codes[0]).await;
        let off = |password: &str, code: String| SecondStepOff { password: password.into(), method: SecondStep::Totp, code };
        portal.clock.advance(TimeDelta::seconds(30));
        let wrong = refused(anna.portal.remove_totp(&off("Wrong-Horse-7", phone.code(&portal))).await);
        assert_eq!(wrong.errors[0].field, "password");
        portal.clock.advance(TimeDelta::seconds(1));
        let wrong = refused(anna.portal.remove_totp(&off(PASSWORD, "000000".into())).await);
        assert_eq!(wrong.errors[0].field, "code");
        assert!(anna.portal.second_step_state().await.unwrap().totp_since.is_some());
        portal.clock.advance(TimeDelta::seconds(1));
        anna.portal.remove_totp(&off(PASSWORD, phone.code(&portal))).await.unwrap();
        assert_eq!(anna.portal.second_step_state().await.unwrap().recovery_codes_left, 0);
        assert_eq!(other.session().await.unwrap().session, None, "it ended");
        assert!(portal.visitor().sign_in(&sign_in(&anna.session.username)).await.unwrap().session().is_some());
        assert!(told(&anna).await.contains(&AccountEvent::TotpOff));
    }

    async fn switching_on_ends_every_other_session_and_gives_this_one_a_new_token(portal) {
        let anna = portal.patient("Anna").await;
        let (old, other) = (portal.cookie(&anna).await, portal.sign_in(&anna.session.username).await);
        let phone = portal.phone_before_its_first_code(&other).await;
        other.portal.confirm_totp(&TotpCode { code: phone.code(&portal) }).await.unwrap();
        let session = portal.request("GET", "/api/v1/account");
        assert_eq!(portal.send(&old, session).await.code(), Code::SignInRequired);
        assert_eq!(anna.portal.session().await.unwrap().session, None);
        assert!(other.portal.session().await.unwrap().session.is_some());
    }

    async fn setting_up_needs_a_password_just_given(portal) {
        let anna = portal.patient("Anna").await;
        portal.clock.advance(TimeDelta::minutes(5));
        assert_eq!(refused(anna.portal.set_up_totp().await).code, Code::ProofRequired);
        let wrong = refused(anna.portal.prove(&Proof { password: "Wrong-Horse-7".into() }).await);
        assert_eq!((wrong.code, wrong.errors[0].field.as_str()), (Code::Invalid, "password"));
        assert_eq!(refused(anna.portal.prove(&Proof { password: PASSWORD.into() }).await).code, Code::TooManyRequests);
        portal.clock.advance(TimeDelta::seconds(1));
        let session = anna.portal.prove(&Proof { password: PASSWORD.into() }).await.unwrap();
        assert_eq!(session.proven_until, portal.clock.now().plus(TimeDelta::minutes(5)));
        anna.portal.set_up_totp().await.unwrap();
    }

    async fn the_secret_is_sealed_in_the_database_and_a_setup_is_not_repeated(portal) {
        let anna = portal.patient("Anna").await;
        let setup = anna.portal.set_up_totp().await.unwrap();
        assert!(setup.otpauth_url.starts_with("otpauth://totp/Infinity%20Health:"), "{}", setup.otpauth_url);
        assert!(setup.qr_svg.starts_with("<svg"));
        let sealed: Vec<u8> = portal.app.db.read(|conn: &mut Conn| Ok(totp_secrets::table.select(totp_secrets::sealed).first(conn)?)).await.unwrap();
        let plain = totp_rs::Secret::try_from_base32(&setup.secret).unwrap();
        assert!(!sealed.windows(20).any(|part| part == plain.as_bytes()));
        let another = portal.phone(&anna).await;
        assert_eq!(another.recovery_codes.len(), 10, "before the first code a new secret takes the place of the old");
        assert_eq!(refused(anna.portal.set_up_totp().await).code, Code::WrongState);
        assert_eq!(refused(anna.portal.confirm_totp(&TotpCode { code: another.code_in(&portal, 1) }).await).code, Code::WrongState);
    }

    async fn staff_reset_a_lost_device_and_the_patient_is_told(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let step = portal.first_step(&anna.session.username).await;
        portal.desk().await.portal.reset_second_step(anna.patient()).await.unwrap();
        portal.clock.advance(TimeDelta::seconds(30));
        assert_eq!(refused(step.second_step(&by_app(phone.code(&portal))).await).code, Code::StepExpired);
        assert_eq!(anna.portal.session().await.unwrap().session, None, "whoever has the device is signed out");
        let again = portal.sign_in(&anna.session.username).await;
        assert!(told(&again).await.contains(&AccountEvent::SecondStepReset));
        let inbox = again.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert!(inbox.items.iter().any(|item| item.title == "second_step_reset"));
    }

    async fn a_password_reset_keeps_the_second_step_on(portal) {
        let anna = portal.patient("Anna").await;
        let phone = portal.phone(&anna).await;
        let issued = portal.desk().await.portal.issue_reset(anna.patient()).await.unwrap();
        let step = portal.first_step(&anna.session.username).await;
        let reset = PasswordReset {
            token: issued.token,
            username: Some(anna.session.username.clone()),
            new_password: "Other-Horse-8".into(),
        };
        portal.visitor().reset_password(&reset).await.unwrap();
        portal.clock.advance(TimeDelta::seconds(30));
        assert_eq!(refused(step.second_step(&by_app(phone.code(&portal))).await).code, Code::StepExpired, "the old password's step died");
        let visitor = portal.visitor();
        let answer = visitor.sign_in(&SignIn { username: reset.username.unwrap(), password: reset.new_password }).await.unwrap();
        assert!(matches!(answer, SignInAnswer::SecondStep { .. }), "{answer:?}");
        visitor.second_step(&by_app(phone.code(&portal))).await.unwrap();
    }

    async fn where_staff_must_have_a_second_step_they_do_nothing_else_before(portal) {
        let nurse = portal.staff(Role::Nurse).await;
        let patient = portal.patient("Anna").await;
        assert!(nurse.portal.appointment_queue(&Default::default()).await.is_ok());
        policies(&portal, |policies| policies.staff_second_step = true).await;
        assert_eq!(refused(nurse.portal.appointment_queue(&Default::default()).await).code, Code::SecondStepRequired, "from the next request on");
        assert_eq!(nurse.portal.session().await.unwrap().session.unwrap().duties, [Duty::SetUpSecondStep]);
        assert_eq!(refused(nurse.portal.sessions().await).code, Code::SecondStepRequired);
        assert!(patient.portal.inbox(patient.patient(), &Default::default()).await.is_ok(), "patients choose for themselves");
        let phone = portal.phone(&nurse).await;
        assert!(nurse.portal.appointment_queue(&Default::default()).await.is_ok());
        portal.clock.advance(TimeDelta::seconds(30));
        let off = SecondStepOff { password: PASSWORD.into(), method: SecondStep::Totp, code: phone.code(&portal) };
        assert_eq!(refused(nurse.portal.remove_totp(&off).await).code, Code::SecondStepNeeded);
        assert!(nurse.portal.second_step_state().await.unwrap().totp_since.is_some(), "nothing was half taken away");
    }
}
