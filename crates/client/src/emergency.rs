//! Records that staff open in an emergency (ADM-6).

use portal_domain::{
    emergency::{EmergencyAccessView, EmergencyStanding, NewEmergencyAccess},
    ids::PatientId,
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn path(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/emergency-access")
}

impl Portal {
    /// Whether a patient's record opens only in an emergency, and what holds now (staff).
    pub async fn emergency_standing(&self, patient: PatientId) -> Result<EmergencyStanding> {
        self.call(Request::get(path(patient))).await
    }

    /// Opens a patient's record in an emergency (staff).
    pub async fn begin_emergency(
        &self,
        patient: PatientId,
        new: &NewEmergencyAccess,
        key: Uuid,
    ) -> Result<EmergencyAccessView> {
        self.call(Request::post(path(patient)).json(new)?.key(key)).await
    }

    /// Ends the own emergency access before its time (staff).
    pub async fn end_emergency(&self, patient: PatientId) -> Result<EmergencyStanding> {
        self.call(Request::post(format!("{}/end", path(patient)))).await
    }

    /// The practice's emergency accesses, the newest first (the privacy officer).
    pub async fn emergency_accesses(&self, page: &PageQuery) -> Result<Page<EmergencyAccessView>> {
        self.call(Request::get("/api/v1/emergency-accesses").query(page)?).await
    }
}
