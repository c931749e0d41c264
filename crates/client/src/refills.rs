//! The medication list, and requests for refills and renewals.

use portal_domain::{
    ids::{MedicationRequestId, PatientId},
    page::{Page, PageQuery},
    refills::{
        MedicationRequestView, MedicationView, NewMedicationRequest, RefillAnswer, RefillQueueQuery,
        Withdrawal,
    },
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/medication-requests")
}

fn path(patient: PatientId, id: MedicationRequestId) -> String {
    format!("{}/{id}", all_of(patient))
}

impl Portal {
    /// A patient's medications, what is taken now first.
    pub async fn medications(&self, patient: PatientId) -> Result<Vec<MedicationView>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/medications"))).await
    }

    /// The practice's requests, longest waiting first (staff).
    pub async fn medication_request_queue(
        &self,
        query: &RefillQueueQuery,
    ) -> Result<Page<MedicationRequestView>> {
        self.call(Request::get("/api/v1/medication-requests").query(query)?).await
    }

    /// A patient's requests, newest first.
    pub async fn medication_requests(
        &self,
        patient: PatientId,
        page: &PageQuery,
    ) -> Result<Page<MedicationRequestView>> {
        self.call(Request::get(all_of(patient)).query(page)?).await
    }

    /// Asks for refills and renewals (MED-2).
    pub async fn request_medications(
        &self,
        patient: PatientId,
        request: &NewMedicationRequest,
        key: Uuid,
    ) -> Result<MedicationRequestView> {
        self.call(Request::post(all_of(patient)).json(request)?.key(key)).await
    }

    /// One request.
    pub async fn medication_request(
        &self,
        patient: PatientId,
        id: MedicationRequestId,
    ) -> Result<MedicationRequestView> {
        self.call(Request::get(path(patient, id))).await
    }

    /// Takes medications of a request back that wait for an answer.
    pub async fn withdraw_medications(
        &self,
        patient: PatientId,
        id: MedicationRequestId,
        back: &Withdrawal,
        key: Uuid,
    ) -> Result<MedicationRequestView> {
        self.call(Request::post(format!("{}/withdraw", path(patient, id))).json(back)?.key(key)).await
    }

    /// Answers medications of a request (staff).
    pub async fn answer_medication_request(
        &self,
        seen: &MedicationRequestView,
        answer: &RefillAnswer,
        key: Uuid,
    ) -> Result<MedicationRequestView> {
        let path = format!("{}/answer", path(seen.patient.id, seen.id));
        self.call(Request::post(path).json(answer)?.if_match(seen.version).key(key)).await
    }
}
