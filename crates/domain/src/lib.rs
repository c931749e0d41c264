//! The words and rules of the portal.
//!
//! Everything here is pure: no HTTP, no SQL, no clock, no randomness. The server and the page in
//! the browser run the same functions, so a rule is written once. Rule ids (`APT-3`, `SEC-1`)
//! are those of the project's rule book.

pub mod chart;
#[cfg(feature = "fhir")]
pub mod fhir;
pub mod ids;
pub mod time;
