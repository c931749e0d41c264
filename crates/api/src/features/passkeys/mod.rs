//! Passkeys (WebAuthn): the owner's list of them, and what they open: a session, the second step, an act that asks for
//! proof. It knows nothing of passwords and codes.

mod entering;
mod relying_party;
mod routes;
mod service;
mod store;

pub use routes::routes;
pub use store::forget_old as forget_old_ceremonies;
