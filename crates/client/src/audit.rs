//! Reading the audit trail.

use portal_domain::{
    audit::{AccessCount, AccessQuery, AccessView, AuditEntryView, AuditQuery, AuditSummary},
    ids::PatientId,
    page::Page,
};

use crate::http::{Portal, Request, Result};

fn of_patient(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/access-log")
}

/// Where a patient's access log is downloaded as a table.
pub fn access_table_path(patient: PatientId) -> String {
    format!("{}.csv", of_patient(patient))
}

/// Where the audit trail is downloaded as a table.
pub fn audit_table_path() -> &'static str {
    "/api/v1/audit-entries.csv"
}

impl Portal {
    /// Who looked at a patient's record, the newest first (AUD-1).
    pub async fn access_log(&self, patient: PatientId, query: &AccessQuery) -> Result<Page<AccessView>> {
        self.call(Request::get(of_patient(patient)).query(query)?).await
    }

    /// Each person who did, and how often.
    pub async fn access_people(&self, patient: PatientId, query: &AccessQuery) -> Result<Vec<AccessCount>> {
        self.call(Request::get(format!("{}/people", of_patient(patient))).query(query)?).await
    }

    /// The audit trail of a period, the newest first (the privacy officer).
    pub async fn audit_entries(&self, query: &AuditQuery) -> Result<Page<AuditEntryView>> {
        self.call(Request::get("/api/v1/audit-entries").query(query)?).await
    }

    /// The same, counted by day and by person.
    pub async fn audit_summary(&self, query: &AuditQuery) -> Result<AuditSummary> {
        self.call(Request::get("/api/v1/audit-entries/summary").query(query)?).await
    }

    /// Who looked at a patient's record, as a table for spreadsheets.
    pub async fn access_table(&self, patient: PatientId, query: &AccessQuery) -> Result<String> {
        self.text(Request::get(access_table_path(patient)).query(query)?).await
    }

    /// The audit trail of a period as a table for spreadsheets (the privacy officer).
    pub async fn audit_table(&self, query: &AuditQuery) -> Result<String> {
        self.text(Request::get(audit_table_path()).query(query)?).await
    }
}
