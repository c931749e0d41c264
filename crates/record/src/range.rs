//! When something was true, in whole days of the practice's calendar.

use chrono_tz::Tz;
use portal_domain::{
    chart::{ChartEntry, ChartReport, PartialTime},
    record::DateRange,
    time::Date,
};

/// From when to when; an end that nobody knows is open, so that what might belong to a range does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    first: Option<Date>,
    last: Option<Date>,
}

impl Span {
    /// Whether it touches a range.
    pub fn meets(self, range: &DateRange) -> bool {
        range.meets(self.first, self.last)
    }

    /// When a record of the chart was true of the patient.
    pub fn of(entry: &ChartEntry, zone: Tz) -> Self {
        let event = |at| Self::event(at, None, zone);
        let lasting = |start, end| Self::lasting(start, end, zone);
        match entry {
            ChartEntry::Practitioner(_) | ChartEntry::Organization(_) | ChartEntry::Patient(_) => {
                Self::default()
            }
            // Family history is about a life, not a day.
            ChartEntry::Relative(_) => Self::default(),
            ChartEntry::Encounter(r) => Self::event(r.start.or(r.end), r.end, zone),
            ChartEntry::Procedure(r) => Self::event(r.start.or(r.end), r.end, zone),
            ChartEntry::Immunization(r) => event(r.occurred),
            ChartEntry::Dispense(r) => event(r.handed_over),
            ChartEntry::Instruction(r) => event(r.given),
            ChartEntry::Referral(r) => event(r.authored),
            ChartEntry::Observation(r) => Self::event(r.effective.or(r.issued), r.effective_end, zone),
            ChartEntry::Report(r) => Self::of_report(r, zone),
            ChartEntry::Condition(r) => lasting(r.onset.or(r.recorded), r.abatement),
            ChartEntry::Allergy(r) => lasting(r.onset.or(r.recorded), None),
            ChartEntry::Medication(r) => lasting(r.authored, None),
            ChartEntry::Goal(r) => lasting(r.start, None),
            ChartEntry::CarePlan(r) => lasting(r.start, r.end),
            ChartEntry::Coverage(r) => lasting(r.start, r.end),
            ChartEntry::Directive(r) => lasting(r.given.or(r.start), r.end),
        }
    }

    /// When a report's specimen was taken, or else when it was reported.
    pub fn of_report(report: &ChartReport, zone: Tz) -> Self {
        Self::event(report.effective.or(report.collected).or(report.issued), report.effective_end, zone)
    }

    fn event(at: Option<PartialTime>, end: Option<PartialTime>, zone: Tz) -> Self {
        let days = at.map(|at| at.days(&zone));
        let last = end.map(|end| end.days(&zone).1);
        Self { first: days.map(|(first, _)| first), last: last.or(days.map(|(_, last)| last)) }
    }

    /// What goes on until it ends. Where nobody knows when it ended it may have been there any day since its begin.
    fn lasting(start: Option<PartialTime>, end: Option<PartialTime>, zone: Tz) -> Self {
        let last = end.map(|end| end.days(&zone).1);
        Self { first: start.map(|start| start.days(&zone).0), last }
    }
}
