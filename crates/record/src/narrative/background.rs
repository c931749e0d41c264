//! Who the patient is, insurance, social and family history, daily life.

use portal_domain::{
    chart::{BirthSex, ChartObservation},
    patients::Gender,
    record::Section,
};

use super::{
    Block, REMARKS, Table,
    results::shown,
    row_id,
    words::{date, lasting, lines, list, meaning, name, word_of},
};
use crate::{HealthRecord, Item};

pub fn demographics(record: &HealthRecord) -> Vec<Block> {
    let (subject, person) = (&record.patient, &record.patient.person);
    let phone = |phone: &portal_domain::chart::Phone| match &phone.used_for {
        Some(used_for) => format!("{} ({used_for})", phone.number),
        None => phone.number.clone(),
    };
    let identified = |who: &Option<portal_domain::chart::SelfIdentification>| {
        let Some(who) = who else { return String::new() };
        who.text.clone().unwrap_or_else(|| {
            list(who.codings.iter().map(|coding| coding.display.as_deref().unwrap_or(&coding.code)))
        })
    };
    let care_team = |one: &crate::CareTeamMember| list([one.name.as_str(), &one.specialty]);
    let facts = [
        ("Name", person.name.full()),
        ("Record number", subject.mrn.clone()),
        ("Date of birth", person.birth_date.format("%b %-d, %Y").to_string()),
        ("Gender", gender(person.gender)),
        ("Sex at birth", birth_sex(person.birth_sex).into()),
        ("Race", identified(&person.race)),
        ("Ethnicity", identified(&person.ethnicity)),
        ("Language", meaning(person.language.as_ref())),
        ("Marital status", meaning(person.marital_status.as_ref())),
        ("Address", lines(person.address.iter().flat_map(|address| address.envelope()))),
        ("Phone", lines(person.phones.iter().map(phone))),
        ("E-mail", person.email.clone().unwrap_or_default()),
        ("Died", if person.deceased { died(record) } else { String::new() }),
        ("Care team", lines(record.care_team.iter().map(care_team))),
    ];
    vec![Block::Facts(facts.into_iter().filter(|(_, text)| !text.is_empty()).collect())]
}

fn died(record: &HealthRecord) -> String {
    let when = date(record.patient.person.deceased_at, record.practice.zone);
    if when.is_empty() { "Yes".into() } else { when }
}

fn gender(gender: Option<Gender>) -> String {
    match gender {
        None | Some(Gender::Unknown) => String::new(),
        gender => word_of(gender),
    }
}

/// Sex at birth in a word; empty where it is not known.
pub fn birth_sex(sex: Option<BirthSex>) -> &'static str {
    match sex {
        Some(BirthSex::Female) => "Female",
        Some(BirthSex::Male) => "Male",
        Some(BirthSex::Other) => "Other",
        None | Some(BirthSex::Unknown | BirthSex::NotAnswered) => "",
    }
}

pub fn insurance(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table =
        Table::new(&["Plan", "Insurer", "Member number", "Group", "Patient is", "Status", "In force"]);
    for (place, item) in record.coverages.iter().enumerate() {
        let coverage = &item.record;
        table.row(
            row_id(Section::Insurance, place),
            [
                coverage.name().unwrap_or("Insurance").to_owned(),
                name(coverage.payer.as_ref()),
                coverage.subscriber_id.clone().unwrap_or_default(),
                coverage.group_number.clone().unwrap_or_default(),
                meaning(coverage.relationship.as_ref()),
                word_of(Some(coverage.status)),
                lasting(coverage.start, coverage.end, zone),
            ],
        );
    }
    vec![Block::Table(table)]
}

/// Questions with their answers.
pub fn observations(record: &HealthRecord, section: Section, items: &[Item<ChartObservation>]) -> Vec<Block> {
    let mut table = Table::new(&["Question", "Answer", "Date"]);
    for (place, item) in items.iter().enumerate() {
        let seen = &item.record;
        table.row(
            row_id(section, place),
            [seen.code.text.clone(), shown(seen), date(seen.effective.or(seen.issued), record.practice.zone)],
        );
    }
    vec![Block::Table(table)]
}

pub fn family(record: &HealthRecord) -> Vec<Block> {
    let mut table = Table::new(&["Relative", "Illnesses", "Died", REMARKS]);
    for (place, item) in record.relatives.iter().enumerate() {
        let relative = &item.record;
        let illness = |one: &portal_domain::chart::RelativeCondition| {
            let cause = if one.led_to_death { "led to death" } else { "" };
            list([
                one.code.text.as_str(),
                one.onset.as_deref().unwrap_or_default(),
                &meaning(one.outcome.as_ref()),
                cause,
            ])
        };
        table.row(
            row_id(Section::FamilyHistory, place),
            [
                list([relative.relationship.text.as_str(), relative.name.as_deref().unwrap_or_default()]),
                lines(relative.conditions.iter().map(illness)),
                match (relative.deceased, &relative.deceased_text) {
                    (Some(true), Some(when)) => when.clone(),
                    (Some(true), None) => "Yes".into(),
                    (Some(false), _) => "No".into(),
                    (None, _) => String::new(),
                },
                lines(relative.notes.iter().cloned()),
            ],
        );
    }
    vec![Block::Table(table)]
}
