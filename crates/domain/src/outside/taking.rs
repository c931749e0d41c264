//! Taking an entry from elsewhere into the chart, and out again.

use super::OutsideEntryKind;
use crate::{
    chart::{
        ChartEntry, ChartKind, ChartMedication, ENTERED_IN_ERROR, ImmunizationStatus, Link, MedicationIntent,
        MedicationStatus, Party, SourceKey, Verification,
    },
    ids::PatientId,
    proposals::{is_active_allergy, matches, stands_now},
    text::fold,
};

/// What an entry is, where the chart could take it over. What its author refuted or recorded in error can't be.
pub fn kind_of(entry: &ChartEntry) -> Option<OutsideEntryKind> {
    let is_denied = match entry {
        ChartEntry::Allergy(r) => r.verification == Some(Verification::Refuted),
        ChartEntry::Condition(r) => r.verification == Some(Verification::Refuted),
        ChartEntry::Immunization(r) => r.status == ImmunizationStatus::NotDone,
        _ => false,
    };
    if is_denied || entry.item().is_some_and(|facts| facts.status == ENTERED_IN_ERROR) {
        return None;
    }
    Some(match entry {
        ChartEntry::Allergy(_) => OutsideEntryKind::Allergy,
        ChartEntry::Medication(_) => OutsideEntryKind::Medication,
        ChartEntry::Condition(_) => OutsideEntryKind::Condition,
        ChartEntry::Immunization(_) => OutsideEntryKind::Immunization,
        _ => return None,
    })
}

/// The entry as this patient's chart takes it over: what its record names beside it is not here, so that only names are
/// kept; a prescription of elsewhere is a plan, so that nobody asks this practice for a refill of it. `origin` becomes a
/// remark, unless it is empty. None for what the chart can't take over.
pub fn taken_over(entry: &ChartEntry, patient: PatientId, origin: &str) -> Option<ChartEntry> {
    kind_of(entry)?;
    let mut entry = entry.clone();
    let whose = Link { kind: ChartKind::Patient, key: SourceKey::Local(patient.0) };
    match &mut entry {
        ChartEntry::Allergy(r) => {
            r.patient = whose;
            note(&mut r.notes, origin);
        }
        ChartEntry::Medication(r) => {
            **r = ChartMedication {
                patient: whose,
                intent: MedicationIntent::Plan,
                requester: r.requester.take().and_then(named),
                encounter: None,
                reason_conditions: Vec::new(),
                refills_allowed: None,
                dispense_quantity: None,
                supply_days: None,
                valid_until: None,
                ..(**r).clone()
            };
            note(&mut r.notes, origin);
        }
        ChartEntry::Condition(r) => {
            (r.patient, r.encounter) = (whose, None);
            note(&mut r.notes, origin);
        }
        ChartEntry::Immunization(r) => {
            (r.patient, r.encounter) = (whose, None);
            r.performers = std::mem::take(&mut r.performers).into_iter().filter_map(named).collect();
            note(&mut r.notes, origin);
        }
        _ => return None,
    }
    Some(entry)
}

fn note(notes: &mut Vec<String>, origin: &str) {
    if !origin.is_empty() {
        notes.push(origin.to_owned());
    }
}

/// Somebody by name alone.
fn named(party: Party) -> Option<Party> {
    Some(Party { link: None, display: Some(party.display?) })
}

/// Marks an entry that was taken over as recorded in error, which no page and no export shows.
pub fn entered_in_error(entry: &mut ChartEntry) {
    match entry {
        ChartEntry::Allergy(r) => {
            (r.verification, r.clinical_status) = (Some(Verification::EnteredInError), None);
        }
        ChartEntry::Condition(r) => {
            (r.verification, r.clinical_status) = (Some(Verification::EnteredInError), None);
        }
        ChartEntry::Medication(r) => r.status = MedicationStatus::EnteredInError,
        ChartEntry::Immunization(r) => r.status = ImmunizationStatus::EnteredInError,
        _ => {}
    }
}

/// What two entries that may say the same have in common, one of these at least: kind with code, or kind with name.
/// Vaccinations also the day: the same vaccine is given again.
pub fn marks(entry: &ChartEntry) -> Vec<String> {
    let (concept, day) = match entry {
        ChartEntry::Allergy(r) => (&r.code, None),
        ChartEntry::Medication(r) => (&r.drug, None),
        ChartEntry::Condition(r) => (&r.code, None),
        ChartEntry::Immunization(r) => (&r.vaccine, r.occurred.and_then(|at| at.date())),
        _ => return Vec::new(),
    };
    let of = |what: String| format!("{} {day:?} {what}", entry.kind());
    let code = concept.coding.as_ref().map(|coding| of(format!("{}|{}", coding.system, coding.code)));
    code.into_iter().chain([of(fold(&concept.text))]).collect()
}

/// What of the chart speaks against an entry: drugs that are taken and that an allergy is about, or allergies to a drug
/// (MED-3).
pub fn speaks_against(entry: &ChartEntry, chart: &[ChartEntry]) -> Vec<String> {
    let mut found = Vec::new();
    for known in chart.iter().filter(|known| stands_now(known)) {
        let name = match (entry, known) {
            (ChartEntry::Allergy(new), ChartEntry::Medication(drug)) => {
                (is_active_allergy(entry) && matches(&new.code, &drug.drug)).then_some(&drug.drug.text)
            }
            (ChartEntry::Medication(new), ChartEntry::Allergy(allergy)) => {
                let is_match =
                    stands_now(entry) && is_active_allergy(known) && matches(&allergy.code, &new.drug);
                is_match.then_some(&allergy.code.text)
            }
            _ => None,
        };
        if let Some(name) = name.filter(|name| !found.contains(*name)) {
            found.push(name.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::proposals::{Fields, ProposalField, ProposalSubject, made};

    fn anna() -> PatientId {
        PatientId(Uuid::from_u128(1))
    }

    fn aspirin() -> ChartEntry {
        let fields = Fields::default().with(ProposalField::Drug, "Aspirin 81 MG");
        made(ProposalSubject::Medication, anna(), &fields, "2026-10-05".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_prescription_of_elsewhere_is_a_plan_without_refills_and_without_links() {
        let ChartEntry::Medication(mut order) = aspirin() else { unreachable!() };
        let stranger = Link { kind: ChartKind::Practitioner, key: SourceKey::Id("7".into()) };
        order.intent = MedicationIntent::Order;
        order.refills_allowed = Some(5);
        order.requester = Some(Party { link: Some(stranger.clone()), display: Some("Dr. Vega".into()) });
        order.encounter = Some(stranger.clone());
        order.reason_conditions = vec![stranger];
        let mut taken = taken_over(&(*order).into(), anna(), "From elsewhere").unwrap();
        let links = taken.links_mut();
        assert!(links.iter().all(|link| link.local() == Some(anna().0)), "{links:?}");
        let ChartEntry::Medication(taken) = taken else { unreachable!() };
        assert_eq!((taken.intent, taken.refills_allowed), (MedicationIntent::Plan, None));
        assert_eq!(taken.requester.unwrap().display.as_deref(), Some("Dr. Vega"));
        assert_eq!(taken.notes, ["From elsewhere"]);
    }

    #[test]
    fn what_was_taken_out_again_is_shown_nowhere_and_taken_over_no_more() {
        let mut entry = aspirin();
        entered_in_error(&mut entry);
        assert_eq!(entry.item().unwrap().status, ENTERED_IN_ERROR);
        assert_eq!(kind_of(&entry), None);
    }

    #[test]
    fn an_allergy_to_what_is_taken_and_a_drug_that_is_an_allergy_speak_against_each_other() {
        let fields = Fields::default().with(ProposalField::Substance, "aspirin");
        let allergy = made(ProposalSubject::Allergy, anna(), &fields, "2026-10-05".parse().unwrap()).unwrap();
        assert_eq!(speaks_against(&allergy, &[aspirin()]), ["Aspirin 81 MG"]);
        assert_eq!(speaks_against(&aspirin(), std::slice::from_ref(&allergy)), ["aspirin"]);
        let mut gone = allergy;
        entered_in_error(&mut gone);
        assert_eq!(speaks_against(&aspirin(), &[gone]), [""; 0]);
    }

    #[test]
    fn the_same_is_known_by_name_or_code() {
        let (one, mut other) = (aspirin(), aspirin());
        let ChartEntry::Medication(record) = &mut other else { unreachable!() };
        record.drug.text = "ASPIRIN 81 mg".into();
        let is_same = |one: &ChartEntry, other: &ChartEntry| {
            let marks_of_other = marks(other);
            marks(one).iter().any(|mark| marks_of_other.contains(mark))
        };
        assert!(is_same(&one, &other));
        let ChartEntry::Medication(record) = &mut other else { unreachable!() };
        record.drug.text = "Ibuprofen".into();
        assert!(!is_same(&one, &other));
    }
}
