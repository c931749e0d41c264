//! The stream that tells an open page that something is new. What is told comes from [`crate::platform::live`]; this room
//! only carries it.

mod routes;
mod service;

pub use routes::routes;
