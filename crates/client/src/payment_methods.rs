//! Cards that the gateway keeps for the own login (PAY-2).

use portal_domain::{
    billing::{PaymentMethodView, RemoveMethodQuery},
    ids::{PatientId, PaymentMethodId},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn methods(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/payment-methods")
}

impl Portal {
    /// The own kept cards.
    pub async fn payment_methods(&self, patient: PatientId) -> Result<Vec<PaymentMethodView>> {
        self.call(Request::get(methods(patient))).await
    }

    /// Begins to keep a card without a payment.
    pub async fn add_payment_method(&self, patient: PatientId, key: Uuid) -> Result<PaymentMethodView> {
        self.call(Request::post(methods(patient)).key(key)).await
    }

    /// Asks the gateway whether it keeps a card.
    pub async fn check_payment_method(
        &self,
        patient: PatientId,
        id: PaymentMethodId,
    ) -> Result<PaymentMethodView> {
        self.call(Request::post(format!("{}/{id}/check", methods(patient)))).await
    }

    /// Takes a card away.
    pub async fn remove_payment_method(
        &self,
        patient: PatientId,
        id: PaymentMethodId,
        query: RemoveMethodQuery,
    ) -> Result<()> {
        self.done(Request::delete(format!("{}/{id}", methods(patient))).query(&query)?).await
    }
}
