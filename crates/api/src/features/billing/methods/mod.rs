//! Cards that a gateway keeps for a login (PAY-2): added, listed, taken away, and paid with. It knows no card number, and of
//! another login's cards nothing (decision 0045).

mod charging;
mod routes;
mod service;
pub mod store;

pub use charging::{charge, look_for};
pub use routes::routes;
pub use service::{adopt, after_payment, begin_with, heard, keep_for, look_after, usable};
