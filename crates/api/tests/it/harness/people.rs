//! People who use the portal, each through a client of their own.

use portal_api::{
    features::accounts::{self, NewStaff},
    platform::auth::Actor,
};
use portal_client::Portal;
use portal_domain::{
    access::Role,
    accounts::{SessionView, SignIn},
    enrolment::{Identity, NewAccount},
    ids::PatientId,
};

use super::{charts::BIRTH_DATE, portal::TestPortal};

/// Everybody's password.
pub const PASSWORD: &str = "Correct-Horse-7";

/// Somebody who is signed in.
pub struct Person {
    /// The client that the session's cookie lives in.
    pub portal: Portal,
    /// The session as it was at sign-in.
    pub session: SessionView,
}

impl Person {
    /// The own chart.
    pub fn patient(&self) -> PatientId {
        self.session.patient_id().expect("a patient's session")
    }
}

impl TestPortal {
    /// A member of staff, signed in.
    pub async fn staff(&self, role: Role) -> Person {
        let username = format!("{role}.{}", uuid::Uuid::new_v4().simple());
        let staff = NewStaff {
            username: username.chars().take(50).collect(),
            password: PASSWORD.into(),
            display_name: format!("Staff {role}"),
            roles: vec![role],
            provider_id: None,
        };
        let username = staff.username.clone();
        accounts::create_staff(&self.app, &Actor::operator(), staff).await.unwrap();
        self.sign_in(&username).await
    }

    /// Front desk, signed in.
    pub async fn desk(&self) -> Person {
        self.staff(Role::FrontDesk).await
    }

    /// Signs somebody in with everybody's password.
    pub async fn sign_in(&self, username: &str) -> Person {
        let portal = self.visitor();
        let sign_in = SignIn { username: username.into(), password: PASSWORD.into() };
        let answer = portal.sign_in(&sign_in).await.unwrap();
        Person { portal, session: answer.session().expect("no second step") }
    }

    /// A patient who enrolled by token, signed in.
    pub async fn patient(&self, given: &str) -> Person {
        let chart = self.chart(given, "Lund").await;
        let issued = self.desk().await.portal.issue_enrolment_token(chart).await.unwrap();
        let portal = self.visitor();
        let account = new_account(&issued.token, "Lund", &format!("{given}.{}", &chart.to_string()[24..]));
        let session = portal.create_account(&account).await.unwrap();
        Person { portal, session }
    }
}

/// What a person knows who was handed this token.
pub fn identity(token: &str, family_name: &str) -> Identity {
    Identity { token: token.into(), birth_date: BIRTH_DATE.parse().unwrap(), family_name: family_name.into() }
}

/// What a person fills in at CREATE ACCOUNT.
pub fn new_account(token: &str, family_name: &str, username: &str) -> NewAccount {
    NewAccount {
        identity: identity(token, family_name),
        username: username.into(),
        password: PASSWORD.into(),
        email: None,
        accepted_terms_version: 1,
    }
}
