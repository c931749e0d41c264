//! Who pays, and what runs in the family.

use portal_domain::chart::{ChartCoverage, ChartRelative, Code, RelativeCondition};

use super::{
    json::{Json, list, object},
    types::{Held, coded, concept, notes, period, some_concept, some_party, unknown},
};

/// Insurance.
pub fn coverage(r: &ChartCoverage, held: &Held) -> Json {
    let class = |kind: &str, value: Option<&String>| {
        value.map_or(Json::Empty, |value| {
            let kind = coded("http://terminology.hl7.org/CodeSystem/coverage-class", kind);
            object([("type", kind), ("value", value.into())])
        })
    };
    object([
        ("status", r.status.code().into()),
        ("type", some_concept(&r.kind)),
        ("subscriberId", r.subscriber_id.as_ref().into()),
        ("beneficiary", held.subject()),
        ("relationship", some_concept(&r.relationship).or(unknown)),
        ("period", period(r.start, r.end)),
        ("payor", list([some_party(&r.payer).or(unknown)])),
        ("class", list([class("plan", r.plan.as_ref()), class("group", r.group_number.as_ref())])),
        ("order", r.rank.filter(|rank| *rank > 0).into()),
    ])
}

/// A relative with illnesses.
pub fn relative(r: &ChartRelative, held: &Held) -> Json {
    let deceased = match &r.deceased_text {
        Some(text) => ("deceasedString", text.into()),
        None => ("deceasedBoolean", r.deceased.into()),
    };
    object([
        ("status", r.status.code().into()),
        ("patient", held.subject()),
        ("date", r.recorded.into()),
        ("name", r.name.as_ref().into()),
        ("relationship", concept(&r.relationship)),
        ("sex", some_concept(&r.sex)),
        deceased,
        ("note", notes(&r.notes)),
        ("condition", list(r.conditions.iter().map(illness))),
    ])
}

fn illness(illness: &RelativeCondition) -> Json {
    object([
        ("code", concept(&illness.code)),
        ("outcome", some_concept(&illness.outcome)),
        ("contributedToDeath", illness.led_to_death.then_some(true).into()),
        ("onsetString", illness.onset.as_ref().into()),
    ])
}
