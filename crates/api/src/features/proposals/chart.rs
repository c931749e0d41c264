//! Entries of the chart by field, and what of them makes a proposal urgent.

use std::collections::HashSet;

use portal_domain::{
    chart::{ChartEntry, ChartKind, Concept},
    ids::ChartItemId,
    proposals::{
        Fields, ProposalChange, ProposalField, ProposalSubject, fields_of, is_active_allergy, is_none_known,
        matches, stands_now,
    },
    text::fold,
};
use portal_record::narrative;
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    features::health_record,
    platform::{access::Grant, work::Work},
};

/// An entry of the chart.
pub struct Entry {
    /// The row; of contact data the patient's own id.
    pub id: ChartItemId,
    /// What it is called.
    pub name: String,
    /// What it says.
    pub fields: Fields,
    /// The record itself.
    pub record: ChartEntry,
}

/// What contact data are called, where other entries have a name of their own.
pub const CONTACT: &str = "Address and phone numbers";
/// What the statement is called that no allergy is known.
pub const NONE_KNOWN: &str = "No known allergies";

/// What an entry with these fields is called.
pub fn name(about: ProposalSubject, fields: &Fields) -> String {
    about.name_field().map_or(CONTACT, |field| fields.get(field)).to_owned()
}

/// What an entry says, and of which part of the chart it is.
pub fn said(entry: &ChartEntry) -> Option<(ProposalSubject, Fields)> {
    fields_of(entry, narrative::directions)
}

const fn kind(about: ProposalSubject) -> Option<ChartKind> {
    match about {
        ProposalSubject::Medication => Some(ChartKind::Medication),
        ProposalSubject::Allergy => Some(ChartKind::Allergy),
        ProposalSubject::Insurance => Some(ChartKind::Coverage),
        ProposalSubject::FamilyHistory => Some(ChartKind::Relative),
        ProposalSubject::Contact | ProposalSubject::SocialHistory => None,
    }
}

/// The entries of one part of the chart, newest first; none that was recorded in error.
pub fn entries(work: &mut Work<'_>, grant: &Grant, about: ProposalSubject) -> Result<Vec<Entry>> {
    let records: Vec<(Uuid, ChartEntry)> = match (kind(about), about) {
        (Some(kind), _) => health_record::named(work.conn, grant, &[kind])?,
        // Of each question the last answer.
        (None, ProposalSubject::SocialHistory) => newest(store::social_history(work.conn, grant)?),
        (None, _) => vec![(grant.patient().0, store::person(work.conn, grant)?.into())],
    };
    let entry = |(id, record): (Uuid, ChartEntry)| {
        let (about, fields) = said(&record)?;
        Some(Entry { id: ChartItemId(id), name: name(about, &fields), fields, record })
    };
    Ok(records.into_iter().filter_map(entry).collect())
}

/// The first of each question, by code or in the same words; none that was recorded in error.
fn newest(records: Vec<(Uuid, ChartEntry)>) -> Vec<(Uuid, ChartEntry)> {
    let mut asked = HashSet::new();
    let is_new = |(_, record): &(Uuid, ChartEntry)| match record {
        ChartEntry::Observation(seen) => {
            let coding = seen.code.coding.as_ref().map(|coding| (coding.system.clone(), coding.code.clone()));
            stands_now(record)
                && asked.insert(coding.unwrap_or_else(|| (String::new(), fold(&seen.code.text))))
        }
        _ => false,
    };
    let mut records = records;
    records.retain(is_new);
    records
}

/// One of them.
pub fn entry(
    work: &mut Work<'_>,
    grant: &Grant,
    about: ProposalSubject,
    item: ChartItemId,
) -> Result<Option<Entry>> {
    Ok(entries(work, grant, about)?.into_iter().find(|entry| entry.id == item))
}

impl Entry {
    /// Whether it is true now, rather than in the past.
    pub fn is_current(&self) -> bool {
        stands_now(&self.record)
    }

    /// Whether it is the statement that no allergy is known.
    pub fn is_none_known(&self) -> bool {
        is_none_known(&self.record)
    }

    /// What it is about, where a proposal still says the same.
    fn concept(&self, fields: &Fields) -> Option<&Concept> {
        let concept = match &self.record {
            ChartEntry::Allergy(record) => &record.code,
            ChartEntry::Medication(record) => &record.drug,
            _ => return None,
        };
        let named = [ProposalField::Substance, ProposalField::Drug];
        named.iter().any(|field| fields.get(*field) == concept.text).then_some(concept)
    }
}

/// What of the chart a proposal must not wait for: drugs that are taken and that a proposed allergy is about, allergies to
/// a proposed drug (MED-3).
pub fn conflicts(
    work: &mut Work<'_>,
    grant: &Grant,
    about: ProposalSubject,
    change: ProposalChange,
    fields: &Fields,
    now: Option<&Entry>,
) -> Result<Vec<String>> {
    if !matches!(change, ProposalChange::Add | ProposalChange::Change) {
        return Ok(Vec::new());
    }
    let other = match about {
        ProposalSubject::Allergy => ProposalSubject::Medication,
        ProposalSubject::Medication => ProposalSubject::Allergy,
        _ => return Ok(Vec::new()),
    };
    let plain = Concept { coding: None, text: name(about, fields) };
    let proposed = now.and_then(|now| now.concept(fields)).unwrap_or(&plain).clone();
    let mut found = Vec::new();
    for entry in entries(work, grant, other)?.into_iter().filter(Entry::is_current) {
        let is_match = match &entry.record {
            ChartEntry::Medication(record) => matches(&proposed, &record.drug),
            ChartEntry::Allergy(record) => {
                is_active_allergy(&entry.record) && matches(&record.code, &proposed)
            }
            _ => false,
        };
        if is_match && !found.contains(&entry.name) {
            found.push(entry.name);
        }
    }
    Ok(found)
}
