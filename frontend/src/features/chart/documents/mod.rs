//! Documents that the practice gave the patient (PHR-6).

pub(super) mod detail_page;
pub(super) mod list_page;
