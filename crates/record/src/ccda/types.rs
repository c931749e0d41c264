//! The data types of CDA: codes, times, amounts, names, addresses.

use chrono_tz::Tz;
use portal_domain::chart::{
    Address, Comparator, Concept, ObservationValue, PartialTime, Party, Precision, Quantity, systems,
};
use uuid::Uuid;

use super::{
    codes::is_possible,
    states::postal,
    units,
    xml::{El, el, is_allowed},
};

/// The root of C-CDA's own template ids.
pub const ROOT: &str = "2.16.840.1.113883.10.20.22";
/// LOINC.
pub const LOINC: &str = "2.16.840.1.113883.6.1";
/// SNOMED CT.
pub const SNOMED: &str = "2.16.840.1.113883.6.96";
/// HL7 ActCode, which has ASSERTION and SEV.
pub const ACT_CODE: &str = "2.16.840.1.113883.5.4";

/// A template with its version and, for readers of R1.1, without.
pub fn template(path: &str, version: &'static str) -> Vec<El> {
    let root = if path.starts_with("1.3.6.") { path.to_owned() } else { format!("{ROOT}.{path}") };
    let bare = el("templateId").a("root", root);
    if version.is_empty() { vec![bare] } else { vec![bare.clone().a("extension", version), bare] }
}

/// An item's id; `part` names a part of it.
pub fn id(of: Uuid, part: &str) -> El {
    let whole = el("id").a("root", of.to_string());
    if part.is_empty() { whole } else { whole.a("extension", part) }
}

/// A code that the standard prescribes.
pub fn code(name: &'static str, system: &'static str, code: &'static str, display: &'static str) -> El {
    el(name).a("code", code).a("codeSystem", system).a("displayName", display)
}

/// `code` of an assertion.
pub fn assertion() -> El {
    code("code", ACT_CODE, "ASSERTION", "Assertion")
}

/// `statusCode`.
pub fn status(code: &'static str) -> El {
    el("statusCode").a("code", code)
}

/// An element that says that nobody knows.
pub fn unknown(name: &'static str) -> El {
    el(name).a("nullFlavor", "UNK")
}

/// An element with a text, or unknown when there is none.
pub fn said(name: &'static str, text: &str) -> El {
    if text.chars().any(|c| is_allowed(c) && !c.is_whitespace()) { el(name).t(text) } else { unknown(name) }
}

/// `text` that points at a row of the narrative.
pub fn row(id: &str) -> El {
    el("text").c(el("reference").a("value", format!("#{id}")))
}

/// The code systems that FHIR names otherwise than by their object identifier.
const SYSTEMS: [(&str, &str); 9] = [
    (systems::LOINC, LOINC),
    (systems::SNOMED_CT, SNOMED),
    (systems::RXNORM, "2.16.840.1.113883.6.88"),
    (systems::CVX, "2.16.840.1.113883.12.292"),
    (systems::ICD_10_CM, "2.16.840.1.113883.6.90"),
    (systems::CPT, "2.16.840.1.113883.6.12"),
    (systems::NDC, "2.16.840.1.113883.6.69"),
    ("http://terminology.hl7.org/CodeSystem/v3-ActCode", ACT_CODE),
    ("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "2.16.840.1.113883.5.111"),
];

/// The object identifier of a code system as FHIR names it.
fn oid(system: &str) -> Option<&str> {
    let known = SYSTEMS.iter().find(|(name, _)| *name == system).map(|(_, oid)| *oid);
    known.or_else(|| system.strip_prefix("urn:oid:").filter(|oid| is_oid(oid)))
}

fn is_oid(oid: &str) -> bool {
    let is_arc = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    oid.starts_with("2.") && oid.split('.').all(is_arc)
}

/// The code system of an object identifier as FHIR names it.
pub fn system_of(oid: &str) -> Option<String> {
    let known = SYSTEMS.iter().find(|(_, known)| *known == oid).map(|(name, _)| (*name).to_owned());
    known.or_else(|| is_oid(oid).then(|| format!("urn:oid:{oid}")))
}

/// A concept: its code where `allowed` has the code's system (any, when empty), with the words that were said. A code of
/// another system stands as a translation.
pub fn cd(name: &'static str, concept: &Concept, allowed: &[&str]) -> El {
    coded(el(name), concept, allowed)
}

/// A concept as the value of an observation.
pub fn value_cd(concept: &Concept, allowed: &[&str]) -> El {
    coded(el("value").a("xsi:type", "CD"), concept, allowed)
}

fn coded(element: El, concept: &Concept, allowed: &[&str]) -> El {
    let words = concept.text.chars().any(is_allowed).then(|| el("originalText").t(concept.text.as_str()));
    let coding = concept.coding.as_ref().filter(|coding| is_possible(&coding.system, &coding.code));
    let Some((coding, system)) = coding.and_then(|coding| Some((coding, oid(&coding.system)?))) else {
        return element.a("nullFlavor", "UNK").cs(words);
    };
    let shown = coding.display.as_deref().unwrap_or(&concept.text);
    let code =
        |element: El| element.a("code", coding.code.as_str()).a("codeSystem", system).a("displayName", shown);
    if allowed.is_empty() || allowed.contains(&coding.system.as_str()) {
        code(element).cs(words)
    } else {
        element.a("nullFlavor", "OTH").cs(words).c(code(el("translation")))
    }
}

/// The same of what may be missing.
pub fn cd_or_unknown(name: &'static str, concept: Option<&Concept>, allowed: &[&str]) -> El {
    concept.map_or_else(|| unknown(name), |concept| cd(name, concept, allowed))
}

/// A time as exact as it is known; an instant with the offset of the practice's zone.
pub fn ts(at: PartialTime, zone: Tz) -> String {
    let utc = at.at.utc();
    match at.precision {
        Precision::Year => utc.format("%Y").to_string(),
        Precision::Month => utc.format("%Y%m").to_string(),
        Precision::Day => utc.format("%Y%m%d").to_string(),
        Precision::Instant => utc.with_timezone(&zone).format("%Y%m%d%H%M%S%z").to_string(),
    }
}

/// A point in time, or unknown.
pub fn time(name: &'static str, at: Option<PartialTime>, zone: Tz) -> El {
    at.map_or_else(|| unknown(name), |at| el(name).a("value", ts(at, zone)))
}

/// From when to when; an end that is before the start was sent wrong and is left out.
pub fn interval(start: Option<PartialTime>, end: Option<PartialTime>, zone: Tz) -> El {
    let end = end.filter(|end| start.is_none_or(|start| start.at <= end.at));
    el("effectiveTime").c(time("low", start, zone)).cs(end.map(|end| el("high").a("value", ts(end, zone))))
}

/// The same with an end in any case: unknown where it is not known.
pub fn closed(start: Option<PartialTime>, end: Option<PartialTime>, zone: Tz) -> El {
    let end = end.filter(|end| start.is_none_or(|start| start.at <= end.at));
    el("effectiveTime").c(time("low", start, zone)).c(time("high", end, zone))
}

/// An amount. Without a unit it is a mere number; a unit that has no UCUM code stands in words, with the number beside
/// it: alone the number would mean something else.
pub fn amount(element: El, quantity: &Quantity) -> El {
    let number = quantity.decimal.literal();
    let fits = |unit: &&str| !unit.is_empty() && unit.chars().all(|c| c.is_ascii_graphic());
    let words = quantity.unit.as_deref().filter(|unit| unit.chars().any(is_allowed));
    match (quantity.ucum.as_deref().filter(fits).or_else(|| units::ucum(words?)), words) {
        (Some(unit), _) => element.a("value", number).a("unit", unit),
        (None, None) => element.a("value", number).a("unit", "1"),
        (None, Some(words)) => element
            .a("nullFlavor", "OTH")
            .c(el("translation").a("value", number).c(el("originalText").t(words))),
    }
}

fn bounds(element: El, low: Option<(&Quantity, bool)>, high: Option<(&Quantity, bool)>) -> El {
    let bound = |name, (quantity, inclusive): (&Quantity, bool)| {
        amount(el(name).a("inclusive", inclusive.to_string()), quantity)
    };
    element.cs(low.map(|low| bound("low", low))).cs(high.map(|high| bound("high", high)))
}

/// A range of amounts.
pub fn range(low: Option<&Quantity>, high: Option<&Quantity>) -> El {
    bounds(el("value").a("xsi:type", "IVL_PQ"), low.map(|low| (low, true)), high.map(|high| (high, true)))
}

/// The value of an observation with its type.
pub fn value(value: &ObservationValue, zone: Tz) -> El {
    let typed = |kind: &str| el("value").a("xsi:type", kind);
    let words = |text: &str| {
        if text.chars().any(|c| is_allowed(c) && !c.is_whitespace()) {
            typed("ST").t(text)
        } else {
            typed("ST").a("nullFlavor", "UNK")
        }
    };
    match value {
        ObservationValue::Quantity(quantity) => match quantity.comparator {
            None => amount(typed("PQ"), quantity),
            Some(Comparator::Below) => bounds(typed("IVL_PQ"), None, Some((quantity, false))),
            Some(Comparator::AtMost) => bounds(typed("IVL_PQ"), None, Some((quantity, true))),
            Some(Comparator::AtLeast) => bounds(typed("IVL_PQ"), Some((quantity, true)), None),
            Some(Comparator::Above) => bounds(typed("IVL_PQ"), Some((quantity, false)), None),
        },
        ObservationValue::Concept(concept) => value_cd(concept, &[]),
        ObservationValue::Range { low: None, high: None } => typed("IVL_PQ").a("nullFlavor", "UNK"),
        ObservationValue::Range { low, high } => range(low.as_ref(), high.as_ref()),
        ObservationValue::Boolean(yes) => typed("BL").a("value", yes.to_string()),
        ObservationValue::Time(at) => typed("TS").a("value", ts(*at, zone)),
        ObservationValue::Text(_) | ObservationValue::Ratio { .. } | ObservationValue::NotShown => {
            words(&value.shown().words())
        }
    }
}

/// An address as US realm documents have it: street and city always.
pub fn address(address: Option<&Address>) -> El {
    let Some(address) = address.filter(|address| !address.lines.is_empty() || address.city.is_some()) else {
        let parts = ["streetAddressLine", "city", "state", "postalCode"].map(unknown);
        return el("addr").cs(parts);
    };
    let mut lines: Vec<String> = address.lines.iter().take(3).cloned().collect();
    // The standard has room for four.
    if address.lines.len() > 3 {
        lines.push(address.lines[3..].join(", "));
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    let part = |name, text: &Option<String>| said(name, text.as_deref().unwrap_or_default());
    let country = address.country.as_deref().filter(|text| text.len() == 2 && text.is_ascii());
    el("addr")
        .cs(lines.iter().map(|line| said("streetAddressLine", line)))
        .c(part("city", &address.city))
        .c(said("state", address.state.as_deref().map(postal).unwrap_or_default()))
        .c(part("postalCode", &address.postal_code))
        .cs(country.map(|country| said("country", country)))
}

/// A phone number, or unknown.
pub fn phone(number: &str, used_for: Option<&'static str>) -> El {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || "+-.()".contains(*c)).collect();
    if !digits.bytes().any(|b| b.is_ascii_digit()) {
        return unknown("telecom");
    }
    let telecom = el("telecom").a("value", format!("tel:{digits}"));
    match used_for {
        Some(code) => telecom.a("use", code),
        None => telecom,
    }
}

/// An e-mail address; what a URI can't carry is written in hexadecimal.
pub fn email(address: &str) -> El {
    let mut uri = String::from("mailto:");
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.+-_".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    el("telecom").a("value", uri)
}

/// Who did something, by name.
pub fn performers(parties: &[Party]) -> Vec<El> {
    let named = parties.iter().filter_map(|party| party.display.as_deref());
    let one = |name: &str| {
        let person = el("assignedPerson").c(said("name", name));
        let who = el("assignedEntity").c(unknown("id")).c(address(None)).c(unknown("telecom")).c(person);
        el("performer").c(who)
    };
    named.map(one).collect()
}

/// Who wrote an entry, and when.
pub fn author(party: Option<&Party>, at: Option<PartialTime>, zone: Tz) -> Option<El> {
    let name = party?.display.as_deref()?;
    let who = el("assignedAuthor").c(unknown("id")).c(el("assignedPerson").c(said("name", name)));
    Some(el("author").cs(template("4.119", "")).c(time("time", at, zone)).c(who))
}
