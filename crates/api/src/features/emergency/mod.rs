//! Records that staff open in an emergency, though the patient belongs to other locations (ADM-6). What an emergency opens
//! is decided where charts are opened ([`crate::platform::access`]); this room writes down why, and tells the privacy officer.

mod routes;
mod service;
mod store;

pub use routes::routes;
