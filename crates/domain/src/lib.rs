//! The words and rules of the portal.
//!
//! Everything here is pure: no HTTP, no SQL, no clock, no randomness. The server and the page in
//! the browser run the same functions, so a rule is written once. Rule ids (`APT-3`, `SEC-1`)
//! are those of the project's rule book.

pub mod access;
pub mod accounts;
pub mod amendments;
pub mod appointments;
pub mod audience;
pub mod audit;
pub mod billing;
pub mod chart;
pub mod csv;
pub mod dependents;
pub mod documents;
pub mod education;
pub mod emergency;
pub mod enrolment;
#[cfg(feature = "fhir")]
pub mod fhir;
pub mod files;
pub mod ids;
pub mod integrations;
pub mod language;
pub mod live;
pub mod mail;
pub mod messages;
pub mod notices;
pub mod notifications;
pub mod outbox;
pub mod outside;
pub mod page;
pub mod patients;
pub mod petitions;
pub mod practice;
pub mod problem;
pub mod proposals;
pub mod record;
pub mod refills;
pub mod restricted;
pub mod restrictions;
pub mod results;
pub mod search;
pub mod sensitivity;
#[cfg(feature = "sql")]
pub mod sql;
pub mod text;
pub mod time;
pub mod transmissions;
mod words;

pub use words::NotAWord;
