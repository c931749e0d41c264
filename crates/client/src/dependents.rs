//! Families and access: who looks after whom.

use portal_domain::{
    access::AgePolicy,
    dependents::{
        AgePolicyView, DependentApproval, DependentDenial, DependentQueueQuery, DependentRequestView,
        DependentView, InviteAcceptance, IssuedProxyInvite, NewDependent, NewDependentRequest,
        NewProxyInvite, ProxiesView, ProxyChange,
    },
    ids::{DependentRequestId, PatientId, ProxyGrantId, ProxyInviteId},
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn of(patient: PatientId, what: &str) -> String {
    format!("/api/v1/patients/{patient}/{what}")
}

fn asked(patient: PatientId, id: DependentRequestId) -> String {
    of(patient, &format!("dependent-requests/{id}"))
}

impl Portal {
    /// Whom a patient's account looks after.
    pub async fn dependents(&self, patient: PatientId) -> Result<Vec<DependentView>> {
        self.call(Request::get(of(patient, "dependents"))).await
    }

    /// Looks after somebody by their enrolment token.
    pub async fn add_dependent(&self, patient: PatientId, new: &NewDependent) -> Result<DependentView> {
        self.call(Request::post(of(patient, "dependents")).json(new)?).await
    }

    /// Accepts an invitation to look after somebody.
    pub async fn accept_invite(&self, patient: PatientId, code: &InviteAcceptance) -> Result<DependentView> {
        self.call(Request::post(of(patient, "dependents/accept")).json(code)?).await
    }

    /// Looks after somebody no longer.
    pub async fn leave_dependent(&self, patient: PatientId, id: ProxyGrantId) -> Result<()> {
        self.done(Request::post(of(patient, &format!("dependents/{id}/leave")))).await
    }

    /// Who looks after a patient.
    pub async fn proxies(&self, patient: PatientId) -> Result<ProxiesView> {
        self.call(Request::get(of(patient, "proxies"))).await
    }

    /// Changes what somebody may do, of the version that was seen.
    pub async fn change_proxy(
        &self,
        patient: PatientId,
        id: ProxyGrantId,
        version: i64,
        change: &ProxyChange,
    ) -> Result<ProxiesView> {
        let request = Request::put(of(patient, &format!("proxies/{id}"))).if_match(version);
        self.call(request.json(change)?).await
    }

    /// Revokes what somebody may do.
    pub async fn revoke_proxy(&self, patient: PatientId, id: ProxyGrantId) -> Result<ProxiesView> {
        self.call(Request::post(of(patient, &format!("proxies/{id}/revoke")))).await
    }

    /// Invites somebody to look after the patient.
    pub async fn invite_proxy(&self, patient: PatientId, new: &NewProxyInvite) -> Result<IssuedProxyInvite> {
        self.call(Request::post(of(patient, "proxy-invites")).json(new)?).await
    }

    /// Withdraws an invitation.
    pub async fn withdraw_invite(&self, patient: PatientId, id: ProxyInviteId) -> Result<()> {
        self.done(Request::post(of(patient, &format!("proxy-invites/{id}/withdraw")))).await
    }

    /// The practice's requests to look after somebody, longest waiting first (staff).
    pub async fn dependent_queue(&self, query: &DependentQueueQuery) -> Result<Page<DependentRequestView>> {
        self.call(Request::get("/api/v1/dependent-requests").query(query)?).await
    }

    /// A patient's requests to look after somebody, newest first.
    pub async fn dependent_requests(
        &self,
        patient: PatientId,
        page: &PageQuery,
    ) -> Result<Page<DependentRequestView>> {
        self.call(Request::get(of(patient, "dependent-requests")).query(page)?).await
    }

    /// Asks to look after somebody.
    pub async fn request_dependent(
        &self,
        patient: PatientId,
        new: &NewDependentRequest,
        key: Uuid,
    ) -> Result<DependentRequestView> {
        self.call(Request::post(of(patient, "dependent-requests")).json(new)?.key(key)).await
    }

    /// One request.
    pub async fn dependent_request(
        &self,
        patient: PatientId,
        id: DependentRequestId,
    ) -> Result<DependentRequestView> {
        self.call(Request::get(asked(patient, id))).await
    }

    /// Approves a request as it was seen (staff).
    pub async fn approve_dependent(
        &self,
        seen: &DependentRequestView,
        approval: &DependentApproval,
        key: Uuid,
    ) -> Result<DependentRequestView> {
        let request =
            Request::post(format!("{}/approve", asked(seen.asked_by.id, seen.id))).json(approval)?;
        self.call(request.key(key).if_match(seen.version)).await
    }

    /// Denies a request as it was seen (staff).
    pub async fn deny_dependent(
        &self,
        seen: &DependentRequestView,
        denial: &DependentDenial,
        key: Uuid,
    ) -> Result<DependentRequestView> {
        let request = Request::post(format!("{}/deny", asked(seen.asked_by.id, seen.id))).json(denial)?;
        self.call(request.key(key).if_match(seen.version)).await
    }

    /// The practice's policy for minors (administrators).
    pub async fn age_policy(&self) -> Result<AgePolicyView> {
        self.call(Request::get("/api/v1/practice/age-policy")).await
    }

    /// Changes it, of the version that was seen.
    pub async fn change_age_policy(&self, version: i64, policy: &AgePolicy) -> Result<AgePolicyView> {
        self.call(Request::put("/api/v1/practice/age-policy").if_match(version).json(policy)?).await
    }
}
