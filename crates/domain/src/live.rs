//! What the server tells an open page by itself: that something is new, never what it says.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::words::words;

words! {
    /// Which part of a page is out of date.
    LiveKind {
        /// Any of it: the first event of every stream, and whenever some may have been missed.
        Everything = "everything",
        /// A patient's inbox.
        Inbox = "inbox",
        /// A queue of the staff.
        Queue = "queue",
    }
}

/// One event of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveEvent {
    /// What is out of date.
    pub kind: LiveKind,
    /// The thing that changed; none when it may be many.
    pub id: Option<Uuid>,
}

impl LiveEvent {
    /// What is told when events may have been missed.
    pub const EVERYTHING: Self = Self { kind: LiveKind::Everything, id: None };
}

/// How a stream of events is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct LiveQuery {
    /// Ends the stream after so many events, for programs that would rather wait for one answer; without it the stream
    /// stays open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1))]
    pub take: Option<u32>,
}
