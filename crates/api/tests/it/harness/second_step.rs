//! An authenticator app, as a person holds it, and sign-ins with a second step.

use portal_client::Portal;
use portal_domain::{
    accounts::{EmailChange, SecondStep, SecondStepCode, SessionView, SignIn, SignInAnswer, TotpCode},
    outbox::MailKind,
};
use totp_rs::{Builder, Secret};

use super::{
    people::{PASSWORD, Person},
    portal::TestPortal,
};

/// An authenticator app with one account in it, and the recovery codes beside it.
#[derive(Clone)]
pub struct Phone {
    secret: String,
    pub recovery_codes: Vec<String>,
}

impl Phone {
    /// The code that the app shows so many steps of 30 seconds from now.
    pub fn code_in(&self, portal: &TestPortal, steps: i64) -> String {
        let secret = Secret::try_from_base32(&self.secret).unwrap();
        let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
        let seconds = portal.clock.now().micros() / 1_000_000 + 30 * steps;
        totp.generate(u64::try_from(seconds).unwrap()).to_string()
    }

    pub fn code(&self, portal: &TestPortal) -> String {
        self.code_in(portal, 0)
    }
}

/// A code for the second step.
pub fn by_app(code: String) -> SecondStepCode {
    SecondStepCode { method: SecondStep::Totp, code }
}

/// A recovery code for the second step.
pub fn by_recovery(code: &str) -> SecondStepCode {
    SecondStepCode { method: SecondStep::RecoveryCode, code: code.into() }
}

impl TestPortal {
    /// A secret that is not switched on yet.
    pub async fn phone_before_its_first_code(&self, person: &Person) -> Phone {
        let setup = person.portal.set_up_totp().await.unwrap();
        Phone { secret: setup.secret, recovery_codes: Vec::new() }
    }

    /// Switches two-step verification on. The present code is used up by it.
    pub async fn phone(&self, person: &Person) -> Phone {
        let phone = self.phone_before_its_first_code(person).await;
        let codes = person.portal.confirm_totp(&TotpCode { code: phone.code(self) }).await.unwrap();
        Phone { recovery_codes: codes.codes, ..phone }
    }

    /// The first step in a browser of one's own: the password is right, and a second step is asked.
    pub async fn first_step(&self, username: &str) -> Portal {
        let portal = self.visitor();
        let answer =
            portal.sign_in(&SignIn { username: username.into(), password: PASSWORD.into() }).await.unwrap();
        assert!(matches!(answer, SignInAnswer::SecondStep { .. }), "{answer:?}");
        portal
    }

    /// Both steps, the second by a recovery code.
    pub async fn sign_in_by_recovery(&self, username: &str, code: &str) -> (Portal, SessionView) {
        let portal = self.first_step(username).await;
        let session = portal.second_step(&by_recovery(code)).await.unwrap();
        (portal, session)
    }

    /// Gives the account a verified address.
    pub async fn verify_email(&self, person: &Person, email: &str) {
        person.portal.change_email(&EmailChange { email: email.into() }).await.unwrap();
        let token = self.mail_to(email, MailKind::VerifyEmail).await.token();
        self.visitor().prove_email(&portal_domain::accounts::EmailProof { token }).await.unwrap();
    }
}
