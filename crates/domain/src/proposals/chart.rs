//! Entries of the chart as the fields of a proposal, and back.

use super::{Fields, ProposalField as Field, ProposalSubject};
use crate::{
    chart::{
        Address, AllergyClinicalStatus, AllergyReaction, ChartAllergy, ChartCoverage, ChartEntry, ChartKind,
        ChartMedication, ChartObservation, ChartPatient, ChartRelative, Code, Coding, Concept,
        CoverageStatus, Dosage, FamilyHistoryStatus, Link, MedicationIntent, MedicationStatus,
        ObservationCategory, ObservationStatus, ObservationValue, Party, Phone, RelativeCondition, Severity,
        SourceKey, Verification, systems,
    },
    ids::PatientId,
    refills::is_current,
    time::Date,
};

/// No known allergy (SNOMED CT).
const NONE_KNOWN: &str = "716186003";

/// What an entry says, by field; none for what nobody proposes about. `directions` tells how to take a medication.
pub fn fields_of(
    entry: &ChartEntry,
    directions: impl FnOnce(&ChartMedication) -> String,
) -> Option<(ProposalSubject, Fields)> {
    let mut says = Fields::default();
    let about = match entry {
        ChartEntry::Medication(r) => {
            says.set(Field::Drug, r.drug.text.as_str());
            says.set(Field::Directions, directions(r));
            says.set(Field::Reason, list(&r.reasons));
            says.set(Field::Status, word(r.status));
            ProposalSubject::Medication
        }
        ChartEntry::Allergy(r) => {
            let signs = r.reactions.iter().flat_map(|reaction| &reaction.manifestations);
            says.set(Field::Substance, r.code.text.as_str());
            says.set(Field::Reaction, list(signs));
            says.set(Field::Severity, worst(r).map(Severity::as_str).unwrap_or_default());
            says.set(Field::Known, known(r.reported));
            says.set(Field::Status, allergy_status(r));
            ProposalSubject::Allergy
        }
        ChartEntry::Patient(r) => {
            let address = r.address.clone().unwrap_or_default();
            says.set(Field::Street, address.lines.join("\n"));
            says.set(Field::City, address.city.unwrap_or_default());
            says.set(Field::Region, address.state.unwrap_or_default());
            says.set(Field::PostalCode, address.postal_code.unwrap_or_default());
            for (field, used_for) in PHONES {
                let phone = r.phones.iter().find(|phone| phone.used_for.as_deref() == Some(used_for));
                says.set(field, phone.map(|phone| phone.number.clone()).unwrap_or_default());
            }
            ProposalSubject::Contact
        }
        ChartEntry::Coverage(r) => {
            let payer = r.payer.as_ref().and_then(|payer| payer.display.clone());
            says.set(Field::Payer, payer.unwrap_or_default());
            says.set(Field::Plan, r.plan.clone().unwrap_or_default());
            says.set(Field::MemberNumber, r.subscriber_id.clone().unwrap_or_default());
            says.set(Field::GroupNumber, r.group_number.clone().unwrap_or_default());
            says.set(Field::Status, word(r.status));
            ProposalSubject::Insurance
        }
        ChartEntry::Relative(r) => {
            let illnesses: Vec<&str> = r.conditions.iter().map(|one| one.code.text.as_str()).collect();
            says.set(Field::Relationship, r.relationship.text.as_str());
            says.set(Field::Illnesses, illnesses.join("\n"));
            says.set(Field::Died, died(r.deceased));
            says.set(Field::Status, word(r.status));
            ProposalSubject::FamilyHistory
        }
        ChartEntry::Observation(r) if r.category == ObservationCategory::SocialHistory => {
            let answer = r.shown_value().map(|value| value.words());
            says.set(Field::Topic, r.code.text.as_str());
            says.set(Field::Answer, answer.unwrap_or_default());
            if r.status == ObservationStatus::EnteredInError {
                says.set(Field::Status, word(r.status));
            }
            ProposalSubject::SocialHistory
        }
        _ => return None,
    };
    Some((about, says))
}

/// How telephones are told apart (FHIR `ContactPointUse`).
const PHONES: [(Field, &str); 3] =
    [(Field::HomePhone, "home"), (Field::MobilePhone, "mobile"), (Field::WorkPhone, "work")];

/// The entry with what differs between `before` and `after`; what stays the same keeps its codes and parts.
pub fn apply(entry: &mut ChartEntry, before: &Fields, after: &Fields) {
    let changed = |field: &&Field| before.get(**field) != after.get(**field);
    for field in Field::ALL.iter().filter(changed) {
        write(entry, *field, after.get(*field));
    }
}

fn write(entry: &mut ChartEntry, field: Field, says: &str) {
    match entry {
        ChartEntry::Medication(r) => match field {
            Field::Drug => r.drug = plain(says),
            Field::Directions => {
                let line = || Dosage { text: Some(says.to_owned()), ..Dosage::default() };
                r.dosage = some(says).map(|_| line()).into_iter().collect();
            }
            Field::Reason => {
                r.reasons = some(says).map(|says| plain(&says)).into_iter().collect();
                r.reason_conditions.clear();
            }
            Field::Status => r.status = of_word(says).unwrap_or(r.status),
            _ => {}
        },
        ChartEntry::Allergy(r) => write_allergy(r, field, says),
        ChartEntry::Patient(r) => write_contact(r, field, says),
        ChartEntry::Coverage(r) => match field {
            Field::Payer => r.payer = some(says).map(|name| Party { link: None, display: Some(name) }),
            Field::Plan => r.plan = some(says),
            Field::MemberNumber => r.subscriber_id = some(says),
            Field::GroupNumber => r.group_number = some(says),
            Field::Status => r.status = of_word(says).unwrap_or(r.status),
            _ => {}
        },
        ChartEntry::Relative(r) => match field {
            Field::Relationship => r.relationship = plain(says),
            Field::Illnesses => r.conditions = illnesses(&r.conditions, says),
            Field::Died => {
                r.deceased = some(says).map(|says| says == "yes");
                r.deceased_text = r.deceased_text.take().filter(|_| r.deceased == Some(true));
            }
            Field::Status => r.status = of_word(says).unwrap_or(r.status),
            _ => {}
        },
        ChartEntry::Observation(r) => match field {
            Field::Topic => r.code = plain(says),
            Field::Answer => {
                r.value = some(says).map(ObservationValue::Text);
                (r.absent_reason, r.interpretation, r.interpretation_text) = (None, None, None);
                r.components.clear();
            }
            Field::Status => r.status = of_word(says).unwrap_or(r.status),
            _ => {}
        },
        _ => {}
    }
}

fn write_allergy(r: &mut ChartAllergy, field: Field, says: &str) {
    match field {
        Field::Substance => r.code = plain(says),
        Field::Reaction => {
            let severity = worst(r);
            let manifestations: Vec<Concept> = some(says).map(|says| plain(&says)).into_iter().collect();
            let is_told = !manifestations.is_empty() || severity.is_some();
            r.reactions =
                is_told.then_some(AllergyReaction { manifestations, severity }).into_iter().collect();
        }
        Field::Severity => {
            let severity = Severity::from_code(says);
            if r.reactions.is_empty() && severity.is_some() {
                r.reactions.push(AllergyReaction { manifestations: Vec::new(), severity });
            }
            r.reactions.iter_mut().for_each(|reaction| reaction.severity = severity);
        }
        Field::Known => r.reported = some(says).map(|says| says == "reported"),
        Field::Status if says == word(Verification::Refuted) => {
            r.verification = Some(Verification::Refuted);
            r.clinical_status = Some(AllergyClinicalStatus::Inactive);
        }
        Field::Status if says == word(Verification::EnteredInError) => {
            r.verification = Some(Verification::EnteredInError);
            r.clinical_status = None;
        }
        Field::Status => {
            r.clinical_status = of_word(says);
            r.verification = r.verification.filter(|known| *known != Verification::Refuted);
        }
        _ => {}
    }
}

fn write_contact(r: &mut ChartPatient, field: Field, says: &str) {
    if let Some((_, used_for)) = PHONES.iter().find(|(phone, _)| *phone == field) {
        let at = r.phones.iter().position(|phone| phone.used_for.as_deref() == Some(used_for));
        match (at, some(says)) {
            (Some(at), Some(number)) => r.phones[at].number = number,
            (Some(at), None) => drop(r.phones.remove(at)),
            (None, Some(number)) => r.phones.push(Phone { number, used_for: Some((*used_for).to_owned()) }),
            (None, None) => {}
        }
        return;
    }
    let address = r.address.get_or_insert_with(Address::default);
    match field {
        Field::Street => address.lines = says.lines().map(str::trim).filter_map(some).collect(),
        Field::City => address.city = some(says),
        Field::Region => address.state = some(says),
        Field::PostalCode => address.postal_code = some(says),
        _ => {}
    }
    r.address = r.address.take().filter(|address| *address != Address::default());
}

/// Illnesses by the names that are told; those that were known keep what else is known of them.
fn illnesses(before: &[RelativeCondition], says: &str) -> Vec<RelativeCondition> {
    let of = |name: String| {
        let known = before.iter().find(|one| one.code.text == name).cloned();
        known.unwrap_or_else(|| RelativeCondition {
            code: plain(&name),
            onset: None,
            outcome: None,
            led_to_death: false,
        })
    };
    says.lines().map(str::trim).filter_map(some).map(of).collect()
}

/// What an entry says once it is ended.
pub fn removed(about: ProposalSubject, now: &Fields) -> Fields {
    let ended = match about {
        ProposalSubject::Medication => word(MedicationStatus::Stopped),
        ProposalSubject::Allergy => word(Verification::Refuted),
        ProposalSubject::Insurance => word(CoverageStatus::Cancelled),
        ProposalSubject::FamilyHistory => word(FamilyHistoryStatus::EnteredInError),
        ProposalSubject::SocialHistory => word(ObservationStatus::EnteredInError),
        ProposalSubject::Contact => String::new(),
    };
    now.clone().with(Field::Status, ended)
}

/// A new entry that says this; none for contact data, which is there already.
pub fn made(about: ProposalSubject, patient: PatientId, says: &Fields, today: Date) -> Option<ChartEntry> {
    let patient = Link { kind: ChartKind::Patient, key: SourceKey::Local(patient.0) };
    let today = crate::chart::PartialTime::day(today).ok();
    let mut entry: ChartEntry = match about {
        // What a patient takes by own account is a plan, never an order: nobody asks this practice for a refill of it.
        ProposalSubject::Medication => ChartMedication {
            patient,
            status: MedicationStatus::Active,
            intent: MedicationIntent::Plan,
            drug: plain(""),
            dosage: Vec::new(),
            authored: today,
            requester: None,
            encounter: None,
            reasons: Vec::new(),
            reason_conditions: Vec::new(),
            refills_allowed: None,
            dispense_quantity: None,
            supply_days: None,
            valid_until: None,
            notes: Vec::new(),
        }
        .into(),
        ProposalSubject::Allergy => allergy(patient, plain(""), today).into(),
        ProposalSubject::Insurance => ChartCoverage {
            patient,
            status: CoverageStatus::Active,
            kind: None,
            payer: None,
            plan: None,
            group_number: None,
            subscriber_id: None,
            relationship: None,
            rank: None,
            start: today,
            end: None,
        }
        .into(),
        ProposalSubject::FamilyHistory => ChartRelative {
            patient,
            status: FamilyHistoryStatus::Partial,
            recorded: today,
            relationship: plain(""),
            name: None,
            sex: None,
            deceased: None,
            deceased_text: None,
            conditions: Vec::new(),
            notes: Vec::new(),
        }
        .into(),
        ProposalSubject::SocialHistory => ChartObservation {
            patient,
            category: ObservationCategory::SocialHistory,
            status: ObservationStatus::Final,
            code: plain(""),
            effective: today,
            effective_end: None,
            issued: None,
            value: None,
            absent_reason: None,
            components: Vec::new(),
            members: Vec::new(),
            interpretation: None,
            interpretation_text: None,
            reference_range: None,
            specimen: None,
            method: None,
            body_site: None,
            performers: Vec::new(),
            encounter: None,
            notes: Vec::new(),
        }
        .into(),
        ProposalSubject::Contact => return None,
    };
    apply(&mut entry, &Fields::default(), &says.clone().typed());
    Some(entry)
}

/// Whether what changes is another entry of a later day, beside the one that was true before: who stopped smoking was a
/// smoker all the same.
pub const fn is_series(about: ProposalSubject) -> bool {
    matches!(about, ProposalSubject::SocialHistory)
}

/// A new entry of a series that takes the place of `before` from today on: the same question, coded as it was.
pub fn from_today(before: &ChartEntry, patient: PatientId, says: &Fields, today: Date) -> Option<ChartEntry> {
    let mut entry = made(ProposalSubject::SocialHistory, patient, says, today)?;
    if let (ChartEntry::Observation(new), ChartEntry::Observation(before)) = (&mut entry, before)
        && new.code.text == before.code.text
    {
        new.code = before.code.clone();
    }
    Some(entry)
}

/// The statement that no allergy is known (MED-3).
pub fn none_known(patient: PatientId, today: Date) -> ChartEntry {
    let patient = Link { kind: ChartKind::Patient, key: SourceKey::Local(patient.0) };
    let coding = Coding {
        system: systems::SNOMED_CT.into(),
        code: NONE_KNOWN.into(),
        display: Some("No known allergy".into()),
    };
    let code = Concept { coding: Some(coding), text: "No known allergies".into() };
    let mut record = allergy(patient, code, crate::chart::PartialTime::day(today).ok());
    record.reported = Some(true);
    record.into()
}

fn allergy(patient: Link, code: Concept, recorded: Option<crate::chart::PartialTime>) -> ChartAllergy {
    ChartAllergy {
        patient,
        code,
        clinical_status: Some(AllergyClinicalStatus::Active),
        verification: Some(Verification::Confirmed),
        kind: None,
        categories: Vec::new(),
        criticality: None,
        reactions: Vec::new(),
        onset: None,
        recorded,
        reported: None,
        notes: Vec::new(),
    }
}

/// Whether an entry is the statement that no allergy of any kind is known, and stands.
pub fn is_none_known(entry: &ChartEntry) -> bool {
    matches!(entry, ChartEntry::Allergy(r) if r.code.is(systems::SNOMED_CT, NONE_KNOWN) && stands(r))
}

/// Whether an entry is an allergy to something that stands.
pub fn is_active_allergy(entry: &ChartEntry) -> bool {
    matches!(entry, ChartEntry::Allergy(r) if !r.is_no_known_allergy() && stands(r))
}

fn stands(r: &ChartAllergy) -> bool {
    let is_over =
        matches!(r.clinical_status, Some(AllergyClinicalStatus::Inactive | AllergyClinicalStatus::Resolved));
    !is_over && !matches!(r.verification, Some(Verification::Refuted | Verification::EnteredInError))
}

/// Whether an entry is true now, rather than in the past.
pub fn stands_now(entry: &ChartEntry) -> bool {
    match entry {
        ChartEntry::Medication(r) => is_current(r.status),
        ChartEntry::Allergy(r) => stands(r),
        ChartEntry::Coverage(r) => r.status == CoverageStatus::Active,
        ChartEntry::Observation(r) => r.status != ObservationStatus::EnteredInError,
        _ => true,
    }
}

fn allergy_status(r: &ChartAllergy) -> String {
    match r.verification {
        Some(known @ (Verification::Refuted | Verification::EnteredInError)) => word(known),
        _ => r.clinical_status.map(word).unwrap_or_default(),
    }
}

fn worst(r: &ChartAllergy) -> Option<Severity> {
    r.reactions.iter().filter_map(|reaction| reaction.severity).max()
}

const fn known(reported: Option<bool>) -> &'static str {
    match reported {
        Some(true) => "reported",
        Some(false) => "observed",
        None => "",
    }
}

const fn died(deceased: Option<bool>) -> &'static str {
    match deceased {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn some(says: &str) -> Option<String> {
    Some(says.to_owned()).filter(|says| !says.is_empty())
}

fn plain(says: &str) -> Concept {
    Concept { coding: None, text: says.to_owned() }
}

fn list<'c>(concepts: impl IntoIterator<Item = &'c Concept>) -> String {
    let texts: Vec<&str> = concepts.into_iter().map(|concept| concept.text.as_str()).collect();
    texts.join(", ")
}

/// A code as a word for people, as the health record tells it: `On hold`.
fn word(code: impl Code) -> String {
    let mut word = code.code().replace('-', " ");
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

fn of_word<C: Code>(says: &str) -> Option<C> {
    C::ALL.iter().copied().find(|code| word(*code) == says)
}
