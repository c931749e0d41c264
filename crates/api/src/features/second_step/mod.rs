//! The second step of a sign-in by a typed code (SEC-2): authenticator apps and recovery codes. Passkeys have a room of
//! their own.

mod routes;
mod service;
mod store;
mod totp;

pub use routes::routes;
pub use service::{methods, take_code};
