//! Reading the audit trail: patients see who was at their record (AUD-1), the privacy officer sees everything. What is
//! written, sealed and checked is the platform's; this room changes nothing.

mod routes;
mod service;
mod store;

pub use routes::routes;
