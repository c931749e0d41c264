//! The header: whose record it is, who made and keeps it, who cares for the patient.

use chrono_tz::Tz;
use portal_domain::{
    chart::{ChartPatient, Coding, PartialTime, SelfIdentification},
    patients::Gender,
    time::Date,
};

use super::{
    types::{address, code, email, id, phone, said, template, time, ts, unknown},
    xml::{El, el},
};
use crate::{CareTeamMember, HealthRecord, Practice};

const SOFTWARE: &str = concat!("Patient portal ", env!("CARGO_PKG_VERSION"));

/// Everything before the body.
pub fn header(record: &HealthRecord) -> Vec<El> {
    let (practice, zone) = (&record.practice, record.practice.zone);
    let made = ts(PartialTime::instant(record.made_at), zone);
    let mut all = vec![
        el("realmCode").a("code", "US"),
        el("typeId").a("root", "2.16.840.1.113883.1.3").a("extension", "POCD_HD000040"),
    ];
    all.extend(template("1.1", "2015-08-01"));
    all.extend(template("1.2", "2015-08-01"));
    all.extend([
        id(record.id, ""),
        code("code", super::types::LOINC, "34133-9", "Summarization of Episode Note"),
        said("title", &format!("Health record of {}", record.patient.person.name.full())),
        el("effectiveTime").a("value", made.as_str()),
        code("confidentialityCode", "2.16.840.1.113883.5.25", "N", "Normal"),
        el("languageCode").a("code", "en-US"),
        record_target(record),
        author(practice, &made),
        custodian(practice),
        documentation_of(record, &made, zone),
    ]);
    all
}

fn record_target(record: &HealthRecord) -> El {
    let person = &record.patient.person;
    let phones = person.phones.iter().map(|one| {
        let used_for = match one.used_for.as_deref() {
            Some("home") => Some("HP"),
            Some("work") => Some("WP"),
            Some("mobile") => Some("MC"),
            _ => None,
        };
        phone(&one.number, used_for)
    });
    let mut telecoms: Vec<El> = phones.chain(person.email.iter().map(|text| email(text))).collect();
    if telecoms.is_empty() {
        telecoms.push(unknown("telecom"));
    }
    let role = el("patientRole")
        .c(id(record.practice.id, &record.patient.mrn))
        .c(id(record.patient.id.0, ""))
        .c(address(person.address.as_ref()))
        .cs(telecoms)
        .c(patient(person, record.practice.zone));
    el("recordTarget").c(role)
}

fn patient(person: &ChartPatient, zone: Tz) -> El {
    let name = &person.name;
    let mut given: Vec<El> = name.given.iter().map(|part| said("given", part)).collect();
    if given.is_empty() {
        given.push(unknown("given"));
    }
    let name = el("name")
        .a("use", "L")
        .cs(name.prefix.iter().map(|part| said("prefix", part)))
        .cs(given)
        .c(said("family", &name.family))
        .cs(name.suffix.iter().map(|part| said("suffix", part)));
    let died = person.deceased || person.deceased_at.is_some();
    el("patient")
        .c(name)
        .c(gender(person.gender))
        .c(el("birthTime").a("value", day(person.birth_date)))
        .cs(died.then(|| el("sdtc:deceasedInd").a("value", "true")))
        .cs(person.deceased_at.map(|at| time("sdtc:deceasedTime", Some(at), zone)))
        .cs(marital(person))
        .cs(identified("raceCode", "sdtc:raceCode", person.race.as_ref(), &RACES))
        .cs(identified("ethnicGroupCode", "sdtc:ethnicGroupCode", person.ethnicity.as_ref(), &ETHNICITIES))
        .cs(language(person))
}

fn gender(gender: Option<Gender>) -> El {
    let administrative =
        |value, display| code("administrativeGenderCode", "2.16.840.1.113883.5.1", value, display);
    match gender {
        Some(Gender::Female) => administrative("F", "Female"),
        Some(Gender::Male) => administrative("M", "Male"),
        Some(Gender::Other) => administrative("UN", "Undifferentiated"),
        Some(Gender::Unknown) | None => unknown("administrativeGenderCode"),
    }
}

/// The categories of the Office of Management and Budget: the only ones that `raceCode` may have.
const RACES: [&str; 5] = ["1002-5", "2028-9", "2054-5", "2076-8", "2106-3"];
const ETHNICITIES: [&str; 2] = ["2135-2", "2186-5"];

/// The first category in its element, the other categories beneath it; words alone are kept as words.
fn identified(
    first: &'static str,
    more: &'static str,
    told: Option<&SelfIdentification>,
    categories: &[&str],
) -> Vec<El> {
    let Some(told) = told else { return vec![unknown(first)] };
    let known = |coding: &&Coding| categories.contains(&coding.code.as_str());
    let mut known = told.codings.iter().filter(known);
    let Some(main) = known.next() else {
        return vec![unknown(first).cs(told.text.iter().map(|text| el("originalText").t(text.as_str())))];
    };
    let one = |name, coding: &Coding| {
        let element = el(name).a("code", coding.code.as_str()).a("codeSystem", "2.16.840.1.113883.6.238");
        match &coding.display {
            Some(text) => element.a("displayName", text.as_str()),
            None => element,
        }
    };
    let mut all = vec![one(first, main)];
    // Only races may be several in the value sets of this guide.
    all.extend(known.filter(|_| categories.len() > 2).map(|coding| one(more, coding)));
    all
}

fn marital(person: &ChartPatient) -> Option<El> {
    let coding = person.marital_status.as_ref()?.coding.as_ref()?;
    let is_known = ["A", "D", "I", "L", "M", "P", "S", "T", "W"].contains(&coding.code.as_str());
    is_known.then(|| {
        el("maritalStatusCode").a("code", coding.code.as_str()).a("codeSystem", "2.16.840.1.113883.5.2")
    })
}

fn language(person: &ChartPatient) -> Option<El> {
    let tag = &person.language.as_ref()?.coding.as_ref()?.code;
    let well_made = !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let preferred = el("preferenceInd").a("value", "true");
    well_made.then(|| el("languageCommunication").c(el("languageCode").a("code", tag.as_str())).c(preferred))
}

fn author(practice: &Practice, made: &str) -> El {
    let device = el("assignedAuthoringDevice")
        .c(el("manufacturerModelName").t(SOFTWARE))
        .c(el("softwareName").t(SOFTWARE));
    let who = el("assignedAuthor")
        .c(id(practice.id, "portal"))
        .c(address(Some(&practice.address)))
        .c(phone(&practice.phone, Some("WP")))
        .c(device)
        .c(organization("representedOrganization", practice));
    el("author").c(el("time").a("value", made)).c(who)
}

fn organization(name: &'static str, practice: &Practice) -> El {
    el(name)
        .c(id(practice.id, ""))
        .c(said("name", &practice.name))
        .c(phone(&practice.phone, Some("WP")))
        .c(address(Some(&practice.address)))
}

fn custodian(practice: &Practice) -> El {
    el("custodian").c(el("assignedCustodian").c(organization("representedCustodianOrganization", practice)))
}

/// The care that the record covers: the days that were asked for, else the patient's life so far.
fn documentation_of(record: &HealthRecord, made: &str, zone: Tz) -> El {
    let low = day(record.range.from.unwrap_or(record.patient.person.birth_date));
    // Days to come are not over: care is covered until now.
    let today = record.made_at.utc().with_timezone(&zone).date_naive();
    let high = record.range.to.filter(|to| *to < today).map_or_else(|| made.to_owned(), day);
    let times = el("effectiveTime").c(el("low").a("value", low)).c(el("high").a("value", high));
    let event = el("serviceEvent")
        .a("classCode", "PCPR")
        .c(times)
        .cs(record.care_team.iter().map(|member| performer(member, &record.practice)));
    el("documentationOf").c(event)
}

fn performer(member: &CareTeamMember, practice: &Practice) -> El {
    let named = match &member.npi {
        Some(npi) => el("id").a("root", "2.16.840.1.113883.4.6").a("extension", npi.as_str()),
        None => id(member.id, ""),
    };
    let function = Some(&member.specialty).filter(|text| !text.is_empty());
    let who = el("assignedEntity")
        .c(named)
        .cs(function.map(|text| unknown("code").c(el("originalText").t(text.as_str()))))
        .c(address(Some(&practice.address)))
        .c(phone(&practice.phone, Some("WP")))
        .c(el("assignedPerson").c(said("name", &member.name)))
        .c(organization("representedOrganization", practice));
    el("performer").a("typeCode", "PRF").c(who)
}

fn day(day: Date) -> String {
    day.format("%Y%m%d").to_string()
}
