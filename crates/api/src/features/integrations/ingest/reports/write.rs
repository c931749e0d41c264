//! From plans to rows.

use std::collections::{HashMap, HashSet};

use portal_domain::{
    chart::{
        ChartEntry, ChartKind, ChartObservation, ChartReport, Link, ObservationStatus, Party, SourceKey,
    },
    ids::{OrganizationId, ProviderId},
    results::{Flag, ReportStatus},
};
use uuid::Uuid;

use super::{Part, Plan, Stored};
use crate::{
    error::{Error, Result},
    features::{
        integrations::ingest::{
            filing::Filing,
            store::{self, ObservationRow, ResultRow},
        },
        mail,
    },
    platform::{
        access::Grant,
        clock::new_id,
        db::{AnyId, Json},
    },
};

/// The rows of one patient to be written, in the order that the database wants.
pub struct Writes<'f, 'b, 'w, 'c> {
    filing: &'f mut Filing<'b, 'w, 'c>,
    stored: &'f Stored,
    /// New rows for old ones that stay as they are.
    copied: HashMap<Uuid, Uuid>,
    /// The stored observations that some plan writes.
    taken: HashSet<Uuid>,
    new_results: Vec<ResultRow>,
    changed_results: Vec<ResultRow>,
    withdrawn: Vec<Uuid>,
    new_observations: Vec<ObservationRow>,
    changed_observations: Vec<ObservationRow>,
    /// Observations that leave a result which stays unreleased.
    leaving: HashMap<Uuid, HashSet<Uuid>>,
}

impl<'f, 'b, 'w, 'c> Writes<'f, 'b, 'w, 'c> {
    /// Nothing yet.
    pub fn new(
        filing: &'f mut Filing<'b, 'w, 'c>,
        stored: &'f Stored,
        copied: HashMap<Uuid, Uuid>,
        plans: &[Plan],
    ) -> Self {
        Self {
            filing,
            stored,
            copied,
            taken: plans.iter().flat_map(|plan| &plan.parts).filter_map(|part| part.stored).collect(),
            new_results: Vec::new(),
            changed_results: Vec::new(),
            withdrawn: Vec::new(),
            new_observations: Vec::new(),
            changed_observations: Vec::new(),
            leaving: HashMap::new(),
        }
    }

    /// An observation that waits for nobody, such as a vital sign.
    pub fn alone(&mut self, part: &Part) -> Result<()> {
        let observation = self.observation(part)?;
        self.write(part, &observation, None, 0)
    }

    /// A result with its observations.
    pub fn plan(&mut self, plan: &Plan) -> Result<()> {
        let mut observations = Vec::with_capacity(plan.parts.len());
        for (position, part) in plan.parts.iter().enumerate() {
            let observation = self.observation(part)?;
            self.write(part, &observation, Some(plan.id), position as i64)?;
            observations.push(observation);
        }
        let report = self.report(plan, &observations)?;
        let mut row = self.result_row(plan.id, &report, &observations)?;
        match plan.before {
            Some(before) if plan.corrects => {
                row.replaces = Some(AnyId(before));
                // What was never true is taken away at once; what takes its place waits for release.
                if report.status == ReportStatus::EnteredInError {
                    self.withdrawn.push(before);
                }
                self.new_results.push(row);
            }
            Some(before) => {
                row.replaces = self.stored.results.get(&before).and_then(|row| row.replaces);
                // The released result that it was to correct goes with it: the source takes back the report itself.
                if report.status == ReportStatus::EnteredInError {
                    self.withdrawn.extend(row.replaces.map(|replaced| replaced.0));
                }
                self.changed_results.push(row);
                if plan.whole {
                    self.leftovers(before)?;
                }
            }
            None => {
                row.replaces = self.released_before(plan);
                self.new_results.push(row);
            }
        }
        Ok(())
    }

    /// The released result that a new one holds every value of, so that it is seen to replace it. One that repeats
    /// only some of them replaces nothing: the others would be hidden with the old result.
    fn released_before(&self, plan: &Plan) -> Option<AnyId> {
        let copies: HashSet<Uuid> =
            plan.parts.iter().filter(|part| part.is_copy).filter_map(|part| part.stored).collect();
        plan.parts
            .iter()
            .filter(|part| part.is_copy)
            .filter_map(|part| self.stored.observations.get(&part.stored?)?.result_id)
            .find(|old| {
                self.stored.of_result.get(&old.0).is_some_and(|all| all.iter().all(|id| copies.contains(id)))
            })
    }

    /// What a report no longer lists becomes a result of its own.
    fn leftovers(&mut self, result: Uuid) -> Result<()> {
        let all = self.stored.of_result.get(&result).into_iter().flatten();
        let left = all.filter(|id| !self.taken.contains(id));
        for id in left.copied().collect::<Vec<_>>() {
            let part = Part { entry: None, stored: Some(id), id, changed: false, is_copy: false };
            let observation = self.observation(&part)?;
            let new = observation.category.waits_for_release().then(new_id);
            if let Some(new) = new {
                let named = Link { kind: ChartKind::Observation, key: SourceKey::Local(id) };
                let report = ChartReport::of_observation(&observation, named);
                let row = self.result_row(new, &report, std::slice::from_ref(&observation))?;
                self.new_results.push(row);
            }
            self.write(&part, &observation, new, 0)?;
        }
        Ok(())
    }

    /// The observation as it is to be stored.
    fn observation(&self, part: &Part) -> Result<ChartObservation> {
        let entry = part.entry.filter(|_| part.changed).and_then(|entry| self.filing.record(entry));
        if let Some(record) = entry {
            return match self.filing.resolved(record)? {
                ChartEntry::Observation(observation) => Ok(*observation),
                _ => Err(Error::internal("a part of a report is no observation")),
            };
        }
        let row = part.stored.and_then(|id| self.stored.observations.get(&id));
        let row = row.ok_or_else(|| Error::internal("an observation that was imported before is gone"))?;
        let observation: ChartObservation = row.body.read()?;
        let mut entry = ChartEntry::from(observation);
        self.follow_copies(&mut entry.links_mut());
        match entry {
            ChartEntry::Observation(observation) => Ok(*observation),
            _ => Err(Error::internal("a part of a report is no observation")),
        }
    }

    /// The report as it is to be stored.
    fn report(&self, plan: &Plan, observations: &[ChartObservation]) -> Result<ChartReport> {
        if let Some(record) = plan.report.and_then(|entry| self.filing.record(entry)) {
            return match self.filing.resolved(record)? {
                ChartEntry::Report(report) => Ok(*report),
                _ => Err(Error::internal("an entry that was a report is none")),
            };
        }
        if let (true, Some(first), Some(part)) = (plan.made, observations.first(), plan.parts.first()) {
            let named = Link { kind: ChartKind::Observation, key: SourceKey::Local(part.id) };
            return Ok(ChartReport::of_observation(first, named));
        }
        let row = plan.before.and_then(|before| self.stored.results.get(&before));
        let row = row.ok_or_else(|| Error::internal("a result that was imported before is gone"))?;
        let mut report: ChartReport = row.body.read()?;
        self.follow_copies(&mut report.links_mut());
        Ok(report)
    }

    fn follow_copies(&self, links: &mut [&mut Link]) {
        for link in links {
            if let Some(copy) = link.local().and_then(|id| self.copied.get(&id)) {
                link.key = SourceKey::Local(*copy);
            }
        }
    }

    fn write(
        &mut self,
        part: &Part,
        observation: &ChartObservation,
        result: Option<Uuid>,
        position: i64,
    ) -> Result<()> {
        let coding = observation.code.coding.clone();
        let (code_system, code) = coding.map(|coding| (coding.system, coding.code)).unwrap_or_default();
        let now = self.filing.work.now;
        let row = ObservationRow {
            patient_id: self.filing.owner(&observation.patient)?,
            category: observation.category.as_str().to_owned(),
            code,
            // Without any date the import's stands for it: it is known to be no later.
            at: observation.effective.or(observation.issued).map_or(now, |at| at.at),
            id: AnyId(part.id),
            code_system,
            result_id: result.map(AnyId),
            position,
            body: Json::of(observation)?,
            created_at: now,
            updated_at: now,
        };
        match part.stored.filter(|_| !part.is_copy).and_then(|id| self.stored.observations.get(&id)) {
            None => self.new_observations.push(row),
            Some(stored) => {
                if let Some(left) = stored.result_id.filter(|left| Some(*left) != row.result_id) {
                    self.leaving.entry(left.0).or_default().insert(part.id);
                }
                if part.changed || stored.result_id != row.result_id || stored.position != row.position {
                    self.changed_observations.push(row);
                }
            }
        }
        Ok(())
    }

    fn result_row(
        &self,
        id: Uuid,
        report: &ChartReport,
        observations: &[ChartObservation],
    ) -> Result<ResultRow> {
        let known = |times: &[Option<portal_domain::chart::PartialTime>]| {
            times.iter().flatten().next().map(|at| at.at)
        };
        let measured = observations.iter().find_map(|observation| observation.effective);
        let at = known(&[report.collected, report.effective, measured, report.issued]);
        let reported_at = known(&[report.issued, report.effective, measured]);
        let coding = report.code.coding.clone();
        let (code_system, code) = coding.map(|coding| (coding.system, coding.code)).unzip();
        let performers = report.performers.iter().chain(observations.iter().flat_map(|one| &one.performers));
        let now = self.filing.work.now;
        Ok(ResultRow {
            patient_id: self.filing.owner(&report.patient)?,
            at: at.unwrap_or(now),
            id: AnyId(id),
            reported_at: reported_at.unwrap_or(now),
            status: report.status,
            code_system,
            code,
            title: report.code.text.clone(),
            flag: weightiest(observations),
            organization_id: performers
                .clone()
                .find_map(|party| named(party, ChartKind::Organization))
                .map(OrganizationId),
            provider_id: report
                .ordered_by
                .as_ref()
                .and_then(|party| named(party, ChartKind::Practitioner))
                .map(ProviderId),
            body: Json::of(report)?,
            released_at: None,
            replaces: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// Writes all of it.
    pub fn run(self, grant: &Grant) -> Result<()> {
        let now = self.filing.work.now;
        let conn = &mut *self.filing.work.conn;
        for (from, to) in &self.copied {
            store::relink(conn, *from, *to)?;
        }
        store::insert_results(conn, grant, self.new_results)?;
        for row in &self.changed_results {
            store::update_result(conn, grant, row)?;
        }
        for id in self.withdrawn {
            for gone in store::withdraw_result(conn, grant, AnyId(id), now)? {
                mail::withdraw(conn, grant.patient(), gone.0)?;
            }
        }
        let written: HashSet<Uuid> = self.changed_results.iter().map(|row| row.id.0).collect();
        store::insert_observations(conn, grant, self.new_observations)?;
        for row in &self.changed_observations {
            store::update_observation(conn, grant, row)?;
        }
        for (result, left) in self.leaving {
            let all = self.stored.of_result.get(&result);
            let stays: Vec<&Uuid> = all.into_iter().flatten().filter(|id| !left.contains(id)).collect();
            if stays.is_empty() && !self.stored.sent.contains(&result) {
                // A result that was made here has no reason to be once all of it stands in another.
                let left: Vec<AnyId> = left.iter().copied().map(AnyId).collect();
                store::delete_result(conn, grant, AnyId(result), &left)?;
            } else if let Some(row) = self.stored.results.get(&result).filter(|_| !written.contains(&result))
            {
                // It shows less than a provider may have seen: its version rises, so that nobody releases it unseen.
                let mut kept = Vec::with_capacity(stays.len());
                for id in stays {
                    let row = self.stored.observations.get(id);
                    kept.extend(row.map(|row| row.body.read::<ChartObservation>()).transpose()?);
                }
                let row = ResultRow { flag: weightiest(&kept), updated_at: now, ..row.clone() };
                store::update_result(conn, grant, &row)?;
            }
        }
        Ok(())
    }
}

/// The weightiest flag of the values that were not entered in error.
fn weightiest(observations: &[ChartObservation]) -> Flag {
    let valid =
        observations.iter().filter(|observation| observation.status != ObservationStatus::EnteredInError);
    valid.map(ChartObservation::flag).max().unwrap_or(Flag::None)
}

fn named(party: &Party, kind: ChartKind) -> Option<Uuid> {
    party.link.as_ref().filter(|link| link.kind == kind).and_then(Link::local)
}
