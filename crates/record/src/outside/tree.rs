//! XML of strangers, read into a tree within limits. A document type is refused, and with it every entity of one's own:
//! nothing is expanded, nothing is fetched. Only elements of HL7 v3 are kept.

use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};

use super::OutsideError;

/// How deep elements may stand in each other. Documents of real systems are about 25 deep.
pub const MAX_DEPTH: usize = 100;
/// How many elements there may be.
pub const MAX_ELEMENTS: usize = 300_000;
/// How many attributes one element may have.
const MAX_ATTRIBUTES: usize = 50;

const HL7: &[u8] = b"urn:hl7-org:v3";

/// An element.
#[derive(Debug, Default)]
pub struct Element {
    /// Its name, without prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// What stands in it, in order.
    pub children: Vec<Child>,
}

/// What stands in an element.
#[derive(Debug)]
pub enum Child {
    /// Characters.
    Text(String),
    /// Another element.
    Element(Element),
}

impl Element {
    /// An attribute's value; none when it is not there or empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// The elements of this name in it.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element along these names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        let mut here = self;
        for name in path {
            here = here.elements().find(|element| element.name == *name)?;
        }
        Some(here)
    }

    /// All characters below it, white space single.
    pub fn text(&self) -> String {
        let mut all = String::new();
        self.gather(&mut all);
        let words: Vec<&str> = all.split_whitespace().collect();
        words.join(" ").chars().filter(|c| !c.is_control()).collect()
    }

    fn gather(&self, all: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => all.push_str(text),
                Child::Element(element) => {
                    if element.name == "br" {
                        all.push(' ');
                    }
                    element.gather(all);
                }
            }
        }
    }
}

/// Reads a document: its root.
pub fn parse(text: &str) -> Result<Element, OutsideError> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    // The open elements, each with whether it is kept.
    let mut open: Vec<(Element, bool)> = Vec::new();
    let mut root = None;
    let mut count = 0usize;
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|_| OutsideError::Broken)?;
        match event {
            Event::DocType(_) => return Err(OutsideError::DocumentType),
            Event::Start(start) => {
                count += 1;
                if open.len() >= MAX_DEPTH || count > MAX_ELEMENTS {
                    return Err(OutsideError::TooComplex);
                }
                if root.is_some() {
                    return Err(OutsideError::Broken);
                }
                let ours = matches!(namespace, ResolveResult::Bound(bound) if bound.0 == HL7);
                let kept = ours && open.last().is_none_or(|(_, kept)| *kept);
                open.push((element(&start)?, kept));
            }
            Event::End(_) => {
                let Some((done, kept)) = open.pop() else { return Err(OutsideError::Broken) };
                match open.last_mut() {
                    Some((parent, _)) if kept => parent.children.push(Child::Element(done)),
                    Some(_) => {}
                    None if kept => root = Some(done),
                    None => return Err(OutsideError::NoRecord),
                }
            }
            Event::Text(text) => add(&mut open, &text.decode().map_err(|_| OutsideError::Broken)?),
            Event::CData(text) => add(&mut open, &text.decode().map_err(|_| OutsideError::Broken)?),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|_| OutsideError::Broken)?;
                let name = reference.decode().map_err(|_| OutsideError::Broken)?;
                match (character, quick_xml::escape::resolve_xml_entity(&name)) {
                    (Some(character), _) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                    (None, Some(known)) => add(&mut open, known),
                    // Without a document type there is no other entity.
                    (None, None) => return Err(OutsideError::Broken),
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
        }
    }
    if open.is_empty() { root.ok_or(OutsideError::NoRecord) } else { Err(OutsideError::Broken) }
}

fn add(open: &mut [(Element, bool)], text: &str) {
    let Some((parent, true)) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Child::Text(before)) => before.push_str(text),
        _ => parent.children.push(Child::Text(text.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, OutsideError> {
    let broken = |_| OutsideError::Broken;
    let name = String::from_utf8_lossy(start.local_name().into_inner()).into_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| OutsideError::Broken)?;
        if attributes.len() >= MAX_ATTRIBUTES {
            return Err(OutsideError::TooComplex);
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(broken)?;
        let key = attribute.key.local_name();
        attributes.push((String::from_utf8_lossy(key.into_inner()).into_owned(), value.into_owned()));
    }
    Ok(Element { name, attributes, children: Vec::new() })
}
