//! Important notices (NOT-1): written by front desk, shown on the patient's home page while they run, delivered into
//! the mailbox once they begin. It knows nothing of why a patient belongs to an audience.

mod deliver;
mod reader;
mod routes;
mod service;
mod store;

pub use deliver::due as deliver_due;
pub use routes::routes;
pub use service::publish;
