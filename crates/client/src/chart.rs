//! The chart to read.

use portal_domain::{
    ids::PatientId,
    record::{ChartSection, Section, SectionQuery, VitalSign},
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// A section of the chart.
    pub async fn chart_section(
        &self,
        patient: PatientId,
        section: Section,
        query: &SectionQuery,
    ) -> Result<ChartSection> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/chart/{section}")).query(query)?).await
    }

    /// Vital signs, each with its newest values.
    pub async fn vital_signs(&self, patient: PatientId) -> Result<Vec<VitalSign>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/vital-signs"))).await
    }
}
