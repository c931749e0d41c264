//! What is stored of the observations and results that an import touches.

use std::collections::{HashMap, HashSet};

use portal_domain::{
    fhir::{ReportGroup, ReportSource},
    integrations::EntryResult,
};
use uuid::Uuid;

use crate::{
    error::Result,
    features::integrations::ingest::{
        filing::Filing,
        store::{self, ObservationRow, ResultRow},
    },
    platform::{access::Grant, db::AnyId},
};

/// The rows, by id.
pub struct Stored {
    /// Observations that the bundle holds or names, and all of the results that they stand in.
    pub observations: HashMap<Uuid, ObservationRow>,
    /// Results.
    pub results: HashMap<Uuid, ResultRow>,
    /// The observations of each result, in its order.
    pub of_result: HashMap<Uuid, Vec<Uuid>>,
    /// The results that a source sent; the others were made for observations that came alone.
    pub sent: HashSet<Uuid>,
}

impl Stored {
    /// Loads what is stored of these groups and of these entries.
    pub fn load(
        filing: &mut Filing<'_, '_, '_>,
        grant: &Grant,
        groups: &[ReportGroup],
        alone: &[usize],
    ) -> Result<Self> {
        let (mut observations, mut results) = (Vec::new(), Vec::new());
        for entry in groups.iter().flat_map(ReportGroup::entries).chain(alone.iter().copied()) {
            let filed = filing.filed(entry)?;
            if filed.result != EntryResult::Created {
                observations.push(AnyId(filed.id));
            }
        }
        for group in groups {
            if let ReportSource::Sent(entry) = group.source
                && filing.filed(entry)?.result != EntryResult::Created
            {
                results.push(AnyId(filing.filed(entry)?.id));
            }
            for link in group.earlier() {
                observations.push(AnyId(filing.local(link)?));
            }
        }
        let conn = &mut *filing.work.conn;
        let rows = store::observations(conn, grant, &observations)?;
        let mut observations: HashMap<_, _> = rows.into_iter().map(|row| (row.id.0, row)).collect();
        results.extend(observations.values().filter_map(|row| row.result_id));
        results.sort_unstable_by_key(|id| id.0);
        results.dedup();
        let mut of_result: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for row in store::observations_of(conn, grant, &results)? {
            if let Some(result) = row.result_id {
                of_result.entry(result.0).or_default().push(row.id.0);
            }
            observations.insert(row.id.0, row);
        }
        let sent = store::linked(conn, &results)?.into_iter().map(|id| id.0).collect();
        let rows = store::results(conn, grant, &results)?;
        let results = rows.into_iter().map(|row| (row.id.0, row)).collect();
        Ok(Self { observations, results, of_result, sent })
    }

    /// The stored row of the observation at an entry.
    pub fn of_entry(&self, filing: &Filing<'_, '_, '_>, entry: usize) -> Result<Option<&ObservationRow>> {
        Ok(self.observations.get(&filing.filed(entry)?.id))
    }

    /// Whether the patient can see this result already.
    pub fn is_released(&self, result: Uuid) -> bool {
        self.results.get(&result).is_some_and(|row| row.released_at.is_some())
    }
}
