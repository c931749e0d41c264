//! From resources to the chart, one function a type.

mod clinical;
mod family;
mod medications;
mod people;
mod plans;
mod results;
mod wishes;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{
    OutsideLink, Problem,
    path::At,
    reader::{InsideLink, Reader},
    references::Index,
};
use crate::chart::{ChartEntry, ChartKind, Code, Link};

/// What was read of one resource.
pub(super) struct Read {
    pub record: Option<ChartEntry>,
    pub problems: Vec<Problem>,
    pub outside: Vec<OutsideLink>,
    pub inside: Vec<InsideLink>,
}

/// Whether the chart holds such a resource: by its type, and where a type serves many ends by what it is for.
pub(super) fn is_kept(resource_type: &str, raw: &RawValue) -> bool {
    match ChartKind::from_code(resource_type) {
        None => false,
        Some(kind @ (ChartKind::Directive | ChartKind::Instruction | ChartKind::Referral)) => {
            wishes::is_kept(kind, raw)
        }
        Some(_) => true,
    }
}

/// Reads a resource of a kept type.
pub(super) fn record(resource_type: &'static str, raw: &RawValue, index: &Index<'_>) -> Read {
    let mut reader = Reader::new(index);
    let r = &mut reader;
    let record = ChartKind::from_code(resource_type).and_then(|kind| match kind {
        ChartKind::Practitioner => one(r, kind, raw, people::practitioner),
        ChartKind::Organization => one(r, kind, raw, people::organization),
        ChartKind::Patient => one(r, kind, raw, people::patient),
        ChartKind::Encounter => one(r, kind, raw, clinical::encounter),
        ChartKind::Condition => one(r, kind, raw, clinical::condition),
        ChartKind::Allergy => one(r, kind, raw, clinical::allergy),
        ChartKind::Medication => one(r, kind, raw, medications::medication),
        ChartKind::Dispense => one(r, kind, raw, medications::dispense),
        ChartKind::Immunization => one(r, kind, raw, clinical::immunization),
        ChartKind::Procedure => one(r, kind, raw, clinical::procedure),
        ChartKind::Goal => one(r, kind, raw, plans::goal),
        ChartKind::CarePlan => one(r, kind, raw, plans::care_plan),
        ChartKind::Coverage => one(r, kind, raw, family::coverage),
        ChartKind::Relative => one(r, kind, raw, family::relative),
        ChartKind::Directive => one(r, kind, raw, wishes::directive),
        ChartKind::Instruction => one(r, kind, raw, wishes::instruction),
        ChartKind::Referral => one(r, kind, raw, wishes::referral),
        ChartKind::Observation => one(r, kind, raw, results::observation),
        ChartKind::Report => one(r, kind, raw, results::report),
    });
    Read { record, problems: reader.problems, outside: reader.outside, inside: reader.inside }
}

fn one<R: DeserializeOwned, T: Into<ChartEntry>>(
    reader: &mut Reader<'_>,
    kind: ChartKind,
    raw: &RawValue,
    map: fn(&mut Reader<'_>, &At<'_>, R) -> Option<T>,
) -> Option<ChartEntry> {
    let root = At::root(kind.code());
    match serde_json::from_str(raw.get()) {
        Ok(resource) => map(reader, &root, resource).map(Into::into),
        Err(_) => {
            reader.problems.push(misshapen::<R>(kind.code(), raw));
            None
        }
    }
}

/// Reads again, now noting where the shape is wrong. The message says what was expected there; what
/// stood there is left out of it.
fn misshapen<R: DeserializeOwned>(resource_type: &str, raw: &RawValue) -> Problem {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    let (place, error) = match serde_path_to_error::deserialize::<_, R>(&mut json) {
        Ok(_) => (String::new(), String::new()),
        Err(error) => (error.path().to_string(), error.inner().to_string()),
    };
    let path = if place.is_empty() || place == "." {
        resource_type.to_owned()
    } else {
        format!("{resource_type}.{place}")
    };
    let expected =
        error.rsplit_once(", expected ").map(|(_, rest)| rest.split(" at line ").next().unwrap_or(rest));
    let message = match expected {
        Some("a string") => "must be a string",
        Some("a boolean") => "must be true or false",
        Some("a sequence") => "must be a list",
        Some("u32") => "must be a whole number, 0 or more",
        Some("i32") => "must be a whole number",
        Some(object) if object.starts_with("struct ") => "must be an object",
        _ if error.starts_with("duplicate field") => "holds a property twice",
        _ => "has a shape that FHIR R4 doesn't allow",
    };
    Problem { path, message: message.to_owned() }
}

/// The patient whose record it is.
fn patient(r: &mut Reader<'_>, at: &At<'_>, reference: Option<super::r4::Reference>) -> Option<Link> {
    let link = r.link(at, reference, &[ChartKind::Patient]);
    r.required(at, link)
}
