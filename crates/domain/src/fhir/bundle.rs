//! The envelope: from bytes to entries.

use serde::Deserialize;
use serde_json::{error::Category, value::RawValue};

use super::{
    EntryReading, IgnoredReason, Outcome, Problem, Reading, grouping, map,
    references::{Head, Index, head, plain_string},
    types,
};

/// The largest bundle that is read: 32 MiB, some hundred charts.
pub const MAX_BUNDLE_BYTES: usize = 32 * 1024 * 1024;
/// The most entries that one bundle may hold, so that one transaction stays short.
pub const MAX_ENTRIES: usize = 20_000;

/// Why nothing of a bundle could be read. The text says what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// No bytes, or white space only.
    #[error("The file is empty. Send a FHIR R4 Bundle as JSON.")]
    Empty,
    /// More than [`MAX_BUNDLE_BYTES`].
    #[error("The bundle has {bytes} bytes, more than {limit}. Split it into several bundles.")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("The file is not UTF-8 text (at byte {byte}). Send a FHIR R4 Bundle as JSON in UTF-8.")]
    NotText {
        /// The first byte that is wrong, from 0.
        byte: usize,
    },
    /// FHIR's other format.
    #[error("The file is XML. Send the bundle as JSON.")]
    Xml,
    /// The JSON stops before its end.
    #[error("The file ends too early (line {line}, column {column}): it was cut off. Send it again, whole.")]
    Truncated {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not JSON.
    #[error("The file is not JSON: the mistake is at line {line}, column {column}.")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Something follows the bundle, as in newline-delimited JSON.
    #[error("More follows after the bundle at line {line}. Send one bundle at a time.")]
    MoreFollows {
        /// Line, from 1.
        line: usize,
    },
    /// JSON, but not an object.
    #[error("The file is JSON, but not an object. Expected resourceType Bundle.")]
    NotAnObject,
    /// A property of the bundle stands twice, so nobody knows which counts.
    #[error("A property of the bundle stands twice. Send each once.")]
    Repeated,
    /// Another resource.
    #[error("Expected resourceType Bundle, found {}. Send the resources as entries of a bundle.", found.unwrap_or("none that FHIR R4 has"))]
    WrongResource {
        /// The type found, when it is one of FHIR R4.
        found: Option<&'static str>,
    },
    /// A bundle of another type.
    #[error("Expected Bundle.type transaction, batch, collection or document, found {}.", found.unwrap_or("none that FHIR R4 has"))]
    WrongType {
        /// The type found, when it is one of FHIR R4.
        found: Option<&'static str>,
    },
    /// `entry` is not a list.
    #[error("Bundle.entry is not a list.")]
    EntriesNotAList,
    /// No entries.
    #[error("The bundle has no entries.")]
    NoEntries,
    /// More than [`MAX_ENTRIES`].
    #[error("The bundle has {count} entries, more than {limit}. Split it into several bundles.")]
    TooManyEntries {
        /// How many it has.
        count: usize,
        /// How many it may have.
        limit: usize,
    },
}

impl BundleError {
    /// A stable name for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "bundle_empty",
            Self::TooLarge { .. } => "bundle_too_large",
            Self::NotText { .. } => "bundle_not_text",
            Self::Xml => "bundle_xml",
            Self::Truncated { .. } => "bundle_truncated",
            Self::NotJson { .. } | Self::MoreFollows { .. } => "bundle_not_json",
            Self::NotAnObject | Self::Repeated | Self::EntriesNotAList => "bundle_malformed",
            Self::WrongResource { .. } => "bundle_wrong_resource",
            Self::WrongType { .. } => "bundle_wrong_type",
            Self::NoEntries => "bundle_no_entries",
            Self::TooManyEntries { .. } => "bundle_too_many_entries",
        }
    }

    fn of_json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Eof => Self::Truncated { line, column },
            Category::Data => Self::Repeated,
            Category::Syntax if error.to_string().starts_with("trailing characters") => {
                Self::MoreFollows { line }
            }
            Category::Syntax | Category::Io => Self::NotJson { line, column },
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "resourceType", borrow)]
    resource_type: Option<&'a RawValue>,
    #[serde(rename = "type", borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
}

/// One entry of the envelope.
#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(rename = "fullUrl", borrow)]
    pub full_url: Option<&'a RawValue>,
    #[serde(borrow)]
    pub resource: Option<&'a RawValue>,
    #[serde(borrow)]
    pub request: Option<&'a RawValue>,
}

/// What a transaction asks to be done with an entry.
#[derive(Deserialize)]
pub(super) struct Request<'a> {
    #[serde(borrow)]
    pub method: Option<&'a RawValue>,
}

/// Reads one bundle, whole. See the [module](super) for what is taken.
pub fn read_bundle(bytes: &[u8]) -> Result<Reading, BundleError> {
    let entries = entries(bytes)?;
    let heads: Vec<Head<'_>> = entries
        .into_iter()
        .enumerate()
        .map(|(index, raw)| match serde_json::from_str::<Entry<'_>>(raw.get()) {
            Ok(entry) => head(index, entry),
            Err(_) => {
                let message = "must be an object in which no property stands twice".to_owned();
                Head {
                    problems: vec![Problem { path: format!("Bundle.entry[{index}]"), message }],
                    ..Head::default()
                }
            }
        })
        .collect();
    let (index, repeated) = Index::new(&heads);

    let mut inside = Vec::with_capacity(heads.len());
    let mut entries = Vec::with_capacity(heads.len());
    for (at, head) in heads.iter().enumerate() {
        let mut problems = head.problems.clone();
        problems
            .extend(repeated.iter().filter(|(entry, _)| *entry == at).map(|(_, problem)| problem.clone()));
        let mut outside = Vec::new();
        let mut links = Vec::new();
        let mut outcome = None;
        if let (Some(resource_type), Some(resource)) = (head.resource_type, head.resource) {
            let modified = head.is_modified.then_some(IgnoredReason::UnknownModifier);
            if let Some(reason) = ignored(resource_type, resource).or(modified) {
                outcome = Some(Outcome::Ignored(reason));
            } else {
                let read = map::record(resource_type, resource, &index);
                problems.extend(read.problems);
                outside = read.outside;
                links = read.inside;
                outcome = read.record.map(Outcome::Chart);
            }
        }
        let outcome = match outcome {
            Some(outcome) if problems.is_empty() => outcome,
            _ => Outcome::Invalid { problems },
        };
        inside.push(links);
        entries.push(EntryReading {
            index: at,
            full_url: head.full_url.clone(),
            resource_type: head.resource_type,
            source_id: head.source_id.clone(),
            identifiers: head.identifiers.clone(),
            outside,
            outcome,
        });
    }
    grouping::check(&mut entries, &inside);
    Ok(Reading { entries })
}

/// The raw entries of a bundle, once all that encloses them is right.
fn entries(bytes: &[u8]) -> Result<Vec<&RawValue>, BundleError> {
    if bytes.len() > MAX_BUNDLE_BYTES {
        return Err(BundleError::TooLarge { bytes: bytes.len(), limit: MAX_BUNDLE_BYTES });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| match error.error_len() {
        Some(_) => BundleError::NotText { byte: error.valid_up_to() },
        None => cut_off_in_a_character(&bytes[..error.valid_up_to()]),
    })?;
    // A byte order mark says nothing in UTF-8 and may be skipped (RFC 8259, section 8.1).
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        None => return Err(BundleError::Empty),
        Some('<') => return Err(BundleError::Xml),
        Some(_) => {}
    }
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| BundleError::of_json(&error))?;
    if !whole.get().starts_with('{') {
        return Err(BundleError::NotAnObject);
    }
    let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|error| BundleError::of_json(&error))?;
    let resource_type = envelope.resource_type.and_then(plain_string);
    if resource_type.as_deref() != Some("Bundle") {
        return Err(BundleError::WrongResource { found: resource_type.and_then(|name| types::known(&name)) });
    }
    let kind = envelope.kind.and_then(plain_string);
    if !matches!(kind.as_deref(), Some("transaction" | "batch" | "collection" | "document")) {
        const OTHERS: [&str; 5] =
            ["message", "transaction-response", "batch-response", "history", "searchset"];
        let found = OTHERS.into_iter().find(|other| Some(*other) == kind.as_deref());
        return Err(BundleError::WrongType { found });
    }
    let entries: Vec<&RawValue> = match envelope.entry {
        None => return Err(BundleError::NoEntries),
        Some(raw) => serde_json::from_str(raw.get()).map_err(|_| BundleError::EntriesNotAList)?,
    };
    match entries.len() {
        0 => Err(BundleError::NoEntries),
        count if count > MAX_ENTRIES => Err(BundleError::TooManyEntries { count, limit: MAX_ENTRIES }),
        _ => Ok(entries),
    }
}

fn cut_off_in_a_character(whole: &[u8]) -> BundleError {
    let last = whole.rsplit(|byte| *byte == b'\n').next().unwrap_or(whole);
    let line = whole.iter().filter(|byte| **byte == b'\n').count() + 1;
    BundleError::Truncated { line, column: last.len() + 1 }
}

/// Why a resource is not kept; `None` for those that are.
fn ignored(resource_type: &str, resource: &RawValue) -> Option<IgnoredReason> {
    if map::is_kept(resource_type, resource) {
        return None;
    }
    Some(match resource_type {
        "Claim" | "ClaimResponse" | "ExplanationOfBenefit" => IgnoredReason::Billing,
        "Medication" | "Specimen" | "ServiceRequest" => IgnoredReason::KeptWithOthers,
        _ => IgnoredReason::UnsupportedType,
    })
}
