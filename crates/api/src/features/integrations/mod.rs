//! Integrators.

pub mod ingest;
