//! Laboratory results.

use portal_domain::{
    ids::{PatientId, ResultId},
    page::{Page, PageQuery},
    results::{Recall, Recalled, Release, ResultSummary, ResultView, UnreleasedResult},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

impl Portal {
    /// The results that wait for release, oldest first (providers).
    pub async fn unreleased_results(&self, page: &PageQuery) -> Result<Page<UnreleasedResult>> {
        self.call(Request::get("/api/v1/results/unreleased").query(page)?).await
    }

    /// A patient's results, newest first; a patient sees released ones only.
    pub async fn results(&self, patient: PatientId, page: &PageQuery) -> Result<Page<ResultSummary>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/results")).query(page)?).await
    }

    /// One result with its values.
    pub async fn result(&self, patient: PatientId, result: ResultId) -> Result<ResultView> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/results/{result}"))).await
    }

    /// Makes a result visible to the patient (providers). `version` is the one that the provider saw.
    pub async fn release_result(
        &self,
        patient: PatientId,
        result: ResultId,
        version: i64,
        release: &Release,
        key: Uuid,
    ) -> Result<ResultView> {
        let path = format!("/api/v1/patients/{patient}/results/{result}/release");
        self.call(Request::post(path).json(release)?.if_match(version).key(key)).await
    }

    /// Takes back a mistaken release (providers). `version` is the one that the provider saw.
    pub async fn recall_result(
        &self,
        patient: PatientId,
        result: ResultId,
        version: i64,
        recall: &Recall,
        key: Uuid,
    ) -> Result<Recalled> {
        let path = format!("/api/v1/patients/{patient}/results/{result}/recall");
        self.call(Request::post(path).json(recall)?.if_match(version).key(key)).await
    }
}
