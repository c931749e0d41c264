//! The mailbox: what arrived for a patient and what the patient sent. It knows nothing of results or of how
//! appointments are decided; those rooms deliver into it.

mod digest;
mod notice;
mod routes;
mod service;
mod store;

pub use notice::{
    SWITCHED_OFF, UNSUBSCRIBE, deliver, deliver_quietly, mark_subject_read, unsubscribes, withdraw,
    withdraw_from_all,
};
pub use routes::routes;
pub use service::titles_of_messages;
pub use store::{Delivery, has_owner, rename, unread};
