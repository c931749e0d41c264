use super::patient;
use crate::{
    chart::{
        AllergyCategory, AllergyReaction, ChartAllergy, ChartCondition, ChartEncounter, ChartImmunization,
        ChartKind, ChartProcedure,
    },
    fhir::{path::At, r4, reader::Reader},
};

const VISIT: &[ChartKind] = &[ChartKind::Encounter];

pub(super) fn encounter(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Encounter) -> Option<ChartEncounter> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let class = r.coding(&root.field("class"), raw.class);
    let kind = r.concepts(root, "type", raw.kind).into_iter().next();
    let reasons = r.concepts(root, "reasonCode", raw.reason_code);
    let (start, end) = r.period(&root.field("period"), raw.period);
    let seen_by = raw.participant.into_iter().enumerate();
    let practitioners = seen_by
        .filter_map(|(i, participant)| {
            r.party(&root.item("participant", i).field("individual"), participant.individual)
        })
        .collect();
    let organization = r.party(&root.field("serviceProvider"), raw.service_provider);
    Some(ChartEncounter {
        patient: patient?,
        status: status?,
        class,
        kind,
        reasons,
        start,
        end,
        practitioners,
        organization,
    })
}

pub(super) fn condition(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Condition) -> Option<ChartCondition> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("code");
    let code = r.concept(&at, raw.code);
    let code = r.required(&at, code);
    let clinical_status = r.concept_code(&root.field("clinicalStatus"), raw.clinical_status);
    let verification = r.concept_code(&root.field("verificationStatus"), raw.verification_status);
    let category = r.concepts(root, "category", raw.category).into_iter().next();
    let severity = r.concept(&root.field("severity"), raw.severity);
    let (began, _) = r.period(&root.field("onsetPeriod"), raw.onset_period);
    let onset = r.time(&root.field("onsetDateTime"), raw.onset_date_time).or(began);
    let onset_text = r
        .line(&root.field("onsetString"), raw.onset_string)
        .or_else(|| r.quantity(&root.field("onsetAge"), raw.onset_age).map(|age| format!("age {age}")))
        .or_else(|| age_range(r, &root.field("onsetRange"), raw.onset_range));
    let (ending, ended) = r.period(&root.field("abatementPeriod"), raw.abatement_period);
    let abatement = r.time(&root.field("abatementDateTime"), raw.abatement_date_time).or(ended).or(ending);
    let recorded = r.time(&root.field("recordedDate"), raw.recorded_date);
    let encounter = r.link(&root.field("encounter"), raw.encounter, VISIT);
    let notes = r.notes(root, raw.note);
    Some(ChartCondition {
        patient: patient?,
        code: code?,
        clinical_status,
        verification,
        category,
        severity,
        onset,
        onset_text,
        abatement,
        recorded,
        encounter,
        notes,
    })
}

pub(super) fn age_range(r: &mut Reader<'_>, at: &At<'_>, range: Option<r4::Range>) -> Option<String> {
    let range = range?;
    let low = r.quantity(&at.field("low"), range.low);
    let high = r.quantity(&at.field("high"), range.high);
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("age {} to {high}", low.decimal)),
        (Some(one), None) | (None, Some(one)) => Some(format!("age {one}")),
        (None, None) => None,
    }
}

pub(super) fn allergy(
    r: &mut Reader<'_>,
    root: &At<'_>,
    raw: r4::AllergyIntolerance,
) -> Option<ChartAllergy> {
    let patient = patient(r, &root.field("patient"), raw.patient);
    let at = root.field("code");
    let code = r.concept(&at, raw.code);
    let code = r.required(&at, code);
    let clinical_status = r.concept_code(&root.field("clinicalStatus"), raw.clinical_status);
    let verification = r.concept_code(&root.field("verificationStatus"), raw.verification_status);
    let kind = r.code(&root.field("type"), raw.kind);
    let categories: Vec<AllergyCategory> = raw
        .category
        .into_iter()
        .enumerate()
        .filter_map(|(i, code)| r.code(&root.item("category", i), code))
        .collect();
    let criticality = r.code(&root.field("criticality"), raw.criticality);
    let mut reactions = Vec::new();
    for (i, reaction) in raw.reaction.into_iter().enumerate() {
        let at = root.item("reaction", i);
        reactions.push(AllergyReaction {
            manifestations: r.concepts(&at, "manifestation", reaction.manifestation),
            severity: r.code(&at.field("severity"), reaction.severity),
        });
    }
    let onset = r.time(&root.field("onsetDateTime"), raw.onset_date_time);
    let recorded = r.time(&root.field("recordedDate"), raw.recorded_date);
    let reported = raw.asserter.and_then(|asserter| r.is_patients_own(&asserter));
    let notes = r.notes(root, raw.note);
    Some(ChartAllergy {
        patient: patient?,
        code: code?,
        clinical_status,
        verification,
        kind,
        categories,
        criticality,
        reactions,
        onset,
        recorded,
        reported,
        notes,
    })
}

pub(super) fn immunization(
    r: &mut Reader<'_>,
    root: &At<'_>,
    raw: r4::Immunization,
) -> Option<ChartImmunization> {
    let patient = patient(r, &root.field("patient"), raw.patient);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let status_reason = r.concept(&root.field("statusReason"), raw.status_reason);
    let at = root.field("vaccineCode");
    let vaccine = r.concept(&at, raw.vaccine_code);
    let vaccine = r.required(&at, vaccine);
    let occurred = r.time(&root.field("occurrenceDateTime"), raw.occurrence_date_time);
    let occurred_text = r.line(&root.field("occurrenceString"), raw.occurrence_string);
    let manufacturer = raw
        .manufacturer
        .and_then(|made_by| r.line(&root.field("manufacturer").field("display"), made_by.display));
    let lot_number = r.line(&root.field("lotNumber"), raw.lot_number);
    let site = r.concept(&root.field("site"), raw.site);
    let route = r.concept(&root.field("route"), raw.route);
    let dose = r.quantity(&root.field("doseQuantity"), raw.dose_quantity);
    let performers = performers(r, root, raw.performer);
    let encounter = r.link(&root.field("encounter"), raw.encounter, VISIT);
    let notes = r.notes(root, raw.note);
    Some(ChartImmunization {
        patient: patient?,
        status: status?,
        status_reason,
        vaccine: vaccine?,
        occurred,
        occurred_text,
        primary_source: raw.primary_source,
        manufacturer,
        lot_number,
        site,
        route,
        dose,
        performers,
        encounter,
        notes,
    })
}

pub(super) fn procedure(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Procedure) -> Option<ChartProcedure> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let at = root.field("code");
    let code = r.concept(&at, raw.code);
    let code = r.required(&at, code);
    let (began, end) = r.period(&root.field("performedPeriod"), raw.performed_period);
    let start = r.time(&root.field("performedDateTime"), raw.performed_date_time).or(began);
    let performed_text = r.line(&root.field("performedString"), raw.performed_string).or_else(|| {
        r.quantity(&root.field("performedAge"), raw.performed_age).map(|age| format!("age {age}"))
    });
    let performers = performers(r, root, raw.performer);
    let encounter = r.link(&root.field("encounter"), raw.encounter, VISIT);
    let reasons = r.concepts(root, "reasonCode", raw.reason_code);
    let reason_conditions = r.links(root, "reasonReference", raw.reason_reference, ChartKind::Condition);
    let body_sites = r.concepts(root, "bodySite", raw.body_site);
    let outcome = r.concept(&root.field("outcome"), raw.outcome);
    let notes = r.notes(root, raw.note);
    Some(ChartProcedure {
        patient: patient?,
        status: status?,
        code: code?,
        start,
        end,
        performed_text,
        performers,
        encounter,
        reasons,
        reason_conditions,
        body_sites,
        outcome,
        notes,
    })
}

fn performers(r: &mut Reader<'_>, root: &At<'_>, all: Vec<r4::Performer>) -> Vec<crate::chart::Party> {
    let read = |(i, performer): (usize, r4::Performer)| {
        r.party(&root.item("performer", i).field("actor"), performer.actor)
    };
    all.into_iter().enumerate().filter_map(read).collect()
}
