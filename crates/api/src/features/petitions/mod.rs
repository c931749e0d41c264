//! Requests that the law gives patients: to correct the record (PHR-6, 45 CFR 164.526), and not to share or use something of it
//! (45 CFR 164.522(a)); by when the practice should have acted, and its answer. In what the two differ is
//! [`portal_domain::petitions::Petition`]'s to say. Neither changes a chart.

mod routes;
mod service;
mod store;

pub use routes::{amendments, restrictions};
