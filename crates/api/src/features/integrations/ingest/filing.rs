//! From a reading to rows: who each resource is here, what it names, and what became of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use portal_domain::{
    access::{Action, Category},
    chart::{ChartEntry, ChartKind, ChartPatient, Code, Link, SourceKey, is_npi, systems},
    fhir::{EntryReading, IgnoredReason, Outcome, OutsideLink, Problem},
    ids::{OrganizationId, PatientId, ProviderId},
    integrations::{EntryResult, EntryView, ImportView},
    patients::Gender,
    text::fold,
};
use uuid::Uuid;

use super::{
    reports,
    service::{Mistake, Prepared, refusal},
    store::{self, ItemRow, OrganizationRow, PatientRow, ProviderRow, SourceLink},
};
use crate::{
    error::{Error, Result},
    features::proposals::Kept,
    platform::{
        access::Grant,
        clock::new_id,
        db::{AnyId, Json},
        work::Work,
    },
};

/// What a resource became at an earlier import.
struct Known {
    id: Uuid,
    patient: Option<PatientId>,
    hash: Vec<u8>,
}

/// What a record of the bundle is here.
#[derive(Clone, Copy, Debug)]
pub struct Filed {
    /// Its id.
    pub id: Uuid,
    /// Whose it is; none for practitioners and organizations.
    pub patient: Option<PatientId>,
    /// What becomes of it.
    pub result: EntryResult,
}

/// One import at work.
pub struct Filing<'b, 'w, 'c> {
    /// The transaction.
    pub work: &'w mut Work<'c>,
    source: &'b str,
    /// What was read.
    pub prepared: &'b Prepared,
    records: &'b [(&'b EntryReading, &'b ChartEntry)],
    known: HashMap<(ChartKind, String), Known>,
    by_npi: HashMap<String, ProviderId>,
    /// By entry; none for what is not kept.
    pub filed: Vec<Option<Filed>>,
    by_name: HashMap<Link, usize>,
    mistakes: Vec<Mistake>,
}

/// Files a valid reading inside the caller's transaction. Mistakes that only show against what is stored
/// (a reference that nothing answers to) refuse it as [`refusal`].
pub fn file(work: &mut Work<'_>, source: &str, prepared: &Prepared) -> Result<ImportView> {
    work.permit(Action::Import, Category::Chart)?;
    let reading = &prepared.reading;
    let by_name = reading.entries.iter().filter_map(|entry| Some((entry.link()?, entry.index))).collect();
    let mut filing = Filing {
        work,
        source,
        prepared,
        records: &reading.in_storing_order(),
        known: HashMap::new(),
        by_npi: HashMap::new(),
        filed: vec![None; reading.entries.len()],
        by_name,
        mistakes: Vec::new(),
    };
    filing.recall()?;
    filing.recognise_practitioners()?;
    filing.identify()?;
    filing.find_owners();
    if !filing.mistakes.is_empty() {
        return Err(refusal(&filing.mistakes).into());
    }
    filing.keep_people()?;
    for patient in filing.patients() {
        let grant = filing.work.grant(Action::Import, Category::Chart, patient)?;
        filing.keep_chart(&grant)?;
    }
    filing.keep_links()?;
    Ok(filing.view())
}

/// How a source's name for a resource is kept; none for the portal's own ids.
fn spelled(key: &SourceKey) -> Option<String> {
    match key {
        SourceKey::Id(id) => Some(id.clone()),
        SourceKey::Identifier { system, value } => Some(format!("{system}|{value}")),
        SourceKey::Local(_) => None,
    }
}

/// The provider identifier that a link names its practitioner by.
fn npi(link: &Link) -> Option<&str> {
    match &link.key {
        SourceKey::Identifier { system, value }
            if link.kind == ChartKind::Practitioner && system == systems::US_NPI =>
        {
            Some(value)
        }
        _ => None,
    }
}

impl Filing<'_, '_, '_> {
    /// What becomes of the record at an entry.
    pub fn filed(&self, entry: usize) -> Result<Filed> {
        self.filed[entry].ok_or_else(|| Error::internal("an entry was not identified before it was filed"))
    }

    /// Loads what this source sent before, of all that the bundle holds or names.
    fn recall(&mut self) -> Result<()> {
        let mut names: BTreeMap<ChartKind, Vec<String>> = BTreeMap::new();
        for (entry, record) in self.records.iter().copied() {
            let own = entry.link().into_iter();
            let aliases = entry.identifiers.iter().map(|key| Link { kind: record.kind(), key: key.clone() });
            let outside = entry.outside.iter().map(|outside| outside.link.clone());
            for link in own.chain(aliases).chain(outside) {
                names.entry(link.kind).or_default().extend(spelled(&link.key));
            }
        }
        for (kind, mut ids) in names {
            ids.sort_unstable();
            ids.dedup();
            for row in store::source_links(self.work.conn, self.source, kind.code(), &ids)? {
                let known = Known { id: row.local_id.0, patient: row.patient_id, hash: row.content_hash };
                self.known.insert((kind, row.source_id), known);
            }
        }
        Ok(())
    }

    fn known(&self, link: &Link) -> Option<&Known> {
        self.known.get(&(link.kind, spelled(&link.key)?))
    }

    /// Gives every record its id: that of an earlier import, that of the same person, or a new one.
    fn identify(&mut self) -> Result<()> {
        let registered = self.registered()?;
        let mut bearers: HashMap<&str, (usize, Uuid)> = HashMap::new();
        for (entry, record) in self.records.iter().copied() {
            let Some(link) = entry.link() else { continue };
            let filed = if let Some(known) = self.known(&link) {
                let same = known.hash == self.prepared.hashes[entry.index];
                let result = if same { EntryResult::Unchanged } else { EntryResult::Updated };
                Filed { id: known.id, patient: known.patient, result }
            } else {
                let found = match record {
                    ChartEntry::Practitioner(record) => {
                        record.npi.as_ref().and_then(|npi| self.by_npi.get(npi)).map(|id| id.0)
                    }
                    ChartEntry::Patient(record) => self.same_patient(record, &registered),
                    _ => None,
                };
                let result = if found.is_some() { EntryResult::Updated } else { EntryResult::Created };
                Filed { id: found.unwrap_or_else(new_id), patient: None, result }
            };
            if let ChartEntry::Patient(record) = record {
                self.check_mrn(entry, record, filed.id, &registered);
                if let Some(mrn) = record.mrn.as_deref() {
                    let (first, bearer) = *bearers.entry(mrn).or_insert((entry.index, filed.id));
                    if bearer != filed.id {
                        let message = format!("repeats the medical record number of entry {first}");
                        self.mistake(entry.index, "Patient.identifier", &message);
                    }
                }
            }
            self.filed[entry.index] = Some(filed);
        }
        Ok(())
    }

    /// Finds the practitioners here who bear a provider identifier that the bundle holds or names. Only
    /// identifiers with a right check digit count: made-up ones may be shared by several people.
    fn recognise_practitioners(&mut self) -> Result<()> {
        let mut npis = Vec::new();
        for (entry, record) in self.records.iter().copied() {
            if let ChartEntry::Practitioner(record) = record {
                npis.extend(record.npi.clone());
            }
            npis.extend(entry.outside.iter().filter_map(|outside| npi(&outside.link)).map(str::to_owned));
        }
        npis.retain(|npi| is_npi(npi));
        npis.sort_unstable();
        npis.dedup();
        // Those with a location are the practice's own and come last, so they win.
        for (npi, id) in store::providers_by_npi(self.work.conn, &npis)? {
            self.by_npi.insert(npi, id);
        }
        Ok(())
    }

    /// The patients of the registry who bear a medical record number of the bundle.
    fn registered(&mut self) -> Result<HashMap<String, store::Registered>> {
        let mrn = |(_, record): &(_, &ChartEntry)| match record {
            ChartEntry::Patient(record) => record.mrn.clone(),
            _ => None,
        };
        let mrns: Vec<String> = self.records.iter().filter_map(mrn).collect();
        let rows = store::registered(self.work.conn, &mrns)?;
        Ok(rows.into_iter().map(|row| (row.mrn.clone(), row)).collect())
    }

    /// The patient of the registry who bears the same number, was born on the same day and has the same last name.
    fn same_patient(
        &self,
        record: &ChartPatient,
        registered: &HashMap<String, store::Registered>,
    ) -> Option<Uuid> {
        let row = registered.get(record.mrn.as_ref()?)?;
        let same = row.birth_date == record.birth_date && row.family_folded == fold(&record.name.family);
        same.then_some(row.id.0)
    }

    fn check_mrn(
        &mut self,
        entry: &EntryReading,
        record: &ChartPatient,
        id: Uuid,
        registered: &HashMap<String, store::Registered>,
    ) {
        let holder = record.mrn.as_ref().and_then(|mrn| registered.get(mrn));
        if holder.is_some_and(|holder| holder.id.0 != id) {
            self.mistake(
                entry.index,
                "Patient.identifier",
                "holds a medical record number of another patient",
            );
        }
    }

    fn mistake(&mut self, entry: usize, path: &str, message: &str) {
        let problem = Problem { path: path.to_owned(), message: message.to_owned() };
        self.mistakes.push(Mistake::of(entry, &problem));
    }

    /// The portal's id of what a link names.
    pub fn local(&self, link: &Link) -> Result<Uuid> {
        self.find(link).ok_or_else(|| Error::internal("a reference was not resolved"))
    }

    /// The record at an entry.
    pub fn record(&self, entry: usize) -> Option<&ChartEntry> {
        self.prepared.reading.entries[entry].record()
    }

    /// The patient that a resolved link names.
    pub fn owner(&self, link: &Link) -> Result<PatientId> {
        link.local().map(PatientId).ok_or_else(|| Error::internal("a reference was not resolved"))
    }

    /// Lets records go by another id from here on.
    pub fn relocate(&mut self, from: Uuid, to: Uuid) {
        self.filed.iter_mut().flatten().filter(|filed| filed.id == from).for_each(|filed| filed.id = to);
        self.known.values_mut().filter(|known| known.id == from).for_each(|known| known.id = to);
    }

    fn find(&self, link: &Link) -> Option<Uuid> {
        match self.by_name.get(link) {
            Some(entry) => self.filed[*entry].map(|filed| filed.id),
            None => match self.known(link) {
                Some(known) => Some(known.id),
                None => self.by_npi.get(npi(link)?).map(|id| id.0),
            },
        }
    }

    /// Finds whose each record is, and refuses what is nobody's, somebody else's or names nothing.
    fn find_owners(&mut self) {
        for (entry, record) in self.records.iter().copied() {
            let broken: Vec<&OutsideLink> =
                entry.outside.iter().filter(|outside| self.find(&outside.link).is_none()).collect();
            for outside in &broken {
                self.mistakes.push(Mistake::of(entry.index, &outside.broken()));
            }
            let owner = match record {
                ChartEntry::Patient(_) => self.filed[entry.index].map(|filed| filed.id),
                _ => record.patient().and_then(|link| self.find(link)),
            };
            let owner = owner.map(PatientId);
            let Some(filed) = &mut self.filed[entry.index] else { continue };
            let before = filed.patient;
            filed.patient = owner;
            if before.is_some() && owner.is_some() && before != owner {
                let path = format!("{}.subject", record.kind());
                self.mistake(
                    entry.index,
                    &path,
                    "names another patient than before; a record can't change its patient",
                );
            }
            for outside in &entry.outside {
                let named = self.known(&outside.link).and_then(|known| known.patient);
                if outside.link.kind != ChartKind::Patient
                    && named.is_some()
                    && owner.is_some()
                    && named != owner
                {
                    self.mistake(entry.index, &outside.path, "names a record of another patient");
                }
            }
        }
        self.check_owners();
    }

    /// Refuses what names a record of another patient in the bundle. Only now is it known whom a business identifier
    /// names, so that two spellings of one patient are told from two patients.
    fn check_owners(&mut self) {
        if self.patients().len() < 2 {
            return;
        }
        for (entry, record) in self.records.iter().copied() {
            let Some(owner) = self.filed[entry.index].and_then(|filed| filed.patient) else { continue };
            let mut record = record.clone();
            let foreign = record.links_mut().into_iter().any(|link| {
                let named = self.by_name.get(link).and_then(|named| self.filed[*named]);
                named.and_then(|named| named.patient).is_some_and(|patient| patient != owner)
            });
            if foreign {
                self.mistake(entry.index, record.kind().code(), "names a record of another patient");
            }
        }
    }

    /// The same record, naming others by the portal's ids.
    pub fn resolved(&self, record: &ChartEntry) -> Result<ChartEntry> {
        let mut record = record.clone();
        for link in record.links_mut() {
            link.key = SourceKey::Local(self.local(link)?);
        }
        Ok(record)
    }

    fn keep_people(&mut self) -> Result<()> {
        let (mut providers, mut organizations, mut patients) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, record) in self.records.iter().copied() {
            let filed = self.filed(entry.index)?;
            let created = filed.result == EntryResult::Created;
            if filed.result == EntryResult::Unchanged {
                continue;
            }
            match record {
                ChartEntry::Practitioner(record) => {
                    let row = ProviderRow {
                        id: ProviderId(filed.id),
                        given_name: record.name.given.join(" "),
                        family_name: record.name.family.clone(),
                        prefix: record.name.prefix.clone().unwrap_or_default(),
                        specialty: String::new(),
                        npi: record.npi.clone(),
                    };
                    if created { providers.push(row) } else { store::update_provider(self.work.conn, &row)? }
                }
                ChartEntry::Organization(record) => {
                    let address = record.address.clone().unwrap_or_default();
                    let row = OrganizationRow {
                        id: OrganizationId(filed.id),
                        name: record.name.clone(),
                        phone: record.phone.clone().unwrap_or_default(),
                        line: address.lines.join(", "),
                        city: address.city.unwrap_or_default(),
                        state: address.state.unwrap_or_default(),
                        postal_code: address.postal_code.unwrap_or_default(),
                    };
                    if created {
                        organizations.push(row)
                    } else {
                        store::update_organization(self.work.conn, &row)?
                    }
                }
                ChartEntry::Patient(record) => {
                    let row = self.patient_row(PatientId(filed.id), record)?;
                    // One who is here already is changed with the rest of the chart.
                    if created {
                        patients.push(row);
                    }
                }
                _ => {}
            }
        }
        store::insert_providers(self.work.conn, &providers)?;
        store::insert_organizations(self.work.conn, &organizations)?;
        store::insert_patients(self.work.conn, &patients)
    }

    fn patient_row(&self, id: PatientId, record: &ChartPatient) -> Result<PatientRow> {
        let given_name = record.name.given.join(" ");
        let family_name = record.name.family.clone();
        Ok(PatientRow {
            id,
            mrn: record.mrn.clone().unwrap_or_else(|| new_mrn(id)),
            given_folded: fold(&given_name),
            family_folded: fold(&family_name),
            given_name,
            family_name,
            birth_date: record.birth_date,
            gender: record.gender.unwrap_or(Gender::Unknown),
            body: Json::of(record)?,
            chart_version: 1,
            created_at: self.work.now,
            updated_at: self.work.now,
        })
    }

    /// Everybody whose chart the bundle holds something of, in the order of the bundle.
    fn patients(&self) -> Vec<PatientId> {
        let mut seen = HashSet::new();
        let patients = self.filed.iter().flatten().filter_map(|filed| filed.patient);
        patients.filter(|patient| seen.insert(*patient)).collect()
    }

    /// Keeps what the bundle holds of one patient.
    fn keep_chart(&mut self, grant: &Grant) -> Result<()> {
        let mut items = Vec::new();
        // What staff accepted of the patient's words stands against what comes in.
        let kept = Kept::of(self.work, grant)?;
        for (entry, record) in self.records.iter().copied() {
            let filed = self.filed(entry.index)?;
            if filed.patient != Some(grant.patient()) || filed.result == EntryResult::Unchanged {
                continue;
            }
            if let ChartEntry::Patient(record) = record
                && filed.result == EntryResult::Updated
            {
                let settled = kept.settle(self.work, grant, filed.id, (**record).clone().into())?;
                let ChartEntry::Patient(settled) = &settled else { continue };
                let row = self.patient_row(grant.patient(), settled)?;
                store::update_patient(self.work.conn, grant, &row, record.mrn.as_deref())?;
            }
            if record.item().is_none() {
                continue;
            }
            let resolved = self.resolved(record)?;
            let settled = kept.settle(self.work, grant, filed.id, resolved)?;
            if let Some(row) = self.item_row(filed, &settled)? {
                if filed.result == EntryResult::Created {
                    items.push(row);
                } else {
                    store::update_item(self.work.conn, grant, &row)?;
                }
            }
        }
        let has_allergies = items.iter().any(|row| row.kind == ChartKind::Allergy.code())
            || self.is_updated(grant, ChartKind::Allergy);
        store::insert_items(self.work.conn, grant, items)?;
        if has_allergies {
            Kept::settle_allergies(self.work, grant)?;
        }
        reports::keep(self, grant)?;
        let changed =
            |filed: &&Filed| filed.patient == Some(grant.patient()) && filed.result != EntryResult::Unchanged;
        if self.filed.iter().flatten().any(|filed| changed(&filed)) {
            store::touch_chart(self.work.conn, grant, self.work.now)?;
        }
        Ok(())
    }

    /// Whether a record of that kind is changed in this patient's chart.
    fn is_updated(&self, grant: &Grant, kind: ChartKind) -> bool {
        let is_changed =
            |filed: &Filed| filed.patient == Some(grant.patient()) && filed.result == EntryResult::Updated;
        let mut records = self.records.iter();
        records.any(|(entry, record)| {
            record.kind() == kind && self.filed[entry.index].as_ref().is_some_and(is_changed)
        })
    }

    /// The row of a record that names others by the portal's ids.
    fn item_row(&self, filed: Filed, record: &ChartEntry) -> Result<Option<ItemRow>> {
        let (Some(facts), Some(patient_id)) = (record.item(), filed.patient) else { return Ok(None) };
        let coding = facts.concept.and_then(|concept| concept.coding.clone());
        let (code_system, code) = coding.map(|coding| (coding.system, coding.code)).unzip();
        Ok(Some(ItemRow {
            patient_id,
            kind: record.kind().code(),
            at: facts.sorting_time(),
            id: AnyId(filed.id),
            status: facts.status,
            code_system,
            code,
            display: facts.display.to_owned(),
            encounter_id: facts.encounter.and_then(Link::local).map(AnyId),
            body: Json(record_json(record)?),
            created_at: self.work.now,
            updated_at: self.work.now,
        }))
    }

    /// Keeps what each resource became, so that the next import knows it.
    fn keep_links(&mut self) -> Result<()> {
        let mut links = Vec::new();
        for (entry, record) in self.records.iter().copied() {
            let filed = self.filed(entry.index)?;
            let kind = record.kind();
            for key in entry.link().map(|link| link.key).iter().chain(&entry.identifiers) {
                let Some(source_id) = spelled(key) else { continue };
                let known = self.known.get(&(kind, source_id.clone()));
                let content_hash = self.prepared.hashes[entry.index].clone();
                let link = SourceLink {
                    source_system: self.source.to_owned(),
                    resource_type: kind.code().to_owned(),
                    source_id,
                    local_id: AnyId(filed.id),
                    patient_id: filed.patient,
                    content_hash,
                    imported_at: self.work.now,
                };
                match known {
                    None => links.push(link),
                    Some(known) if known.hash != link.content_hash => {
                        store::update_source_link(self.work.conn, &link)?;
                    }
                    Some(_) => {}
                }
            }
        }
        links.sort_by(|one, other| {
            (&one.resource_type, &one.source_id).cmp(&(&other.resource_type, &other.source_id))
        });
        links.dedup_by(|one, other| {
            one.resource_type == other.resource_type && one.source_id == other.source_id
        });
        store::insert_source_links(self.work.conn, &links)
    }

    fn view(&self) -> ImportView {
        let entries = self.prepared.reading.entries.iter().filter_map(|entry| {
            let (result, reason, id) = match (&entry.outcome, self.filed[entry.index]) {
                (Outcome::Ignored(reason), _) => (EntryResult::Ignored, Some(*reason), None),
                (_, Some(filed)) => (filed.result, None, Some(filed.id)),
                _ => return None,
            };
            Some(EntryView {
                index: u32::try_from(entry.index).unwrap_or(u32::MAX),
                resource_type: entry.resource_type.unwrap_or_default().to_owned(),
                source_id: entry.source_id.clone(),
                result,
                reason: reason.map(|reason| IgnoredReason::code(reason).to_owned()),
                reason_text: reason.map(|reason| IgnoredReason::sentence(reason).to_owned()),
                id,
            })
        });
        ImportView::of(entries.collect())
    }
}

/// The JSON of the record itself, without the name of its kind, which stands in a column.
pub fn record_json(record: &ChartEntry) -> Result<String> {
    Ok(match record {
        ChartEntry::Practitioner(r) => serde_json::to_string(r),
        ChartEntry::Organization(r) => serde_json::to_string(r),
        ChartEntry::Patient(r) => serde_json::to_string(r),
        ChartEntry::Encounter(r) => serde_json::to_string(r),
        ChartEntry::Condition(r) => serde_json::to_string(r),
        ChartEntry::Allergy(r) => serde_json::to_string(r),
        ChartEntry::Medication(r) => serde_json::to_string(r),
        ChartEntry::Dispense(r) => serde_json::to_string(r),
        ChartEntry::Immunization(r) => serde_json::to_string(r),
        ChartEntry::Procedure(r) => serde_json::to_string(r),
        ChartEntry::Goal(r) => serde_json::to_string(r),
        ChartEntry::CarePlan(r) => serde_json::to_string(r),
        ChartEntry::Coverage(r) => serde_json::to_string(r),
        ChartEntry::Relative(r) => serde_json::to_string(r),
        ChartEntry::Directive(r) => serde_json::to_string(r),
        ChartEntry::Instruction(r) => serde_json::to_string(r),
        ChartEntry::Referral(r) => serde_json::to_string(r),
        ChartEntry::Observation(r) => serde_json::to_string(r),
        ChartEntry::Report(r) => serde_json::to_string(r),
    }?)
}

/// A medical record number for a patient whose source sent none: the random end of the id.
fn new_mrn(id: PatientId) -> String {
    let hex = id.0.simple().to_string().to_uppercase();
    format!("P{}", &hex[20..])
}
