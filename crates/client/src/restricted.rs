//! Records that are restricted to named staff (ADM-6), for the privacy officer.

use portal_domain::{
    ids::PatientId,
    page::{Page, PageQuery},
    restricted::{NewRestrictedRecord, RestrictedRecord, RestrictedStanding},
};

use crate::http::{Portal, Request, Result};

fn path(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/restricted-record")
}

impl Portal {
    /// The practice's restricted records, the newest restriction first.
    pub async fn restricted_records(&self, page: &PageQuery) -> Result<Page<RestrictedRecord>> {
        self.call(Request::get("/api/v1/restricted-records").query(page)?).await
    }

    /// Whether a record is restricted, and whom of the staff one can name.
    pub async fn restricted_record(&self, patient: PatientId) -> Result<RestrictedStanding> {
        self.call(Request::get(path(patient))).await
    }

    /// Restricts a record to named staff, as of the version that was seen.
    pub async fn restrict_record(
        &self,
        patient: PatientId,
        seen: i64,
        new: &NewRestrictedRecord,
    ) -> Result<RestrictedStanding> {
        self.call(Request::put(path(patient)).json(new)?.if_match(seen)).await
    }

    /// Opens a record again as other records are.
    pub async fn lift_restriction(&self, patient: PatientId) -> Result<RestrictedStanding> {
        self.call(Request::post(format!("{}/lift", path(patient)))).await
    }
}
