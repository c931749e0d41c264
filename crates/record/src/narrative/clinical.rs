//! Allergies, medications, problems, vaccinations, procedures and visits.

use portal_domain::{
    chart::{ChartMedication, Dosage, PeriodUnit, Severity},
    record::Section,
};

use super::{
    Block, DIRECTIONS, REMARKS, Table, row_id,
    words::{date, lines, list, meaning, meanings, name, names, period, word, word_of},
};
use crate::HealthRecord;

pub fn allergies(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table =
        Table::new(&["Substance", "Reaction", "How bad it may be", "Status", "Since", "Known from"]);
    for (place, item) in record.allergies.iter().enumerate() {
        let allergy = &item.record;
        let reaction = |reaction: &portal_domain::chart::AllergyReaction| {
            let how = reaction.severity.map(severity).unwrap_or_default();
            list([meanings(&reaction.manifestations).as_str(), how])
        };
        table.row(
            row_id(Section::Allergies, place),
            [
                allergy.code.text.clone(),
                lines(allergy.reactions.iter().map(reaction)),
                word_of(allergy.criticality),
                word_of(allergy.clinical_status),
                date(allergy.onset.or(allergy.recorded), zone),
                match allergy.reported {
                    Some(true) => "Reported by the patient or family".into(),
                    Some(false) => "Observed by a clinician".into(),
                    None => String::new(),
                },
            ],
        );
    }
    vec![Block::Table(table)]
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    }
}

pub fn medications(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&[
        "Medication",
        DIRECTIONS,
        "Status",
        "Prescribed",
        "Prescriber",
        "Refills allowed",
        "For",
    ]);
    for (place, item) in record.medications.iter().enumerate() {
        let medication = &item.record;
        table.row(
            row_id(Section::Medications, place),
            [
                medication.drug.text.clone(),
                directions(medication),
                word(medication.status),
                date(medication.authored, zone),
                name(medication.requester.as_ref()),
                medication.refills_allowed.map(|refills| refills.to_string()).unwrap_or_default(),
                meanings(&medication.reasons),
            ],
        );
    }
    vec![Block::Table(table)]
}

/// How to take a medication, in words.
pub fn directions(medication: &ChartMedication) -> String {
    lines(medication.dosage.iter().map(dosage))
}

/// How much of a medication is taken at a time; empty where the directions tell it already or nobody said so.
pub fn dose(medication: &ChartMedication) -> String {
    let told = |dosage: &&Dosage| dosage.patient_instruction.is_some() || dosage.text.is_some();
    let doses: Vec<String> = medication.dosage.iter().filter(told).map(amount).collect();
    list(doses.iter().map(String::as_str))
}

fn amount(dosage: &Dosage) -> String {
    match (&dosage.dose, &dosage.dose_high) {
        (Some(low), Some(high)) => format!("{} to {high}", low.number()),
        (Some(dose), None) | (None, Some(dose)) => dose.to_string(),
        (None, None) => String::new(),
    }
}

/// One line of directions: the words that were sent, else put together from the parts.
fn dosage(dosage: &Dosage) -> String {
    if let Some(words) = dosage.patient_instruction.as_ref().or(dosage.text.as_ref()) {
        return words.clone();
    }
    let dose = amount(dosage);
    let often = match (dosage.frequency, &dosage.period, dosage.period_unit) {
        (Some(times), Some(period), Some(unit)) => every(times, &period.shown(), unit),
        _ => String::new(),
    };
    let needed = match (&dosage.as_needed_for, dosage.as_needed) {
        (Some(reason), _) => format!("as needed for {}", reason.text),
        (None, true) => "as needed".into(),
        (None, false) => String::new(),
    };
    let route = meaning(dosage.route.as_ref());
    let more = meanings(&dosage.additional);
    list([dose.as_str(), &route, &often, &needed, &more])
}

fn every(times: u32, period: &str, unit: PeriodUnit) -> String {
    let unit = match unit {
        PeriodUnit::Second => "second",
        PeriodUnit::Minute => "minute",
        PeriodUnit::Hour => "hour",
        PeriodUnit::Day => "day",
        PeriodUnit::Week => "week",
        PeriodUnit::Month => "month",
        PeriodUnit::Year => "year",
    };
    let often = match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    match period {
        "1" => format!("{often} a {unit}"),
        many => format!("{often} every {many} {unit}s"),
    }
}

pub fn conditions(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["Problem", "Status", "Since", "Until", "How severe", REMARKS]);
    for (place, item) in record.conditions.iter().enumerate() {
        let condition = &item.record;
        let since = condition.onset_text.clone().unwrap_or_else(|| date(condition.onset, zone));
        table.row(
            row_id(Section::Conditions, place),
            [
                condition.code.text.clone(),
                word_of(condition.clinical_status),
                since,
                date(condition.abatement, zone),
                meaning(condition.severity.as_ref()),
                lines(condition.notes.iter().cloned()),
            ],
        );
    }
    vec![Block::Table(table)]
}

pub fn immunizations(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["Vaccine", "Date", "Status", "Lot", "Given by", REMARKS]);
    for (place, item) in record.immunizations.iter().enumerate() {
        let given = &item.record;
        let reason = meaning(given.status_reason.as_ref());
        table.row(
            row_id(Section::Immunizations, place),
            [
                given.vaccine.text.clone(),
                given.occurred_text.clone().unwrap_or_else(|| date(given.occurred, zone)),
                word(given.status),
                given.lot_number.clone().unwrap_or_default(),
                names(&given.performers),
                lines(std::iter::once(reason).chain(given.notes.iter().cloned())),
            ],
        );
    }
    vec![Block::Table(table)]
}

pub fn procedures(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["Procedure", "Date", "Status", "By", "Why", REMARKS]);
    for (place, item) in record.procedures.iter().enumerate() {
        let done = &item.record;
        let outcome = meaning(done.outcome.as_ref());
        table.row(
            row_id(Section::Procedures, place),
            [
                done.code.text.clone(),
                done.performed_text.clone().unwrap_or_else(|| period(done.start, done.end, zone)),
                word(done.status),
                names(&done.performers),
                meanings(&done.reasons),
                lines(std::iter::once(outcome).chain(done.notes.iter().cloned())),
            ],
        );
    }
    vec![Block::Table(table)]
}

pub fn encounters(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["Visit", "Date", "With", "Where", "Why"]);
    for (place, item) in record.encounters.iter().enumerate() {
        let visit = &item.record;
        let kind = meaning(visit.kind.as_ref());
        table.row(
            row_id(Section::Encounters, place),
            [
                if kind.is_empty() { "Visit".into() } else { kind },
                period(visit.start, visit.end, zone),
                names(&visit.practitioners),
                name(visit.organization.as_ref()),
                meanings(&visit.reasons),
            ],
        );
    }
    vec![Block::Table(table)]
}
