//! What was measured and observed.

use portal_domain::chart::{
    ChartObservation, Code, Concept, Interpretation, ObservationCategory, ObservationComponent,
    ObservationValue, ReferenceRange, systems,
};

use super::{
    json::{Json, list, object},
    types::{
        Held, code, coded, coding, concept, instant, moment, notes, parties, quantity, range, some_concept,
        unknown,
    },
};

/// An observation.
pub fn observation(r: &ChartObservation, held: &Held) -> Json {
    let members = held.links(&r.members);
    let is_whole = r.components.is_empty() && members.is_empty();
    let effective = match moment("effectiveDateTime", "effectivePeriod", r.effective, r.effective_end) {
        (_, Json::Empty) if r.category == ObservationCategory::VitalSigns => {
            ("_effectiveDateTime", unknown())
        }
        given => given,
    };
    let absent = absent_reason(r.value.as_ref(), r.absent_reason.as_ref()).or(|| {
        // A vital sign without any value has to say so (FHIR vs-2).
        let is_bare = r.value.is_none() && is_whole && r.category == ObservationCategory::VitalSigns;
        if is_bare { reason("unknown") } else { Json::Empty }
    });
    object([
        ("status", r.status.code().into()),
        ("category", category(r.category)),
        ("code", measured(r)),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        effective,
        ("issued", instant(r.issued)),
        ("performer", parties(&r.performers)),
        value(r.value.as_ref()),
        ("dataAbsentReason", absent),
        ("interpretation", interpretation(r.interpretation, r.interpretation_text.as_deref())),
        ("note", notes(&r.notes)),
        ("bodySite", some_concept(&r.body_site)),
        ("method", some_concept(&r.method)),
        ("specimen", object([("display", r.specimen.as_ref().into())])),
        ("referenceRange", reference_range(r.reference_range.as_ref())),
        ("hasMember", members),
        ("component", list(r.components.iter().map(component))),
    ])
}

/// What was measured. US Core wants both codes of an oxygen saturation that a pulse oximeter measured; whoever keeps one
/// keeps the first.
fn measured(r: &ChartObservation) -> Json {
    let pair = [("59408-5", "2708-6"), ("2708-6", "59408-5")];
    let is_of = |code: &str| r.category == ObservationCategory::VitalSigns && r.code.is(systems::LOINC, code);
    match (pair.into_iter().find(|(code, _)| is_of(code)), &r.code.coding) {
        (Some((_, other)), Some(first)) => object([
            ("coding", list([coding(first), code(systems::LOINC, other)])),
            ("text", r.code.text.as_str().into()),
        ]),
        _ => concept(&r.code),
    }
}

fn component(part: &ObservationComponent) -> Json {
    object([
        ("code", concept(&part.code)),
        value(part.value.as_ref()),
        ("dataAbsentReason", absent_reason(part.value.as_ref(), part.absent_reason.as_ref())),
        ("interpretation", interpretation(part.interpretation, None)),
        ("referenceRange", reference_range(part.reference_range.as_ref())),
    ])
}

fn value(value: Option<&ObservationValue>) -> (&'static str, Json) {
    match value {
        None | Some(ObservationValue::NotShown) => ("valueString", Json::Empty),
        Some(ObservationValue::Quantity(amount)) => ("valueQuantity", quantity(amount)),
        Some(ObservationValue::Concept(finding)) => ("valueCodeableConcept", concept(finding)),
        Some(ObservationValue::Text(text)) => ("valueString", text.into()),
        Some(ObservationValue::Boolean(answer)) => ("valueBoolean", (*answer).into()),
        Some(ObservationValue::Range { low, high }) => {
            let (low, high) = range(low, high);
            ("valueRange", object([("low", low), ("high", high)]))
        }
        Some(ObservationValue::Ratio { numerator, denominator }) => {
            let ratio = object([("numerator", quantity(numerator)), ("denominator", quantity(denominator))]);
            ("valueRatio", ratio)
        }
        Some(ObservationValue::Time(time)) => ("valueDateTime", (*time).into()),
    }
}

/// Why there is no value; nothing where there is one (FHIR obs-6).
fn absent_reason(value: Option<&ObservationValue>, why: Option<&Concept>) -> Json {
    match value {
        None => why.map_or(Json::Empty, concept),
        Some(ObservationValue::NotShown) => why.map_or_else(|| reason("unsupported"), concept),
        Some(_) => Json::Empty,
    }
}

fn reason(word: &str) -> Json {
    coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", word)
}

fn category(category: ObservationCategory) -> Json {
    let system = match category {
        ObservationCategory::Other => return Json::Empty,
        ObservationCategory::FunctionalStatus => "http://hl7.org/fhir/us/core/CodeSystem/us-core-category",
        _ => "http://terminology.hl7.org/CodeSystem/observation-category",
    };
    list([coded(system, category.code())])
}

fn interpretation(flag: Option<Interpretation>, words: Option<&str>) -> Json {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    let coding = flag.map(|flag| code(system, flag.code()));
    list([object([("coding", list(coding)), ("text", words.into())])])
}

fn reference_range(usual: Option<&ReferenceRange>) -> Json {
    let Some(usual) = usual else { return Json::Empty };
    let (low, high) = range(&usual.low, &usual.high);
    list([object([("low", low), ("high", high), ("text", usual.text.as_ref().into())])])
}
