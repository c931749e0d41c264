//! Records that the privacy officer restricts to named staff (ADM-6). What that shuts is decided where charts are opened
//! ([`crate::platform::access`]); this room keeps to whom they are open, and why.

mod routes;
mod service;
mod store;

pub use routes::routes;
