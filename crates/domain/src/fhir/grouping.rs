//! Which observations make a report, and whether records of one patient name another's.

use std::collections::{HashMap, HashSet};

use super::{EntryReading, Outcome, Problem, Reading, reader::InsideLink};
use crate::chart::{ChartEntry, ChartKind, ChartObservation, ChartReport, Link, SourceKey};

/// Where a report comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportSource {
    /// It was sent: the entry at this index.
    Sent(usize),
    /// It is made for the observation at this index (a lone value or a panel), which no report of the
    /// bundle lists, by [`ChartReport::of_observation`].
    Made(usize),
}

/// A report and the observations released with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportGroup {
    /// Where the report comes from.
    pub source: ReportSource,
    /// Its observations in the report's order, members of panels after their panel.
    pub members: Vec<Member>,
}

/// An observation of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// At this entry of the bundle.
    Entry(usize),
    /// Imported before.
    Earlier(Link),
}

impl ReportGroup {
    /// The entries of those observations that are in the bundle.
    pub fn entries(&self) -> impl Iterator<Item = usize> {
        self.members.iter().filter_map(|member| match member {
            Member::Entry(entry) => Some(*entry),
            Member::Earlier(_) => None,
        })
    }

    /// Those observations that were imported before.
    pub fn earlier(&self) -> impl Iterator<Item = &Link> {
        self.members.iter().filter_map(|member| match member {
            Member::Entry(_) => None,
            Member::Earlier(link) => Some(link),
        })
    }
}

impl Reading {
    /// Groups whatever waits for release into reports, so that a provider releases reports and
    /// nothing else (LAB-1).
    ///
    /// An observation that a report lists belongs to it whatever its category. One that waits for
    /// release and stands in no report of the bundle gets a report of its own; a panel
    /// (`hasMember`) brings its members with it. Invalid entries are left out.
    pub fn reports(&self) -> Vec<ReportGroup> {
        let by_link: HashMap<Link, usize> =
            self.entries.iter().filter_map(|entry| Some((entry.link()?, entry.index))).collect();
        let mut taken = HashSet::new();
        let mut groups = Vec::new();
        for (entry, report) in self.records::<ChartReport>() {
            let group = self.group(ReportSource::Sent(entry), &report.results, &by_link, &mut taken);
            groups.push(group);
        }
        let waiting: Vec<_> = self
            .records::<ChartObservation>()
            .filter(|(_, seen)| seen.category.waits_for_release())
            .collect();
        // Panels first: a member that stands before its panel in the bundle still belongs to it.
        let (panels, singles): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, seen)| !seen.members.is_empty());
        for (entry, _) in panels.into_iter().chain(singles) {
            if !taken.contains(&entry) {
                let own: Vec<Link> = self.entries[entry].link().into_iter().collect();
                groups.push(self.group(ReportSource::Made(entry), &own, &by_link, &mut taken));
            }
        }
        groups
    }

    fn records<'a, T: OfEntry + 'a>(&'a self) -> impl Iterator<Item = (usize, &'a T)> {
        self.entries.iter().filter_map(|entry| Some((entry.index, T::of(entry.record()?)?)))
    }

    fn group(
        &self,
        source: ReportSource,
        links: &[Link],
        by_link: &HashMap<Link, usize>,
        taken: &mut HashSet<usize>,
    ) -> ReportGroup {
        let mut members = Vec::new();
        let mut seen_earlier = HashSet::new();
        let mut next: Vec<&Link> = links.iter().rev().collect();
        while let Some(link) = next.pop() {
            match by_link.get(link) {
                None => {
                    if seen_earlier.insert(link) {
                        members.push(Member::Earlier(link.clone()));
                    }
                }
                Some(entry) if taken.insert(*entry) => {
                    members.push(Member::Entry(*entry));
                    let panel = self.entries[*entry].record().and_then(ChartObservation::of);
                    next.extend(panel.into_iter().flat_map(|seen| seen.members.iter().rev()));
                }
                Some(_) => {}
            }
        }
        ReportGroup { source, members }
    }
}

/// A record taken out of the enumeration of all kinds.
trait OfEntry {
    fn of(entry: &ChartEntry) -> Option<&Self>;
}

impl OfEntry for ChartReport {
    fn of(entry: &ChartEntry) -> Option<&Self> {
        if let ChartEntry::Report(report) = entry { Some(report) } else { None }
    }
}

impl OfEntry for ChartObservation {
    fn of(entry: &ChartEntry) -> Option<&Self> {
        if let ChartEntry::Observation(observation) = entry { Some(observation) } else { None }
    }
}

/// Finds what only shows between entries: a record that names one of another patient, and a value
/// that two reports list.
pub(super) fn check(entries: &mut [EntryReading], inside: &[Vec<InsideLink>]) {
    let mut found: Vec<(usize, Problem)> = Vec::new();
    let mut listed_by: HashMap<usize, usize> = HashMap::new();
    for (at, links) in inside.iter().enumerate() {
        let Some(record) = entries[at].record() else { continue };
        for link in links {
            let Some(named) = entries[link.entry].record() else { continue };
            if let (Some(own), Some(other)) = (record.patient(), owner(&entries[link.entry], named))
                && are_different(own, &other)
            {
                let message = "names a record of another patient".to_owned();
                found.push((at, Problem { path: link.path.clone(), message }));
            }
            if record.kind() == ChartKind::Report
                && named.kind() == ChartKind::Observation
                && let Some(first) = listed_by.insert(link.entry, at)
                && first != at
            {
                let message = format!("names an observation that the report at entry {first} lists too");
                found.push((at, Problem { path: link.path.clone(), message }));
            }
        }
    }
    for (at, problem) in found {
        match &mut entries[at].outcome {
            Outcome::Invalid { problems } => problems.push(problem),
            outcome => *outcome = Outcome::Invalid { problems: vec![problem] },
        }
    }
}

fn owner(entry: &EntryReading, record: &ChartEntry) -> Option<Link> {
    match record {
        ChartEntry::Patient(_) => entry.link(),
        _ => record.patient().cloned(),
    }
}

/// Whether two links surely name different patients. An id and an identifier may name the same one.
fn are_different(one: &Link, other: &Link) -> bool {
    match (&one.key, &other.key) {
        (SourceKey::Id(one), SourceKey::Id(other)) => one != other,
        _ => false,
    }
}
