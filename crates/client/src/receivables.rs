//! What the practice is owed in all, and refunds that failed (PAY-4).

use portal_domain::{
    billing::{FailedRefund, Receivables},
    page::{Page, PageQuery},
};

use crate::http::{Portal, Request, Result};

/// Where it is a table.
pub fn receivables_path() -> &'static str {
    "/api/v1/billing/receivables.csv"
}

impl Portal {
    /// What the practice is owed in all (staff).
    pub async fn receivables(&self) -> Result<Receivables> {
        self.call(Request::get("/api/v1/billing/receivables")).await
    }

    /// Refunds that failed and in whose place nothing was given back (staff).
    pub async fn failed_refunds(&self, page: &PageQuery) -> Result<Page<FailedRefund>> {
        self.call(Request::get("/api/v1/billing/failed-refunds").query(page)?).await
    }

    /// What the practice is owed as a table (staff).
    pub async fn receivables_table(&self) -> Result<String> {
        self.text(Request::get(receivables_path())).await
    }
}
