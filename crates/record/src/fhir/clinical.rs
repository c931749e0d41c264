//! Allergies, problems, vaccinations, procedures and visits.

use portal_domain::chart::{
    AllergyClinicalStatus, ChartAllergy, ChartCondition, ChartEncounter, ChartImmunization, ChartProcedure,
    Code, ConditionClinicalStatus, ProcedureStatus,
};

use super::{
    json::{Json, list, object},
    types::{
        Held, actors, coded, coding, concept, concepts, moment, notes, party, period, simple, some_concept,
        some_party, unknown, word,
    },
};

const TERMS: &str = "http://terminology.hl7.org/CodeSystem/";

fn term<C: Code>(system: &str, value: Option<C>) -> Json {
    word(&format!("{TERMS}{system}"), value)
}

/// An allergy. One whose status nobody told counts as active (FHIR `ait-1` wants one): the other way round would harm.
pub fn allergy(r: &ChartAllergy, held: &Held) -> Json {
    let reaction = |reaction: &portal_domain::chart::AllergyReaction| {
        object([
            ("manifestation", concepts(&reaction.manifestations).or(|| list([unknown()]))),
            ("severity", reaction.severity.map(Code::code).into()),
        ])
    };
    let status = r.clinical_status.unwrap_or(AllergyClinicalStatus::Active);
    object([
        ("clinicalStatus", term("allergyintolerance-clinical", Some(status))),
        ("verificationStatus", term("allergyintolerance-verification", r.verification)),
        ("type", r.kind.map(Code::code).into()),
        ("category", list(r.categories.iter().map(|category| category.code().into()))),
        ("criticality", r.criticality.map(Code::code).into()),
        ("code", concept(&r.code)),
        ("patient", held.subject()),
        ("onsetDateTime", r.onset.into()),
        ("recordedDate", r.recorded.into()),
        ("asserter", if r.reported == Some(true) { held.subject() } else { Json::Empty }),
        ("note", notes(&r.notes)),
        ("reaction", list(r.reactions.iter().map(reaction))),
    ])
}

/// A problem. One without a category stands in the list of problems, so that is its category.
pub fn condition(r: &ChartCondition, held: &Held) -> Json {
    use ConditionClinicalStatus::{Inactive, Remission, Resolved};
    // What ended is over, though nobody said so; one that is said to go on did not end (FHIR con-4).
    let status = r.clinical_status.or(r.abatement.map(|_| Inactive));
    let is_over = matches!(status, Some(Inactive | Remission | Resolved));
    let onset = match r.onset {
        Some(onset) => ("onsetDateTime", onset.into()),
        None => ("onsetString", r.onset_text.as_ref().into()),
    };
    let listed = || coded(&format!("{TERMS}condition-category"), "problem-list-item");
    object([
        ("clinicalStatus", term("condition-clinical", status)),
        ("verificationStatus", term("condition-ver-status", r.verification)),
        ("category", list([some_concept(&r.category).or(listed)])),
        ("severity", some_concept(&r.severity)),
        ("code", concept(&r.code)),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        onset,
        ("abatementDateTime", r.abatement.filter(|_| is_over).into()),
        ("recordedDate", r.recorded.into()),
        ("note", notes(&r.notes)),
    ])
}

/// A vaccination.
pub fn immunization(r: &ChartImmunization, held: &Held) -> Json {
    let occurred = match (r.occurred, &r.occurred_text) {
        (Some(at), _) => ("occurrenceDateTime", at.into()),
        (None, Some(text)) => ("occurrenceString", text.into()),
        (None, None) => ("_occurrenceDateTime", unknown()),
    };
    object([
        ("status", r.status.code().into()),
        ("statusReason", some_concept(&r.status_reason)),
        ("vaccineCode", concept(&r.vaccine)),
        ("patient", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        occurred,
        ("primarySource", r.primary_source.into()),
        ("manufacturer", object([("display", r.manufacturer.as_ref().into())])),
        ("lotNumber", r.lot_number.as_ref().into()),
        ("site", some_concept(&r.site)),
        ("route", some_concept(&r.route)),
        ("doseQuantity", simple(&r.dose)),
        ("performer", actors("actor", &r.performers)),
        ("note", notes(&r.notes)),
    ])
}

/// Something that was done. US Core wants its time once it was done or begun.
pub fn procedure(r: &ChartProcedure, held: &Held) -> Json {
    let is_dated = r.start.is_some() || r.end.is_some();
    let performed = match &r.performed_text {
        _ if is_dated => moment("performedDateTime", "performedPeriod", r.start, r.end),
        Some(text) => ("performedString", text.into()),
        None if matches!(r.status, ProcedureStatus::Completed | ProcedureStatus::InProgress) => {
            ("_performedDateTime", unknown())
        }
        None => ("performedString", Json::Empty),
    };
    object([
        ("status", r.status.code().into()),
        ("code", concept(&r.code)),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        performed,
        ("performer", actors("actor", &r.performers)),
        ("reasonCode", concepts(&r.reasons)),
        ("reasonReference", held.links(&r.reason_conditions)),
        ("bodySite", concepts(&r.body_sites)),
        ("outcome", some_concept(&r.outcome)),
        ("note", notes(&r.notes)),
    ])
}

/// A visit.
pub fn encounter(r: &ChartEncounter, held: &Held) -> Json {
    object([
        ("status", r.status.code().into()),
        ("class", r.class.as_ref().map_or(Json::Empty, coding).or(unknown)),
        ("type", list([some_concept(&r.kind).or(unknown)])),
        ("subject", held.subject()),
        ("participant", list(r.practitioners.iter().map(|one| object([("individual", party(one))])))),
        ("period", period(r.start, r.end)),
        ("reasonCode", concepts(&r.reasons)),
        ("serviceProvider", some_party(&r.organization)),
    ])
}
