//! Laboratory results: released by a provider or by the practice's policy, read by the patient (LAB-1 to LAB-3). It knows
//! nothing of how results come in (integrations) and delivers its news into the mailbox.

mod lists;
mod policies;
mod routes;
mod service;
mod store;
mod view;
mod waiting;

pub use lists::shown;
pub use policies::{change_policies, policies, release_due};
pub use routes::routes;
pub use service::{open, release};
pub use waiting::unreleased;
