//! Insurance, and what runs in the family.

use super::{clinical::age_range, patient};
use crate::{
    chart::{ChartCoverage, ChartRelative, RelativeCondition},
    fhir::{path::At, r4, reader::Reader},
};

pub(super) fn coverage(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Coverage) -> Option<ChartCoverage> {
    let patient = patient(r, &root.field("beneficiary"), raw.beneficiary);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let kind = r.concept(&root.field("type"), raw.kind);
    let payer = r.parties(root, "payor", raw.payor).into_iter().next();
    let (mut plan, mut group_number) = (None, None);
    for (i, class) in raw.class.into_iter().enumerate() {
        let at = root.item("class", i);
        let kind = class.kind.unwrap_or_default();
        let is = |code: &str| kind.coding.iter().any(|coding| coding.code.as_deref() == Some(code));
        if is("plan") {
            plan = plan
                .or_else(|| r.line(&at.field("name"), class.name))
                .or_else(|| r.line(&at.field("value"), class.value));
        } else if is("group") {
            group_number = group_number.or_else(|| r.line(&at.field("value"), class.value));
        }
    }
    let subscriber_id = r.line(&root.field("subscriberId"), raw.subscriber_id);
    let relationship = r.concept(&root.field("relationship"), raw.relationship);
    let (start, end) = r.period(&root.field("period"), raw.period);
    Some(ChartCoverage {
        patient: patient?,
        status: status?,
        kind,
        payer,
        plan,
        group_number,
        subscriber_id,
        relationship,
        rank: raw.order,
        start,
        end,
    })
}

pub(super) fn relative(
    r: &mut Reader<'_>,
    root: &At<'_>,
    raw: r4::FamilyMemberHistory,
) -> Option<ChartRelative> {
    let patient = patient(r, &root.field("patient"), raw.patient);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let recorded = r.time(&root.field("date"), raw.date);
    let at = root.field("relationship");
    let relationship = r.concept(&at, raw.relationship);
    let relationship = r.required(&at, relationship);
    let name = r.name(&root.field("name"), raw.name);
    let sex = r.concept(&root.field("sex"), raw.sex);
    let deceased_date = r.time(&root.field("deceasedDate"), raw.deceased_date);
    let deceased_text = r
        .line(&root.field("deceasedString"), raw.deceased_string)
        .or_else(|| r.quantity(&root.field("deceasedAge"), raw.deceased_age).map(|age| format!("age {age}")))
        .or_else(|| age_range(r, &root.field("deceasedRange"), raw.deceased_range))
        .or_else(|| deceased_date.map(|date| date.to_string()));
    // Whoever died at an age has died.
    let deceased = deceased_text.as_ref().map(|_| true).or(raw.deceased_boolean);
    let conditions = raw.condition.into_iter().enumerate();
    let conditions = conditions.filter_map(|(i, one)| illness(r, &root.item("condition", i), one)).collect();
    let notes = r.notes(root, raw.note);
    Some(ChartRelative {
        patient: patient?,
        status: status?,
        recorded,
        relationship: relationship?,
        name,
        sex,
        deceased,
        deceased_text,
        conditions,
        notes,
    })
}

fn illness(r: &mut Reader<'_>, at: &At<'_>, raw: r4::FamilyMemberCondition) -> Option<RelativeCondition> {
    let place = at.field("code");
    let code = r.concept(&place, raw.code);
    let code = r.required(&place, code);
    let (began, _) = r.period(&at.field("onsetPeriod"), raw.onset_period);
    let onset = r
        .line(&at.field("onsetString"), raw.onset_string)
        .or_else(|| r.quantity(&at.field("onsetAge"), raw.onset_age).map(|age| format!("age {age}")))
        .or_else(|| age_range(r, &at.field("onsetRange"), raw.onset_range))
        .or_else(|| began.map(|began| began.to_string()));
    let outcome = r.concept(&at.field("outcome"), raw.outcome);
    Some(RelativeCondition {
        code: code?,
        onset,
        outcome,
        led_to_death: raw.contributed_to_death.unwrap_or(false),
    })
}
