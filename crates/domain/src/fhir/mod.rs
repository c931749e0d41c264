//! Reads HL7 FHIR R4 (4.0.1) bundles into the chart.
//!
//! [`read_bundle`] takes the bytes of one bundle and says for each entry what it is: a record of the
//! chart, something that the portal doesn't keep (with a reason), or invalid (with the path and the
//! mistake). It knows nothing of what was imported before: a reference that leaves the bundle is
//! handed on as [`EntryReading::outside`] for the storing part to look up.
//!
//! What is taken: bundles of type `transaction`, `batch`, `collection` and `document`, all of them as one
//! whole, so a batch too is kept entirely or not at all. Entries say `POST` or `PUT` (or nothing); both
//! mean "this is the record now". Narratives (XHTML), images and unknown extensions are dropped.
//!
//! No message ever repeats a value of the input: it may be health information, and messages end
//! in logs.

mod bundle;
mod grouping;
mod map;
mod path;
mod r4;
mod reader;
mod references;
mod text;
mod types;

pub use bundle::{BundleError, MAX_BUNDLE_BYTES, MAX_ENTRIES, read_bundle};
pub use grouping::{Member, ReportGroup, ReportSource};

use crate::chart::{ChartEntry, ChartKind, Link, SourceKey};

/// What was read of one bundle: one reading an entry, in the bundle's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The entries.
    pub entries: Vec<EntryReading>,
}

impl Reading {
    /// Whether nothing in it is invalid.
    pub fn is_valid(&self) -> bool {
        !self.entries.iter().any(|entry| matches!(entry.outcome, Outcome::Invalid { .. }))
    }

    /// The records of the chart in the order of storing: whatever a record names comes before it
    /// (people and organizations, patients, visits, then the rest), else as in the bundle.
    pub fn in_storing_order(&self) -> Vec<(&EntryReading, &ChartEntry)> {
        let mut records: Vec<_> =
            self.entries.iter().filter_map(|entry| Some((entry, entry.record()?))).collect();
        records.sort_by_key(|(_, record)| record.kind());
        records
    }
}

/// What was read of one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryReading {
    /// Where it stands in the bundle, from 0.
    pub index: usize,
    /// Its `fullUrl`.
    pub full_url: Option<String>,
    /// Its resource type, when it is one of FHIR R4.
    pub resource_type: Option<&'static str>,
    /// The source's id: `id` of the resource, else the last part of `fullUrl`.
    pub source_id: Option<String>,
    /// Business identifiers by which later bundles may name it (`Practitioner?identifier=..`): all of
    /// practitioners and organizations, and a patient's medical record numbers.
    pub identifiers: Vec<SourceKey>,
    /// References that leave the bundle, to be looked up in what was imported before.
    pub outside: Vec<OutsideLink>,
    /// What it is.
    pub outcome: Outcome,
}

impl EntryReading {
    /// The record of the chart, if it is one.
    pub fn record(&self) -> Option<&ChartEntry> {
        match &self.outcome {
            Outcome::Chart(record) => Some(record),
            Outcome::Ignored(_) | Outcome::Invalid { .. } => None,
        }
    }

    /// By what other records of the same source name this one, if it is a record of the chart.
    pub fn link(&self) -> Option<Link> {
        Some(Link { kind: self.record()?.kind(), key: SourceKey::Id(self.source_id.clone()?) })
    }
}

/// A reference to a record that is not in the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideLink {
    /// Where the reference stands, such as `Observation.subject`.
    pub path: String,
    /// What it names.
    pub link: Link,
}

impl OutsideLink {
    /// The mistake that this reference is when nothing imported before answers to it.
    pub fn broken(&self) -> Problem {
        Problem {
            path: self.path.clone(),
            message: format!(
                "names a {} that is neither in the bundle nor imported before; send it first or with it",
                kind_name(self.link.kind)
            ),
        }
    }
}

/// What one entry is.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A record of the chart.
    Chart(ChartEntry),
    /// Nothing that the portal keeps.
    Ignored(IgnoredReason),
    /// Wrong. Nothing of the bundle may be stored.
    Invalid {
        /// Every mistake found, at least one.
        problems: Vec<Problem>,
    },
}

/// Why an entry is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IgnoredReason {
    /// The portal keeps no resources of this type.
    UnsupportedType,
    /// A helper (`Medication`, `Specimen`, `ServiceRequest`) whose content is kept with the
    /// records that name it.
    KeptWithOthers,
    /// A claim or an explanation of benefits: bills come by another way.
    Billing,
    /// It bears a modifier (`modifierExtension`, `doNotPerform`) that the portal doesn't know: it may mean the
    /// opposite of what the rest of it says, so none of it may be shown.
    UnknownModifier,
}

impl IgnoredReason {
    /// A stable name for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnsupportedType => "unsupported_type",
            Self::KeptWithOthers => "kept_with_others",
            Self::Billing => "billing",
            Self::UnknownModifier => "unknown_modifier",
        }
    }

    /// A sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::UnsupportedType => "The portal does not keep resources of this type.",
            Self::KeptWithOthers => "Its content is kept with the records that name it.",
            Self::UnknownModifier => "It bears a modifier that the portal does not know.",
            Self::Billing => "Claims and explanations of benefits are not part of the chart.",
        }
    }
}

/// One mistake in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a FHIRPath: `Observation.component[1].valueQuantity.value`.
    pub path: String,
    /// What is wrong and what is expected, to be read after the path. Holds no value of the input.
    pub message: String,
}

fn kind_name(kind: ChartKind) -> &'static str {
    crate::chart::Code::code(kind)
}

#[cfg(test)]
mod tests;
