//! What patients ask the chart to become, and the answers of staff.

use portal_domain::{
    ids::{PatientId, ProposalId},
    page::Page,
    proposals::{
        ChartEntryView, NewProposal, ProposalAnswer, ProposalQueueQuery, ProposalSubject, ProposalSummary,
        ProposalView, ProposalsQuery,
    },
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn all_of(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/proposals")
}

impl Portal {
    /// The entries of one part of the chart by field.
    pub async fn chart_entries(
        &self,
        patient: PatientId,
        about: ProposalSubject,
    ) -> Result<Vec<ChartEntryView>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/chart-entries/{about}"))).await
    }

    /// The practice's proposals, soonest due first (staff).
    pub async fn proposal_queue(&self, query: &ProposalQueueQuery) -> Result<Page<ProposalSummary>> {
        self.call(Request::get("/api/v1/proposals").query(query)?).await
    }

    /// What a patient proposed, newest first.
    pub async fn proposals(
        &self,
        patient: PatientId,
        query: &ProposalsQuery,
    ) -> Result<Page<ProposalSummary>> {
        self.call(Request::get(all_of(patient)).query(query)?).await
    }

    /// Proposes a change of the chart (MED-1).
    pub async fn propose(&self, patient: PatientId, new: &NewProposal, key: Uuid) -> Result<ProposalView> {
        self.call(Request::post(all_of(patient)).json(new)?.key(key)).await
    }

    /// One proposal.
    pub async fn proposal(&self, patient: PatientId, id: ProposalId) -> Result<ProposalView> {
        self.call(Request::get(format!("{}/{id}", all_of(patient)))).await
    }

    /// Takes a proposal back.
    pub async fn withdraw_proposal(
        &self,
        patient: PatientId,
        id: ProposalId,
        key: Uuid,
    ) -> Result<ProposalView> {
        self.call(Request::post(format!("{}/{id}/withdraw", all_of(patient))).key(key)).await
    }

    /// Answers a proposal (staff).
    pub async fn answer_proposal(
        &self,
        seen: &ProposalSummary,
        answer: &ProposalAnswer,
        key: Uuid,
    ) -> Result<ProposalView> {
        let path = format!("{}/{}/answer", all_of(seen.patient.id), seen.id);
        self.call(Request::post(path).json(answer)?.if_match(seen.version).key(key)).await
    }
}
