//! Records from elsewhere.

use portal_domain::{
    ids::{OutsideRecordId, PatientId},
    outside::{DecidedEntry, OutsideDismissal, OutsideEntryView, OutsideRecordOpened, OutsideRecordView},
    page::{Page, PageQuery},
};

use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/outside-records")
}

fn path(patient: PatientId, id: OutsideRecordId) -> String {
    format!("{}/{id}", all_of(patient))
}

fn entry_path(patient: PatientId, record: OutsideRecordId, entry: &str, verb: &str) -> String {
    format!("{}/entries/{entry}/{verb}", path(patient, record))
}

/// Where the file of a record is downloaded, as it came.
pub fn outside_record_file_path(patient: PatientId, id: OutsideRecordId) -> String {
    format!("{}/file", path(patient, id))
}

impl Portal {
    /// What the patient brought, newest first.
    pub async fn outside_records(
        &self,
        patient: PatientId,
        page: &PageQuery,
    ) -> Result<Page<OutsideRecordView>> {
        self.call(Request::get(all_of(patient)).query(page)?).await
    }

    /// Brings a C-CDA or a FHIR bundle.
    pub async fn bring_outside_record(
        &self,
        patient: PatientId,
        bytes: Vec<u8>,
    ) -> Result<OutsideRecordView> {
        self.call(Request::post(all_of(patient)).bytes(bytes, "application/octet-stream")).await
    }

    /// One of them, with what it says.
    pub async fn outside_record(
        &self,
        patient: PatientId,
        id: OutsideRecordId,
    ) -> Result<OutsideRecordOpened> {
        self.call(Request::get(path(patient, id))).await
    }

    /// Removes one, with its file.
    pub async fn remove_outside_record(&self, patient: PatientId, id: OutsideRecordId) -> Result<()> {
        self.done(Request::delete(path(patient, id))).await
    }

    /// The file as it came. A page opens its address instead ([`outside_record_file_path`]).
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn outside_record_file(&self, patient: PatientId, id: OutsideRecordId) -> Result<Vec<u8>> {
        Ok(self.send(Request::get(outside_record_file_path(patient, id))).await?.body)
    }

    /// What was taken into the chart from such records, the newest first.
    pub async fn outside_entries(&self, patient: PatientId, page: &PageQuery) -> Result<Page<DecidedEntry>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/outside-entries")).query(page)?).await
    }

    /// Takes an entry into the chart (staff).
    pub async fn accept_outside_entry(
        &self,
        patient: PatientId,
        record: OutsideRecordId,
        seen: &OutsideEntryView,
        key: Uuid,
    ) -> Result<OutsideEntryView> {
        let path = entry_path(patient, record, &seen.entry, "accept");
        self.call(Request::post(path).if_match(seen.version).key(key)).await
    }

    /// Leaves an entry out of the chart (staff).
    pub async fn dismiss_outside_entry(
        &self,
        patient: PatientId,
        record: OutsideRecordId,
        seen: &OutsideEntryView,
        why: &OutsideDismissal,
        key: Uuid,
    ) -> Result<OutsideEntryView> {
        let path = entry_path(patient, record, &seen.entry, "dismiss");
        self.call(Request::post(path).json(why)?.if_match(seen.version).key(key)).await
    }

    /// Undoes a decision about an entry, as it was seen in this version (staff).
    pub async fn undo_outside_entry(
        &self,
        patient: PatientId,
        record: OutsideRecordId,
        entry: &str,
        version: i64,
        key: Uuid,
    ) -> Result<()> {
        self.done(Request::post(entry_path(patient, record, entry, "undo")).if_match(version).key(key)).await
    }
}
