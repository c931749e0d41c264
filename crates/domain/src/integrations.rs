//! Loading charts from other systems (API-3).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::words::words;

words! {
    /// What became of an entry of a bundle.
    EntryResult {
        /// It was not there before.
        Created = "created",
        /// It was there with other content.
        Updated = "updated",
        /// It was there with the same content.
        Unchanged = "unchanged",
        /// The portal does not keep it, see the reason.
        Ignored = "ignored",
    }
}

/// What became of one bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportView {
    /// How many entries are new.
    pub created: u32,
    /// How many changed something.
    pub updated: u32,
    /// How many were known already.
    pub unchanged: u32,
    /// How many the portal does not keep.
    pub ignored: u32,
    /// Each entry, in the bundle's order.
    pub entries: Vec<EntryView>,
}

/// What became of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryView {
    /// Where it stands in the bundle, from 0.
    pub index: u32,
    /// The resource type.
    pub resource_type: String,
    /// The id in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// What became of it.
    pub result: EntryResult,
    /// Why it was ignored, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it was ignored, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_text: Option<String>,
    /// Its id in the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
}

impl ImportView {
    /// The outcomes with their counts.
    pub fn of(entries: Vec<EntryView>) -> Self {
        let mut view = Self::default();
        for entry in &entries {
            *match entry.result {
                EntryResult::Created => &mut view.created,
                EntryResult::Updated => &mut view.updated,
                EntryResult::Unchanged => &mut view.unchanged,
                EntryResult::Ignored => &mut view.ignored,
            } += 1;
        }
        Self { entries, ..view }
    }
}
