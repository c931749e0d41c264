//! A typed client of the portal's API: one function an operation.
//!
//! The page in the browser, the tests, the load tool and integrators use this same crate. Natively it
//! speaks through reqwest (with a cookie store), in the browser through `fetch`.

mod accounts;
mod amendments;
mod appointments;
mod audit;
mod billing;
mod chart;
mod dependents;
mod disputes;
mod documents;
mod education;
mod emergency;
mod enrolment;
mod health_records;
mod helping;
mod http;
mod integrations;
mod live;
mod mail;
mod messages;
mod notices;
mod notifications;
mod outside_records;
mod passkeys;
mod patients;
mod payment_methods;
mod payment_plans;
mod practice;
mod proposals;
mod receivables;
mod recovery;
mod refills;
mod restricted;
mod restrictions;
mod results;
mod sensitivity;
mod transmissions;

pub use appointments::calendar_path;
pub use audit::{access_table_path, audit_table_path};
pub use billing::{daily_close_path, receipt_pdf_path, statement_pdf_path, year_pdf_path};
pub use documents::document_file_path;
pub use education::{education_file_path, education_upload_path};
pub use health_records::health_record_file_path;
pub use http::{Error, Portal, Result};
pub use integrations::{AccessToken, KeySet, SigningKey};
pub use live::events_path;
pub use messages::{attachment_path, upload_path};
pub use notices::acknowledgements_path;
pub use outside_records::outside_record_file_path;
pub use portal_domain as domain;
pub use receivables::receivables_path;
pub use transmissions::TRANSMISSION_DOWNLOAD_PATH;
