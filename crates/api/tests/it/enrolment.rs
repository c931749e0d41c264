//! From a token handed out at the desk, or temporary credentials by mail, to an account (ENR-1, ENR-2, ENR-5).

use chrono::TimeDelta;
use portal_client::Error;
use portal_domain::{
    access::Role,
    accounts::{SignIn, SignInAnswer},
    enrolment::{Identity, MAX_FAILURES, NewAccount, TemporaryCredentials},
    ids::PatientId,
    outbox::MailKind,
    problem::{Code, Problem},
};
use uuid::Uuid;

use crate::harness::{
    on_both,
    people::{PASSWORD, identity, new_account},
    refused,
};

on_both! {
    async fn a_person_with_a_token_becomes_a_patient_with_an_account(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let desk = portal.desk().await;
        assert_eq!(desk.portal.enrolment_state(chart).await.unwrap().token, None);

        let issued = desk.portal.issue_enrolment_token(chart).await.unwrap();
        assert!(issued.enrol_url.ends_with(&format!("/enrol#token={}", issued.token)));
        assert!(issued.qr_svg.starts_with("<svg"));
        let open = desk.portal.enrolment_state(chart).await.unwrap().token.unwrap();
        assert_eq!(open.expires_at, portal.clock.now().plus(TimeDelta::hours(72)));
        assert_eq!(open.issued_by, "Staff front_desk");

        let anna = portal.visitor();
        let typed = issued.token.to_lowercase().replace('-', " ");
        assert_eq!(anna.confirm_identity(&identity(&typed, " LUND ")).await.unwrap().given_name, "Anna");
        let session = anna.create_account(&new_account(&typed, "lund", "Anna.Lund")).await.unwrap();
        assert_eq!(session.patient_id(), Some(chart));
        assert_eq!(anna.session().await.unwrap().session.unwrap().username, "Anna.Lund");

        let state = desk.portal.enrolment_state(chart).await.unwrap();
        assert_eq!(state.account.unwrap().username, "Anna.Lund");
        assert_eq!(state.token, None, "the token is used up");
        assert_eq!(refused(desk.portal.issue_enrolment_token(chart).await).code, Code::AlreadyEnrolled);
        assert_eq!(portal.sign_in("ANNA.lund").await.patient(), chart, "usernames are not case sensitive");
    }

    async fn every_wrong_answer_sounds_the_same(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(chart).await.unwrap().token;
        let right = identity(&token, "Lund");
        let wrong = [
            Identity { token: "7K3M-Q2XV-91BD-E8RT".into(), ..right.clone() },
            Identity { token: "no token at all".into(), ..right.clone() },
            Identity { birth_date: "1980-04-18".parse().unwrap(), ..right.clone() },
            Identity { family_name: "Lundgren".into(), ..right.clone() },
        ];
        let mut answers = Vec::new();
        for identity in wrong {
            portal.clock.advance(TimeDelta::seconds(10));
            answers.push(refused(portal.visitor().confirm_identity(&identity).await));
        }
        for answer in &mut answers {
            answer.request_id = None;
        }
        assert_eq!(answers[0].code, Code::EnrolmentRefused);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        portal.clock.advance(TimeDelta::seconds(10));
        assert!(portal.visitor().confirm_identity(&right).await.is_ok(), "three wrong answers don't burn it");
    }

    async fn five_wrong_answers_burn_the_token(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(chart).await.unwrap().token;
        for _ in 0..MAX_FAILURES {
            portal.clock.advance(TimeDelta::seconds(10));
            let answer = portal.visitor().confirm_identity(&identity(&token, "Smith")).await;
            assert_eq!(refused(answer).code, Code::EnrolmentRefused);
        }
        portal.clock.advance(TimeDelta::seconds(10));
        assert_eq!(refused(portal.visitor().confirm_identity(&identity(&token, "Lund")).await).code, Code::EnrolmentRefused);
    }

    async fn wrong_answers_from_one_address_have_to_wait(portal) {
        let visitor = portal.visitor();
        let wrong = identity("7K3M-Q2XV-91BD-E8RT", "Lund");
        assert_eq!(refused(visitor.confirm_identity(&wrong).await).code, Code::EnrolmentRefused);
        assert_eq!(refused(visitor.confirm_identity(&wrong).await).code, Code::TooManyRequests);
        portal.clock.advance(TimeDelta::seconds(2));
        assert_eq!(refused(visitor.confirm_identity(&wrong).await).code, Code::EnrolmentRefused);
    }

    async fn a_new_token_kills_the_old_and_time_kills_both(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let desk = portal.desk().await;
        let old = desk.portal.issue_enrolment_token(chart).await.unwrap().token;
        let new = desk.portal.issue_enrolment_token(chart).await.unwrap().token;
        assert_eq!(refused(portal.visitor().confirm_identity(&identity(&old, "Lund")).await).code, Code::EnrolmentRefused);
        portal.clock.advance(TimeDelta::seconds(10));
        assert!(portal.visitor().confirm_identity(&identity(&new, "Lund")).await.is_ok());
        portal.clock.advance(TimeDelta::hours(72));
        assert_eq!(refused(portal.visitor().confirm_identity(&identity(&new, "Lund")).await).code, Code::EnrolmentRefused);
    }

    async fn one_token_makes_one_account_however_many_try_at_once(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(chart).await.unwrap().token;
        let tries = (0..8).map(|n| {
            let (visitor, account) = (portal.visitor(), new_account(&token, "Lund", &format!("anna.lund{n}")));
            async move { visitor.create_account(&account).await }
        });
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        for answer in answers.into_iter().filter(Result::is_err) {
            assert_eq!(refused(answer).code, Code::EnrolmentRefused);
        }
    }

    async fn a_taken_username_leaves_the_token_usable(portal) {
        portal.patient("Berta").await;
        let chart = portal.chart("Anna", "Lund").await;
        let desk = portal.desk().await;
        let token = desk.portal.issue_enrolment_token(chart).await.unwrap().token;
        let taken = new_account(&token, "Lund", &desk.session.username.to_uppercase());
        assert_eq!(refused(portal.visitor().create_account(&taken).await).code, Code::UsernameTaken);
        assert!(portal.visitor().create_account(&new_account(&token, "Lund", "anna.lund")).await.is_ok());
    }

    async fn a_weak_password_and_old_terms_are_refused_by_field_and_use_nothing_up(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(chart).await.unwrap().token;
        let mut account = new_account(&token, "Lund", "anna");
        account.password = "anna".into();
        account.accepted_terms_version = 0;
        let problem = refused(portal.visitor().create_account(&account).await);
        let found: Vec<_> = problem.errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("username", "too_short"), ("password", "length"), ("password", "upper_case"), ("password", "digit"),
                ("password", "special"), ("password", "not_username"), ("password", "not_common"),
                ("accepted_terms_version", "terms_changed"),
            ]
        );
        assert!(!format!("{problem:?}").contains(PASSWORD));
        assert!(portal.visitor().create_account(&new_account(&token, "Lund", "anna.lund")).await.is_ok());
    }

    async fn only_desk_records_and_admin_hand_out_tokens(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        for role in Role::ALL {
            let may = matches!(role, Role::FrontDesk | Role::Records | Role::Admin);
            let answer = portal.staff(*role).await.portal.issue_enrolment_token(chart).await;
            match answer {
                Ok(_) => assert!(may, "{role} may not"),
                Err(Error::Problem(problem)) => assert!(!may && problem.code == Code::RoleRequired, "{role}: {problem:?}"),
                Err(other) => panic!("{other}"),
            }
        }
        let anna = portal.patient("Berta").await;
        assert_eq!(refused(anna.portal.issue_enrolment_token(chart).await).code, Code::NotFound);
        assert_eq!(refused(anna.portal.issue_enrolment_token(anna.patient()).await).code, Code::RoleRequired);
        assert_eq!(refused(portal.visitor().issue_enrolment_token(chart).await).code, Code::SignInRequired);
        let nobody = PatientId(Uuid::new_v4());
        assert_eq!(refused(portal.desk().await.portal.issue_enrolment_token(nobody).await).code, Code::NotFound);
    }

    async fn temporary_credentials_lead_to_choosing_ones_own_once(portal) {
        let chart = portal.chart("Dora", "Lund").await;
        let desk = portal.desk().await.portal;
        let printed = desk.issue_enrolment_token(chart).await.unwrap().token;
        let asked = TemporaryCredentials { email: "dora@example.org".into() };
        let mailed = desk.mail_credentials(chart, &asked).await.unwrap();
        assert_eq!(desk.enrolment_state(chart).await.unwrap().token.unwrap().mailed_to.as_deref(), Some("dora@example.org"));
        let dead = refused(portal.visitor().confirm_identity(&identity(&printed, "Lund")).await);
        assert_eq!(dead.code, Code::EnrolmentRefused, "the printed token died");
        portal.clock.advance(TimeDelta::seconds(1));
        let mail = portal.mail_to("dora@example.org", MailKind::TemporaryCredentials).await;
        let (username, password) = (mail.fact("Username"), mail.fact("Password"));
        assert_eq!(username, mailed.username);
        let typed = SignIn { username: username.to_lowercase(), password: password.to_lowercase().replace('-', "") };
        let visitor = portal.visitor();
        let answer = visitor.sign_in(&typed).await.unwrap();
        assert_eq!(answer, SignInAnswer::ChooseOwn { expires_at: mailed.expires_at });
        assert_eq!(visitor.session().await.unwrap().session, None, "nobody is signed in by them");
        let known = visitor.confirm_identity(&identity(&password, "Lund")).await.unwrap();
        assert_eq!(known.email.as_deref(), Some("dora@example.org"));
        visitor.create_account(&new_account(&password, "Lund", "dora.lund")).await.unwrap();
        let again = refused(portal.visitor().sign_in(&typed).await);
        assert_eq!(again.code, Code::SignInFailed, "they work once");
        assert_eq!(refused(desk.mail_credentials(chart, &asked).await).code, Code::AlreadyEnrolled);
    }

    async fn temporary_credentials_expire_and_five_wrong_passwords_burn_them(portal) {
        let (dora, edda) = (portal.chart("Dora", "Lund").await, portal.chart("Edda", "Lund").await);
        let desk = portal.desk().await.portal;
        let mail = async |chart, email: &str| {
            desk.mail_credentials(chart, &TemporaryCredentials { email: email.into() }).await.unwrap();
            let mail = portal.mail_to(email, MailKind::TemporaryCredentials).await;
            SignIn { username: mail.fact("Username"), password: mail.fact("Password") }
        };
        let burning = mail(dora, "dora@example.org").await;
        let wrong = SignIn { password: "7K3M-Q2XV-91BD-E8RT".into(), ..burning.clone() };
        for _ in 0..5 {
            let mut answer = refused(portal.visitor().sign_in(&wrong).await);
            answer.request_id = None;
            assert_eq!(answer, Problem::from(Code::SignInFailed), "as a wrong password of anybody");
            portal.clock.advance(TimeDelta::seconds(10));
        }
        assert_eq!(refused(portal.visitor().sign_in(&burning).await).code, Code::SignInFailed, "burnt");
        let late = mail(edda, "edda@example.org").await;
        portal.clock.advance(TimeDelta::hours(72));
        assert_eq!(refused(portal.visitor().sign_in(&late).await).code, Code::SignInFailed, "expired");
    }

    async fn a_patient_of_12_to_17_may_not_enrol_with_the_address_of_another_account(portal) {
        let parent = portal.patient("Anna").await;
        portal.verify_email(&parent, "family@example.org").await;
        let desk = portal.desk().await.portal;
        let asked = TemporaryCredentials { email: "Family@example.org".into() };
        let adult = portal.chart("Dora", "Lund").await;
        assert!(desk.mail_credentials(adult, &asked).await.is_ok(), "an adult only finds it in use later");
        let child = portal.chart_born("Edda", "Lund", "2012-02-29").await;
        let wrong = refused(desk.mail_credentials(child, &asked).await);
        assert_eq!((wrong.errors[0].field.as_str(), wrong.errors[0].code.as_str()), ("email", "of_another_account"));
        // Nor by giving it at CREATE ACCOUNT: the mailbox is told, no link goes out.
        let token = desk.issue_enrolment_token(child).await.unwrap().token;
        let visitor = portal.visitor();
        let account = NewAccount { email: Some("family@example.org".into()), ..new_account(&token, "Lund", "edda.lund") };
        let account = NewAccount { identity: Identity { birth_date: "2012-02-29".parse().unwrap(), ..account.identity }, ..account };
        visitor.create_account(&account).await.unwrap();
        let kinds: Vec<MailKind> = portal.mails_to("family@example.org").await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, [MailKind::VerifyEmail, MailKind::EmailInUse]);
        assert_eq!(visitor.account().await.unwrap().email, None);
    }
}
