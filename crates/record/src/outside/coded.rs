//! The coded entries of a clinical document (C-CDA R1.1 and R2.1) as records of a chart: allergies, medications, problems,
//! vaccinations, results and vital signs. What is coded in another way is left to the narrative.

use std::collections::HashMap;

use portal_domain::{
    chart::{
        AllergyCategory, AllergyClinicalStatus, AllergyKind, AllergyReaction, ChartAllergy, ChartCondition,
        ChartEntry, ChartImmunization, ChartKind, ChartMedication, ChartObservation, Coding, Comparator,
        Concept, ConditionClinicalStatus, Criticality, Decimal, Dosage, ImmunizationStatus, Interpretation,
        Link, MedicationIntent, MedicationStatus, ObservationCategory, ObservationStatus, ObservationValue,
        PartialTime, Party, PeriodUnit, Quantity, ReferenceRange, Severity, SourceKey, Verification,
        plain_unit, systems,
    },
    time::Date,
};
use uuid::Uuid;

use super::{MAX_ENTRIES, MAX_LINE, MAX_TEXT, OutsideEntry, tree::Element, within};
use crate::ccda::{is_possible, system_of};

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

    fn allergy(&self, entry: &Element, seen: &Element) -> Option<ChartEntry> {
        let denied = seen.attribute("negationInd") == Some("true");
        let substance = seen.at(&["participant", "participantRole", "playingEntity"]);
        let code = substance.and_then(|entity| {
            let named =
                || Some(Concept { coding: None, text: within(&entity.at(&["name"])?.text(), MAX_LINE) });
            entity.at(&["code"]).and_then(|code| self.concept(code)).or_else(named)
        });
        let code = code.filter(|code| !code.text.is_empty());
        let sort = seen.at(&["value"]).and_then(|value| value.attribute("code")).unwrap_or_default();
        let (kind, category) = sort_of_allergy(sort);
        let (code, verification) = match (code, denied) {
            (Some(code), true) => (code, Some(Verification::Refuted)),
            (Some(code), false) => (code, None),
            (None, true) => (none_known(category), None),
            (None, false) => return None,
        };
        let reactions = related(seen, "observation").filter(|one| template(one, "9"));
        let reaction = |one: &Element| {
            let manifestation = self.concept(one.at(&["value"])?)?;
            let severity = related(one, "observation").find_map(severity);
            Some(AllergyReaction { manifestations: vec![manifestation], severity })
        };
        let mut reactions: Vec<AllergyReaction> = reactions.filter_map(reaction).collect();
        // R1.1 tells of the whole allergy how bad it is.
        if reactions.is_empty()
            && let Some(grade) = related(seen, "observation").find_map(severity)
        {
            reactions.push(AllergyReaction { manifestations: Vec::new(), severity: Some(grade) });
        }
        let criticality = related(seen, "observation").find_map(|one| {
            Some(match (template(one, "145"), one.at(&["value"])?.attribute("code")?) {
                (true, "CRITL") => Criticality::Low,
                (true, "CRITH") => Criticality::High,
                (true, "CRITU") => Criticality::UnableToAssess,
                _ => return None,
            })
        });
        let told = related(seen, "observation").find(|one| template(one, "28")).and_then(value_code);
        let clinical_status = match told {
            Some("55561003") => AllergyClinicalStatus::Active,
            Some("413322009") => AllergyClinicalStatus::Resolved,
            Some("73425007") => AllergyClinicalStatus::Inactive,
            _ if concern_is_over(entry) => AllergyClinicalStatus::Inactive,
            _ => AllergyClinicalStatus::Active,
        };
        let record = ChartAllergy {
            patient: nobody(),
            code,
            clinical_status: Some(clinical_status),
            verification,
            kind,
            categories: category.into_iter().collect(),
            criticality,
            reactions,
            onset: interval(seen).0,
            recorded: written(seen).or_else(|| written(entry.at(&["act"])?)),
            reported: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    fn condition(&self, entry: &Element, seen: &Element) -> Option<ChartEntry> {
        let code = self.concept(seen.at(&["value"])?)?;
        let denied = seen.attribute("negationInd") == Some("true");
        let (onset, abatement) = interval(seen);
        let told = related(seen, "observation").find(|one| template(one, "6")).and_then(value_code);
        let clinical_status = match told {
            Some("55561003") => ConditionClinicalStatus::Active,
            Some("246455001") => ConditionClinicalStatus::Recurrence,
            Some("263855007") => ConditionClinicalStatus::Relapse,
            Some("73425007") => ConditionClinicalStatus::Inactive,
            Some("277022003") => ConditionClinicalStatus::Remission,
            Some("413322009") => ConditionClinicalStatus::Resolved,
            _ if abatement.is_some() => ConditionClinicalStatus::Resolved,
            _ if concern_is_over(entry) => ConditionClinicalStatus::Inactive,
            _ => ConditionClinicalStatus::Active,
        };
        let record = ChartCondition {
            patient: nobody(),
            code,
            clinical_status: Some(clinical_status),
            verification: denied.then_some(Verification::Refuted),
            category: None,
            severity: None,
            onset,
            onset_text: None,
            abatement,
            recorded: written(seen).or_else(|| written(entry.at(&["act"])?)),
            encounter: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    fn medication(&self, taken: &Element) -> Option<ChartEntry> {
        // That nothing, or not this, is taken.
        if taken.attribute("negationInd") == Some("true") {
            return None;
        }
        let material = taken.at(&["consumable", "manufacturedProduct", "manufacturedMaterial"])?;
        let drug = self.concept(material.at(&["code"])?).or_else(|| {
            let name = within(&material.at(&["name"])?.text(), MAX_LINE);
            (!name.is_empty()).then_some(Concept { coding: None, text: name })
        })?;
        let status = match taken.at(&["statusCode"]).and_then(|status| status.attribute("code")) {
            Some("completed") => MedicationStatus::Completed,
            Some("aborted" | "cancelled" | "nullified") => MedicationStatus::Stopped,
            Some("suspended" | "held") => MedicationStatus::OnHold,
            _ => MedicationStatus::Active,
        };
        let is_taken_while = |time: &&Element| time.attribute("type").is_none_or(|kind| kind == "IVL_TS");
        let reasons = taken.all("entryRelationship").filter(|one| one.attribute("typeCode") == Some("RSON"));
        let reasons = reasons.flat_map(|relation| relation.all("observation"));
        let record = ChartMedication {
            patient: nobody(),
            status,
            intent: MedicationIntent::Plan,
            drug,
            dosage: self.dosage(taken).into_iter().collect(),
            authored: taken
                .all("effectiveTime")
                .find(is_taken_while)
                .and_then(|time| bounds(time).0)
                .or_else(|| written(taken)),
            requester: taken.all("author").find_map(author),
            encounter: None,
            reasons: reasons.filter_map(|one| self.concept(one.at(&["value"])?)).collect(),
            reason_conditions: Vec::new(),
            refills_allowed: None,
            dispense_quantity: None,
            supply_days: None,
            valid_until: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    /// How it is taken, in words and numbers.
    fn dosage(&self, taken: &Element) -> Option<Dosage> {
        let sig = related(taken, "substanceAdministration").find(|one| template(one, "147"));
        let text = sig.and_then(|sig| sig.at(&["text"])).map(|text| within(&self.words(text), MAX_TEXT));
        let told = taken.at(&["doseQuantity"]);
        let (dose, dose_high) = match told.map(|told| (told.at(&["low"]), told.at(&["high"]))) {
            Some((Some(low), Some(high))) => (quantity(low), quantity(high)),
            _ => (told.and_then(quantity), None),
        };
        let period = taken.all("effectiveTime").find(|time| time.attribute("type") == Some("PIVL_TS"));
        let period = period.and_then(|time| time.at(&["period"])).and_then(|period| {
            let unit = match period.attribute("unit")? {
                "s" => PeriodUnit::Second,
                "min" => PeriodUnit::Minute,
                "h" => PeriodUnit::Hour,
                "d" => PeriodUnit::Day,
                "wk" => PeriodUnit::Week,
                "mo" => PeriodUnit::Month,
                "a" => PeriodUnit::Year,
                _ => return None,
            };
            Some((Decimal::parse(period.attribute("value")?)?, unit))
        });
        let needed = taken.at(&["precondition", "criterion"]);
        let (period, period_unit) = period.unzip();
        let dosage = Dosage {
            text: text.filter(|text| !text.is_empty()),
            dose,
            dose_high,
            frequency: period.is_some().then_some(1),
            period,
            period_unit,
            route: taken.at(&["routeCode"]).and_then(|route| self.concept(route)),
            as_needed: needed.is_some(),
            as_needed_for: needed.and_then(|needed| self.concept(needed.at(&["value"])?)),
            ..Dosage::default()
        };
        (dosage != Dosage::default()).then_some(dosage)
    }

    fn immunization(&self, given: &Element) -> Option<ChartEntry> {
        let product = given.at(&["consumable", "manufacturedProduct"])?;
        let vaccine = self.concept(product.at(&["manufacturedMaterial", "code"])?)?;
        let refused = given.attribute("negationInd") == Some("true");
        let words = |path: &[&str]| {
            let text = product.at(path).map(|one| within(&one.text(), MAX_LINE));
            text.filter(|text| !text.is_empty())
        };
        let why = related(given, "observation").find(|one| template(one, "53"));
        let performers = given.all("performer").filter_map(|performer| {
            let name = performer.at(&["assignedEntity", "assignedPerson", "name"])?.text();
            party(&name)
        });
        let time = given.at(&["effectiveTime"]).map(bounds).unwrap_or_default();
        let record = ChartImmunization {
            patient: nobody(),
            status: if refused { ImmunizationStatus::NotDone } else { ImmunizationStatus::Completed },
            status_reason: why.and_then(|why| self.concept(why.at(&["code"])?)),
            vaccine,
            occurred: time.0.or(time.1),
            occurred_text: None,
            primary_source: None,
            manufacturer: words(&["manufacturerOrganization", "name"]),
            lot_number: words(&["manufacturedMaterial", "lotNumberText"]),
            site: given.at(&["approachSiteCode"]).and_then(|site| self.concept(site)),
            route: given.at(&["routeCode"]).and_then(|route| self.concept(route)),
            dose: given.at(&["doseQuantity"]).and_then(quantity),
            performers: performers.collect(),
            encounter: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    fn observation(&self, seen: &Element, category: ObservationCategory) -> Option<ChartEntry> {
        let code = self.concept(seen.at(&["code"])?)?;
        let status = match seen.at(&["statusCode"]).and_then(|status| status.attribute("code")) {
            Some("active") => ObservationStatus::Preliminary,
            Some("aborted" | "cancelled") => ObservationStatus::Cancelled,
            _ => ObservationStatus::Final,
        };
        let time = seen.at(&["effectiveTime"]).map(bounds).unwrap_or_default();
        let interpretation = seen.at(&["interpretationCode"]).and_then(|flag| flag.attribute("code"));
        let record = ChartObservation {
            patient: nobody(),
            category,
            status,
            code,
            effective: time.0.or(time.1),
            effective_end: None,
            issued: None,
            value: seen.at(&["value"]).and_then(|value| self.value(value)),
            absent_reason: None,
            components: Vec::new(),
            members: Vec::new(),
            interpretation: interpretation.and_then(Interpretation::read),
            interpretation_text: None,
            reference_range: seen
                .at(&["referenceRange", "observationRange"])
                .and_then(|usual| self.usual(usual)),
            specimen: None,
            method: None,
            body_site: None,
            performers: Vec::new(),
            encounter: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    fn value(&self, value: &Element) -> Option<ObservationValue> {
        Some(match value.attribute("type")? {
            "PQ" | "INT" | "REAL" | "MO" => ObservationValue::Quantity(quantity(value)?),
            "IVL_PQ" | "IVL_INT" | "IVL_REAL" => range(value)?,
            "CD" | "CE" | "CO" | "CV" | "CS" => ObservationValue::Concept(self.concept(value)?),
            "BL" => ObservationValue::Boolean(value.attribute("value")? == "true"),
            "TS" => ObservationValue::Time(time(value)?),
            _ => {
                let words = within(&self.words(value), MAX_TEXT);
                (!words.is_empty()).then_some(ObservationValue::Text(words))?
            }
        })
    }

    fn usual(&self, usual: &Element) -> Option<ReferenceRange> {
        let (low, high) = usual.at(&["value"]).map_or((None, None), |value| {
            let end = |name| value.at(&[name]).and_then(quantity);
            (end("low"), end("high"))
        });
        let text = usual.at(&["text"]).map(|text| within(&self.words(text), MAX_LINE));
        let words = usual.at(&["value"]).filter(|value| value.attribute("type") == Some("ST"));
        let text = text.or_else(|| words.map(|words| within(&words.text(), MAX_LINE)));
        let text = text.filter(|text| !text.is_empty());
        (low.is_some() || high.is_some() || text.is_some()).then_some(ReferenceRange { low, high, text })
    }
}

/// Nobody in particular: whose it is, whoever takes it over says.
fn nobody() -> Link {
    Link { kind: ChartKind::Patient, key: SourceKey::Local(Uuid::nil()) }
}

/// A code that its system could have given out.
fn coding(element: &Element) -> Option<Coding> {
    let (code, oid) = (element.attribute("code")?, element.attribute("codeSystem")?);
    let system = system_of(oid)?;
    let display = element.attribute("displayName").map(|shown| within(shown, MAX_LINE));
    is_possible(&system, code).then(|| Coding { system, code: within(code, MAX_LINE), display })
}

fn value_code(seen: &Element) -> Option<&str> {
    seen.at(&["value"])?.attribute("code")
}

fn severity(seen: &Element) -> Option<Severity> {
    Some(match (template(seen, "8"), value_code(seen)?) {
        (true, "255604002") => Severity::Mild,
        (true, "6736007") => Severity::Moderate,
        (true, "24484000" | "399166001") => Severity::Severe,
        _ => return None,
    })
}

/// What the codes for sorts of allergy say of kind and substance.
fn sort_of_allergy(code: &str) -> (Option<AllergyKind>, Option<AllergyCategory>) {
    use {AllergyCategory as C, AllergyKind as K};
    match code {
        "416098002" => (Some(K::Allergy), Some(C::Medication)),
        "414285001" => (Some(K::Allergy), Some(C::Food)),
        "419199007" | "418038007" => (Some(K::Allergy), None),
        "59037007" => (Some(K::Intolerance), Some(C::Medication)),
        "235719002" => (Some(K::Intolerance), Some(C::Food)),
        "419511003" => (None, Some(C::Medication)),
        "418471000" => (None, Some(C::Food)),
        "426232007" => (Some(K::Allergy), Some(C::Environment)),
        _ => (None, None),
    }
}

/// The statement that no allergy of some sort is known (SNOMED CT).
fn none_known(category: Option<AllergyCategory>) -> Concept {
    let (code, text) = match category {
        Some(AllergyCategory::Medication) => ("409137002", "No known drug allergies"),
        Some(AllergyCategory::Food) => ("429625007", "No known food allergies"),
        _ => ("716186003", "No known allergies"),
    };
    let coding = Coding { system: systems::SNOMED_CT.into(), code: code.into(), display: Some(text.into()) };
    Concept { coding: Some(coding), text: text.into() }
}

/// Whether the concern that an entry tells of is closed.
fn concern_is_over(entry: &Element) -> bool {
    let status = entry.at(&["act", "statusCode"]).and_then(|status| status.attribute("code"));
    matches!(status, Some("completed" | "aborted"))
}

/// From when to when an observation holds.
fn interval(seen: &Element) -> (Option<PartialTime>, Option<PartialTime>) {
    seen.at(&["effectiveTime"]).map(bounds).unwrap_or_default()
}

/// The ends of a time; a point is its own start.
fn bounds(told: &Element) -> (Option<PartialTime>, Option<PartialTime>) {
    let end = |name| told.at(&[name]).and_then(time);
    (end("low").or_else(|| time(told)), end("high"))
}

/// When an author wrote it.
fn written(act: &Element) -> Option<PartialTime> {
    act.at(&["author", "time"]).and_then(time)
}

/// Who wrote it, by name.
fn author(author: &Element) -> Option<Party> {
    party(&author.at(&["assignedAuthor", "assignedPerson", "name"])?.text())
}

fn party(name: &str) -> Option<Party> {
    let name = within(name, MAX_LINE);
    (!name.is_empty()).then_some(Party { link: None, display: Some(name) })
}

/// An HL7 timestamp as exact as it is. A clock time without a zone could be hours off: the day is what it tells.
fn time(told: &Element) -> Option<PartialTime> {
    let text = told.attribute("value")?;
    let (clock, zone) = match text.find(['+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let clock = clock.split('.').next().unwrap_or_default();
    if !clock.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| clock.get(from..to);
    match (clock.len(), zone.len()) {
        (4, 0) => clock.parse().ok(),
        (6, 0) => format!("{}-{}", part(0, 4)?, part(4, 6)?).parse().ok(),
        (12 | 14, 5) => {
            let seconds = part(12, 14).unwrap_or("00");
            let (hours, minutes) = zone.split_at(3);
            format!(
                "{}-{}-{}T{}:{}:{seconds}{hours}:{minutes}",
                part(0, 4)?,
                part(4, 6)?,
                part(6, 8)?,
                part(8, 10)?,
                part(10, 12)?
            )
            .parse()
            .ok()
        }
        (8.., 0 | 5) => {
            let day: Date = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?).parse().ok()?;
            PartialTime::day(day).ok()
        }
        _ => None,
    }
}

/// An amount; one whose unit is told in words only has its number beside them.
fn quantity(told: &Element) -> Option<Quantity> {
    if told.attribute("value").is_none()
        && let Some(words) = told.at(&["translation"])
    {
        let unit = words.at(&["originalText"]).map(|text| within(&text.text(), MAX_LINE));
        let decimal = Decimal::parse(words.attribute("value")?)?;
        return Some(Quantity {
            decimal,
            comparator: None,
            unit: unit.filter(|unit| !unit.is_empty()),
            ucum: None,
        });
    }
    let decimal = Decimal::parse(told.attribute("value")?)?;
    let ucum = told.attribute("unit").filter(|unit| *unit != "1").map(|unit| within(unit, MAX_LINE));
    let unit = ucum.as_deref().map(plain_unit).filter(|unit| !unit.is_empty());
    Some(Quantity { decimal, comparator: None, unit, ucum })
}

/// What lies between two amounts, or on one side of one.
fn range(told: &Element) -> Option<ObservationValue> {
    let end = |name: &str| {
        let end = told.at(&[name])?;
        Some((quantity(end)?, end.attribute("inclusive") != Some("false")))
    };
    Some(match (end("low"), end("high")) {
        (None, None) => return None,
        (Some((low, _)), Some((high, _))) => ObservationValue::Range { low: Some(low), high: Some(high) },
        (Some((low, inclusive)), None) => {
            let sign = if inclusive { Comparator::AtLeast } else { Comparator::Above };
            ObservationValue::Quantity(Quantity { comparator: Some(sign), ..low })
        }
        (None, Some((high, inclusive))) => {
            let sign = if inclusive { Comparator::AtMost } else { Comparator::Below };
            ObservationValue::Quantity(Quantity { comparator: Some(sign), ..high })
        }
    })
}
