//! What is shared with whoever acts for the patient, so that a page hides or explains the rest. The server decides again.

use leptos::prelude::*;
use portal_domain::access::{Category, Depth, Share};

/// What these pages may show, by context; everything on the patient's own.
#[derive(Clone, Copy)]
pub struct Shared {
    shares: StoredValue<Option<Vec<Share>>>,
    tidies: bool,
}

impl Shared {
    /// Everything for none, else what is listed; and whether the mailbox is the reader's to put in order. The frame provides it.
    pub fn of(shares: Option<Vec<Share>>, tidies: bool) -> Self {
        Self { shares: StoredValue::new(shares), tidies }
    }

    /// What the frame provided.
    pub fn here() -> Self {
        use_context().unwrap_or_else(|| Self::of(None, true))
    }

    /// Whether a category may be looked at.
    pub fn sees(self, category: Category) -> bool {
        self.depth(category).is_some()
    }

    /// Whether one may act in a category.
    pub fn acts(self, category: Category) -> bool {
        self.depth(category) == Some(Depth::Act)
    }

    /// Whether items are put away here: a mailbox with an owner is put in order by the owner alone.
    pub fn tidies(self) -> bool {
        self.tidies
    }

    fn depth(self, category: Category) -> Option<Depth> {
        self.shares.with_value(|shares| match shares {
            None => Some(Depth::Act),
            Some(shares) => shares.iter().find(|share| share.category == category).map(|share| share.depth),
        })
    }
}
