//! Results, vital signs, social history and daily life: observations.

use chrono_tz::Tz;
use portal_domain::{
    chart::{
        Address, ChartObservation, Concept, ObservationStatus, ObservationValue, ReferenceRange, systems,
    },
    record::Section,
    results::ReportStatus,
};

use super::{
    concerns::comment,
    types::{
        LOINC, SNOMED, address, cd, closed, code, id, performers, phone, range, row, said, status, template,
        time, unknown, value,
    },
    xml::{El, el},
};
use crate::{HealthRecord, Item, ResultReport, narrative::row_id};

fn observation() -> El {
    el("observation").a("classCode", "OBS").a("moodCode", "EVN")
}

fn organizer(class: &'static str) -> El {
    el("organizer").a("classCode", class).a("moodCode", "EVN")
}

fn entry(act: El) -> El {
    el("entry").a("typeCode", "DRIV").c(act)
}

/// Released results, an organizer a report.
pub fn results(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let mut place = 0;
    let mut all = Vec::new();
    for result in &record.results {
        let report = &result.report;
        let when = report.effective.or(report.collected).or(report.issued);
        let mut parts = Vec::new();
        for item in &result.values {
            parts.extend(result_parts(item, &row_id(Section::Results, place), zone));
            place += 1;
        }
        if parts.is_empty() {
            // A report in words alone; the words stand in the narrative without a row.
            let words = [&report.conclusion, &report.narrative].into_iter().flatten().cloned();
            let words = words.collect::<Vec<_>>().join("\n");
            let told = observation()
                .cs(template("4.2", "2015-08-01"))
                .c(id(result.id, "words"))
                .c(cd("code", &report.code, &[systems::LOINC, systems::SNOMED_CT]))
                .c(status(report_status(report.status)))
                .c(time("effectiveTime", when, zone))
                .c(value(&ObservationValue::Text(words), zone));
            parts.push(told);
        }
        let whole = organizer("BATTERY")
            .cs(template("4.1", "2015-08-01"))
            .c(id(result.id, ""))
            .c(cd("code", &report.code, &[systems::LOINC, systems::SNOMED_CT]))
            .c(status(report_status(report.status)))
            .c(closed(when, report.effective_end.or(when), zone))
            .cs(laboratory(result))
            .cs(parts.into_iter().map(|part| el("component").c(part)));
        all.push(entry(whole));
    }
    all
}

/// Who made the report: the laboratory with its address and number where the practice knows them, else the names sent.
fn laboratory(result: &ResultReport) -> Vec<El> {
    let Some(laboratory) = &result.laboratory else { return performers(&result.report.performers) };
    let at = Address { lines: laboratory.address.clone(), ..Address::default() };
    let whole = el("representedOrganization")
        .c(said("name", &laboratory.name))
        .c(phone(&laboratory.phone, Some("WP")))
        .c(address(Some(&at)));
    let who = el("assignedEntity")
        .c(unknown("id"))
        .c(address(Some(&at)))
        .c(phone(&laboratory.phone, Some("WP")))
        .c(whole);
    vec![el("performer").c(who)]
}

fn report_status(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Registered | ReportStatus::Partial | ReportStatus::Preliminary => "active",
        ReportStatus::Cancelled => "aborted",
        _ => "completed",
    }
}

fn seen_status(status: ObservationStatus) -> &'static str {
    match status {
        ObservationStatus::Registered | ObservationStatus::Preliminary => "active",
        ObservationStatus::Cancelled => "aborted",
        _ => "completed",
    }
}

/// A value, and each of its parts that has one.
fn result_parts(item: &Item<ChartObservation>, named: &str, zone: Tz) -> Vec<El> {
    let seen = &item.record;
    let when = seen.effective.or(seen.issued);
    // Once, with the first of the observations that a row stands for.
    let first = if seen.value.is_some() || seen.components.is_empty() { "" } else { "part-1" };
    let remarks = |part: &str| {
        let words: Vec<String> = seen.shown_note().into_iter().filter(|_| part == first).collect();
        comment(&words, named)
    };
    let one = |part: &str, concept, found: Option<&ObservationValue>, flag: Option<&'static str>, usual| {
        observation()
            .cs(template("4.2", "2015-08-01"))
            .c(id(item.id, part))
            .c(cd("code", concept, &[systems::LOINC, systems::SNOMED_CT]))
            .c(row(named))
            .c(status(seen_status(seen.status)))
            .c(time("effectiveTime", when, zone))
            .c(found.map_or_else(no_value, |found| value(found, zone)))
            .cs(flag.map(|flag| {
                el("interpretationCode").a("code", flag).a("codeSystem", "2.16.840.1.113883.5.83")
            }))
            .cs(seen.method.iter().map(|method| cd("methodCode", method, &[])))
            .cs(seen.body_site.iter().map(|site| cd("targetSiteCode", site, &[systems::SNOMED_CT])))
            .cs(performers(&seen.performers))
            .cs(remarks(part))
            .cs(Option::and_then(usual, reference))
    };
    let parts = seen.components.iter().enumerate().map(|(at, part)| {
        let flag = part.interpretation.map(portal_domain::chart::Interpretation::as_str);
        let name = format!("part-{}", at + 1);
        one(&name, &part.code, part.value.as_ref(), flag, part.reference_range.as_ref())
    });
    let flag = seen.interpretation.map(portal_domain::chart::Interpretation::as_str);
    let whole = (seen.value.is_some() || seen.components.is_empty())
        .then(|| one("", &seen.code, seen.value.as_ref(), flag, seen.reference_range.as_ref()));
    whole.into_iter().chain(parts).collect()
}

fn no_value() -> El {
    el("value").a("xsi:type", "ST").a("nullFlavor", "UNK")
}

fn reference(usual: &ReferenceRange) -> Option<El> {
    let words = usual.text.as_deref();
    let value = match (&usual.low, &usual.high, words) {
        (None, None, None) => return None,
        (None, None, Some(text)) => value(&ObservationValue::Text(text.to_owned()), Tz::UTC),
        (low, high, _) => range(low.as_ref(), high.as_ref()),
    };
    let words = words.map(|text| said("text", text));
    Some(el("referenceRange").c(el("observationRange").cs(words).c(value)))
}

/// Vital signs, an organizer a measurement: blood pressure has two values.
pub fn vital_signs(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &Item<ChartObservation>)| {
        let (seen, named) = (&item.record, row_id(Section::VitalSigns, place));
        let when = seen.effective.or(seen.issued);
        let sign = |part: &str, concept, found: Option<&ObservationValue>| {
            // The template has room for amounts only.
            let found = match found {
                Some(found @ ObservationValue::Quantity(amount)) if amount.comparator.is_none() => {
                    value(found, zone)
                }
                Some(_) => el("value").a("xsi:type", "PQ").a("nullFlavor", "OTH"),
                None => el("value").a("xsi:type", "PQ").a("nullFlavor", "UNK"),
            };
            // The template wants a unit of every value, also of one that is not there.
            let found = if found.has("unit") { found } else { found.a("unit", "1") };
            let sign = observation()
                .cs(template("4.27", "2014-06-09"))
                .c(id(item.id, part))
                .c(cd("code", concept, &[systems::LOINC]))
                .c(row(&named))
                .c(status("completed"))
                .c(time("effectiveTime", when, zone))
                .c(found);
            el("component").c(sign)
        };
        let parts = seen.components.iter().enumerate();
        let parts =
            parts.map(|(at, part)| sign(&format!("part-{}", at + 1), &part.code, part.value.as_ref()));
        let whole = (seen.value.is_some() || seen.components.is_empty())
            .then(|| sign("", &seen.code, seen.value.as_ref()));
        let all = organizer("CLUSTER")
            .cs(template("4.26", "2015-08-01"))
            .c(id(item.id, "signs"))
            .c(code("code", SNOMED, "46680005", "Vital signs").c(code(
                "translation",
                LOINC,
                "74728-7",
                "Vital signs",
            )))
            .c(status("completed"))
            .c(closed(when, seen.effective_end.or(when), zone))
            .cs(whole)
            .cs(parts);
        entry(all)
    };
    record.vital_signs.iter().enumerate().map(one).collect()
}

/// The words for smoking that the standard has.
const SMOKING: [&str; 8] = [
    "266919005",
    "266927001",
    "428041000124106",
    "428061000124105",
    "428071000124103",
    "449868002",
    "77176002",
    "8517006",
];

/// Smoking in its own template, the rest in the general one.
pub fn social_history(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &Item<ChartObservation>)| {
        let seen = &item.record;
        let when = seen.effective.or(seen.issued);
        let named = row_id(Section::SocialHistory, place);
        let smoking = match &seen.value {
            Some(ObservationValue::Concept(told)) => {
                when.is_some()
                    && seen.code.is(systems::LOINC, "72166-2")
                    && SMOKING.iter().any(|code| told.is(systems::SNOMED_CT, code))
            }
            _ => false,
        };
        let (kind, concept) = if smoking {
            (template("4.78", "2014-06-09"), code("code", LOINC, "72166-2", "Tobacco smoking status"))
        } else {
            (template("4.38", "2015-08-01"), asked(&seen.code))
        };
        entry(told(kind, item, concept, &named, zone))
    };
    record.social_history.iter().enumerate().map(one).collect()
}

/// What was asked. The template wants a translation of whatever is no code of LOINC, also of words.
fn asked(concept: &Concept) -> El {
    let asked = cd("code", concept, &[systems::LOINC]);
    let lacks_one = asked.has("nullFlavor") && !asked.holds("translation");
    if lacks_one { asked.c(unknown("translation")) } else { asked }
}

/// What was asked about daily life, and the answers.
pub fn functional_status(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &Item<ChartObservation>)| {
        let concept = cd("code", &item.record.code, &[systems::LOINC, systems::SNOMED_CT]);
        let named = row_id(Section::FunctionalStatus, place);
        entry(told(template("4.69", ""), item, concept, &named, zone))
    };
    record.functional_status.iter().enumerate().map(one).collect()
}

fn told(kind: Vec<El>, item: &Item<ChartObservation>, concept: El, named: &str, zone: Tz) -> El {
    let seen = &item.record;
    let answer = match (&seen.value, seen.shown_value()) {
        (Some(found), _) => value(found, zone),
        (None, Some(parts)) => value(&ObservationValue::Text(parts.words()), zone),
        (None, None) => no_value(),
    };
    let when = seen.effective.or(seen.issued);
    observation()
        .cs(kind)
        .c(id(item.id, ""))
        .c(concept)
        .c(row(named))
        .c(status("completed"))
        .c(when.map_or_else(|| unknown("effectiveTime"), |when| time("effectiveTime", Some(when), zone)))
        .c(answer)
}
