//! The data types of FHIR R4.

use std::collections::HashSet;

use portal_domain::chart::{
    Address, ChartKind, Code, Coding, Concept, Link, PartialTime, Party, Precision, Quantity, systems,
};
use uuid::Uuid;

use super::json::{Json, list, object};

/// Which records stand in the bundle: only they are referred to.
pub struct Held {
    /// Whose record it is.
    pub patient: Uuid,
    /// Everything else.
    pub ids: HashSet<(ChartKind, Uuid)>,
}

/// The `fullUrl` of an entry.
pub fn url(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

/// A reference to an entry of the bundle.
pub fn reference(id: Uuid) -> Json {
    object([("reference", url(id).into())])
}

impl Held {
    /// The patient as a subject.
    pub fn subject(&self) -> Json {
        reference(self.patient)
    }

    /// Whether a record is in the bundle; its id.
    pub fn id(&self, link: &Link) -> Option<Uuid> {
        link.local().filter(|id| self.ids.contains(&(link.kind, *id)))
    }

    /// Another record, where it is in the bundle.
    pub fn link(&self, link: &Link) -> Json {
        self.id(link).map_or(Json::Empty, reference)
    }

    /// A visit, where it is in the bundle.
    pub fn visit(&self, encounter: &Option<Link>) -> Json {
        encounter.as_ref().map_or(Json::Empty, |link| self.link(link))
    }

    /// Other records, those that are in the bundle.
    pub fn links(&self, links: &[Link]) -> Json {
        list(links.iter().map(|link| self.link(link)))
    }
}

/// Who took part, in words: the chart keeps no more of people at other places.
pub fn party(party: &Party) -> Json {
    object([("display", party.display.as_ref().into())])
}

/// Whoever took part, if anybody.
pub fn some_party(one: &Option<Party>) -> Json {
    one.as_ref().map_or(Json::Empty, party)
}

/// All who took part.
pub fn parties(all: &[Party]) -> Json {
    list(all.iter().map(party))
}

/// All who took part, each in an object of its own under this name.
pub fn actors(name: &'static str, all: &[Party]) -> Json {
    list(all.iter().map(|one| object([(name, party(one))])))
}

/// A code of a system.
pub fn code(system: &str, code: &str) -> Json {
    object([("system", system.into()), ("code", code.into())])
}

/// A concept that is one code.
pub fn coded(system: &str, word: &str) -> Json {
    object([("coding", list([code(system, word)]))])
}

/// A concept that is one word of a value set.
pub fn word<C: Code>(system: &str, word: Option<C>) -> Json {
    word.map_or(Json::Empty, |word| coded(system, word.code()))
}

/// A code with what it says.
pub fn coding(coding: &Coding) -> Json {
    object([
        ("system", coding.system.as_str().into()),
        ("code", coding.code.as_str().into()),
        ("display", coding.display.as_ref().into()),
    ])
}

/// What is meant.
pub fn concept(concept: &Concept) -> Json {
    object([("coding", list(concept.coding.iter().map(coding))), ("text", concept.text.as_str().into())])
}

/// What is meant, if anything.
pub fn some_concept(one: &Option<Concept>) -> Json {
    one.as_ref().map_or(Json::Empty, concept)
}

/// All that is meant.
pub fn concepts(all: &[Concept]) -> Json {
    list(all.iter().map(concept))
}

/// Remarks.
pub fn notes(all: &[String]) -> Json {
    list(all.iter().map(|note| object([("text", note.into())])))
}

/// An amount.
pub fn quantity(quantity: &Quantity) -> Json {
    let ucum = quantity.ucum.as_deref();
    object([
        ("value", (&quantity.decimal).into()),
        ("comparator", quantity.comparator.map(Code::code).into()),
        ("unit", quantity.unit.as_ref().into()),
        ("system", ucum.map(|_| systems::UCUM).into()),
        ("code", ucum.into()),
    ])
}

/// An amount where FHIR takes no comparator (`SimpleQuantity`). One that has a comparator would mean another amount
/// without it: it stands in the narrative only.
pub fn simple(amount: &Option<Quantity>) -> Json {
    amount.as_ref().filter(|amount| amount.comparator.is_none()).map_or(Json::Empty, quantity)
}

/// From one amount to another. Bounds that contradict each other (FHIR `rng-2`) stand in the narrative only.
pub fn range(low: &Option<Quantity>, high: &Option<Quantity>) -> (Json, Json) {
    let is_reversed = |(low, high): (&Quantity, &Quantity)| low.decimal.value() > high.decimal.value();
    if low.as_ref().zip(high.as_ref()).is_some_and(is_reversed) {
        return (Json::Empty, Json::Empty);
    }
    (simple(low), simple(high))
}

/// A period. An end before its start (FHIR `per-1`) is left to the narrative.
pub fn period(start: Option<PartialTime>, end: Option<PartialTime>) -> Json {
    let end = end.filter(|end| start.is_none_or(|start| start.at <= end.at));
    object([("start", start.into()), ("end", end.into())])
}

/// A time in one of two fields: a moment, or a period when its end is known.
pub fn moment(
    date: &'static str,
    spell: &'static str,
    start: Option<PartialTime>,
    end: Option<PartialTime>,
) -> (&'static str, Json) {
    if end.is_some() { (spell, period(start, end)) } else { (date, start.into()) }
}

/// A FHIR `date`: the day of an instant.
pub fn date(time: Option<PartialTime>) -> Json {
    time.map_or(Json::Empty, |time| match time.date().filter(|_| time.precision == Precision::Instant) {
        Some(day) => day.to_string().into(),
        None => time.into(),
    })
}

/// A FHIR `instant`; nothing for a time that is less exact.
pub fn instant(time: Option<PartialTime>) -> Json {
    time.filter(|time| time.precision == Precision::Instant).into()
}

/// Stands where FHIR wants something that nobody told.
pub fn unknown() -> Json {
    let reason = object([
        ("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason".into()),
        ("valueCode", "unknown".into()),
    ]);
    object([("extension", list([reason]))])
}

/// A postal address.
pub fn address(address: &Address) -> Json {
    object([
        ("line", list(address.lines.iter().map(Json::from))),
        ("city", address.city.as_ref().into()),
        ("state", address.state.as_ref().into()),
        ("postalCode", address.postal_code.as_ref().into()),
        ("country", address.country.as_ref().into()),
    ])
}

/// A way to reach somebody.
pub fn telecom(system: &str, value: &str, used_for: Option<&str>) -> Json {
    if value.trim().is_empty() {
        return Json::Empty;
    }
    object([("system", system.into()), ("value", value.into()), ("use", used_for.into())])
}
