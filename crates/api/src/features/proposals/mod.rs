//! What patients ask the chart to become (MED-1, MED-3): proposed, answered by staff, and only then part of the chart, in
//! one transaction with the news of it. What was accepted stands against the system that sent the entry (decision 0022).
//! It knows nothing of how charts come in.

mod chart;
mod feed;
mod routes;
mod service;
mod store;
mod taking;

pub use feed::Kept;
pub use routes::routes;
pub use service::propose;
pub use taking::{add_to_chart, take_out_of_chart};
