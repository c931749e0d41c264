//! Important notices.

use portal_domain::{
    audience::Audience,
    ids::{NoticeId, PatientId},
    notices::{Acknowledgement, NoticeContent, NoticeView, PatientNotice, Reach},
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn path(notice: NoticeId) -> String {
    format!("/api/v1/notices/{notice}")
}

fn of_patient(patient: PatientId, notice: NoticeId) -> String {
    format!("/api/v1/patients/{patient}/notices/{notice}")
}

/// Where the list of acknowledgements is downloaded as a table.
pub fn acknowledgements_path(notice: NoticeId) -> String {
    format!("{}/acknowledgements.csv", path(notice))
}

impl Portal {
    /// The practice's notices, the newest first (staff).
    pub async fn notices(&self, page: &PageQuery) -> Result<Page<NoticeView>> {
        self.call(Request::get("/api/v1/notices").query(page)?).await
    }

    /// Publishes a notice (staff).
    pub async fn publish_notice(&self, content: &NoticeContent, key: Uuid) -> Result<NoticeView> {
        self.call(Request::post("/api/v1/notices").key(key).json(content)?).await
    }

    /// How many patients an audience has today (staff).
    pub async fn notice_reach(&self, audience: &Audience) -> Result<Reach> {
        self.call(Request::post("/api/v1/audiences/reach").json(audience)?).await
    }

    /// One notice as staff wrote it.
    pub async fn notice(&self, notice: NoticeId) -> Result<NoticeView> {
        self.call(Request::get(path(notice))).await
    }

    /// Edits a notice (staff). `version` is the one that was seen.
    pub async fn change_notice(
        &self,
        notice: NoticeId,
        version: i64,
        content: &NoticeContent,
    ) -> Result<NoticeView> {
        self.call(Request::put(path(notice)).if_match(version).json(content)?).await
    }

    /// Takes a notice back (staff).
    pub async fn withdraw_notice(&self, notice: NoticeId, version: i64) -> Result<NoticeView> {
        self.call(Request::post(format!("{}/withdraw", path(notice))).if_match(version)).await
    }

    /// Who has a notice, and who acknowledged it (staff).
    pub async fn acknowledgements(
        &self,
        notice: NoticeId,
        page: &PageQuery,
    ) -> Result<Page<Acknowledgement>> {
        self.call(Request::get(format!("{}/acknowledgements", path(notice))).query(page)?).await
    }

    /// The same as a table for spreadsheets.
    pub async fn acknowledgement_table(&self, notice: NoticeId) -> Result<String> {
        self.text(Request::get(acknowledgements_path(notice))).await
    }

    /// The notices that are running for a patient, the most severe first.
    pub async fn current_notices(&self, patient: PatientId) -> Result<Vec<PatientNotice>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/notices"))).await
    }

    /// One notice, for its reader.
    pub async fn read_notice(&self, patient: PatientId, notice: NoticeId) -> Result<PatientNotice> {
        self.call(Request::get(of_patient(patient, notice))).await
    }

    /// Confirms having read a notice.
    pub async fn acknowledge_notice(&self, patient: PatientId, notice: NoticeId) -> Result<PatientNotice> {
        self.call(Request::post(format!("{}/acknowledge", of_patient(patient, notice)))).await
    }
}
