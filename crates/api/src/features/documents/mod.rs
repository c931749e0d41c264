//! Documents that staff attach to a chart: written or as a file, unseen by the patient until they are released, withdrawn
//! with a reason (PHR-6).

mod files;
mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::{create, release, shown};
