//! Charts that come in from other systems as FHIR bundles (API-3).
//!
//! One bundle is one transaction: all of it is kept or nothing. A resource is known by (source system,
//! type, id) and by a hash of its content, so that the same bundle twice changes nothing. Whatever waits
//! for release arrives unreleased, and a released result is never changed: new content becomes a
//! correction of it that waits for release itself (LAB-1, LAB-3). What FHIR means is the domain's
//! affair (`portal_domain::fhir`); who may read the chart is that of other rooms.

mod command;
mod filing;
mod reports;
mod routes;
mod service;
mod store;

pub use command::import_files;
pub use routes::routes;
pub use service::{Imported, import};
