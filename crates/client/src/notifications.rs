//! E-mails about news (NTF-2, NTF-3).

use portal_domain::{
    ids::PatientId,
    notifications::{MailView, Unsubscribe},
    page::{Page, PageQuery},
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Ends the e-mails about news of the account that a mailed link names.
    pub async fn unsubscribe(&self, link: &Unsubscribe) -> Result<()> {
        self.done(Request::post("/api/v1/unsubscribe").query(link)?).await
    }

    /// What became of the e-mails to a patient, newest first.
    pub async fn mails(&self, patient: PatientId, page: &PageQuery) -> Result<Page<MailView>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/mails")).query(page)?).await
    }
}
