//! What another program finds in the entries: the record's own names, days, doses and results, no more and no less.

use chrono::{DateTime, SubsecRound, Utc};
use portal_domain::chart::{Comparator, Concept, ObservationValue, PartialTime, Precision, Quantity};
use proptest::prelude::*;

use super::{super::random::any_record, is_allowed, tree::Element, written};
use crate::{HealthRecord, Item};

const TEMPLATES: &str = "2.16.840.1.113883.10.20.22.4.";

/// As XML carries it: without the characters that it has no place for.
pub fn carried(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).collect()
}

/// A time as it is told, or the instant that it means.
#[derive(Debug, PartialEq)]
pub enum When {
    Unknown,
    Calendar(String),
    Instant(DateTime<Utc>),
}

impl When {
    pub fn meant(at: Option<PartialTime>) -> Self {
        match at {
            None => Self::Unknown,
            Some(at) if at.precision == Precision::Instant => Self::Instant(at.at.utc().trunc_subsecs(0)),
            Some(at) => Self::Calendar(at.to_string().replace('-', "")),
        }
    }

    fn read(told: Option<&Element>) -> Self {
        match told.map(|told| told.a("value")).unwrap_or_default() {
            "" => Self::Unknown,
            text if text.len() > 8 => {
                Self::Instant(DateTime::parse_from_str(text, "%Y%m%d%H%M%S%z").unwrap().to_utc())
            }
            text => Self::Calendar(text.to_owned()),
        }
    }
}

fn id(entry: &Element) -> String {
    entry.at("id").unwrap().a("root").to_owned()
}

fn named(code: Option<&Element>) -> String {
    code.and_then(|code| code.at("originalText")).map(Element::words).unwrap_or_default()
}

/// The number and the unit; a mere number has the unit 1.
pub fn amount(quantity: &Quantity) -> [String; 2] {
    let unit = quantity.ucum.clone().or(quantity.unit.clone());
    [quantity.decimal.literal().to_owned(), unit.unwrap_or_else(|| "1".into())]
}

fn amount_read(told: &Element) -> [String; 2] {
    [told.a("value").to_owned(), told.a("unit").to_owned()]
}

type Problem = (String, String, When);

fn problems(record: &HealthRecord) -> Vec<Problem> {
    let one = |item: &Item<portal_domain::chart::ChartCondition>| {
        (item.id.to_string(), carried(&item.record.code.text), When::meant(item.record.onset))
    };
    record.conditions.iter().map(one).collect()
}

fn problems_read(document: &Element) -> Vec<Problem> {
    let one = |seen: &Element| (id(seen), named(seen.at("value")), When::read(seen.at("effectiveTime/low")));
    document.of_template(&format!("{TEMPLATES}4")).into_iter().map(one).collect()
}

type Drug = (String, String, When, Option<[String; 2]>);

fn drugs(record: &HealthRecord) -> Vec<Drug> {
    let one = |item: &Item<portal_domain::chart::ChartMedication>| {
        let drug = &item.record;
        let dose = match drug.dosage.as_slice() {
            [only] if only.dose.is_some() && only.dose_high.is_some() => None,
            [only] => only.dose.as_ref().or(only.dose_high.as_ref()).map(amount),
            _ => None,
        };
        (item.id.to_string(), carried(&drug.drug.text), When::meant(drug.authored), dose)
    };
    record.medications.iter().map(one).collect()
}

fn drugs_read(document: &Element) -> Vec<Drug> {
    let one = |taken: &Element| {
        let material = taken.at("consumable/manufacturedProduct/manufacturedMaterial/code");
        let dose = taken.at("doseQuantity").filter(|dose| !dose.a("value").is_empty()).map(amount_read);
        (id(taken), named(material), When::read(taken.at("effectiveTime/low")), dose)
    };
    document.of_template(&format!("{TEMPLATES}16")).into_iter().map(one).collect()
}

/// The value of a result: an amount or words; two amounts where it lies between them.
type Told = [[String; 2]; 2];
pub type Seen = (String, String, When, Told);

/// What a result says: its name, its time and its value.
pub fn seen_of(
    concept: &Concept,
    at: Option<PartialTime>,
    value: Option<&ObservationValue>,
) -> (String, When, Told) {
    let ends = |low: Option<&Quantity>, high: Option<&Quantity>| {
        [low.map(amount).unwrap_or_default(), high.map(amount).unwrap_or_default()]
    };
    let words = |text: String| [[carried(&text), String::new()], Default::default()];
    let value = match value {
        Some(ObservationValue::Quantity(quantity)) => match quantity.comparator {
            None | Some(Comparator::AtLeast | Comparator::Above) => ends(Some(quantity), None),
            Some(Comparator::AtMost | Comparator::Below) => ends(None, Some(quantity)),
        },
        Some(ObservationValue::Range { low, high }) => ends(low.as_ref(), high.as_ref()),
        Some(ObservationValue::Boolean(yes)) => words(yes.to_string()),
        Some(ObservationValue::Time(at)) => words(format!("{:?}", When::meant(Some(*at)))),
        Some(other) => words(other.shown().words()),
        None => words(String::new()),
    };
    (carried(&concept.text), When::meant(at), value)
}

pub fn results(record: &HealthRecord) -> Vec<Seen> {
    let one = |item: &Item<portal_domain::chart::ChartObservation>| {
        let seen = &item.record;
        let told = |concept: &Concept, found: Option<&ObservationValue>| {
            let (name, when, value) = seen_of(concept, seen.effective.or(seen.issued), found);
            (item.id.to_string(), name, when, value)
        };
        let parts = seen.components.iter().map(|part| told(&part.code, part.value.as_ref()));
        let whole = seen.value.is_some() || seen.components.is_empty();
        let whole = whole.then(|| told(&seen.code, seen.value.as_ref()));
        whole.into_iter().chain(parts).collect::<Vec<_>>()
    };
    record.results.iter().flat_map(|result| result.values.iter().flat_map(one)).collect()
}

fn results_read(document: &Element) -> Vec<Seen> {
    let words = |text: &str| [[text.to_owned(), String::new()], Default::default()];
    let end = |told: &Element, name| told.at(name).map(amount_read).unwrap_or_default();
    let value = |told: &Element| match told.a("xsi:type") {
        "PQ" => [amount_read(told), Default::default()],
        "IVL_PQ" => [end(told, "low"), end(told, "high")],
        "CD" => words(&named(Some(told))),
        "BL" => words(told.a("value")),
        "TS" => words(&format!("{:?}", When::read(Some(told)))),
        "ST" => words(&told.words()),
        other => panic!("a value of type {other}"),
    };
    let one = |seen: &Element| {
        let told = seen.at("value").unwrap();
        (id(seen), named(seen.at("code")), When::read(seen.at("effectiveTime")), value(told))
    };
    // A report in words alone is a result without a row.
    let has_row = |seen: &&Element| seen.at("text").is_some();
    document.of_template(&format!("{TEMPLATES}2")).into_iter().filter(has_row).map(one).collect()
}

/// What else has an entry each, by the templates of C-CDA.
fn others(record: &HealthRecord) -> Vec<(&'static str, Vec<String>)> {
    fn ids<T>(items: &[Item<T>]) -> Vec<String> {
        items.iter().map(|item| item.id.to_string()).collect()
    }
    vec![
        ("7", ids(&record.allergies)),
        ("52", ids(&record.immunizations)),
        ("14", ids(&record.procedures)),
        ("60", ids(&record.coverages)),
        ("45", ids(&record.relatives)),
        ("48", ids(&record.directives)),
        ("20", ids(&record.instructions)),
        ("49", ids(&record.encounters)),
        ("69", ids(&record.functional_status)),
        ("26", ids(&record.vital_signs)),
        ("1", record.results.iter().map(|result| result.id.to_string()).collect()),
    ]
}

fn assert_read_back(record: &HealthRecord) {
    let document = Element::read(&written(record));
    assert_eq!(document.dangling(), [""; 0]);
    let (role, person) = (document.at("recordTarget/patientRole").unwrap(), &record.patient.person);
    let name = role.at("patient/name").unwrap();
    assert_eq!(role.at("id").unwrap().a("extension"), record.patient.mrn);
    assert_eq!(name.at("family").unwrap().words(), carried(&person.name.family));
    assert_eq!(name.at("given").unwrap().words(), carried(&person.name.given[0]));
    let born = person.birth_date.format("%Y%m%d").to_string();
    assert_eq!(role.at("patient/birthTime").unwrap().a("value"), born);
    assert_eq!(problems_read(&document), problems(record));
    assert_eq!(drugs_read(&document), drugs(record));
    assert_eq!(results_read(&document), results(record));
    for (template, expected) in others(record) {
        let found = document.of_template(&format!("{TEMPLATES}{template}"));
        let found: Vec<_> = found.into_iter().map(id).collect();
        assert_eq!(found, expected, "template {template}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn names_days_doses_and_results_are_read_as_they_are_in_the_record(record in any_record()) {
        assert_read_back(&record);
    }
}

#[test]
fn synthetic_charts_are_read_as_they_are() {
    for (_, record) in super::synthetic_charts() {
        assert_read_back(&record);
    }
}
