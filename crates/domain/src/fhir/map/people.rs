use crate::{
    chart::{
        Address, ChartOrganization, ChartPatient, ChartPractitioner, Concept, HumanName, Phone, Precision,
        SelfIdentification, systems,
    },
    fhir::{path::At, r4, reader::Reader, references::is_medical_record_number},
};

const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
const ETHNICITY: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
const BIRTH_SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";

pub(super) fn patient(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Patient) -> Option<ChartPatient> {
    let mrn = medical_record_number(r, root, raw.identifier);
    let name = name(r, root, raw.name);
    let at = root.field("birthDate");
    let born = r.time(&at, raw.birth_date);
    let born = r.required(&at, born);
    if born.is_some_and(|born| born.precision != Precision::Day) {
        r.wrong(&at, "must be a whole date: the patient enrols with it");
    }
    let gender = r.code(&root.field("gender"), raw.gender);
    let deceased_at = r.time(&root.field("deceasedDateTime"), raw.deceased_date_time);
    let (mut race, mut ethnicity, mut birth_sex) = (None, None, None);
    for (i, extension) in raw.extension.into_iter().enumerate() {
        let at = root.item("extension", i);
        match extension.url.as_deref() {
            Some(RACE) => race = self_identification(r, &at, extension),
            Some(ETHNICITY) => ethnicity = self_identification(r, &at, extension),
            Some(BIRTH_SEX) => birth_sex = r.code(&at.field("valueCode"), extension.value_code),
            _ => {}
        }
    }
    let language = language(r, root, raw.communication);
    let marital_status = r.concept(&root.field("maritalStatus"), raw.marital_status);
    let address = address(r, root, raw.address);
    let (phones, email) = telecom(r, root, raw.telecom);
    Some(ChartPatient {
        mrn,
        name: name?,
        birth_date: born?.date()?,
        gender,
        birth_sex,
        active: raw.active.unwrap_or(true),
        deceased: deceased_at.is_some() || raw.deceased_boolean.unwrap_or(false),
        deceased_at,
        race,
        ethnicity,
        language,
        marital_status,
        address,
        phones,
        email,
    })
}

pub(super) fn practitioner(
    r: &mut Reader<'_>,
    root: &At<'_>,
    raw: r4::Practitioner,
) -> Option<ChartPractitioner> {
    let npi = npi(r, root, raw.identifier);
    let name = name(r, root, raw.name);
    let gender = r.code(&root.field("gender"), raw.gender);
    let (phones, _) = telecom(r, root, raw.telecom);
    let phone = phones.into_iter().next().map(|phone| phone.number);
    Some(ChartPractitioner { npi, name: name?, gender, active: raw.active.unwrap_or(true), phone })
}

pub(super) fn organization(
    r: &mut Reader<'_>,
    root: &At<'_>,
    raw: r4::Organization,
) -> Option<ChartOrganization> {
    let npi = npi(r, root, raw.identifier);
    let at = root.field("name");
    let name = r.line(&at, raw.name);
    let name = r.required(&at, name);
    let address = address(r, root, raw.address);
    let (phones, _) = telecom(r, root, raw.telecom);
    let phone = phones.into_iter().next().map(|phone| phone.number);
    Some(ChartOrganization { name: name?, npi, active: raw.active.unwrap_or(true), phone, address })
}

/// The medical record number in use; one marked old only when there is no other.
fn medical_record_number(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::Identifier>) -> Option<String> {
    let rank = |identifier: &r4::Identifier| identifier.usage.as_deref() == Some("old");
    let best = all
        .into_iter()
        .enumerate()
        .filter(|(_, id)| is_medical_record_number(id))
        .min_by_key(|(_, id)| rank(id));
    let (i, identifier) = best?;
    r.uri(&root.item("identifier", i).field("value"), identifier.value)
}

fn npi(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::Identifier>) -> Option<String> {
    let mut named = all.into_iter().enumerate();
    let (i, identifier) = named.find(|(_, id)| id.system.as_deref() == Some(systems::US_NPI))?;
    r.uri(&root.item("identifier", i).field("value"), identifier.value)
}

/// The name in use: official before usual before others; maiden and former names last.
fn name(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::HumanName>) -> Option<HumanName> {
    let rank = |name: &r4::HumanName| {
        let ended = name.period.as_ref().is_some_and(|period| period.end.is_some());
        let usage = match name.usage.as_deref() {
            Some("official") => 0,
            Some("usual") => 1,
            None => 2,
            Some("temp" | "nickname" | "anonymous") => 3,
            Some(_) => 4,
        };
        (ended, usage)
    };
    let best = all.into_iter().enumerate().min_by_key(|(_, name)| rank(name));
    let (i, raw) = r.required(&root.field("name"), best)?;
    let at = root.item("name", i);
    let family = r.name(&at.field("family"), raw.family);
    let family = r.required(&at.field("family"), family);
    let given = lines(r, &at, "given", raw.given);
    // They are kept as one name.
    r.name(&at.field("given"), Some(given.join(" ")));
    let prefix = joined(lines(r, &at, "prefix", raw.prefix));
    let suffix = joined(lines(r, &at, "suffix", raw.suffix));
    Some(HumanName { family: family?, given, prefix, suffix })
}

fn lines(r: &mut Reader<'_>, at: &At<'_>, name: &'static str, all: Vec<Option<String>>) -> Vec<String> {
    all.into_iter().enumerate().filter_map(|(i, text)| r.line(&at.item(name, i), text)).collect()
}

fn joined(parts: Vec<String>) -> Option<String> {
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Where somebody lives or works: home before others, former addresses last.
fn address(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::Address>) -> Option<Address> {
    let rank = |address: &r4::Address| {
        let ended = address.period.as_ref().is_some_and(|period| period.end.is_some());
        let usage = match address.usage.as_deref() {
            Some("home") => 0,
            None => 1,
            Some("work") => 2,
            Some("temp" | "billing") => 3,
            Some(_) => 4,
        };
        (ended, usage)
    };
    let (i, raw) = all.into_iter().enumerate().min_by_key(|(_, address)| rank(address))?;
    let at = root.item("address", i);
    let address = Address {
        lines: lines(r, &at, "line", raw.line),
        city: r.line(&at.field("city"), raw.city),
        state: r.line(&at.field("state"), raw.state),
        postal_code: r.line(&at.field("postalCode"), raw.postal_code),
        country: r.line(&at.field("country"), raw.country),
    };
    (address != Address::default()).then_some(address)
}

/// Telephone numbers, the preferred first, and the preferred e-mail address.
fn telecom(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::ContactPoint>) -> (Vec<Phone>, Option<String>) {
    let mut current: Vec<_> = all
        .into_iter()
        .enumerate()
        .filter(|(_, point)| point.usage.as_deref() != Some("old"))
        .filter(|(_, point)| point.period.as_ref().is_none_or(|period| period.end.is_none()))
        .collect();
    current.sort_by_key(|(_, point)| point.rank.unwrap_or(u32::MAX));
    let (mut phones, mut email) = (Vec::new(), None);
    for (i, point) in current {
        let at = root.item("telecom", i);
        match point.system.as_deref() {
            Some("phone" | "sms") => {
                let used_for =
                    point.usage.filter(|usage| matches!(usage.as_str(), "home" | "work" | "mobile"));
                let number = r.line(&at.field("value"), point.value);
                phones.extend(number.map(|number| Phone { number, used_for }));
            }
            Some("email") if email.is_none() => {
                email = r.line(&at.field("value"), point.value).filter(|address| address.contains('@'));
            }
            _ => {}
        }
    }
    (phones, email)
}

/// The preferred language, else the first.
fn language(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::Communication>) -> Option<Concept> {
    let rank = |communication: &r4::Communication| !communication.preferred.unwrap_or(false);
    let (i, best) = all.into_iter().enumerate().min_by_key(|(_, communication)| rank(communication))?;
    r.concept(&root.item("communication", i).field("language"), best.language)
}

fn self_identification(
    r: &mut Reader<'_>,
    at: &At<'_>,
    extension: r4::Extension,
) -> Option<SelfIdentification> {
    let (mut broad, mut detailed, mut text) = (Vec::new(), Vec::new(), None);
    for (i, part) in extension.extension.into_iter().enumerate() {
        let at = at.item("extension", i);
        match part.url.as_deref() {
            Some("ombCategory") => broad.extend(r.coding(&at.field("valueCoding"), part.value_coding)),
            Some("detailed") => detailed.extend(r.coding(&at.field("valueCoding"), part.value_coding)),
            Some("text") => text = r.line(&at.field("valueString"), part.value_string),
            _ => {}
        }
    }
    broad.append(&mut detailed);
    (!broad.is_empty() || text.is_some()).then_some(SelfIdentification { codings: broad, text })
}
