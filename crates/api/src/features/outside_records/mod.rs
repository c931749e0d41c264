//! Records that a patient brings from elsewhere: kept sealed as they came, read anew each time they are shown. They are
//! apart from the chart: no list, trend, search or record of the portal holds anything of them, until staff take a single
//! entry over.

mod entries;
mod files;
mod routes;
mod service;
mod store;

pub use entries::{Which, accept};
pub use files::upload;
pub use routes::routes;
pub use service::open;
