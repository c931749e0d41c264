//! Enrolment: how a person with a chart gets an account (ENR-1, ENR-2). It knows nothing of passwords' storage or of the
//! chart beyond name and date of birth.

mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::{Proven, Temporary, create_account, issue, prove, temporary, use_up};
