//! What staff do for an account whose owner can't get in: a reset token, an unlock, a lost second step; and the accounts
//! of staff themselves.

mod routes;
mod service;

pub use routes::routes;
