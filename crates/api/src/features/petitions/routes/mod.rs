//! The same operations for each kind of request.

pub mod amendments;
pub mod restrictions;
