//! The slices: one folder a feature, the same name as in the domain, the client and the page.
//!
//! Inside a slice `routes` calls `service` calls `store`; between slices only a sibling's `mod.rs` is used, along the
//! edges that `tests/it/rooms.rs` lists.

pub mod accounts;
pub mod appointments;
pub mod audiences;
pub mod audit;
pub mod billing;
pub mod care_teams;
pub mod dependents;
pub mod documents;
pub mod education;
pub mod emergency;
pub mod enrolment;
pub mod health_record;
pub mod helping;
pub mod integrations;
pub mod live;
pub mod mail;
pub mod messages;
pub mod notices;
pub mod notifications;
pub mod outside_records;
pub mod passkeys;
pub mod patients;
pub mod petitions;
pub mod practice;
pub mod proposals;
pub mod recovery;
pub mod refills;
pub mod restricted;
pub mod results;
pub mod second_step;
pub mod sensitivity;
pub mod sign_in;
pub mod transmissions;
