//! What is kept from whoever acts for a patient, and what they see (PRX-4). It keeps nothing and filters nothing itself: what
//! is kept back is part of every leave to act for somebody ([`crate::platform::access`]), and what is seen is what the other
//! rooms show to such a leave.

mod routes;
mod service;

pub use routes::routes;
