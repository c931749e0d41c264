//! The mailbox: what arrived for a patient, and what the patient sent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    appointments::{Reason, State},
    ids::{AppointmentId, InboxItemId},
    time::Time,
    words::words,
};

words! {
    /// What an inbox item tells.
    ItemKind {
        /// A result was released (LAB-1); the subject is the result.
        ResultReleased = "result_released",
        /// A request was approved (APT-1); the subject is the appointment.
        AppointmentConfirmed = "appointment_confirmed",
        /// A request was denied; the subject is the appointment.
        AppointmentDenied = "appointment_denied",
        /// The clinic offers another time; the subject is the appointment.
        AppointmentProposed = "appointment_proposed",
        /// The clinic cancelled; the subject is the appointment.
        AppointmentCancelled = "appointment_cancelled",
        /// Something happened to the account (SEC-7); the subject is the event, the title its word.
        AccountEvent = "account_event",
        /// The practice has an important notice (NOT-1); the subject is the notice.
        Notice = "notice",
    }
}

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// The id.
    pub id: InboxItemId,
    /// What it tells.
    pub kind: ItemKind,
    /// When it arrived.
    pub at: Time,
    /// The name of the thing: a test, a location.
    pub title: String,
    /// What to open, as the kind tells.
    pub subject_id: Uuid,
    /// When the patient opened it; null while unread.
    pub read_at: Option<Time>,
}

/// One page of the inbox, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The items.
    pub items: Vec<InboxItem>,
    /// Send this as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
    /// Unread items in the whole inbox.
    pub unread: i64,
}

/// Something the patient sent: an appointment request (MSG-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentItem {
    /// The request.
    pub appointment_id: AppointmentId,
    /// When it was sent.
    pub at: Time,
    /// To which location.
    pub location: String,
    /// What it was about.
    pub reason: Reason,
    /// Where it stands.
    pub state: State,
    /// Whether it can still be recalled (APT-4).
    pub can_recall: bool,
}
