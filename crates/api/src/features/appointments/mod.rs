//! Appointment requests and the appointments they become (APT-1 to APT-6). It knows nothing of how its news is read:
//! it delivers into the mailbox.

mod calendar;
mod routes;
mod service;
mod store;
mod vtimezone;

pub use routes::routes;
pub use service::{Decision, decide, request, sent, shown};
