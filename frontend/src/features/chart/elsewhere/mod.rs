//! Records that the patient brought from other clinics: shown as what they are, apart from the chart.

pub(super) mod detail_page;
pub(super) mod list_page;
