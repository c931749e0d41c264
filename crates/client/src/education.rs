//! The education library.

use portal_domain::{
    education::{
        EducationAssignment, EducationContent, EducationEntry, EducationFile, EducationReading,
        EducationSummary, EducationView, LibraryQuery, NewEducationAssignment, Preview, PreviewText,
        ReadingQuery,
    },
    ids::{EducationFileId, EducationId, PatientId},
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn path(id: EducationId) -> String {
    format!("/api/v1/education/{id}")
}

fn of_patient(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/education")
}

/// Where a file of an item is uploaded to.
pub fn education_upload_path(id: EducationId) -> String {
    format!("{}/files", path(id))
}

/// Where a file of an item is downloaded from.
pub fn education_file_path(id: EducationId, file: EducationFileId) -> String {
    format!("/api/v1/library/{id}/files/{file}")
}

impl Portal {
    /// Every item as its writers list them, the newest first (staff).
    pub async fn education_items(&self, page: &PageQuery) -> Result<Page<EducationEntry>> {
        self.call(Request::get("/api/v1/education").query(page)?).await
    }

    /// Writes a new item, as a draft (staff).
    pub async fn create_education(&self, content: &EducationContent, key: Uuid) -> Result<EducationView> {
        self.call(Request::post("/api/v1/education").key(key).json(content)?).await
    }

    /// How a text will look (staff).
    pub async fn preview_education(&self, text: &PreviewText) -> Result<Preview> {
        self.call(Request::post("/api/v1/education-preview").json(text)?).await
    }

    /// One item with its draft, its files and every published version (staff).
    pub async fn education_item(&self, id: EducationId) -> Result<EducationView> {
        self.call(Request::get(path(id))).await
    }

    /// Saves the draft (staff). `version` is the one that was seen.
    pub async fn save_education(
        &self,
        id: EducationId,
        version: i64,
        content: &EducationContent,
    ) -> Result<EducationView> {
        self.call(Request::put(path(id)).if_match(version).json(content)?).await
    }

    /// Publishes the draft (staff).
    pub async fn publish_education(&self, id: EducationId, version: i64) -> Result<EducationView> {
        self.call(Request::post(format!("{}/publish", path(id))).if_match(version)).await
    }

    /// Takes an item out of the library (staff).
    pub async fn retire_education(&self, id: EducationId, version: i64) -> Result<EducationView> {
        self.call(Request::post(format!("{}/retire", path(id))).if_match(version)).await
    }

    /// Uploads a file to an item (staff).
    pub async fn upload_education_file(
        &self,
        id: EducationId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<EducationFile> {
        let request = Request::post(education_upload_path(id)).query(&[("name", name)])?;
        self.call(request.bytes(bytes, "application/octet-stream")).await
    }

    /// The text of a file; a browser saves it by its address ([`education_file_path`]).
    pub async fn education_file_text(&self, id: EducationId, file: EducationFileId) -> Result<String> {
        self.text(Request::get(education_file_path(id, file))).await
    }

    /// A page of what stands in the library.
    pub async fn library(&self, query: &LibraryQuery) -> Result<Page<EducationSummary>> {
        self.call(Request::get("/api/v1/library").query(query)?).await
    }

    /// One item, to read.
    pub async fn read_education(&self, id: EducationId, query: &ReadingQuery) -> Result<EducationReading> {
        self.call(Request::get(format!("/api/v1/library/{id}")).query(query)?).await
    }

    /// What was assigned to a patient.
    pub async fn assigned_education(&self, patient: PatientId) -> Result<Vec<EducationAssignment>> {
        self.call(Request::get(of_patient(patient))).await
    }

    /// Assigns an item to a patient (staff).
    pub async fn assign_education(
        &self,
        patient: PatientId,
        new: &NewEducationAssignment,
        key: Uuid,
    ) -> Result<Vec<EducationAssignment>> {
        self.call(Request::post(of_patient(patient)).key(key).json(new)?).await
    }

    /// Takes an assignment back (staff).
    pub async fn take_back_education(&self, patient: PatientId, id: EducationId) -> Result<()> {
        self.done(Request::delete(format!("{}/{id}", of_patient(patient)))).await
    }

    /// Keeps that the patient opened an assigned item.
    pub async fn mark_education_read(&self, patient: PatientId, id: EducationId) -> Result<()> {
        self.done(Request::post(format!("{}/{id}/read", of_patient(patient)))).await
    }
}
