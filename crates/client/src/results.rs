//! Laboratory results.

use portal_domain::{
    ids::{PatientId, ResultId},
    page::{Page, PageQuery},
    results::{
        BulkRelease, Hold, Recall, Recalled, Release, ReleaseOutcome, ReleasePolicies, ReleasePoliciesView,
        ReleaseQueueQuery, ResultSummary, ResultView, ResultsQuery, TestView, UnreleasedResult, Waiting,
    },
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

impl Portal {
    /// The results that wait for release, oldest first (providers).
    pub async fn unreleased_results(&self, query: &ReleaseQueueQuery) -> Result<Page<UnreleasedResult>> {
        self.call(Request::get("/api/v1/results/unreleased").query(query)?).await
    }

    /// Releases several results, each for itself (providers).
    pub async fn release_results(&self, asked: &BulkRelease, key: Uuid) -> Result<Vec<ReleaseOutcome>> {
        self.call(Request::post("/api/v1/results/release").json(asked)?.key(key)).await
    }

    /// What a result waits for (providers, nurses).
    pub async fn result_waiting(&self, patient: PatientId, result: ResultId) -> Result<Waiting> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/results/{result}/waiting"))).await
    }

    /// Holds a result back (providers). `version` is the one that the provider saw.
    pub async fn hold_result(
        &self,
        patient: PatientId,
        result: ResultId,
        version: i64,
        hold: &Hold,
        key: Uuid,
    ) -> Result<Waiting> {
        let path = format!("/api/v1/patients/{patient}/results/{result}/hold");
        self.call(Request::post(path).json(hold)?.if_match(version).key(key)).await
    }

    /// Lifts a hold (providers). `version` is the one that the provider saw.
    pub async fn lift_hold(
        &self,
        patient: PatientId,
        result: ResultId,
        version: i64,
        key: Uuid,
    ) -> Result<Waiting> {
        let path = format!("/api/v1/patients/{patient}/results/{result}/lift");
        self.call(Request::post(path).if_match(version).key(key)).await
    }

    /// The policies for releasing results (administrators).
    pub async fn release_policies(&self) -> Result<ReleasePoliciesView> {
        self.call(Request::get("/api/v1/practice/release-policies")).await
    }

    /// Changes the policies for releasing results (administrators). `version` is the one that was seen.
    pub async fn change_release_policies(
        &self,
        version: i64,
        policies: &ReleasePolicies,
    ) -> Result<ReleasePoliciesView> {
        self.call(Request::put("/api/v1/practice/release-policies").json(policies)?.if_match(version)).await
    }

    /// A patient's results, newest first; a patient sees released ones only.
    pub async fn results(&self, patient: PatientId, page: &PageQuery) -> Result<Page<ResultSummary>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/results")).query(page)?).await
    }

    /// Some of a patient's results, newest first.
    pub async fn find_results(
        &self,
        patient: PatientId,
        query: &ResultsQuery,
    ) -> Result<Page<ResultSummary>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/results")).query(query)?).await
    }

    /// A patient's tests by name, each with its newest value; a patient sees released values only.
    pub async fn tests(&self, patient: PatientId, query: &ResultsQuery) -> Result<Page<TestView>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/tests")).query(query)?).await
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
