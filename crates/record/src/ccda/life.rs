//! Visits, procedures, insurance and family.

use portal_domain::{
    chart::{
        ChartCoverage, ChartEncounter, ChartProcedure, ChartRelative, Concept, Party, ProcedureStatus,
        systems,
    },
    record::Section,
};

use super::{
    concerns::{comment, indication},
    types::{
        LOINC, SNOMED, address, assertion, cd, cd_or_unknown, code, id, interval, performers, row, said,
        status, template, time, unknown, value_cd,
    },
    xml::{El, el},
};
use crate::{HealthRecord, Item, narrative::row_id};

fn entry(act: El) -> El {
    el("entry").a("typeCode", "DRIV").c(act)
}

/// What was done.
pub fn procedures(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &Item<ChartProcedure>)| {
        let (done, named) = (&item.record, row_id(Section::Procedures, place));
        let state = match done.status {
            ProcedureStatus::Preparation | ProcedureStatus::InProgress | ProcedureStatus::OnHold => "active",
            ProcedureStatus::Stopped => "aborted",
            ProcedureStatus::NotDone => "cancelled",
            _ => "completed",
        };
        let when = match done.end {
            Some(_) => interval(done.start, done.end, zone),
            None => time("effectiveTime", done.start, zone),
        };
        entry(
            el("procedure")
                .a("classCode", "PROC")
                .a("moodCode", "EVN")
                .maybe("negationInd", (done.status == ProcedureStatus::NotDone).then_some("true"))
                .cs(template("4.14", "2014-06-09"))
                .c(id(item.id, ""))
                .c(cd("code", &done.code, &[]))
                .c(row(&named))
                .c(status(state))
                .c(when)
                .cs(done.body_sites.iter().map(|site| cd("targetSiteCode", site, &[systems::SNOMED_CT])))
                .cs(performers(&done.performers))
                .cs(done.reasons.iter().enumerate().map(|(at, reason)| indication(item.id, at, reason)))
                .cs(comment(&done.notes, &named)),
        )
    };
    record.procedures.iter().enumerate().map(one).collect()
}

/// Visits.
pub fn encounters(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &Item<ChartEncounter>)| {
        let visit = &item.record;
        entry(
            el("encounter")
                .a("classCode", "ENC")
                .a("moodCode", "EVN")
                .cs(template("4.49", "2015-08-01"))
                .c(id(item.id, ""))
                .c(cd_or_unknown("code", visit.kind.as_ref(), &[]))
                .c(row(&row_id(Section::Encounters, place)))
                .c(interval(visit.start, visit.end, zone))
                .cs(performers(&visit.practitioners))
                .cs(visit.organization.as_ref().and_then(location))
                .cs(visit.reasons.iter().enumerate().map(|(at, reason)| indication(item.id, at, reason))),
        )
    };
    record.encounters.iter().enumerate().map(one).collect()
}

/// Where a visit was, by name.
fn location(at: &Party) -> Option<El> {
    let name = at.display.as_deref()?;
    let role = el("participantRole")
        .a("classCode", "SDLOC")
        .cs(template("4.32", ""))
        .c(unknown("code"))
        .c(address(None))
        .c(unknown("telecom"))
        .c(el("playingEntity").a("classCode", "PLC").c(said("name", name)));
    Some(el("participant").a("typeCode", "LOC").c(role))
}

/// Who pays.
pub fn insurance(record: &HealthRecord) -> Vec<El> {
    let one = |(place, item): (usize, &Item<ChartCoverage>)| {
        let policy = policy(record, item, &row_id(Section::Insurance, place));
        entry(
            el("act")
                .a("classCode", "ACT")
                .a("moodCode", "EVN")
                .cs(template("4.60", "2015-08-01"))
                .c(id(item.id, ""))
                .c(code("code", LOINC, "48768-6", "Payment sources"))
                .c(status("completed"))
                .c(el("entryRelationship").a("typeCode", "COMP").c(policy)),
        )
    };
    record.coverages.iter().enumerate().map(one).collect()
}

fn policy(record: &HealthRecord, item: &Item<ChartCoverage>, named: &str) -> El {
    let (coverage, zone) = (&item.record, record.practice.zone);
    let role = |code_: &'static str| el("code").a("code", code_).a("codeSystem", "2.16.840.1.113883.5.110");
    let payer = coverage.payer.as_ref().and_then(|payer| payer.display.as_deref()).unwrap_or_default();
    let payer = el("assignedEntity")
        .c(id(item.id, "payer"))
        .c(role("PAYOR"))
        .c(address(None))
        .c(unknown("telecom"))
        .c(el("representedOrganization").c(said("name", payer)));
    let own = coverage.relationship.as_ref().and_then(|related| related.coding.as_ref());
    let member = match own.map(|coding| coding.code.as_str()) {
        Some("self") => {
            el("code").a("code", "SELF").a("codeSystem", "2.16.840.1.113883.5.111").a("displayName", "Self")
        }
        _ => unknown("code"),
    };
    let number = match &coverage.subscriber_id {
        Some(number) => id(item.id, number),
        None => unknown("id"),
    };
    let patient =
        el("participantRole").a("classCode", "PAT").c(number.clone()).c(member).c(el("playingEntity")
            .c(said("name", &record.patient.person.name.full()))
            .c(el("sdtc:birthTime")
                .a("value", record.patient.person.birth_date.format("%Y%m%d").to_string())));
    let holder = el("participantRole").c(number).c(address(None));
    let plan = el("act")
        .a("classCode", "ACT")
        .a("moodCode", "DEF")
        .c(id(item.id, "plan"))
        .c(el("code").a("nullFlavor", "NA"))
        .c(said("text", coverage.name().unwrap_or_default()));
    el("act")
        .a("classCode", "ACT")
        .a("moodCode", "EVN")
        .cs(template("4.61", "2015-08-01"))
        .c(match &coverage.group_number {
            Some(number) => id(item.id, number),
            None => id(item.id, "policy"),
        })
        .c(cd_or_unknown("code", coverage.kind.as_ref(), &[]).c(unknown("translation")))
        .c(row(named))
        .c(status("completed"))
        .c(el("performer").a("typeCode", "PRF").cs(template("4.87", "")).c(payer))
        .c(el("participant")
            .a("typeCode", "COV")
            .cs(template("4.89", ""))
            .c(period(coverage, zone))
            .c(patient))
        .c(el("participant").a("typeCode", "HLD").cs(template("4.90", "")).c(holder))
        .c(el("entryRelationship").a("typeCode", "REFR").c(plan))
}

fn period(coverage: &ChartCoverage, zone: chrono_tz::Tz) -> El {
    let end = coverage.end.filter(|end| coverage.start.is_none_or(|start| start.at <= end.at));
    el("time").c(time("low", coverage.start, zone)).c(time("high", end, zone))
}

/// Relatives and their illnesses.
pub fn family(record: &HealthRecord) -> Vec<El> {
    let one = |(place, item): (usize, &Item<ChartRelative>)| {
        let (relative, named) = (&item.record, row_id(Section::FamilyHistory, place));
        let role = ["http://terminology.hl7.org/CodeSystem/v3-RoleCode"];
        let related = el("relatedSubject")
            .a("classCode", "PRS")
            .c(cd("code", &relative.relationship, &role))
            .c(relation(relative));
        let subject = el("subject").c(related);
        let mut parts: Vec<El> = relative
            .conditions
            .iter()
            .enumerate()
            .map(|(at, one)| {
                let value = value_cd(&one.code, &[systems::SNOMED_CT]);
                illness(item, &format!("illness-{}", at + 1), &named, value, one.led_to_death)
            })
            .collect();
        if parts.is_empty() {
            let words = Concept { coding: None, text: "No illness is on record".into() };
            parts.push(illness(item, "illness", &named, value_cd(&words, &[]), false));
        }
        entry(
            el("organizer")
                .a("classCode", "CLUSTER")
                .a("moodCode", "EVN")
                .cs(template("4.45", "2015-08-01"))
                .c(id(item.id, ""))
                .c(status("completed"))
                .c(subject)
                .cs(parts),
        )
    };
    record.relatives.iter().enumerate().map(one).collect()
}

/// Who the relative is: name, sex, and whether they live.
fn relation(relative: &ChartRelative) -> El {
    let sex = relative.sex.as_ref().and_then(|sex| sex.coding.as_ref()).map(|coding| coding.code.as_str());
    let sex = match sex {
        Some("male" | "M") => Some(("M", "Male")),
        Some("female" | "F") => Some(("F", "Female")),
        Some("other") => Some(("UN", "Undifferentiated")),
        _ => None,
    };
    let gender = sex.map_or_else(
        || unknown("administrativeGenderCode"),
        |(sex, display)| code("administrativeGenderCode", "2.16.840.1.113883.5.1", sex, display),
    );
    let dead = relative.deceased.map(|dead| el("sdtc:deceasedInd").a("value", dead.to_string()));
    el("subject")
        .cs(relative.name.iter().map(|name| said("name", name)))
        .c(gender)
        .c(unknown("birthTime"))
        .cs(dead)
}

fn illness(item: &Item<ChartRelative>, part: &str, named: &str, value: El, led_to_death: bool) -> El {
    let observation = || el("observation").a("classCode", "OBS").a("moodCode", "EVN");
    let death = led_to_death.then(|| {
        let death = observation().cs(template("4.47", "")).c(assertion()).c(status("completed")).c(code(
            "value",
            SNOMED,
            "419099009",
            "Dead",
        )
        .a("xsi:type", "CD"));
        el("entryRelationship").a("typeCode", "CAUS").c(death)
    });
    let seen = observation()
        .cs(template("4.46", "2015-08-01"))
        .c(id(item.id, part))
        .c(code("code", SNOMED, "64572001", "Disease").c(code(
            "translation",
            LOINC,
            "75315-2",
            "Condition family member",
        )))
        .c(row(named))
        .c(status("completed"))
        .c(unknown("effectiveTime"))
        .c(value)
        .cs(death);
    el("component").c(seen)
}
