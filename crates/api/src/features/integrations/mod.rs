//! Integrators: access tokens, and the charts that come in from other systems (API-2, API-3).

mod ingest;
mod routes;
mod service;
mod store;

pub use ingest::{Imported, import, import_files};
pub use routes::{root_routes, routes};
pub use service::create_client;
pub use store::names as client_names;
