//! Laboratory results: released by a provider, read by the patient (LAB-1, LAB-3). It knows nothing of how results
//! come in (integrations) and delivers its news into the mailbox.

mod routes;
mod service;
mod store;
mod view;

pub use routes::routes;
pub use service::{open, release, unreleased};
