//! Sex at birth: the standard has no place for it in the header, and wants it with the social history.

use portal_domain::{chart::BirthSex, record::Section};

use super::{
    types::{LOINC, code, id, row, status, template},
    xml::{El, el},
};
use crate::{HealthRecord, narrative::birth_sex};

/// The name of the paragraph.
const NAMED: &str = "birth-sex";

/// A paragraph and the entry that points at it; none where it is not known, or was not asked for.
pub fn told(record: &HealthRecord) -> Option<(El, El)> {
    let sex = record.patient.person.birth_sex.filter(|_| record.has(Section::Demographics));
    let words = birth_sex(sex);
    if words.is_empty() {
        return None;
    }
    let value = el("value").a("xsi:type", "CD");
    let value = match sex {
        Some(BirthSex::Female | BirthSex::Male) => value
            .a("code", sex.map_or("", BirthSex::as_str))
            .a("codeSystem", "2.16.840.1.113883.5.1")
            .a("displayName", words),
        _ => value.a("nullFlavor", "OTH").c(el("originalText").t(words)),
    };
    let seen = el("observation")
        .a("classCode", "OBS")
        .a("moodCode", "EVN")
        .cs(template("4.200", "2016-06-01"))
        .c(id(record.patient.id.0, NAMED))
        .c(code("code", LOINC, "76689-9", "Sex Assigned At Birth"))
        .c(row(NAMED))
        .c(status("completed"))
        .c(value);
    let paragraph = el("paragraph").a("ID", NAMED).t(format!("Sex at birth: {words}"));
    Some((paragraph, el("entry").a("typeCode", "DRIV").c(seen)))
}
