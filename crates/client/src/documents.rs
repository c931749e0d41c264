//! Documents of a chart.

use portal_domain::{
    documents::{DocumentView, DocumentWithdrawal, NewDocument},
    ids::{DocumentId, PatientId},
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/documents")
}

fn path(patient: PatientId, id: DocumentId) -> String {
    format!("{}/{id}", all_of(patient))
}

/// Where the file of a document is downloaded.
pub fn document_file_path(patient: PatientId, id: DocumentId) -> String {
    format!("{}/file", path(patient, id))
}

impl Portal {
    /// The documents of a patient, newest first, without their text.
    pub async fn documents(&self, patient: PatientId, page: &PageQuery) -> Result<Page<DocumentView>> {
        self.call(Request::get(all_of(patient)).query(page)?).await
    }

    /// Attaches a document; nobody but staff sees it before its release.
    pub async fn create_document(
        &self,
        patient: PatientId,
        new: &NewDocument,
        key: Uuid,
    ) -> Result<DocumentView> {
        self.call(Request::post(all_of(patient)).json(new)?.key(key)).await
    }

    /// One of them.
    pub async fn document(&self, patient: PatientId, id: DocumentId) -> Result<DocumentView> {
        self.call(Request::get(path(patient, id))).await
    }

    /// Gives an unreleased document its file.
    pub async fn upload_document_file(
        &self,
        patient: PatientId,
        id: DocumentId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<DocumentView> {
        let request = Request::post(document_file_path(patient, id)).query(&[("name", name)])?;
        self.call(request.bytes(bytes, "application/octet-stream")).await
    }

    /// The bytes of a file. A page opens its address instead ([`document_file_path`]).
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn document_file(&self, patient: PatientId, id: DocumentId) -> Result<Vec<u8>> {
        Ok(self.send(Request::get(document_file_path(patient, id))).await?.body)
    }

    /// Shows a document to its patient (PHR-6).
    pub async fn release_document(
        &self,
        patient: PatientId,
        id: DocumentId,
        version: i64,
        key: Uuid,
    ) -> Result<DocumentView> {
        let request = Request::post(format!("{}/release", path(patient, id)));
        self.call(request.if_match(version).key(key)).await
    }

    /// Takes a released document back.
    pub async fn withdraw_document(
        &self,
        patient: PatientId,
        id: DocumentId,
        version: i64,
        withdrawal: &DocumentWithdrawal,
        key: Uuid,
    ) -> Result<DocumentView> {
        let request = Request::post(format!("{}/withdraw", path(patient, id)));
        self.call(request.json(withdrawal)?.if_match(version).key(key)).await
    }

    /// Throws away a document that was never released.
    pub async fn discard_document(&self, patient: PatientId, id: DocumentId) -> Result<()> {
        self.done(Request::delete(path(patient, id))).await
    }

    /// Marks a document as read by its patient.
    pub async fn mark_document_read(&self, patient: PatientId, id: DocumentId) -> Result<()> {
        self.done(Request::post(format!("{}/read", path(patient, id)))).await
    }
}
