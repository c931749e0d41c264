//! The coded entries of a clinical document (C-CDA R1.1 and R2.1) as records of a chart: allergies, medications, problems,
//! vaccinations, results and vital signs. What is coded in another way is left to the narrative.

mod drugs;
mod observations;
mod problems;
mod values;

use std::collections::HashMap;

use portal_domain::chart::{ChartEntry, Coding, Concept, ObservationCategory, systems};

use values::coding;

use super::{MAX_ENTRIES, MAX_LINE, OutsideEntry, tree::Element, within};

/// The root of the templates of C-CDA's entries.
const TEMPLATES: &str = "2.16.840.1.113883.10.20.22.4.";

/// The entries of all sections. The place of an entry in the document is its key: it stays the same however much of the
/// document is understood.
pub fn entries(root: &Element) -> Vec<OutsideEntry> {
    let mut reading = Reading { place: 0, found: Vec::new() };
    if let Some(body) = root.at(&["component", "structuredBody"]) {
        reading.sections(body, 0);
    }
    reading.found
}

struct Reading {
    place: usize,
    found: Vec<OutsideEntry>,
}

impl Reading {
    fn sections(&mut self, holder: &Element, depth: usize) {
        if depth > super::ccda::MAX_NESTED {
            return;
        }
        for section in holder.all("component").flat_map(|component| component.all("section")) {
            let section_code =
                section.at(&["code"]).and_then(|code| code.attribute("code")).unwrap_or_default();
            let told = Told::of(section);
            for entry in section.all("entry") {
                self.place += 1;
                for (part, record) in told.entry(section_code, entry) {
                    if self.found.len() < MAX_ENTRIES {
                        let key = format!("{}.{part}", self.place);
                        self.found.push(OutsideEntry { key, record });
                    }
                }
            }
            self.sections(section, depth + 1);
        }
    }
}

/// What the narrative of a section says, by the names of its parts.
struct Told<'e>(HashMap<&'e str, &'e Element>);

fn template(element: &Element, number: &str) -> bool {
    let named =
        |one: &Element| one.attribute("root").and_then(|root| root.strip_prefix(TEMPLATES)) == Some(number);
    element.all("templateId").any(named)
}

/// The acts of this name below, in order, with their places.
fn below<'e>(holder: &'e Element, name: &'e str) -> Vec<&'e Element> {
    fn gather<'e>(element: &'e Element, name: &str, all: &mut Vec<&'e Element>) {
        for one in element.elements() {
            if one.name == name {
                all.push(one);
            }
            gather(one, name, all);
        }
    }
    let mut all = Vec::new();
    gather(holder, name, &mut all);
    all
}

/// The acts of this name that an act is related to.
fn related<'e>(act: &'e Element, name: &'e str) -> impl Iterator<Item = &'e Element> {
    act.all("entryRelationship").flat_map(move |relation| relation.all(name))
}

impl<'e> Told<'e> {
    fn of(section: &'e Element) -> Self {
        fn gather<'e>(element: &'e Element, named: &mut HashMap<&'e str, &'e Element>) {
            for one in element.elements() {
                if let Some(id) = one.attribute("ID") {
                    named.entry(id).or_insert(one);
                }
                gather(one, named);
            }
        }
        let mut named = HashMap::new();
        section.all("text").for_each(|text| gather(text, &mut named));
        Self(named)
    }

    /// What an entry of a section holds, each with its place within it.
    fn entry(&self, section: &str, entry: &'e Element) -> Vec<(usize, ChartEntry)> {
        let observations = || below(entry, "observation").into_iter().enumerate();
        match section {
            "48765-2" => observations()
                .filter(|(_, seen)| template(seen, "7"))
                .filter_map(|(part, seen)| Some((part, self.allergy(entry, seen)?)))
                .collect(),
            "11450-4" => observations()
                .filter(|(_, seen)| template(seen, "4"))
                .filter_map(|(part, seen)| Some((part, self.condition(entry, seen)?)))
                .collect(),
            "30954-2" | "8716-3" => {
                let (number, category) = match section {
                    "30954-2" => ("2", ObservationCategory::Laboratory),
                    _ => ("27", ObservationCategory::VitalSigns),
                };
                observations()
                    .filter(|(_, seen)| template(seen, number))
                    .filter_map(|(part, seen)| Some((part, self.observation(seen, category)?)))
                    .collect()
            }
            "10160-0" | "11369-6" => {
                let given = below(entry, "substanceAdministration").into_iter().enumerate();
                given
                    .filter_map(|(part, given)| {
                        let record = match section {
                            "10160-0" if template(given, "16") => self.medication(given),
                            "11369-6" if template(given, "52") => self.immunization(given),
                            _ => None,
                        };
                        Some((part, record?))
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The words that an element stands for, its own or those of the narrative that it points at.
    fn words(&self, element: &Element) -> String {
        let own = element.text();
        if !own.is_empty() {
            return own;
        }
        let target = element.at(&["reference"]).and_then(|reference| reference.attribute("value"));
        let target = target.and_then(|target| self.0.get(target.strip_prefix('#')?));
        target.map(|target| target.text()).unwrap_or_default()
    }

    /// A concept by code, of several translations the one that serves best, and in words; none where nothing is said.
    fn concept(&self, element: &Element) -> Option<Concept> {
        let mut best: Option<Coding> = None;
        for one in std::iter::once(element).chain(element.all("translation")) {
            let Some(coding) = coding(one) else { continue };
            let better =
                |known: &Coding| systems::preference(&coding.system) < systems::preference(&known.system);
            if best.as_ref().is_none_or(better) {
                best = Some(coding);
            }
        }
        let original =
            element.at(&["originalText"]).map(|text| self.words(text)).filter(|text| !text.is_empty());
        let shown = || {
            let all = std::iter::once(element).chain(element.all("translation"));
            all.filter_map(|one| one.attribute("displayName")).map(str::to_owned).next()
        };
        let text = original.or_else(shown).or_else(|| best.as_ref().map(|coding| coding.code.clone()))?;
        Some(Concept { coding: best, text: within(&text, MAX_LINE) })
    }
}
