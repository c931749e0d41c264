//! What is shared with whoever acts for the patient, so that a page hides or explains the rest. The server decides again.

use leptos::prelude::*;
use portal_domain::access::{Category, Depth, Share};

/// What these pages may show, by context; everything on the patient's own.
#[derive(Clone, Copy)]
pub struct Shared(StoredValue<Option<Vec<Share>>>);

impl Shared {
    /// Everything for none, else what is listed. The frame provides it.
    pub fn of(shares: Option<Vec<Share>>) -> Self {
        Self(StoredValue::new(shares))
    }

    /// What the frame provided.
    pub fn here() -> Self {
        use_context().unwrap_or_else(|| Self::of(None))
    }

    /// Whether a category may be looked at.
    pub fn sees(self, category: Category) -> bool {
        self.depth(category).is_some()
    }

    /// Whether one may act in a category.
    pub fn acts(self, category: Category) -> bool {
        self.depth(category) == Some(Depth::Act)
    }

    fn depth(self, category: Category) -> Option<Depth> {
        self.0.with_value(|shares| match shares {
            None => Some(Depth::Act),
            Some(shares) => shares.iter().find(|share| share.category == category).map(|share| share.depth),
        })
    }
}
