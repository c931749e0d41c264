//! Health records to take away.

use portal_domain::{
    ids::{HealthRecordId, PatientId},
    page::{Page, PageQuery},
    record::{HealthRecordView, NewHealthRecord, RecordDownload, RecordFormat},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/health-records")
}

fn path(patient: PatientId, id: HealthRecordId) -> String {
    format!("{}/{id}", all_of(patient))
}

/// Where a file of a record is downloaded from, within five minutes of a proof.
pub fn health_record_file_path(patient: PatientId, id: HealthRecordId, format: RecordFormat) -> String {
    format!("{}/files/{format}", path(patient, id))
}

impl Portal {
    /// What the patient asked for, newest first.
    pub async fn health_records(
        &self,
        patient: PatientId,
        page: &PageQuery,
    ) -> Result<Page<HealthRecordView>> {
        self.call(Request::get(all_of(patient)).query(page)?).await
    }

    /// Asks for a record; needs a proof of the last five minutes.
    pub async fn request_health_record(
        &self,
        patient: PatientId,
        asked: &NewHealthRecord,
        key: Uuid,
    ) -> Result<HealthRecordView> {
        self.call(Request::post(all_of(patient)).json(asked)?.key(key)).await
    }

    /// One of them.
    pub async fn health_record(&self, patient: PatientId, id: HealthRecordId) -> Result<HealthRecordView> {
        self.call(Request::get(path(patient, id))).await
    }

    /// Has one that failed tried again.
    pub async fn retry_health_record(
        &self,
        patient: PatientId,
        id: HealthRecordId,
    ) -> Result<HealthRecordView> {
        self.call(Request::post(format!("{}/retry", path(patient, id)))).await
    }

    /// Asks whether a file can be downloaded now.
    pub async fn check_health_record_download(
        &self,
        patient: PatientId,
        id: HealthRecordId,
        format: RecordFormat,
    ) -> Result<()> {
        let asked = RecordDownload { format };
        self.done(Request::post(format!("{}/downloads", path(patient, id))).json(&asked)?).await
    }

    /// The bytes of a file. A page opens its address instead ([`health_record_file_path`]).
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn health_record_file(
        &self,
        patient: PatientId,
        id: HealthRecordId,
        format: RecordFormat,
    ) -> Result<Vec<u8>> {
        Ok(self.send(Request::get(health_record_file_path(patient, id, format))).await?.body)
    }
}
