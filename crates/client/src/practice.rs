//! The practice.

use portal_domain::practice::{PracticeView, ProviderView};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// The practice's name, terms and locations; needs no sign-in.
    pub async fn practice(&self) -> Result<PracticeView> {
        self.call(Request::get("/api/v1/practice")).await
    }

    /// The providers with whom appointments can be asked for.
    pub async fn providers(&self) -> Result<Vec<ProviderView>> {
        self.call(Request::get("/api/v1/practice/providers")).await
    }
}
