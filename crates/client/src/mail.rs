//! The mailbox.

use portal_domain::{
    ids::{InboxItemId, PatientId},
    mail::{Inbox, InboxQuery, SentItem},
    page::Page,
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// A folder of what arrived, newest first.
    pub async fn inbox(&self, patient: PatientId, page: &InboxQuery) -> Result<Inbox> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/inbox")).query(page)?).await
    }

    /// Marks an item as read.
    pub async fn mark_read(&self, patient: PatientId, item: InboxItemId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/patients/{patient}/inbox/{item}/read"))).await
    }

    /// Puts an item away.
    pub async fn archive_item(&self, patient: PatientId, item: InboxItemId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/patients/{patient}/inbox/{item}/archive"))).await
    }

    /// Takes an item out of the archive.
    pub async fn unarchive_item(&self, patient: PatientId, item: InboxItemId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/patients/{patient}/inbox/{item}/unarchive"))).await
    }

    /// What the patient sent, newest first (MSG-6).
    pub async fn sent_items(&self, patient: PatientId, page: &InboxQuery) -> Result<Page<SentItem>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/sent")).query(page)?).await
    }
}
