//! The mailbox.

use portal_domain::{
    ids::{InboxItemId, PatientId},
    mail::{Inbox, SentItem},
    page::{Page, PageQuery},
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// What arrived, newest first.
    pub async fn inbox(&self, patient: PatientId, page: &PageQuery) -> Result<Inbox> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/inbox")).query(page)?).await
    }

    /// Marks an item as read.
    pub async fn mark_read(&self, patient: PatientId, item: InboxItemId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/patients/{patient}/inbox/{item}/read"))).await
    }

    /// What the patient sent, newest first (MSG-6).
    pub async fn sent_items(&self, patient: PatientId, page: &PageQuery) -> Result<Page<SentItem>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/sent")).query(page)?).await
    }
}
