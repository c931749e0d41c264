//! Puts a health record together.

use std::collections::{BTreeMap, HashMap, HashSet};

use portal_domain::{
    chart::{ChartEntry, ChartKind, ChartReport, Party},
    record::{DateRange, Section},
    results::Laboratory,
    time::Time,
};
use portal_record::{CareTeamMember, HealthRecord, Item, Practice, ResultReport, Subject};
use uuid::{Builder, Uuid};

use super::store::{self, Practitioner};
use crate::{
    error::{Error, Result},
    features::practice,
    platform::{access::Grant, db::Conn, secret::hash, work::Work},
};

/// What these sections (all, when none is named) of a chart hold on these days: of results only what a provider released.
pub fn gather(
    work: &mut Work<'_>,
    grant: &Grant,
    sections: &[Section],
    range: DateRange,
) -> Result<HealthRecord> {
    let conn = &mut *work.conn;
    let (id, name, phone) = store::practice(conn)?;
    let address = store::main_address(conn)?;
    let keeper = Practice { id, name, phone, address, zone: practice::zone(conn)? };
    let (mrn, person) = store::person(conn, grant)?;
    let patient = Subject { id: grant.patient(), mrn, person };

    let sections = if sections.is_empty() { Section::ALL } else { sections };
    let has = |section| sections.contains(&section);
    // Visits tell who cares for the patient, whichever sections are asked for.
    let kinds = sections.iter().flat_map(|section| kinds(*section)).chain([&ChartKind::Encounter]);
    let mut entries = store::items(conn, grant, kinds)?;
    if has(Section::VitalSigns) || has(Section::SocialHistory) || has(Section::FunctionalStatus) {
        entries.extend(store::own_observations(conn, grant)?);
    }
    let released = if has(Section::Results) { store::released(conn, grant)? } else { Vec::new() };
    let mut reports = Vec::with_capacity(released.len());
    for row in &released {
        reports.push(row.body.read::<ChartReport>()?);
    }
    let mut values = if released.is_empty() { HashMap::new() } else { store::values(conn, grant)? };

    // Everybody who is named, looked up once.
    let mut named = Named::default();
    entries.iter_mut().for_each(|(_, entry)| named.of(entry));
    for row in &released {
        named.practitioners.extend(row.provider_id.map(|id| id.0));
        named.organizations.extend(row.organization_id.map(|id| id.0));
    }
    let people = People::of(conn, &named)?;

    let mut record = HealthRecord::new(
        document_id(grant, work.now, sections, range)?,
        work.now,
        keeper,
        patient,
        range,
        sections,
    );
    record.care_team = people.care_team(&entries);
    for (id, mut entry) in entries {
        parties(&mut entry).into_iter().for_each(|party| people.name(party));
        record.add(id, entry);
    }
    for (row, report) in released.into_iter().zip(reports) {
        let values = values.remove(&row.id).unwrap_or_default();
        record.add_result(ResultReport {
            id: row.id.0,
            report,
            laboratory: row.organization_id.and_then(|id| people.organizations.get(&id.0).cloned()),
            ordered_by: row.provider_id.and_then(|id| Some(people.practitioners.get(&id.0)?.full_name())),
            provider_comment: row.provider_comment,
            released_at: row.released_at.ok_or_else(|| Error::internal("released at no time"))?,
            values: values.into_iter().map(|(id, record)| Item { id, record }).collect(),
        });
    }
    if has(Section::Documents) {
        for document in store::documents(work.conn, grant)? {
            record.add_document(document);
        }
    }
    Ok(record)
}

/// The document's id, of what makes it the document that it is: so the command line writes the same bytes as the page when
/// both write at the same time. Version 8 (RFC 9562, 5.8).
fn document_id(grant: &Grant, now: Time, sections: &[Section], range: DateRange) -> Result<Uuid> {
    let what = serde_json::to_vec(&(grant.patient(), now, sections, range)).map_err(Error::internal)?;
    let id = hash(&what).first_chunk::<16>().copied().unwrap_or_default();
    Ok(Builder::from_custom_bytes(id).into_uuid())
}

/// The records of these kinds, newest first, with names beside the ids of who took part; none that was recorded in error.
pub fn named(conn: &mut Conn, grant: &Grant, kinds: &[ChartKind]) -> Result<Vec<(Uuid, ChartEntry)>> {
    let mut entries = store::items(conn, grant, kinds.iter())?;
    let mut named = Named::default();
    entries.iter_mut().for_each(|(_, entry)| named.of(entry));
    let people = People::of(conn, &named)?;
    for (_, entry) in &mut entries {
        parties(entry).into_iter().for_each(|party| people.name(party));
    }
    Ok(entries)
}

/// The records of the chart, read whole, that a section is made of.
fn kinds(section: Section) -> &'static [ChartKind] {
    match section {
        Section::Allergies => &[ChartKind::Allergy],
        Section::Medications => &[ChartKind::Medication],
        Section::Conditions => &[ChartKind::Condition],
        Section::Immunizations => &[ChartKind::Immunization],
        Section::Procedures => &[ChartKind::Procedure],
        Section::Insurance => &[ChartKind::Coverage],
        Section::FamilyHistory => &[ChartKind::Relative],
        Section::AdvanceDirectives => &[ChartKind::Directive],
        Section::Instructions => &[ChartKind::Instruction],
        Section::Referrals => &[ChartKind::Referral],
        Section::PlanOfCare => &[ChartKind::CarePlan, ChartKind::Goal],
        Section::Encounters => &[ChartKind::Encounter],
        Section::Demographics
        | Section::Documents
        | Section::Results
        | Section::VitalSigns
        | Section::SocialHistory
        | Section::FunctionalStatus => &[],
    }
}

/// The ids of those who are named.
#[derive(Default)]
struct Named {
    practitioners: HashSet<Uuid>,
    organizations: HashSet<Uuid>,
}

impl Named {
    fn of(&mut self, entry: &mut ChartEntry) {
        for party in parties(entry) {
            let Some(link) = &party.link else { continue };
            match link.kind {
                ChartKind::Practitioner => self.practitioners.extend(link.local()),
                ChartKind::Organization => self.organizations.extend(link.local()),
                _ => {}
            }
        }
    }
}

struct People {
    practitioners: HashMap<Uuid, Practitioner>,
    organizations: HashMap<Uuid, Laboratory>,
}

impl People {
    /// Everybody who is named, looked up once.
    fn of(conn: &mut Conn, named: &Named) -> Result<Self> {
        Ok(Self {
            practitioners: store::practitioners(conn, &named.practitioners)?,
            organizations: store::organizations(conn, &named.organizations)?,
        })
    }

    /// Names a party in words, where only its id was kept.
    fn name(&self, party: &mut Party) {
        let Some(id) = party.link.as_ref().and_then(|link| link.local()) else { return };
        if party.display.is_none() {
            let practitioner = self.practitioners.get(&id).map(Practitioner::full_name);
            party.display = practitioner.or_else(|| Some(self.organizations.get(&id)?.name.clone()));
        }
    }

    /// The practice's own practitioners who saw the patient.
    fn care_team(&self, entries: &[(Uuid, ChartEntry)]) -> Vec<CareTeamMember> {
        let mut team = BTreeMap::new();
        for (_, entry) in entries {
            let ChartEntry::Encounter(visit) = entry else { continue };
            for party in &visit.practitioners {
                let Some(id) = party.link.as_ref().and_then(|link| link.local()) else { continue };
                let own = self.practitioners.get(&id).filter(|one| one.location_id.is_some());
                let Some(own) = own else { continue };
                team.entry((own.family_name.clone(), id)).or_insert_with(|| CareTeamMember {
                    id,
                    name: own.full_name(),
                    specialty: own.specialty.clone(),
                    npi: own.npi.clone(),
                });
            }
        }
        team.into_values().collect()
    }
}

/// Everybody who took part in what a record tells.
fn parties(entry: &mut ChartEntry) -> Vec<&mut Party> {
    match entry {
        ChartEntry::Encounter(r) => r.practitioners.iter_mut().chain(&mut r.organization).collect(),
        ChartEntry::Medication(r) => r.requester.iter_mut().collect(),
        ChartEntry::Immunization(r) => r.performers.iter_mut().collect(),
        ChartEntry::Procedure(r) => r.performers.iter_mut().collect(),
        ChartEntry::Coverage(r) => r.payer.iter_mut().collect(),
        ChartEntry::Directive(r) => r.agents.iter_mut().collect(),
        ChartEntry::Instruction(r) => r.by.iter_mut().collect(),
        ChartEntry::Referral(r) => r.requester.iter_mut().chain(&mut r.performers).collect(),
        ChartEntry::Observation(r) => r.performers.iter_mut().collect(),
        ChartEntry::Report(r) => {
            r.performers.iter_mut().chain(&mut r.interpreters).chain(&mut r.ordered_by).collect()
        }
        ChartEntry::Practitioner(_)
        | ChartEntry::Organization(_)
        | ChartEntry::Patient(_)
        | ChartEntry::Condition(_)
        | ChartEntry::Allergy(_)
        | ChartEntry::Dispense(_)
        | ChartEntry::Goal(_)
        | ChartEntry::CarePlan(_)
        | ChartEntry::Relative(_) => Vec::new(),
    }
}
