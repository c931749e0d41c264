//! What was measured and reported.

use portal_domain::{chart::*, results::ReportStatus};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{amount, any_time, at_visit, concept, instant, notes, one_of, party, patient, text, when};

fn value() -> BoxedStrategy<ObservationValue> {
    prop_oneof![
        amount().prop_map(|amount| ObservationValue::Quantity(Quantity {
            comparator: Some(Comparator::Below),
            ..amount
        })),
        amount().prop_map(ObservationValue::Quantity),
        concept().prop_map(ObservationValue::Concept),
        text().prop_map(ObservationValue::Text),
        any::<bool>().prop_map(ObservationValue::Boolean),
        amount().prop_map(|low| ObservationValue::Range { low: Some(low), high: None }),
        (amount(), amount())
            .prop_map(|(numerator, denominator)| ObservationValue::Ratio { numerator, denominator }),
        any_time().prop_map(ObservationValue::Time),
    ]
    .boxed()
}

pub fn observation(category: ObservationCategory) -> BoxedStrategy<ChartObservation> {
    let component = (concept(), value()).prop_map(|(code, value)| ObservationComponent {
        code,
        value: Some(value),
        absent_reason: None,
        interpretation: None,
        reference_range: None,
    });
    let meaning = option::of((one_of::<Interpretation>(), text()));
    let usual = option::of((option::of(amount()), text()));
    let where_and_how = (option::of(text()), option::of(concept()), vec(party(), 0..2), at_visit());
    (
        one_of(),
        concept(),
        any_time(),
        option::of(instant()),
        value(),
        vec(component, 0..3),
        meaning,
        usual,
        where_and_how,
        notes(),
    )
        .prop_map(
            move |(status, code, effective, issued, value, components, meaning, usual, place, notes)| {
                ChartObservation {
                    patient: patient(),
                    category,
                    status,
                    code,
                    effective: Some(effective),
                    effective_end: None,
                    issued,
                    value: Some(value),
                    absent_reason: None,
                    components,
                    members: vec![],
                    interpretation: meaning.as_ref().map(|(flag, _)| *flag),
                    interpretation_text: meaning.map(|(_, words)| words),
                    reference_range: usual.map(|(low, text)| ReferenceRange {
                        low,
                        high: None,
                        text: Some(text),
                    }),
                    specimen: place.0,
                    method: place.1.clone(),
                    body_site: place.1,
                    performers: place.2,
                    encounter: place.3,
                    notes,
                }
            },
        )
        .boxed()
}

pub fn report() -> impl Strategy<Value = ChartReport> {
    let status = select(vec![ReportStatus::Final, ReportStatus::Corrected, ReportStatus::Preliminary]);
    (
        status,
        one_of(),
        concept(),
        when(),
        option::of(instant()),
        vec(party(), 0..2),
        option::of(text()),
        0_u32..3,
        at_visit(),
    )
        .prop_map(
            |(status, category, code, effective, issued, performers, words, files_left_out, encounter)| {
                ChartReport {
                    patient: patient(),
                    category,
                    status,
                    code,
                    effective,
                    effective_end: effective,
                    issued,
                    ordered_by: performers.first().cloned(),
                    interpreters: performers.clone(),
                    performers,
                    results: vec![],
                    specimen: words.clone(),
                    collected: effective,
                    conclusion: words.clone(),
                    conclusion_codes: vec![],
                    narrative: words,
                    files_left_out,
                    encounter,
                }
            },
        )
}
