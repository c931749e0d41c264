//! Signing in and out: password, second step, proof, and who is signed in.

mod routes;
mod service;
mod step;

pub use routes::routes;
pub use service::finish;
pub use step::Step;
