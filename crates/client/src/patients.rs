//! The registry.

use portal_domain::{
    ids::PatientId,
    page::Page,
    patients::{PatientQuery, PatientSummary, PatientView},
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Finds patients (staff).
    pub async fn patients(&self, query: &PatientQuery) -> Result<Page<PatientSummary>> {
        self.call(Request::get("/api/v1/patients").query(query)?).await
    }

    /// One patient with contact data.
    pub async fn patient(&self, patient: PatientId) -> Result<PatientView> {
        self.call(Request::get(format!("/api/v1/patients/{patient}"))).await
    }
}
