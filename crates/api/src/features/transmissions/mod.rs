//! Copies of a health record that a patient sends to somebody: by a mailed link with a pass code that is told apart, or as
//! a file of an e-mail. It keeps who got what and what became of it, and knows nothing of how records are made.

mod opening;
mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::end_with;
