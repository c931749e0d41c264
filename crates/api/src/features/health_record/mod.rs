//! The health record that a patient reads a section at a time, and takes away (PHR-1, PHR-3): asked for, gathered from the
//! chart once, written in every format, kept sealed for 30 days. It knows nothing of how the chart is filled.

mod command;
mod gather;
mod making;
mod reading;
mod routes;
mod service;
mod store;

pub use command::{Exported, export_all, export_file};
pub use gather::named;
pub use making::{expire_due, make_due};
pub use routes::routes;
pub use service::{ReadyFile, ready_file};
pub use store::withdraw_since;
