//! The registry: who has a chart. It knows nothing of accounts, results or appointments.

mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::find;
pub use store::{chart_version, identified, summaries, summary, touch_chart};
