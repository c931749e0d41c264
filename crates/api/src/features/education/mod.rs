//! The education library (EDU-1): written and published by staff, read by everybody who is signed in, assigned to
//! patients into their mailbox. It knows nothing of charts: whoever shows a code asks for the items that explain it.

mod assignments;
mod files;
mod library;
mod markdown;
mod routes;
mod service;
mod store;

pub use assignments::assign;
pub use library::{must_be_there, summaries};
pub use routes::routes;
pub use service::{create, publish};
