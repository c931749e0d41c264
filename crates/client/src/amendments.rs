//! Requests to correct the record, and their answers.

use portal_domain::{
    amendments::{AmendmentAnswer, AmendmentView, NewAmendment},
    ids::{PatientId, PetitionId},
    page::{Page, PageQuery},
    petitions::PetitionQueueQuery,
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/amendments")
}

impl Portal {
    /// The practice's requests, soonest due first (staff).
    pub async fn amendment_queue(&self, query: &PetitionQueueQuery) -> Result<Page<AmendmentView>> {
        self.call(Request::get("/api/v1/amendments").query(query)?).await
    }

    /// A patient's requests, newest first.
    pub async fn amendments(&self, patient: PatientId, page: &PageQuery) -> Result<Page<AmendmentView>> {
        self.call(Request::get(all_of(patient)).query(page)?).await
    }

    /// Asks for a correction of the record (PHR-6).
    pub async fn request_amendment(
        &self,
        patient: PatientId,
        new: &NewAmendment,
        key: Uuid,
    ) -> Result<AmendmentView> {
        self.call(Request::post(all_of(patient)).json(new)?.key(key)).await
    }

    /// One request.
    pub async fn amendment(&self, patient: PatientId, id: PetitionId) -> Result<AmendmentView> {
        self.call(Request::get(format!("{}/{id}", all_of(patient)))).await
    }

    /// Takes a request back.
    pub async fn withdraw_amendment(
        &self,
        patient: PatientId,
        id: PetitionId,
        key: Uuid,
    ) -> Result<AmendmentView> {
        self.call(Request::post(format!("{}/{id}/withdraw", all_of(patient))).key(key)).await
    }

    /// Answers a request (staff).
    pub async fn answer_amendment(
        &self,
        seen: &AmendmentView,
        answer: &AmendmentAnswer,
        key: Uuid,
    ) -> Result<AmendmentView> {
        let path = format!("{}/{}/answer", all_of(seen.petitioned.patient.id), seen.petitioned.id);
        self.call(Request::post(path).json(answer)?.if_match(seen.petitioned.version).key(key)).await
    }
}
