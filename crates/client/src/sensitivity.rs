//! What is kept from whoever acts for a patient (PRX-4).

use portal_domain::{
    ids::{PatientId, ProxyGrantId},
    sensitivity::{ProxyPreview, SensitivityChange, SensitivityView},
};

use crate::http::{Portal, Request, Result};

fn path(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/sensitive-items")
}

impl Portal {
    /// What can be kept back, with what is (staff).
    pub async fn sensitive_items(&self, patient: PatientId) -> Result<SensitivityView> {
        self.call(Request::get(path(patient))).await
    }

    /// Keeps something back, or shows it again (providers).
    pub async fn change_sensitivity(
        &self,
        patient: PatientId,
        change: &SensitivityChange,
    ) -> Result<SensitivityView> {
        self.call(Request::put(path(patient)).json(change)?).await
    }

    /// What somebody who acts for the patient sees (staff).
    pub async fn proxy_preview(&self, patient: PatientId, id: ProxyGrantId) -> Result<ProxyPreview> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/proxies/{id}/preview"))).await
    }
}
