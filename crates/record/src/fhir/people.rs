//! The patient, the practice, and who cares for the patient.

use portal_domain::{
    chart::{ChartPatient, Code, Coding, SelfIdentification, systems},
    record::Section,
};

use super::{
    json::{Json, list, object},
    types::{Held, address, code, coding, concept, reference, some_concept, telecom, url},
};
use crate::HealthRecord;

const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";
/// The categories of race and ethnicity of the Office of Management and Budget; all others are details of them.
const OMB: [&str; 7] = ["1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2135-2", "2186-5"];

/// Contact data and the like come with the section only; by the rest people are told apart.
pub fn patient(record: &HealthRecord) -> Json {
    let person = &record.patient.person;
    let name = object([
        ("use", "official".into()),
        ("text", person.name.full().into()),
        ("family", person.name.family.as_str().into()),
        ("given", list(person.name.given.iter().map(Json::from))),
        ("prefix", list(person.name.prefix.iter().map(Json::from))),
        ("suffix", list(person.name.suffix.iter().map(Json::from))),
    ]);
    let identifier = object([
        ("type", object([("coding", list([code(systems::IDENTIFIER_TYPE, "MR")]))])),
        ("system", url(record.practice.id).into()),
        ("value", record.patient.mrn.as_str().into()),
    ]);
    let resource = object([
        ("identifier", list([identifier])),
        ("active", person.active.into()),
        ("name", list([name])),
        ("gender", person.gender.map_or("unknown", Code::code).into()),
        ("birthDate", person.birth_date.to_string().into()),
    ]);
    if record.has(Section::Demographics) { demographics(resource, person) } else { resource }
}

fn demographics(resource: Json, person: &ChartPatient) -> Json {
    let birth_sex = person.birth_sex.map_or(Json::Empty, |sex| {
        object([("url", format!("{US_CORE}us-core-birthsex").into()), ("valueCode", sex.code().into())])
    });
    let extensions = [
        self_identification("us-core-race", person.race.as_ref()),
        self_identification("us-core-ethnicity", person.ethnicity.as_ref()),
        birth_sex,
    ];
    let phones = person.phones.iter().map(|phone| telecom("phone", &phone.number, phone.used_for.as_deref()));
    let email = person.email.iter().map(|email| telecom("email", email, None));
    let spoken = person.language.iter().map(|language| object([("language", concept(language))]));
    let death = match person.deceased_at {
        Some(at) => ("deceasedDateTime", at.into()),
        None => ("deceasedBoolean", person.deceased.into()),
    };
    resource
        .with("extension", list(extensions))
        .with("telecom", list(phones.chain(email)))
        .with(death.0, death.1)
        .with("address", list(person.address.iter().map(address)))
        .with("maritalStatus", some_concept(&person.marital_status))
        .with("communication", list(spoken))
}

fn self_identification(name: &str, said: Option<&SelfIdentification>) -> Json {
    let Some(said) = said else { return Json::Empty };
    let part = |kind: &str, one: &Coding| object([("url", kind.into()), ("valueCoding", coding(one))]);
    let parts = said.codings.iter().map(|one| {
        let is_broad = OMB.contains(&one.code.as_str());
        part(if is_broad { "ombCategory" } else { "detailed" }, one)
    });
    let words = said.codings.iter().map(|one| one.display.as_deref().unwrap_or(&one.code));
    let text = said.text.clone().unwrap_or_else(|| words.collect::<Vec<_>>().join(", "));
    let text = object([("url", "text".into()), ("valueString", text.into())]);
    object([("url", format!("{US_CORE}{name}").into()), ("extension", list(parts.chain([text])))])
}

/// The practice that keeps the record.
pub fn organization(record: &HealthRecord) -> Json {
    let practice = &record.practice;
    object([
        ("active", true.into()),
        ("name", practice.name.as_str().into()),
        ("telecom", list([telecom("phone", &practice.phone, None)])),
        ("address", list([address(&practice.address)])),
    ])
}

/// Who cares for the patient, by name and national provider identifier.
pub fn care_team(record: &HealthRecord, held: &Held) -> Json {
    let participant = |member: &crate::CareTeamMember| {
        let npi = member
            .npi
            .as_deref()
            .map_or(Json::Empty, |npi| object([("system", systems::US_NPI.into()), ("value", npi.into())]));
        let person = object([
            ("type", "Practitioner".into()),
            ("identifier", npi),
            ("display", member.name.as_str().into()),
        ]);
        let role = object([("text", member.specialty.as_str().into())]);
        object([("role", list([role])), ("member", person), ("onBehalfOf", reference(record.practice.id))])
    };
    object([
        ("status", "active".into()),
        ("subject", held.subject()),
        ("participant", list(record.care_team.iter().map(participant))),
        ("managingOrganization", list([reference(record.practice.id)])),
    ])
}
