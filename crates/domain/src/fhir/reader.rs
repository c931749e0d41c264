//! Turns the parts of a resource into the chart's values and notes every mistake on the way.
//!
//! Each function takes the place it reads at and returns `None` both for what is absent and for
//! what is wrong; the difference is whether a problem was noted. [`Reader::required`] makes absence
//! a mistake.

use serde_json::value::RawValue;

use super::{
    OutsideLink, Problem,
    path::At,
    r4,
    references::{Index, Target},
    text, types,
};
use crate::chart::{
    ChartKind, Code, Coding, Comparator, Concept, Decimal, Link, PartialTime, Party, Quantity, SourceKey,
    systems,
};

/// A reference to an entry of the same bundle.
pub(super) struct InsideLink {
    pub path: String,
    pub entry: usize,
}

/// Reads one resource.
pub(super) struct Reader<'a> {
    index: &'a Index<'a>,
    contained: Vec<Box<RawValue>>,
    pub problems: Vec<Problem>,
    pub outside: Vec<OutsideLink>,
    pub inside: Vec<InsideLink>,
    references: usize,
}

/// How many references one resource may hold: a report of a thousand values is none that people read.
const MAX_REFERENCES: usize = 1_000;

impl<'a> Reader<'a> {
    pub fn new(index: &'a Index<'a>) -> Self {
        Self {
            index,
            contained: Vec::new(),
            problems: Vec::new(),
            outside: Vec::new(),
            inside: Vec::new(),
            references: 0,
        }
    }

    /// Makes the resources inside this one known to references (`#id`).
    pub fn contains(&mut self, contained: Vec<Box<RawValue>>) {
        self.contained = contained;
    }

    /// Notes a mistake. The message must not hold anything from the input.
    pub fn wrong(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.problems.push(Problem { path: at.to_string(), message: message.into() });
    }

    /// Notes that something is missing, unless what was there has been found wrong already.
    pub fn required<T>(&mut self, at: &At<'_>, value: Option<T>) -> Option<T> {
        if value.is_none() {
            let path = at.to_string();
            let known = self.problems.iter().any(|problem| {
                problem
                    .path
                    .strip_prefix(&path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            });
            if !known {
                self.problems.push(Problem { path, message: "is missing".to_owned() });
            }
        }
        value
    }

    fn fit(&mut self, at: &At<'_>, text: Result<String, text::Unfit>, limit: usize) -> Option<String> {
        match text {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(text::Unfit::Control) => {
                self.wrong(at, "holds a control character, which can't be stored");
                None
            }
            Err(text::Unfit::Long) => {
                self.wrong(at, format!("is longer than {limit} characters"));
                None
            }
        }
    }

    fn limited(&mut self, at: &At<'_>, text: Option<String>, limit: usize) -> Option<String> {
        self.fit(at, text::line(text?, limit), limit)
    }

    /// A single line, such as a name.
    pub fn line(&mut self, at: &At<'_>, text: Option<String>) -> Option<String> {
        self.limited(at, text, text::LINE)
    }

    /// The family or given name of a person.
    pub fn name(&mut self, at: &At<'_>, text: Option<String>) -> Option<String> {
        self.limited(at, text, text::NAME)
    }

    /// Text of several lines.
    pub fn text(&mut self, at: &At<'_>, text: Option<String>) -> Option<String> {
        self.fit(at, text::lines(text?, text::TEXT), text::TEXT)
    }

    /// An identifier or URI.
    pub fn uri(&mut self, at: &At<'_>, text: Option<String>) -> Option<String> {
        self.limited(at, text, text::URI)
    }

    /// Remarks.
    pub fn notes(&mut self, root: &At<'_>, notes: Vec<r4::Annotation>) -> Vec<String> {
        let read =
            |(i, note): (usize, r4::Annotation)| self.text(&root.item("note", i).field("text"), note.text);
        notes.into_iter().enumerate().filter_map(read).collect()
    }

    /// A code of a required value set.
    pub fn code<C: Code>(&mut self, at: &At<'_>, code: Option<String>) -> Option<C> {
        let read = C::from_code(&code?);
        if read.is_none() {
            self.wrong(at, expected_one_of::<C>());
        }
        read
    }

    /// A code of a required value set, sent as a concept.
    pub fn concept_code<C: Code>(&mut self, at: &At<'_>, concept: Option<r4::CodeableConcept>) -> Option<C> {
        let concept = concept?;
        let read = concept.coding.iter().filter_map(|coding| coding.code.as_deref()).find_map(C::from_code);
        if read.is_none() {
            self.wrong(at, expected_one_of::<C>());
        }
        read
    }

    /// A time as exact as it was sent.
    pub fn time(&mut self, at: &At<'_>, text: Option<String>) -> Option<PartialTime> {
        let read = text?.parse().ok();
        if read.is_none() {
            self.wrong(
                at,
                "is not a FHIR date or dateTime between 1900 and 2200 (a clock time needs its zone)",
            );
        }
        read
    }

    /// Start and end; a period that ends before it starts is wrong.
    pub fn period(
        &mut self,
        at: &At<'_>,
        period: Option<r4::Period>,
    ) -> (Option<PartialTime>, Option<PartialTime>) {
        let Some(period) = period else { return (None, None) };
        let start = self.time(&at.field("start"), period.start);
        let end = self.time(&at.field("end"), period.end);
        // "2019-05-04T10:00 to 2019-05" is no contradiction: compare only what is equally exact.
        if let (Some(start), Some(end)) = (start, end)
            && start.precision == end.precision
            && start.at > end.at
        {
            self.wrong(at, "ends before it starts");
        }
        (start, end)
    }

    /// A code with its system; without either it says nothing and is left out.
    pub fn coding(&mut self, at: &At<'_>, coding: Option<r4::Coding>) -> Option<Coding> {
        let coding = coding?;
        Some(Coding {
            system: self.uri(&at.field("system"), coding.system)?,
            code: self.limited(&at.field("code"), coding.code, text::CODE)?,
            display: self.line(&at.field("display"), coding.display),
        })
    }

    /// What is meant: the best of its codes, and words for people.
    pub fn concept(&mut self, at: &At<'_>, concept: Option<r4::CodeableConcept>) -> Option<Concept> {
        let concept = concept?;
        let mut best: Option<((u8, bool), Coding)> = None;
        let mut words = None;
        for (i, raw) in concept.coding.into_iter().enumerate() {
            let place = at.item("coding", i);
            let unchosen = !raw.user_selected.unwrap_or(false);
            if raw.system.is_none() && words.is_none() {
                words = self.line(&place.field("display"), raw.display.clone().or_else(|| raw.code.clone()));
            }
            if let Some(coding) = self.coding(&place, Some(raw)) {
                let rank = (systems::preference(&coding.system), unchosen);
                if best.as_ref().is_none_or(|(so_far, _)| rank < *so_far) {
                    best = Some((rank, coding));
                }
            }
        }
        let coding = best.map(|(_, coding)| coding);
        let text = self
            .line(&at.field("text"), concept.text)
            .or_else(|| coding.as_ref().and_then(|coding| coding.display.clone()))
            .or(words)
            .or_else(|| coding.as_ref().map(|coding| coding.code.clone()))?;
        Some(Concept { coding, text })
    }

    /// Several concepts.
    pub fn concepts(
        &mut self,
        root: &At<'_>,
        name: &'static str,
        all: Vec<r4::CodeableConcept>,
    ) -> Vec<Concept> {
        let read = |(i, concept)| self.concept(&root.item(name, i), Some(concept));
        all.into_iter().enumerate().filter_map(read).collect()
    }

    /// A decimal, digit by digit.
    pub fn decimal(&mut self, at: &At<'_>, raw: r4::Decimal) -> Option<Decimal> {
        let read = Decimal::parse(raw?.get());
        if read.is_none() {
            self.wrong(at, "is not a number of at most 64 characters");
        }
        read
    }

    /// An amount; one without a number is left out.
    pub fn quantity(&mut self, at: &At<'_>, quantity: Option<r4::Quantity>) -> Option<Quantity> {
        let quantity = quantity?;
        let decimal = self.decimal(&at.field("value"), quantity.value);
        let comparator = self.code::<Comparator>(&at.field("comparator"), quantity.comparator);
        let code = self.limited(&at.field("code"), quantity.code, text::CODE);
        let unit = self.line(&at.field("unit"), quantity.unit).or_else(|| code.clone());
        let ucum = code.filter(|_| quantity.system.as_deref() == Some(systems::UCUM));
        Some(Quantity { decimal: decimal?, comparator, unit, ucum })
    }

    /// A reference to a record of one of these kinds; anything else is a mistake.
    pub fn link(
        &mut self,
        at: &At<'_>,
        reference: Option<r4::Reference>,
        kinds: &[ChartKind],
    ) -> Option<Link> {
        let reference = reference?;
        let link = self.find(at, &reference, kinds);
        if self.references > MAX_REFERENCES {
            return None;
        }
        let noted = self.problems.last().is_some_and(|problem| problem.path.starts_with(&at.to_string()));
        if link.is_none() && !noted {
            let names: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
            self.wrong(at, format!("must name a {}", names.join(" or ")));
        }
        link
    }

    /// References to records of one kind; those to other kinds are left out.
    pub fn links(
        &mut self,
        root: &At<'_>,
        name: &'static str,
        all: Vec<r4::Reference>,
        kind: ChartKind,
    ) -> Vec<Link> {
        let read = |(i, reference)| self.find(&root.item(name, i), &reference, &[kind]);
        all.into_iter().enumerate().filter_map(read).collect()
    }

    /// Who took part: a practitioner or organization of the chart, else the name that was sent.
    pub fn party(&mut self, at: &At<'_>, reference: Option<r4::Reference>) -> Option<Party> {
        let reference = reference?;
        let link = self.find(at, &reference, &[ChartKind::Practitioner, ChartKind::Organization]);
        let display = self.line(&at.field("display"), reference.display);
        (link.is_some() || display.is_some()).then_some(Party { link, display })
    }

    /// All who took part.
    pub fn parties(&mut self, root: &At<'_>, name: &'static str, all: Vec<r4::Reference>) -> Vec<Party> {
        let read = |(i, reference)| self.party(&root.item(name, i), Some(reference));
        all.into_iter().enumerate().filter_map(read).collect()
    }

    /// Whether the patient or a relative said so (`true`) or a professional (`false`); `None` when
    /// nobody can tell.
    pub fn is_patients_own(&self, said_by: &r4::Reference) -> Option<bool> {
        let resource_type = match self.index.target(said_by.reference.as_deref()?) {
            Target::Entry(entry) => self.index.heads[entry].resource_type?,
            Target::Outside { resource_type, .. } => resource_type,
            Target::Contained(_) | Target::Nowhere | Target::Malformed => return None,
        };
        match resource_type {
            "Patient" | "RelatedPerson" => Some(true),
            "Practitioner" | "PractitionerRole" => Some(false),
            _ => None,
        }
    }

    /// A resource of a type that is kept with those that name it, read in place.
    pub fn helper<T: serde::de::DeserializeOwned>(
        &mut self,
        at: &At<'_>,
        reference: &r4::Reference,
        resource_type: &'static str,
    ) -> Option<T> {
        let raw = match self.index.target(reference.reference.as_deref()?) {
            Target::Contained(id) => {
                self.contained.iter().map(AsRef::as_ref).find(|raw| is_called(raw, resource_type, id))
            }
            Target::Entry(entry) => {
                let head = &self.index.heads[entry];
                head.resource.filter(|_| head.resource_type == Some(resource_type))
            }
            Target::Nowhere | Target::Malformed => {
                self.wrong(at, "names nothing in the bundle");
                return None;
            }
            Target::Outside { .. } => None,
        };
        match serde_json::from_str(raw?.get()) {
            Ok(resource) => Some(resource),
            Err(_) => {
                self.wrong(at, format!("names a {resource_type} that can't be read"));
                None
            }
        }
    }

    fn find(&mut self, at: &At<'_>, reference: &r4::Reference, kinds: &[ChartKind]) -> Option<Link> {
        let place = at.field("reference");
        self.references += 1;
        if self.references > MAX_REFERENCES {
            // Said once, not for each of perhaps a million.
            if self.references == MAX_REFERENCES + 1 {
                self.wrong(
                    at,
                    format!("is more than the {MAX_REFERENCES} references that a resource may hold"),
                );
            }
            return None;
        }
        let target = match (&reference.reference, &reference.identifier) {
            (Some(literal), _) if literal.len() > text::URI => Target::Malformed,
            (Some(literal), _) => self.index.target(literal),
            (None, Some(identifier)) => {
                let named = reference.kind.as_deref().and_then(types::known);
                let resource_type = named.or((kinds.len() == 1).then(|| kinds[0].code()))?;
                let (Some(system), Some(value)) = (&identifier.system, &identifier.value) else {
                    return None;
                };
                let key = SourceKey::Identifier { system: system.clone(), value: value.clone() };
                self.index.identified(resource_type, key)
            }
            (None, None) => return None,
        };
        let fitting = |name: &str| kinds.iter().copied().find(|kind| kind.code() == name);
        match target {
            Target::Entry(entry) => {
                let head = &self.index.heads[entry];
                let kind = fitting(head.resource_type?)?;
                if head.is_modified {
                    return None;
                }
                self.inside.push(InsideLink { path: place.to_string(), entry });
                Some(Link { kind, key: SourceKey::Id(head.source_id.clone()?) })
            }
            Target::Outside { resource_type, key } => {
                let link = Link { kind: fitting(resource_type)?, key };
                self.outside.push(OutsideLink { path: place.to_string(), link: link.clone() });
                Some(link)
            }
            Target::Contained(_) => None,
            Target::Nowhere => {
                self.wrong(&place, "names no entry of the bundle");
                None
            }
            Target::Malformed => {
                self.wrong(
                    &place,
                    "is not a FHIR reference (urn:uuid:.., Type/id, Type?identifier=system|value or a URL)",
                );
                None
            }
        }
    }
}

fn is_called(raw: &RawValue, resource_type: &str, id: &str) -> bool {
    let text = |raw: Option<&RawValue>| raw.and_then(super::references::plain_string);
    serde_json::from_str::<r4::Header<'_>>(raw.get()).is_ok_and(|header| {
        text(header.resource_type).as_deref() == Some(resource_type) && text(header.id).as_deref() == Some(id)
    })
}

fn expected_one_of<C: Code>() -> String {
    let codes: Vec<_> = C::ALL.iter().map(|value| value.code()).collect();
    format!("must be one of {}", codes.join(", "))
}
