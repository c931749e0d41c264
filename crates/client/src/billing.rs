//! Balances and payments (PAY-1 to PAY-4).

use portal_domain::{
    billing::{
        BalanceView, BillingImport, BillingView, CloseQuery, DailyClose, LedgerLine, NewBillingLines,
        NewDeskPayment, NewPayment, NewRefund, NewVoid, NewWriteOff, PaymentView, Reconciliation,
        StatementView, WriteOffDecision, WriteOffView, YearView,
    },
    ids::{LedgerTransactionId, PatientId, PaymentId, StatementId, WriteOffId},
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn of(patient: PatientId, path: &str) -> String {
    format!("/api/v1/patients/{patient}/{path}")
}

/// Where a statement is a paper (PDF).
pub fn statement_pdf_path(patient: PatientId, id: StatementId) -> String {
    of(patient, &format!("statements/{id}/pdf"))
}

/// Where a receipt is a paper (PDF).
pub fn receipt_pdf_path(patient: PatientId, id: PaymentId) -> String {
    of(patient, &format!("payments/{id}/receipt.pdf"))
}

/// Where a year for tax is a paper (PDF).
pub fn year_pdf_path(patient: PatientId, year: i32) -> String {
    of(patient, &format!("billing/years/{year}/pdf"))
}

/// Where the day's money is a table; a query may follow.
pub fn daily_close_path() -> &'static str {
    "/api/v1/billing/daily-close.csv"
}

impl Portal {
    /// What a patient owes.
    pub async fn billing(&self, patient: PatientId) -> Result<BillingView> {
        self.call(Request::get(of(patient, "billing"))).await
    }

    /// What was charged and paid, the newest first.
    pub async fn billing_lines(&self, patient: PatientId, page: &PageQuery) -> Result<Page<LedgerLine>> {
        self.call(Request::get(of(patient, "billing/lines")).query(page)?).await
    }

    /// One statement.
    pub async fn statement(&self, patient: PatientId, id: StatementId) -> Result<StatementView> {
        self.call(Request::get(of(patient, &format!("statements/{id}")))).await
    }

    /// A calendar year for tax.
    pub async fn billing_year(&self, patient: PatientId, year: i32) -> Result<YearView> {
        self.call(Request::get(of(patient, &format!("billing/years/{year}")))).await
    }

    /// The bytes of a paper. A page opens its address instead.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn paper(&self, path: String) -> Result<Vec<u8>> {
        Ok(self.send(Request::get(path)).await?.body)
    }

    /// Begins a payment (PAY-3).
    pub async fn pay(&self, patient: PatientId, new: &NewPayment, key: Uuid) -> Result<PaymentView> {
        self.call(Request::post(of(patient, "payments")).json(new)?.key(key)).await
    }

    /// One payment.
    pub async fn payment(&self, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
        self.call(Request::get(of(patient, &format!("payments/{id}")))).await
    }

    /// Asks the gateway where a payment stands.
    pub async fn check_payment(&self, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
        self.call(Request::post(of(patient, &format!("payments/{id}/check")))).await
    }

    /// Gives up a payment that nobody has paid.
    pub async fn cancel_payment(&self, patient: PatientId, id: PaymentId) -> Result<PaymentView> {
        self.call(Request::post(of(patient, &format!("payments/{id}/cancel")))).await
    }

    /// Posts lines of the billing system (integrators, staff).
    pub async fn post_billing_lines(&self, new: &NewBillingLines) -> Result<BillingImport> {
        self.call(Request::post("/api/v1/billing/lines").json(new)?).await
    }

    /// Posts the lines of a file (staff, integrators).
    pub async fn upload_billing_file(&self, file: Vec<u8>) -> Result<BillingImport> {
        self.call(Request::post("/api/v1/billing/files").bytes(file, "text/csv")).await
    }

    /// The practice's balances (staff).
    pub async fn balances(&self, page: &PageQuery) -> Result<Page<BalanceView>> {
        self.call(Request::get("/api/v1/billing/balances").query(page)?).await
    }

    /// Posts money that was taken at the desk (staff).
    pub async fn take_payment(
        &self,
        patient: PatientId,
        new: &NewDeskPayment,
        key: Uuid,
    ) -> Result<PaymentView> {
        self.call(Request::post(of(patient, "billing/desk-payments")).json(new)?.key(key)).await
    }

    /// Takes a payment at the desk back (staff).
    pub async fn void_payment(
        &self,
        patient: PatientId,
        id: LedgerTransactionId,
        new: &NewVoid,
        key: Uuid,
    ) -> Result<PaymentView> {
        let path = of(patient, &format!("billing/lines/{id}/void"));
        self.call(Request::post(path).json(new)?.key(key)).await
    }

    /// Gives money back (staff).
    pub async fn refund_payment(
        &self,
        patient: PatientId,
        id: PaymentId,
        new: &NewRefund,
        key: Uuid,
    ) -> Result<PaymentView> {
        let path = of(patient, &format!("payments/{id}/refund"));
        self.call(Request::post(path).json(new)?.key(key)).await
    }

    /// Asks for a write-off (staff).
    pub async fn ask_write_off(
        &self,
        patient: PatientId,
        new: &NewWriteOff,
        key: Uuid,
    ) -> Result<WriteOffView> {
        self.call(Request::post(of(patient, "billing/write-offs")).json(new)?.key(key)).await
    }

    /// Write-offs that wait (staff).
    pub async fn write_offs(&self, page: &PageQuery) -> Result<Page<WriteOffView>> {
        self.call(Request::get("/api/v1/billing/write-offs").query(page)?).await
    }

    /// Decides about a write-off (staff).
    pub async fn decide_write_off(
        &self,
        patient: PatientId,
        id: WriteOffId,
        decision: WriteOffDecision,
        key: Uuid,
    ) -> Result<WriteOffView> {
        let path = of(patient, &format!("billing/write-offs/{id}/decide"));
        self.call(Request::post(path).json(&decision)?.key(key)).await
    }

    /// What was posted on a day (staff).
    pub async fn daily_close(&self, query: &CloseQuery) -> Result<DailyClose> {
        self.call(Request::get("/api/v1/billing/daily-close").query(query)?).await
    }

    /// The day's payments in the ledger and at the gateway, with what differs (staff).
    pub async fn reconciliation(&self, query: &CloseQuery) -> Result<Vec<Reconciliation>> {
        self.call(Request::get("/api/v1/billing/reconciliation").query(query)?).await
    }

    /// The same as a table (staff).
    pub async fn daily_close_table(&self, query: &CloseQuery) -> Result<String> {
        self.text(Request::get(daily_close_path()).query(query)?).await
    }
}
