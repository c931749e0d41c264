//! What stands of accepted proposals when the source of an entry sends it again.

use std::collections::BTreeMap;

use super::{Fields, ProposalField};

/// What accepted proposals made of one entry, field by field: what the source had sent, and what the chart says since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing(BTreeMap<ProposalField, Held>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    source: String,
    ours: String,
}

impl Standing {
    /// Adds an accepted proposal, the oldest first: what the chart said before, and after.
    pub fn add(&mut self, before: &Fields, after: &Fields) {
        for (field, _) in before.iter().chain(after.iter()) {
            let (was, is) = (before.get(field), after.get(field));
            if was == is {
                continue;
            }
            let held =
                self.0.entry(field).or_insert_with(|| Held { source: was.to_owned(), ours: String::new() });
            held.ours = is.to_owned();
        }
    }

    /// What the source said of a field before a proposal changed it; none when no proposal did.
    pub fn source(&self, field: ProposalField) -> Option<&str> {
        self.0.get(&field).map(|held| held.source.as_str())
    }

    /// The entry as the chart keeps it when its source sends `theirs`, and whether the source contradicts an accepted
    /// field: it says something that is neither what it said before nor what was accepted.
    ///
    /// What was accepted stands, everything else is the source's.
    pub fn settle(&self, theirs: &Fields) -> (Fields, bool) {
        let (mut kept, mut is_contested) = (theirs.clone(), false);
        for (field, held) in &self.0 {
            let says = theirs.get(*field);
            is_contested |= says != held.source && says != held.ours;
            kept.set(*field, held.ours.clone());
        }
        (kept, is_contested)
    }
}
