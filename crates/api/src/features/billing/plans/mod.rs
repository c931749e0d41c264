//! What is owed, paid in instalments by a kept card (PAY-1): agreed to, taken as it falls due, paused, ended. What an
//! instalment takes is a payment like any other (decision 0045).

mod due;
mod routes;
mod service;
mod settled;
mod staff;
mod store;

pub use due::{charge_due, go_on};
pub use routes::routes;
pub use service::{card_removed, create, finish_paid, uses};
pub use settled::settled;
