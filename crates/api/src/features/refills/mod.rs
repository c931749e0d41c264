//! The medication list, and requests for refills and renewals (MED-2): what may be asked for, who asked, what the practice
//! answered drug by drug. It changes no prescription: the prescriber and the pharmacy do.

mod medications;
mod routes;
mod service;
mod store;

pub use medications::of as medications;
pub use routes::routes;
pub use service::{answer, request};
