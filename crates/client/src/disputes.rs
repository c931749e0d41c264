//! What patients question of their bills (PAY-4).

use portal_domain::{
    billing::{DisputeDecision, DisputeQuery, DisputeView, NewDispute},
    ids::{DisputeId, PatientId},
    page::Page,
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn of(patient: PatientId, rest: &str) -> String {
    format!("/api/v1/patients/{patient}/billing/disputes{rest}")
}

impl Portal {
    /// Questions something of a bill.
    pub async fn dispute(&self, patient: PatientId, new: &NewDispute, key: Uuid) -> Result<DisputeView> {
        self.call(Request::post(of(patient, "")).json(new)?.key(key)).await
    }

    /// What a patient questions.
    pub async fn disputes(&self, patient: PatientId, query: &DisputeQuery) -> Result<Page<DisputeView>> {
        self.call(Request::get(of(patient, "")).query(query)?).await
    }

    /// One thing that a patient questions.
    pub async fn open_dispute(&self, patient: PatientId, id: DisputeId) -> Result<DisputeView> {
        self.call(Request::get(of(patient, &format!("/{id}")))).await
    }

    /// Takes it back.
    pub async fn withdraw_dispute(
        &self,
        patient: PatientId,
        id: DisputeId,
        key: Uuid,
    ) -> Result<DisputeView> {
        self.call(Request::post(of(patient, &format!("/{id}/withdraw"))).key(key)).await
    }

    /// Decides about it (staff).
    pub async fn decide_dispute(
        &self,
        patient: PatientId,
        id: DisputeId,
        decision: &DisputeDecision,
        key: Uuid,
    ) -> Result<DisputeView> {
        self.call(Request::post(of(patient, &format!("/{id}/decide"))).json(decision)?.key(key)).await
    }

    /// What the practice's patients question (staff).
    pub async fn dispute_queue(&self, query: &DisputeQuery) -> Result<Page<DisputeView>> {
        self.call(Request::get("/api/v1/billing/disputes").query(query)?).await
    }
}
