//! Which results an import writes, and of which observations.

use std::collections::HashMap;

use portal_domain::{
    chart::{ChartObservation, Link},
    fhir::{Member, ReportGroup, ReportSource},
    integrations::EntryResult,
};
use uuid::Uuid;

use super::Stored;
use crate::{error::Result, features::integrations::ingest::filing::Filing, platform::clock::new_id};

/// An observation to be written: from the bundle, from the database, or both.
pub struct Part {
    /// The entry that holds it.
    pub entry: Option<usize>,
    /// Its stored row.
    pub stored: Option<Uuid>,
    /// The row that is written: the stored one, or a new one.
    pub id: Uuid,
    /// Whether its content is new.
    pub changed: bool,
    /// Whether the stored row stays as it is and a copy is written.
    pub is_copy: bool,
}

impl Part {
    /// The observation at an entry.
    pub fn of(filing: &Filing<'_, '_, '_>, stored: &Stored, entry: usize) -> Result<Self> {
        let filed = filing.filed(entry)?;
        let known = stored.observations.contains_key(&filed.id).then_some(filed.id);
        let changed = filed.result != EntryResult::Unchanged;
        Ok(Self { entry: Some(entry), stored: known, id: filed.id, changed, is_copy: false })
    }

    fn kept(id: Uuid) -> Self {
        Self { entry: None, stored: Some(id), id, changed: false, is_copy: false }
    }
}

/// A result to be written.
pub struct Plan {
    /// The row that is written.
    pub id: Uuid,
    /// The row that the result had before.
    pub before: Option<Uuid>,
    /// Whether that row is released, so that `id` is a correction of it.
    pub corrects: bool,
    /// The entry of the report, when it was sent and is new or changed.
    pub report: Option<usize>,
    /// Whether no source sent the report: it is made for its first observation.
    pub made: bool,
    /// Whether `parts` are all of the result by its source's word, so that whatever else stands in it leaves it.
    pub whole: bool,
    /// Its observations, in its order.
    pub parts: Vec<Part>,
}

impl Plan {
    /// The plan for a group of the bundle, after these others.
    pub fn of(
        filing: &Filing<'_, '_, '_>,
        stored: &Stored,
        group: &ReportGroup,
        others: &[Self],
    ) -> Result<Self> {
        let mut plan = match group.source {
            ReportSource::Sent(entry) => {
                let filed = filing.filed(entry)?;
                let before = (filed.result != EntryResult::Created).then_some(filed.id);
                let report = (filed.result != EntryResult::Unchanged).then_some(entry);
                Self {
                    id: filed.id,
                    before,
                    corrects: false,
                    report,
                    made: false,
                    whole: true,
                    parts: Vec::new(),
                }
            }
            ReportSource::Made(entry) => {
                let before = stored.of_entry(filing, entry)?.and_then(|row| row.result_id).map(|id| id.0);
                // A report that no longer lists it is written without it: it needs one of its own.
                let before = before.filter(|before| !others.iter().any(|other| other.rewrites(*before)));
                Self::partial(stored, before)
            }
        };
        for member in &group.members {
            match member {
                Member::Entry(entry) => plan.parts.push(Part::of(filing, stored, *entry)?),
                Member::Earlier(link) => plan.add_stored_with_members(stored, filing.local(link)?)?,
            }
        }
        plan.add_what_stays(stored);
        Ok(plan)
    }

    /// The plan for a result that changes because one of its observations came again by itself.
    pub fn of_result(
        filing: &Filing<'_, '_, '_>,
        stored: &Stored,
        result: Uuid,
        entry: usize,
    ) -> Result<Self> {
        let mut plan = Self::partial(stored, Some(result));
        plan.parts.push(Part::of(filing, stored, entry)?);
        plan.add_what_stays(stored);
        Ok(plan)
    }

    /// Whether this writes that result anew by its source's word.
    pub fn rewrites(&self, result: Uuid) -> bool {
        self.whole && self.before == Some(result)
    }

    fn partial(stored: &Stored, before: Option<Uuid>) -> Self {
        let made = before.is_none_or(|before| !stored.sent.contains(&before));
        let id = before.unwrap_or_else(new_id);
        Self { id, before, corrects: false, report: None, made, whole: false, parts: Vec::new() }
    }

    fn add_stored_with_members(&mut self, stored: &Stored, id: Uuid) -> Result<()> {
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            let Some(row) = stored.observations.get(&id) else { continue };
            if self.parts.iter().any(|part| part.id == id) {
                continue;
            }
            self.parts.push(Part::kept(id));
            let observation: ChartObservation = row.body.read()?;
            next.extend(observation.members.iter().rev().filter_map(Link::local));
        }
        Ok(())
    }

    /// Adds what stays in the result though the bundle doesn't name it, everything in its old place.
    fn add_what_stays(&mut self, stored: &Stored) {
        let Some(before) = self.before.filter(|_| !self.whole) else { return };
        let mut named: HashMap<Uuid, Part> = HashMap::new();
        let mut order = Vec::new();
        for part in self.parts.drain(..) {
            order.push(part.id);
            named.insert(part.id, part);
        }
        for id in stored.of_result.get(&before).into_iter().flatten() {
            self.parts.push(named.remove(id).unwrap_or_else(|| Part::kept(*id)));
        }
        self.parts.extend(order.iter().filter_map(|id| named.remove(id)));
    }
}
