//! Care teams: who answers what and where, the texts they reuse, and who stands in for whom. It knows nothing of the
//! messages that they answer.

mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::{add_template, choice, choices, due, members, must_be_member, own_teams, seed, view};
pub use store::{TeamRow, covered_by, covers_for, find, teams};
