//! Enrolment by token (ENR-1).

use portal_domain::{
    accounts::SessionView,
    enrolment::{
        CredentialsMailed, EnrolmentState, Identity, IdentityConfirmed, IssuedToken, NewAccount,
        TemporaryCredentials,
    },
    ids::PatientId,
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Hands out an enrolment token, killing the one before (staff).
    pub async fn issue_enrolment_token(&self, patient: PatientId) -> Result<IssuedToken> {
        self.call(Request::post(format!("/api/v1/patients/{patient}/enrolment/tokens"))).await
    }

    /// Mails temporary credentials, killing the token before (staff, ENR-2).
    pub async fn mail_credentials(
        &self,
        patient: PatientId,
        credentials: &TemporaryCredentials,
    ) -> Result<CredentialsMailed> {
        let path = format!("/api/v1/patients/{patient}/enrolment/temporary-credentials");
        self.call(Request::post(path).json(credentials)?).await
    }

    /// Where a patient stands with enrolment (staff).
    pub async fn enrolment_state(&self, patient: PatientId) -> Result<EnrolmentState> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/enrolment"))).await
    }

    /// Checks token, date of birth and last name before the person chooses a username.
    pub async fn confirm_identity(&self, identity: &Identity) -> Result<IdentityConfirmed> {
        self.call(Request::post("/api/v1/enrolment/identity").json(identity)?).await
    }

    /// CREATE ACCOUNT; the person is signed in afterwards.
    pub async fn create_account(&self, account: &NewAccount) -> Result<SessionView> {
        self.call(Request::post("/api/v1/enrolment/accounts").json(account)?).await
    }
}
