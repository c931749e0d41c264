//! Medications and vaccinations.

use chrono_tz::Tz;
use portal_domain::{
    chart::{
        ChartImmunization, ChartMedication, Concept, Dosage, ImmunizationStatus, MedicationStatus,
        PeriodUnit, systems,
    },
    record::Section,
};

use super::{
    concerns::{comment, indication},
    story::directions_id,
    types::{
        LOINC, amount, assertion, author, cd, code, id, performers, row, said, status, template, time,
        unknown, value_cd,
    },
    xml::{El, el},
};
use crate::{HealthRecord, Item, narrative::row_id};

/// The drug routes of the Food and Drug Administration: the only ones that `routeCode` may have.
const ROUTES: &str = "urn:oid:2.16.840.1.113883.3.26.1.1";

fn administration(mood: &'static str) -> El {
    el("substanceAdministration").a("classCode", "SBADM").a("moodCode", mood)
}

fn entry(act: El) -> El {
    el("entry").a("typeCode", "DRIV").c(act)
}

/// Prescriptions.
pub fn medications(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    record.medications.iter().enumerate().map(|(at, item)| entry(medication(item, at, zone))).collect()
}

fn medication(item: &Item<ChartMedication>, place: usize, zone: Tz) -> El {
    let medication = &item.record;
    let named = row_id(Section::Medications, place);
    // A taper has several lines of directions: one of them alone as the dose would be a wrong dose, so they are told
    // in words, which a reader must then take.
    let only = match medication.dosage.as_slice() {
        [dosage] => Some(dosage),
        _ => None,
    };
    let taken = el("effectiveTime").a("xsi:type", "IVL_TS").c(time("low", medication.authored, zone));
    let route = only.and_then(|dosage| dosage.route.as_ref());
    let product = el("manufacturedProduct")
        .a("classCode", "MANU")
        .cs(template("4.23", "2014-06-09"))
        .c(id(item.id, "drug"))
        .c(el("manufacturedMaterial").c(cd("code", &medication.drug, &[systems::RXNORM])));
    administration("INT")
        .cs(template("4.16", "2014-06-09"))
        .c(id(item.id, ""))
        .c(row(&named))
        .c(status(state(medication.status)))
        .c(taken)
        .cs(only.and_then(frequency))
        .cs(route.map(|route| cd("routeCode", route, &[ROUTES])))
        .c(only.map_or_else(|| unknown("doseQuantity"), dose))
        .c(el("consumable").c(product))
        .cs(author(medication.requester.as_ref(), medication.authored, zone))
        .cs(medication.reasons.iter().enumerate().map(|(at, reason)| indication(item.id, at, reason)))
        .cs((!medication.dosage.is_empty()).then(|| directions(&named)))
        .cs(supply(item, zone))
        .cs(only.and_then(precondition))
}

/// Of the few states that the template has, the one that comes nearest.
fn state(status: MedicationStatus) -> &'static str {
    match status {
        // Whether a drug is taken matters for every other: what may be taken counts as taken.
        MedicationStatus::Active | MedicationStatus::Unknown => "active",
        MedicationStatus::OnHold | MedicationStatus::Draft => "suspended",
        MedicationStatus::Cancelled | MedicationStatus::Stopped | MedicationStatus::EnteredInError => {
            "aborted"
        }
        MedicationStatus::Completed => "completed",
    }
}

/// The directions in words (Medication Free Text Sig), which stand in the narrative.
fn directions(named: &str) -> El {
    let label = el("manufacturedLabeledDrug").a("nullFlavor", "NA");
    let told = administration("INT")
        .cs(template("4.147", ""))
        .c(code("code", LOINC, "76662-6", "Instructions Medication"))
        .c(row(&directions_id(named)))
        .c(el("consumable").c(el("manufacturedProduct").c(label)));
    el("entryRelationship").a("typeCode", "COMP").c(told)
}

/// Only when needed, and for what.
fn precondition(dosage: &Dosage) -> Option<El> {
    let reason = dosage.as_needed_for.as_ref();
    let value = match reason {
        Some(reason) => value_cd(reason, &[systems::SNOMED_CT]),
        None if dosage.as_needed => el("value").a("xsi:type", "CD").a("nullFlavor", "NI"),
        None => return None,
    };
    let criterion = el("criterion").cs(template("4.25", "2014-06-09")).c(assertion()).c(value);
    Some(el("precondition").a("typeCode", "PRCN").c(criterion))
}

/// How often it may be filled and how much is handed out, where anything of it is known. The standard counts every
/// filling, also the first.
fn supply(item: &Item<ChartMedication>, zone: Tz) -> Option<El> {
    let m = &item.record;
    if m.refills_allowed.is_none() && m.dispense_quantity.is_none() && m.valid_until.is_none() {
        return None;
    }
    let until =
        el("effectiveTime").a("xsi:type", "IVL_TS").c(unknown("low")).c(time("high", m.valid_until, zone));
    let fillings = m.refills_allowed.map(|refills| refills.saturating_add(1).to_string());
    let order = el("supply")
        .a("classCode", "SPLY")
        .a("moodCode", "INT")
        .cs(template("4.17", "2014-06-09"))
        .c(id(item.id, "supply"))
        .c(status(if m.status == MedicationStatus::Active { "active" } else { "completed" }))
        .c(until)
        .c(fillings.map_or_else(|| unknown("repeatNumber"), |n| el("repeatNumber").a("value", n)))
        .c(m.dispense_quantity.as_ref().map_or_else(|| unknown("quantity"), |n| amount(el("quantity"), n)));
    Some(el("entryRelationship").a("typeCode", "REFR").c(order))
}

/// How often, where it is a number of times in a period.
fn frequency(dosage: &Dosage) -> Option<El> {
    let times = dosage.frequency.filter(|times| *times > 0)?;
    let (period, unit) = (dosage.period.as_ref()?, dosage.period_unit?);
    let unit = match unit {
        PeriodUnit::Second => "s",
        PeriodUnit::Minute => "min",
        PeriodUnit::Hour => "h",
        PeriodUnit::Day => "d",
        PeriodUnit::Week => "wk",
        PeriodUnit::Month => "mo",
        PeriodUnit::Year => "a",
    };
    // Three times a day is every 8 hours, not every 0.33 days.
    let (length, unit) = match (unit, times) {
        ("d", 2..) => (period.value() * 24.0, "h"),
        _ => (period.value(), unit),
    };
    let digits = format!("{:.4}", length / f64::from(times));
    let digits = digits.trim_end_matches('0').trim_end_matches('.').to_owned();
    if digits.is_empty() || digits == "0" {
        return None;
    }
    let period = el("period").a("value", digits).a("unit", unit);
    Some(
        el("effectiveTime")
            .a("xsi:type", "PIVL_TS")
            .a("operator", "A")
            .a("institutionSpecified", "true")
            .c(period),
    )
}

fn dose(dosage: &Dosage) -> El {
    match (&dosage.dose, &dosage.dose_high) {
        (Some(low), Some(high)) => el("doseQuantity").c(amount(el("low"), low)).c(amount(el("high"), high)),
        (Some(dose), None) | (None, Some(dose)) => amount(el("doseQuantity"), dose),
        (None, None) => unknown("doseQuantity"),
    }
}

/// Vaccinations, given or refused.
pub fn immunizations(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    record.immunizations.iter().enumerate().map(|(at, item)| entry(immunization(item, at, zone))).collect()
}

fn immunization(item: &Item<ChartImmunization>, place: usize, zone: Tz) -> El {
    let given = &item.record;
    let named = row_id(Section::Immunizations, place);
    let material = el("manufacturedMaterial")
        .c(cd("code", &given.vaccine, &[systems::CVX]))
        .cs(given.lot_number.iter().map(|lot| said("lotNumberText", lot)));
    let product = el("manufacturedProduct")
        .a("classCode", "MANU")
        .cs(template("4.54", "2014-06-09"))
        .c(material)
        .cs(given.manufacturer.iter().map(|name| el("manufacturerOrganization").c(said("name", name))));
    let refused = given.status == ImmunizationStatus::NotDone;
    administration("EVN")
        .a("negationInd", refused.to_string())
        .cs(template("4.52", "2015-08-01"))
        .c(id(item.id, ""))
        .c(row(&named))
        .c(status("completed"))
        .c(time("effectiveTime", given.occurred, zone))
        .cs(given.route.iter().map(|route| cd("routeCode", route, &[ROUTES])))
        .cs(given.site.iter().map(|site| cd("approachSiteCode", site, &[systems::SNOMED_CT])))
        .cs(given.dose.iter().map(|dose| amount(el("doseQuantity"), dose)))
        .c(el("consumable").c(product))
        .cs(performers(&given.performers))
        .cs(given.status_reason.as_ref().filter(|_| refused).and_then(|reason| refusal(item, reason)))
        .cs(comment(&given.notes, &named))
}

/// Why a vaccine was not given, where it is one of the reasons that the standard has; others stand in the narrative.
fn refusal(item: &Item<ChartImmunization>, reason: &Concept) -> Option<El> {
    const REASONS: [&str; 8] =
        ["IMMUNE", "MEDPREC", "OSTOCK", "PATOBJ", "PHILISOP", "RELIG", "VACEFF", "VACSAF"];
    let told = reason.coding.as_ref()?;
    let known = REASONS.into_iter().find(|code| *code == told.code)?;
    let why = el("observation")
        .a("classCode", "OBS")
        .a("moodCode", "EVN")
        .cs(template("4.53", ""))
        .c(id(item.id, "refusal"))
        .c(el("code").a("code", known).a("codeSystem", "2.16.840.1.113883.5.8"))
        .c(status("completed"));
    Some(el("entryRelationship").a("typeCode", "RSON").c(why))
}
