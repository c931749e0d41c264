//! Allergies and problems: concerns with what is observed within them.

use chrono_tz::Tz;
use portal_domain::{
    chart::{
        AllergyCategory, AllergyClinicalStatus, AllergyKind, AllergyReaction, ChartAllergy, ChartCondition,
        Concept, ConditionClinicalStatus, Criticality, PartialTime, Severity, Verification, systems,
    },
    record::Section,
};
use uuid::Uuid;

use super::{
    story::remarks_id,
    types::{
        ACT_CODE, LOINC, SNOMED, assertion, cd, closed, code, id, interval, row, status, template, unknown,
        value_cd,
    },
    xml::{El, el},
};
use crate::{HealthRecord, narrative::row_id};

/// An observation that an act is about.
fn about(observation: El) -> El {
    el("entryRelationship").a("typeCode", "SUBJ").c(observation)
}

fn observation() -> El {
    el("observation").a("classCode", "OBS").a("moodCode", "EVN")
}

fn concern(
    path: &str,
    item: Uuid,
    open: bool,
    (start, end): (Option<PartialTime>, Option<PartialTime>),
    zone: Tz,
    seen: El,
) -> El {
    let times = if open {
        el("effectiveTime").c(super::types::time("low", start, zone))
    } else {
        closed(start, end, zone)
    };
    let act = el("act")
        .a("classCode", "ACT")
        .a("moodCode", "EVN")
        .cs(template(path, "2015-08-01"))
        .c(id(item, "concern"))
        .c(code("code", "2.16.840.1.113883.5.6", "CONC", "Concern"))
        .c(status(if open { "active" } else { "completed" }))
        .c(times)
        .c(about(seen));
    el("entry").a("typeCode", "DRIV").c(act)
}

/// Allergies, or the statement that there is none.
pub fn allergies(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &crate::Item<ChartAllergy>)| {
        let (allergy, named) = (&item.record, row_id(Section::Allergies, place));
        let open = !matches!(
            allergy.clinical_status,
            Some(AllergyClinicalStatus::Inactive | AllergyClinicalStatus::Resolved)
        );
        concern(
            "4.30",
            item.id,
            open,
            (allergy.recorded.or(allergy.onset), None),
            zone,
            allergy_seen(item.id, allergy, &named, zone),
        )
    };
    record.allergies.iter().enumerate().map(one).collect()
}

fn allergy_seen(item: Uuid, allergy: &ChartAllergy, named: &str, zone: Tz) -> El {
    let none = allergy.is_no_known_allergy();
    let denied = none || allergy.verification == Some(Verification::Refuted);
    let substance = if none {
        el("code").a("nullFlavor", "NA")
    } else {
        cd("code", &allergy.code, &[systems::RXNORM, systems::SNOMED_CT])
    };
    let entity = el("playingEntity").a("classCode", "MMAT").c(substance);
    let role = el("participantRole").a("classCode", "MANU").c(entity);
    let reactions = allergy.reactions.iter().enumerate();
    let reactions = reactions.flat_map(|(at, reaction)| manifested(item, at, reaction, named, zone));
    observation()
        .maybe("negationInd", denied.then_some("true"))
        .cs(template("4.7", "2014-06-09"))
        .c(id(item, ""))
        .c(assertion())
        .c(row(named))
        .c(status("completed"))
        .c(interval(allergy.onset, None, zone))
        .c(kind(allergy))
        .c(el("participant").a("typeCode", "CSM").c(role))
        .cs(reactions)
        .cs(allergy.criticality.map(|grade| criticality(item, grade, named)))
}

/// What sort of allergy it is; the most exact word for one category, the widest for several.
fn kind(allergy: &ChartAllergy) -> El {
    let (code, display) = match (allergy.kind, allergy.categories.as_slice()) {
        (Some(AllergyKind::Allergy), [AllergyCategory::Medication]) => ("416098002", "Allergy to drug"),
        (Some(AllergyKind::Allergy), [AllergyCategory::Food]) => ("414285001", "Allergy to food"),
        (Some(AllergyKind::Allergy), _) => ("419199007", "Allergy to substance"),
        (Some(AllergyKind::Intolerance), [AllergyCategory::Medication]) => {
            ("59037007", "Intolerance to drug")
        }
        (Some(AllergyKind::Intolerance), [AllergyCategory::Food]) => ("235719002", "Intolerance to food"),
        (_, [AllergyCategory::Medication]) => ("419511003", "Propensity to adverse reaction to drug"),
        (_, [AllergyCategory::Food]) => ("418471000", "Propensity to adverse reaction to food"),
        _ => ("420134006", "Propensity to adverse reaction"),
    };
    el("value").a("xsi:type", "CD").a("code", code).a("codeSystem", SNOMED).a("displayName", display)
}

fn manifested(item: Uuid, at: usize, reaction: &AllergyReaction, named: &str, zone: Tz) -> Vec<El> {
    let one = |(place, manifestation): (usize, &Concept)| {
        let part = format!("reaction-{}-{}", at + 1, place + 1);
        let seen = observation()
            .cs(template("4.9", "2014-06-09"))
            .c(id(item, &part))
            .c(assertion())
            .c(row(named))
            .c(status("completed"))
            .c(interval(None, None, zone))
            .c(value_cd(manifestation, &[systems::SNOMED_CT]))
            .cs(reaction.severity.map(|grade| severity(grade, named)));
        el("entryRelationship").a("typeCode", "MFST").a("inversionInd", "true").c(seen)
    };
    reaction.manifestations.iter().enumerate().map(one).collect()
}

fn severity(grade: Severity, named: &str) -> El {
    let (value, display) = match grade {
        Severity::Mild => ("255604002", "Mild"),
        Severity::Moderate => ("6736007", "Moderate"),
        Severity::Severe => ("24484000", "Severe"),
    };
    let seen = observation()
        .cs(template("4.8", "2014-06-09"))
        .c(code("code", ACT_CODE, "SEV", "Severity"))
        .c(row(named))
        .c(status("completed"))
        .c(code("value", SNOMED, value, display).a("xsi:type", "CD"));
    el("entryRelationship").a("typeCode", "SUBJ").a("inversionInd", "true").c(seen)
}

fn criticality(item: Uuid, grade: Criticality, named: &str) -> El {
    let (value, display) = match grade {
        Criticality::Low => ("CRITL", "low criticality"),
        Criticality::High => ("CRITH", "high criticality"),
        Criticality::UnableToAssess => ("CRITU", "unable to assess criticality"),
    };
    let seen = observation()
        .cs(template("4.145", ""))
        .c(id(item, "criticality"))
        .c(code("code", LOINC, "82606-5", "Criticality"))
        .c(row(named))
        .c(status("completed"))
        .c(code("value", "2.16.840.1.113883.5.1063", value, display).a("xsi:type", "CD"));
    el("entryRelationship").a("typeCode", "SUBJ").a("inversionInd", "true").c(seen)
}

/// Problems.
pub fn conditions(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &crate::Item<ChartCondition>)| {
        let condition = &item.record;
        let over = matches!(
            condition.clinical_status,
            Some(
                ConditionClinicalStatus::Inactive
                    | ConditionClinicalStatus::Remission
                    | ConditionClinicalStatus::Resolved
            )
        ) || condition.abatement.is_some();
        let since = condition.onset.or(condition.recorded);
        let named = row_id(Section::Conditions, place);
        let seen = observation()
            .maybe("negationInd", (condition.verification == Some(Verification::Refuted)).then_some("true"))
            .cs(template("4.4", "2015-08-01"))
            .c(id(item.id, ""))
            .c(problem())
            .c(row(&named))
            .c(status("completed"))
            .c(interval(condition.onset, condition.abatement, zone))
            .c(value_cd(&condition.code, &[systems::SNOMED_CT]))
            .cs(condition.clinical_status.map(|state| standing(item.id, state, &named)))
            .cs(comment(&condition.notes, &named));
        concern("4.3", item.id, !over, (since, condition.abatement), zone, seen)
    };
    record.conditions.iter().enumerate().map(one).collect()
}

/// How a problem stands: finer than its concern, which is open or closed.
fn standing(item: Uuid, state: ConditionClinicalStatus, named: &str) -> El {
    let (value, display) = match state {
        ConditionClinicalStatus::Active => ("55561003", "Active"),
        ConditionClinicalStatus::Recurrence => ("246455001", "Recurrence"),
        ConditionClinicalStatus::Relapse => ("263855007", "Relapse phase"),
        ConditionClinicalStatus::Inactive => ("73425007", "Inactive"),
        ConditionClinicalStatus::Remission => ("277022003", "Remission phase"),
        ConditionClinicalStatus::Resolved => ("413322009", "Problem resolved"),
    };
    let seen = observation()
        .cs(template("4.6", "2019-06-20"))
        .c(id(item, "status"))
        .c(code("code", LOINC, "33999-4", "Status"))
        .c(row(named))
        .c(status("completed"))
        .c(code("value", SNOMED, value, display).a("xsi:type", "CD"));
    el("entryRelationship").a("typeCode", "REFR").c(seen)
}

/// The code that says that a problem follows.
pub fn problem() -> El {
    code("code", SNOMED, "55607006", "Problem").c(code("translation", LOINC, "75326-9", "Problem"))
}

/// Why something was done.
pub fn indication(item: Uuid, place: usize, reason: &Concept) -> El {
    let seen = observation()
        .cs(template("4.19", "2014-06-09"))
        .c(id(item, &format!("reason-{}", place + 1)))
        .c(problem())
        .c(status("completed"))
        .c(unknown("effectiveTime"))
        .c(value_cd(reason, &[systems::SNOMED_CT, systems::ICD_10_CM]));
    el("entryRelationship").a("typeCode", "RSON").c(seen)
}

/// Remarks, as they stand in the cell of a row; none where there are none.
pub fn comment(words: &[String], named: &str) -> Option<El> {
    let words =
        words.iter().filter(|text| !text.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n");
    if words.is_empty() {
        return None;
    }
    let reference = el("reference").a("value", format!("#{}", remarks_id(named)));
    let told = el("act")
        .a("classCode", "ACT")
        .a("moodCode", "EVN")
        .cs(template("4.64", ""))
        .c(code("code", LOINC, "48767-8", "Annotation comment"))
        .c(el("text").t(words).c(reference))
        .c(status("completed"));
    Some(el("entryRelationship").a("typeCode", "SUBJ").a("inversionInd", "true").c(told))
}
