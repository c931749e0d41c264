//! Observations and results of one patient.
//!
//! Whatever waits for release is a result with its observations. A result that nobody released yet is
//! changed in place. A released one never is: new content becomes a new result that replaces it, unreleased
//! until a provider releases it (LAB-1, LAB-3); the sources' names move to the new rows, so that the next
//! import finds those.

mod plan;
mod stored;
mod write;

use std::collections::HashMap;

use portal_domain::{
    chart::ChartEntry,
    fhir::{ReportGroup, ReportSource},
    integrations::EntryResult,
};
use uuid::Uuid;

use self::{
    plan::{Part, Plan},
    stored::Stored,
    write::Writes,
};
use super::filing::Filing;
use crate::{
    error::Result,
    platform::{access::Grant, clock::new_id},
};

/// Keeps the observations and reports that the bundle holds of one patient.
pub fn keep(filing: &mut Filing<'_, '_, '_>, grant: &Grant) -> Result<()> {
    let (groups, mut alone) = touched(filing, grant);
    if groups.is_empty() && alone.is_empty() {
        return Ok(());
    }
    let stored = Stored::load(filing, grant, &groups, &alone)?;
    let mut plans: Vec<Plan> = Vec::new();
    // Sent reports come first: what they list is settled before anything is made.
    for group in &groups {
        let plan = Plan::of(filing, &stored, group, &plans)?;
        merge(&mut plans, plan);
    }
    let mut without_result = Vec::new();
    for entry in alone.drain(..) {
        let result = stored.of_entry(filing, entry)?.and_then(|row| row.result_id).map(|id| id.0);
        match result.filter(|result| !plans.iter().any(|plan| plan.rewrites(*result))) {
            // It came in a report earlier and comes by itself now: that report changes.
            Some(result) => merge(&mut plans, Plan::of_result(filing, &stored, result, entry)?),
            None => without_result.push(Part::of(filing, &stored, entry)?),
        }
    }
    let copied = copy_released(filing, &stored, &mut plans, &mut without_result);
    let mut writes = Writes::new(filing, &stored, copied, &plans);
    for part in &without_result {
        writes.alone(part)?;
    }
    for plan in &plans {
        writes.plan(plan)?;
    }
    writes.run(grant)
}

/// The groups of this patient in which anything is new, and the new observations that stand in no group.
fn touched(filing: &Filing<'_, '_, '_>, grant: &Grant) -> (Vec<ReportGroup>, Vec<usize>) {
    let is_touched = |entry: usize| {
        let filed = filing.filed[entry];
        filed.is_some_and(|filed| {
            filed.patient == Some(grant.patient()) && filed.result != EntryResult::Unchanged
        })
    };
    let all = &filing.prepared.groups;
    let grouped = &filing.prepared.grouped;
    let groups = all.iter().filter(|group| {
        let (ReportSource::Sent(source) | ReportSource::Made(source)) = group.source;
        is_touched(source) || group.entries().any(is_touched)
    });
    let is_observation = |entry: &usize| {
        matches!(filing.prepared.reading.entries[*entry].record(), Some(ChartEntry::Observation(_)))
    };
    let entries = 0..filing.filed.len();
    let alone = entries.filter(|entry| is_touched(*entry) && !grouped.contains(entry)).filter(is_observation);
    (groups.cloned().collect(), alone.collect())
}

/// Adds a plan, or what it changes to the plan for the same result.
fn merge(plans: &mut Vec<Plan>, plan: Plan) {
    match plans.iter_mut().find(|other| other.before.is_some() && other.before == plan.before) {
        None => plans.push(plan),
        Some(other) => {
            for part in plan.parts.into_iter().filter(|part| part.entry.is_some()) {
                match other.parts.iter_mut().find(|known| known.id == part.id) {
                    Some(known) => *known = part,
                    None => other.parts.push(part),
                }
            }
        }
    }
}

/// Gives new ids to corrections, and to observations whose row is part of a released result and must stay as it is.
/// The records go by the new ids from here on.
fn copy_released(
    filing: &mut Filing<'_, '_, '_>,
    stored: &Stored,
    plans: &mut [Plan],
    without_result: &mut [Part],
) -> HashMap<Uuid, Uuid> {
    let mut copied = HashMap::new();
    for plan in plans.iter_mut() {
        if let Some(before) = plan.before.filter(|before| stored.is_released(*before)) {
            plan.corrects = true;
            plan.id = new_id();
            copied.insert(before, plan.id);
        }
    }
    let parts = plans.iter_mut().flat_map(|plan| &mut plan.parts).chain(without_result);
    for part in parts {
        let result = stored.observations.get(&part.id).and_then(|row| row.result_id);
        if result.is_some_and(|result| stored.is_released(result.0)) {
            let id = new_id();
            copied.insert(part.id, id);
            part.id = id;
            part.is_copy = true;
        }
    }
    for (from, to) in &copied {
        filing.relocate(*from, *to);
    }
    copied
}
