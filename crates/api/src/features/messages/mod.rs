//! Secure messages: threads between patients and care teams, drafts, files, and the teams' queues (MSG-1 to MSG-8). It
//! knows nothing of how its news is read: it delivers into the mailbox.
//!
//! Staff see what a message says only by opening its thread, which is a write: from there on it can't be taken back.

mod attachment_routes;
mod attachments;
mod cohort;
mod cohort_routes;
mod draft_routes;
mod drafts;
mod queue;
mod queue_routes;
mod routes;
mod sending;
mod service;
mod store;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

pub use cohort::{deliver_due, send as send_to_cohort};
pub use queue::open;
pub use sending::{Fresh, answer, begin_dispute, rest, send_now};
pub use service::sent;
pub use store::owners;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    routes::routes(config);
    draft_routes::routes(config);
    attachment_routes::routes(config);
    queue_routes::routes(config);
    cohort_routes::routes(config);
}
