//! The slices: each has its pages and the list of its routes. They never use each other; they link by path.

pub mod accounts;
pub mod enrolment;
pub mod practice;
