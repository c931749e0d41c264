//! Requests not to share or use something of the record, and their answers.

use portal_domain::{
    ids::{PatientId, PetitionId},
    page::{Page, PageQuery},
    petitions::PetitionQueueQuery,
    restrictions::{NewRestriction, RestrictionAnswer, RestrictionView},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/restrictions")
}

impl Portal {
    /// The practice's requests, soonest due first (staff).
    pub async fn restriction_queue(&self, query: &PetitionQueueQuery) -> Result<Page<RestrictionView>> {
        self.call(Request::get("/api/v1/restrictions").query(query)?).await
    }

    /// A patient's requests, newest first.
    pub async fn restrictions(&self, patient: PatientId, page: &PageQuery) -> Result<Page<RestrictionView>> {
        self.call(Request::get(all_of(patient)).query(page)?).await
    }

    /// Asks the practice not to share or use something (45 CFR 164.522(a)).
    pub async fn request_restriction(
        &self,
        patient: PatientId,
        new: &NewRestriction,
        key: Uuid,
    ) -> Result<RestrictionView> {
        self.call(Request::post(all_of(patient)).json(new)?.key(key)).await
    }

    /// One request.
    pub async fn restriction(&self, patient: PatientId, id: PetitionId) -> Result<RestrictionView> {
        self.call(Request::get(format!("{}/{id}", all_of(patient)))).await
    }

    /// Takes a request back, or ends what was agreed.
    pub async fn withdraw_restriction(
        &self,
        patient: PatientId,
        id: PetitionId,
        key: Uuid,
    ) -> Result<RestrictionView> {
        self.call(Request::post(format!("{}/{id}/withdraw", all_of(patient))).key(key)).await
    }

    /// Answers a request (staff).
    pub async fn answer_restriction(
        &self,
        seen: &RestrictionView,
        answer: &RestrictionAnswer,
        key: Uuid,
    ) -> Result<RestrictionView> {
        let path = format!("{}/{}/answer", all_of(seen.petitioned.patient.id), seen.petitioned.id);
        self.call(Request::post(path).json(answer)?.if_match(seen.petitioned.version).key(key)).await
    }
}
