//! Requests to correct the record (PHR-6, 45 CFR 164.526): what a patient says is wrong, by when the practice must have
//! acted, and its answer. It changes no chart: whoever keeps the entry corrects it where it was made.

mod routes;
mod service;
mod store;

pub use routes::routes;
