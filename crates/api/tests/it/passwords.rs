//! SEC-1: passwords that guessers try first are refused wherever somebody chooses one.

use portal_api::{
    features::accounts::{NewStaff, create_staff},
    platform::auth::Actor,
};
use portal_domain::{
    access::Role,
    accounts::{PasswordChange, PasswordReset},
    problem::Problem,
};

use crate::harness::{
    on_both,
    people::{PASSWORD, new_account},
    refused,
};

/// What is wrong with which field.
fn found(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

on_both! {
    async fn whoever_enrols_is_refused_a_common_password_and_keeps_the_token(portal) {
        let chart = portal.chart("Anna", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(chart).await.unwrap().token;
        let practice = portal.visitor().practice().await.unwrap().name;
        let named = format!("{}2026!Aa", practice.replace(' ', ""));
        for guessed in ["Summer2026!", "P@ssw0rd1", "Password1!", &named] {
            let mut account = new_account(&token, "Lund", "anna.lund");
            account.password = guessed.into();
            let problem = refused(portal.visitor().create_account(&account).await);
            assert_eq!(found(&problem), [("password", "not_common")], "{guessed}");
            assert!(!format!("{problem:?}").contains(guessed));
        }
        assert!(portal.visitor().create_account(&new_account(&token, "Lund", "anna.lund")).await.is_ok());
    }

    async fn whoever_changes_or_resets_a_password_is_refused_a_common_one(portal) {
        let anna = portal.patient("Anna").await;
        let change = |new: &str| PasswordChange { current_password: PASSWORD.into(), new_password: new.into() };
        let problem = refused(anna.portal.change_password(&change("Summer2026!")).await);
        assert_eq!(found(&problem), [("new_password", "not_common")]);

        let token = portal.desk().await.portal.issue_reset(anna.patient()).await.unwrap().token;
        let reset = |new: &str| PasswordReset {
            token: token.clone(),
            username: Some(anna.session.username.clone()),
            new_password: new.into(),
        };
        let problem = refused(portal.visitor().reset_password(&reset("Welcome1!")).await);
        assert_eq!(found(&problem), [("new_password", "not_common")]);
        // The token still works.
        assert!(portal.visitor().reset_password(&reset("Battery-Staple-9")).await.is_ok());
    }

    async fn an_account_of_staff_is_refused_a_common_password(portal) {
        let staff = |password: &str| NewStaff {
            username: "desk.hartford".into(),
            password: password.into(),
            display_name: "Desk".into(),
            roles: vec![Role::FrontDesk],
            provider_id: None,
        };
        for guessed in ["Summer2026!", "Desk.Hartford1!"] {
            let answer = create_staff(&portal.app, &Actor::operator(), staff(guessed)).await;
            assert!(answer.is_err(), "{guessed}");
        }
        assert!(create_staff(&portal.app, &Actor::operator(), staff(PASSWORD)).await.is_ok());
    }
}
