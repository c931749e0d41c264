//! What is kept from whoever acts for a patient (PRX-4), whatever was shared with them: the patient sees it, and staff.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Category, Depth, NoAccess, Reach},
    dependents::Relationship,
    ids::ProxyGrantId,
    time::Time,
    words::words,
};

words! {
    /// What can be kept back.
    SensitiveKind {
        /// A result, with what it corrects and what corrects it.
        Result = "result",
        /// A medication of the chart, with the requests for it.
        Medication = "medication",
        /// A document.
        Document = "document",
        /// A conversation with a care team.
        Thread = "thread",
        /// An appointment, or the request for one.
        Appointment = "appointment",
    }
}

impl SensitiveKind {
    /// The category in which it would be seen.
    pub const fn category(self) -> Category {
        match self {
            Self::Result => Category::Results,
            Self::Medication => Category::Medications,
            Self::Document => Category::Documents,
            Self::Thread => Category::Messages,
            Self::Appointment => Category::Appointments,
        }
    }
}

/// Whether somebody with this reach sees one thing of the chart: it must be shared, and not be kept back. Nothing that is
/// given lifts what is kept back.
pub fn is_seen(reach: &Reach, kind: SensitiveKind, is_kept_back: bool) -> bool {
    !is_kept_back && reach.sees(kind.category())
}

/// Keeps one thing back, or shows it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SensitivityChange {
    /// What kind of thing.
    pub kind: SensitiveKind,
    /// Its id.
    pub subject_id: Uuid,
    /// Whether it is kept back from now on.
    pub is_sensitive: bool,
}

/// A thing of the chart that can be kept back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SensitiveItem {
    /// What kind of thing.
    pub kind: SensitiveKind,
    /// Its id.
    pub subject_id: Uuid,
    /// Its name; of conversations nothing, which only their teams read.
    pub title: Option<String>,
    /// When it was.
    pub at: Option<Time>,
    /// Since when it is kept back; null when it is not.
    pub kept_since: Option<Time>,
    /// Who keeps it back, by name; null for the practice's policy and where nobody does.
    pub kept_by: Option<String>,
}

/// Somebody who acts for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedProxy {
    /// The grant.
    pub id: ProxyGrantId,
    /// Who.
    pub name: String,
    /// What they are to the patient.
    pub relationship: Relationship,
}

/// What can be kept back of a chart, and from whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SensitivityView {
    /// Whoever acts for the patient by a grant that nobody revoked.
    pub proxies: Vec<NamedProxy>,
    /// What can be kept back, with what is.
    pub items: Vec<SensitiveItem>,
}

/// What somebody who acts for the patient sees today, as their own pages would say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProxyPreview {
    /// Who.
    pub proxy: NamedProxy,
    /// Why they see nothing at all; null when they see something.
    pub why_not: Option<NoAccess>,
    /// What is shared, and what is seen of it.
    pub parts: Vec<PreviewPart>,
    /// Unread items of their inbox for the patient, up to 100.
    pub unread: i64,
}

/// What somebody sees of one category. Those without a list of their own tell only how far they go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewPart {
    /// Which.
    pub category: Category,
    /// How far it goes.
    pub depth: Depth,
    /// What is seen, the newest first, at most 100; null for a category without a list.
    pub items: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Level, SHAREABLE, Share};

    #[test]
    fn whatever_can_be_kept_back_could_be_shared() {
        for kind in SensitiveKind::ALL {
            assert!(SHAREABLE.contains(&kind.category()), "{kind}");
        }
    }

    #[test]
    fn nothing_that_is_given_lifts_what_is_kept_back() {
        let limited = [Share { category: Category::Results, depth: Depth::Act }];
        for kind in SensitiveKind::ALL {
            for reach in [Reach::of(Level::Full, &[]), Reach::of(Level::Limited, &limited)] {
                assert!(!is_seen(&reach, *kind, true));
                assert_eq!(is_seen(&reach, *kind, false), reach.sees(kind.category()));
            }
        }
    }
}
