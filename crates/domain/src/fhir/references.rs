//! What the entries of a bundle are called, so that their references to each other resolve.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::{Problem, bundle, map, path::At, r4, text, types};
use crate::chart::{SourceKey, systems};

/// An entry before its resource is read.
#[derive(Default)]
pub(super) struct Head<'a> {
    pub full_url: Option<String>,
    pub resource_type: Option<&'static str>,
    pub source_id: Option<String>,
    pub identifiers: Vec<SourceKey>,
    /// Whether something in it may turn its meaning round (FHIR R4 `modifierExtension`, `doNotPerform`).
    pub is_modified: bool,
    pub resource: Option<&'a RawValue>,
    pub problems: Vec<Problem>,
}

/// Finds entries by every name that a reference may use.
pub(super) struct Index<'a> {
    pub heads: &'a [Head<'a>],
    by_url: HashMap<&'a str, usize>,
    by_id: HashMap<(&'static str, &'a str), usize>,
    by_identifier: HashMap<(&'static str, &'a SourceKey), usize>,
}

/// What a reference names.
pub(super) enum Target<'r> {
    /// That entry of the bundle.
    Entry(usize),
    /// A resource inside the resource itself, by its id.
    Contained(&'r str),
    /// A resource that is not in the bundle.
    Outside { resource_type: &'static str, key: SourceKey },
    /// Nothing: a `urn:` that no entry bears.
    Nowhere,
    /// It isn't a FHIR reference.
    Malformed,
}

impl<'a> Index<'a> {
    /// Indexes the entries; the later of two with one name is returned as a mistake.
    pub fn new(heads: &'a [Head<'a>]) -> (Self, Vec<(usize, Problem)>) {
        let mut index =
            Self { heads, by_url: HashMap::new(), by_id: HashMap::new(), by_identifier: HashMap::new() };
        let mut repeated = Vec::new();
        for (at, head) in heads.iter().enumerate() {
            if let Some(url) = head.full_url.as_deref()
                && let Some(first) = index.by_url.insert(url, at)
            {
                let path = format!("Bundle.entry[{at}].fullUrl");
                repeated
                    .push((at, Problem { path, message: format!("repeats the fullUrl of entry {first}") }));
            }
            if let (Some(kind), Some(id)) = (head.resource_type, head.source_id.as_deref())
                && let Some(first) = index.by_id.insert((kind, id), at)
            {
                let path = format!("{kind}.id");
                repeated.push((at, Problem { path, message: format!("repeats the id of entry {first}") }));
            }
            if let Some(kind) = head.resource_type {
                for identifier in &head.identifiers {
                    index.by_identifier.entry((kind, identifier)).or_insert(at);
                }
            }
        }
        (index, repeated)
    }

    /// What a literal reference names: `urn:uuid:..`, `Type/id`, a URL, `Type?identifier=..`, `#id`.
    pub fn target<'r>(&self, reference: &'r str) -> Target<'r> {
        if let Some(id) = reference.strip_prefix('#') {
            return Target::Contained(id);
        }
        if let Some(entry) = self.by_url.get(reference) {
            return Target::Entry(*entry);
        }
        if reference.starts_with("urn:") {
            return Target::Nowhere;
        }
        if let Some((resource_type, query)) = reference.split_once('?') {
            return self.conditional(resource_type, query);
        }
        let unversioned =
            reference.split_once("/_history/").map_or(reference, |(unversioned, _)| unversioned);
        let mut parts = unversioned.rsplit('/');
        match (parts.next().filter(|id| is_id(id)), parts.next().and_then(types::known)) {
            (Some(id), Some(resource_type)) => match self.by_id.get(&(resource_type, id)) {
                Some(entry) => Target::Entry(*entry),
                None => Target::Outside { resource_type, key: SourceKey::Id(id.to_owned()) },
            },
            _ => Target::Malformed,
        }
    }

    /// What a business identifier names.
    pub fn identified<'r>(&self, resource_type: &'static str, key: SourceKey) -> Target<'r> {
        if let SourceKey::Identifier { system, value } = &key
            && !(fits(system) && fits(value))
        {
            return Target::Malformed;
        }
        match self.by_identifier.get(&(resource_type, &key)) {
            Some(entry) => Target::Entry(*entry),
            None => Target::Outside { resource_type, key },
        }
    }

    fn conditional<'r>(&self, resource_type: &str, query: &str) -> Target<'r> {
        let (Some(resource_type), Some(token)) =
            (types::known(resource_type), query.strip_prefix("identifier="))
        else {
            return Target::Malformed;
        };
        match token.split_once('|') {
            Some((system, value)) if !value.is_empty() && !value.contains(['&', ',']) => self.identified(
                resource_type,
                SourceKey::Identifier { system: system.to_owned(), value: value.to_owned() },
            ),
            _ => Target::Malformed,
        }
    }
}

/// Whether a part of a business identifier can be kept: no control character, which no database takes, and not so long
/// that no index takes it.
fn fits(text: &str) -> bool {
    !text.is_empty() && text.len() <= text::URI && !text.chars().any(char::is_control)
}

/// Whether it is a FHIR `id`: 1 to 64 letters, digits, dashes and dots.
fn is_id(text: &str) -> bool {
    (1..=text::ID).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

/// Reads what the entry at `index` is called.
pub(super) fn head(index: usize, entry: bundle::Entry<'_>) -> Head<'_> {
    let mut head = Head { resource: entry.resource, ..Head::default() };
    let problem = |path: String, message: &str| Problem { path, message: message.to_owned() };
    match entry.full_url.map(plain_string) {
        None => {}
        Some(Some(url)) if url.len() <= text::URI && !url.chars().any(char::is_control) => {
            head.full_url = Some(url)
        }
        Some(_) => head.problems.push(problem(
            format!("Bundle.entry[{index}].fullUrl"),
            "is not a URL of at most 512 characters",
        )),
    }
    if let Some(request) = entry.request {
        let method = serde_json::from_str::<bundle::Request<'_>>(request.get())
            .ok()
            .and_then(|request| request.method);
        if !matches!(method.and_then(plain_string).as_deref(), None | Some("POST" | "PUT")) {
            let path = format!("Bundle.entry[{index}].request.method");
            head.problems.push(problem(
                path,
                "must be POST or PUT; the portal can't delete, patch or search by a bundle",
            ));
        }
    }
    let Some(resource) = entry.resource else {
        head.problems.push(problem(format!("Bundle.entry[{index}].resource"), "is missing"));
        return head;
    };
    let Ok(parts) = serde_json::from_str::<r4::Header<'_>>(resource.get()) else {
        head.problems.push(problem(
            format!("Bundle.entry[{index}].resource"),
            "must be an object in which no property stands twice",
        ));
        return head;
    };
    head.resource_type = parts.resource_type.and_then(plain_string).and_then(|name| types::known(&name));
    let Some(resource_type) = head.resource_type else {
        let path = format!("Bundle.entry[{index}].resource.resourceType");
        head.problems.push(problem(path, "is not a resource type of FHIR R4"));
        return head;
    };
    head.source_id = match parts.id.map(plain_string) {
        None => head.full_url.as_deref().and_then(last_part),
        Some(id) => id.filter(|id| is_id(id)),
    };
    if head.source_id.is_none() && map::is_kept(resource_type, resource) {
        let message = if parts.id.is_some() {
            "is not an id: 1 to 64 letters, digits, dashes and dots"
        } else {
            "is missing, and the entry's fullUrl doesn't end in one"
        };
        head.problems.push(problem(At::root(resource_type).field("id").to_string(), message));
    }
    let is_empty = |raw: &RawValue| raw.get().chars().filter(|c| !c.is_whitespace()).eq("[]".chars());
    head.is_modified = parts.modifiers.is_some_and(|raw| !is_empty(raw))
        || parts.do_not_perform.is_some_and(|raw| raw.get() == "true");
    head.identifiers = parts.identifier.map(|raw| identifiers(resource_type, raw)).unwrap_or_default();
    head
}

/// The string that a raw JSON value is; `None` when it is something else.
pub(super) fn plain_string(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

fn last_part(full_url: &str) -> Option<String> {
    full_url.rsplit(['/', ':']).next().filter(|id| is_id(id)).map(str::to_owned)
}

/// The identifiers by which others may name a practitioner, organization or patient. A patient's are
/// medical record numbers alone: social security numbers and the like are not for keeping.
/// What can't be read here is reported when the resource itself is read.
fn identifiers(resource_type: &str, raw: &RawValue) -> Vec<SourceKey> {
    let all: Vec<r4::Identifier> = match resource_type {
        "Practitioner" | "Organization" | "Patient" => serde_json::from_str(raw.get()).unwrap_or_default(),
        _ => return Vec::new(),
    };
    let wanted =
        |identifier: &r4::Identifier| resource_type != "Patient" || is_medical_record_number(identifier);
    let key = |identifier: r4::Identifier| {
        let (system, value) = (identifier.system?, identifier.value?);
        (fits(&system) && fits(&value)).then_some(SourceKey::Identifier { system, value })
    };
    all.into_iter().filter(wanted).filter_map(key).collect()
}

/// Whether an identifier is a patient's medical record number (type `MR`).
pub(super) fn is_medical_record_number(identifier: &r4::Identifier) -> bool {
    identifier.kind.iter().flat_map(|kind| &kind.coding).any(|coding| {
        coding.code.as_deref() == Some("MR")
            && matches!(
                coding.system.as_deref(),
                None | Some(systems::IDENTIFIER_TYPE | "http://hl7.org/fhir/v2/0203")
            )
    })
}
