//! Families and access: who looks after whom (PRX-1, PRX-2), and the practice's policy for minors (PRX-3). It knows nothing
//! of what is in a chart: what a grant gives is decided where charts are opened ([`crate::platform::access`]).

mod ages;
mod asking;
mod giving;
mod invites;
mod routes;
mod service;
mod store;
mod warning;

pub use ages::set as set_policy;
pub use asking::{approve, request};
pub use routes::routes;
pub use service::{holds_address, proxies_for as proxies_of};
pub use store::named as named_grants;
pub use warning::warn_due;
