//! What is owed, paid in instalments (PAY-1).

use portal_domain::{
    billing::{NewPlan, NewPlanCard, PaymentPlanView, PaymentView, PlanQuery, PlanSummary, StopPlan},
    ids::{PatientId, PaymentPlanId},
    page::Page,
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn plans(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/payment-plans")
}

impl Portal {
    /// A patient's payment plans.
    pub async fn payment_plans(&self, patient: PatientId) -> Result<Vec<PaymentPlanView>> {
        self.call(Request::get(plans(patient))).await
    }

    /// Agrees to a payment plan.
    pub async fn create_payment_plan(
        &self,
        patient: PatientId,
        new: &NewPlan,
        key: Uuid,
    ) -> Result<PaymentPlanView> {
        self.call(Request::post(plans(patient)).json(new)?.key(key)).await
    }

    /// Changes the card of a plan.
    pub async fn change_plan_card(
        &self,
        patient: PatientId,
        id: PaymentPlanId,
        new: NewPlanCard,
        key: Uuid,
    ) -> Result<PaymentPlanView> {
        self.call(Request::post(format!("{}/{id}/change-card", plans(patient))).json(&new)?.key(key)).await
    }

    /// Pays the next instalment now.
    pub async fn pay_next_instalment(
        &self,
        patient: PatientId,
        id: PaymentPlanId,
        key: Uuid,
    ) -> Result<PaymentView> {
        self.call(Request::post(format!("{}/{id}/pay-next", plans(patient))).key(key)).await
    }

    /// Ends a plan.
    pub async fn end_payment_plan(
        &self,
        patient: PatientId,
        id: PaymentPlanId,
        key: Uuid,
    ) -> Result<PaymentPlanView> {
        self.call(Request::post(format!("{}/{id}/end", plans(patient))).key(key)).await
    }

    /// The practice's payment plans (staff).
    pub async fn practice_payment_plans(&self, query: &PlanQuery) -> Result<Page<PlanSummary>> {
        self.call(Request::get("/api/v1/billing/payment-plans").query(query)?).await
    }

    /// Ends a patient's plan (staff).
    pub async fn stop_payment_plan(
        &self,
        patient: PatientId,
        id: PaymentPlanId,
        why: &StopPlan,
        key: Uuid,
    ) -> Result<PaymentPlanView> {
        self.call(Request::post(format!("{}/{id}/stop", plans(patient))).json(why)?.key(key)).await
    }
}
