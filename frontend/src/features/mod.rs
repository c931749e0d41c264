//! The slices: each has its pages and the list of its routes. They never use each other; they link by path.

pub mod accounts;
pub mod appointments;
pub mod enrolment;
pub mod home;
pub mod mail;
pub mod practice;
pub mod results;
