//! Copies of a health record that are sent to somebody.

use portal_domain::{
    ids::{HealthRecordId, PatientId, TransmissionId},
    page::{Page, PageQuery},
    transmissions::{
        NewTransmission, TransmissionKey, TransmissionOpened, TransmissionSent, TransmissionView,
    },
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

/// Where a form with token and code saves the file.
pub const TRANSMISSION_DOWNLOAD_PATH: &str = "/api/v1/transmissions/download";

impl Portal {
    /// Sends a copy; needs a proof of the last five minutes.
    pub async fn send_transmission(
        &self,
        patient: PatientId,
        record: HealthRecordId,
        new: &NewTransmission,
        key: Uuid,
    ) -> Result<TransmissionSent> {
        let path = format!("/api/v1/patients/{patient}/health-records/{record}/transmissions");
        self.call(Request::post(path).json(new)?.key(key)).await
    }

    /// What the patient sent, newest first.
    pub async fn transmissions(
        &self,
        patient: PatientId,
        page: &PageQuery,
    ) -> Result<Page<TransmissionView>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/transmissions")).query(page)?).await
    }

    /// Takes a copy back.
    pub async fn withdraw_transmission(
        &self,
        patient: PatientId,
        id: TransmissionId,
    ) -> Result<TransmissionView> {
        self.call(Request::post(format!("/api/v1/patients/{patient}/transmissions/{id}/withdraw"))).await
    }

    /// Opens a copy by its link and pass code; nobody needs to be signed in.
    pub async fn open_transmission(&self, key: &TransmissionKey) -> Result<TransmissionOpened> {
        self.call(Request::post("/api/v1/transmissions/open").json(key)?).await
    }

    /// The bytes of a copy. A page sends a form instead ([`TRANSMISSION_DOWNLOAD_PATH`]).
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn download_transmission(&self, key: &TransmissionKey) -> Result<Vec<u8>> {
        Ok(self.send(Request::post(TRANSMISSION_DOWNLOAD_PATH).form(key)?).await?.body)
    }
}
