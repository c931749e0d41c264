//! What a laboratory value means, in plain sentences (ui rule: words first, then the bar, then the history).

use portal_domain::results::{Flag, ObservationView, Value};

use crate::text::t_with;

/// The value as people read it: `6.4 %`, `Negative`.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Quantity { text, unit, .. } if unit.is_empty() => text.clone(),
        Value::Quantity { text, unit, .. } => format!("{text} {unit}"),
        Value::Text { text } => text.clone(),
    }
}

/// A test's name without the parts of a code system's long name that only laboratories need:
/// `Leukocytes [#/volume] in Blood by Automated count` becomes `Leukocytes in Blood`.
pub fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0u32;
    for c in name.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let plain = plain.split(" by ").next().unwrap_or_default();
    let words = plain.split_whitespace().map(|word| match word.split_once('/') {
        // A share of a whole: `Hemoglobin A1c/Hemoglobin.total`.
        Some((part, whole)) if whole.contains(".total") => part,
        _ => word,
    });
    let words = words.collect::<Vec<_>>().join(" ");
    if words.is_empty() { name.into() } else { words }
}

/// A name for the middle of a sentence: `Hemoglobin A1c` becomes `hemoglobin A1c`; `LDL cholesterol` and `pH` stay.
pub fn mid_sentence(name: &str) -> String {
    let word = |word: &str| {
        let plain = word.chars().skip(1).all(|c| c.is_lowercase() || !c.is_alphanumeric())
            && word.chars().count() > 1;
        if plain { word.to_lowercase() } else { word.into() }
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Whether an English name asks for "are": `Triglycerides`, `Platelets in Blood`, but not `Glucose` or `Virus`.
fn is_plural(name: &str) -> bool {
    let thing =
        name.split([',', '(']).next().unwrap_or_default().split(" in ").next().unwrap_or_default().trim();
    thing.ends_with('s') && !["ss", "us", "is"].iter().any(|end| thing.ends_with(end))
}

/// One value in words: "Your hemoglobin A1c is 6.4 %. This is above the usual range, 4 to 5.6 %."
pub fn sentence(observation: &ObservationView) -> String {
    let plain = plain_name(&observation.name);
    let name = mid_sentence(&plain);
    let Some(value) = &observation.value else {
        return t_with("result.sentence.no_value", &[("name", &name)]);
    };
    let text = value_text(value);
    let first = match value {
        Value::Quantity { .. } if is_plural(&plain) => {
            t_with("result.sentence.numbers", &[("name", &name), ("value", &text)])
        }
        Value::Quantity { .. } => t_with("result.sentence.number", &[("name", &name), ("value", &text)]),
        Value::Text { .. } => t_with("result.sentence.words", &[("name", &name), ("value", &text)]),
    };
    let range = observation.range.as_ref().map_or("", |range| range.text.as_str());
    let range = [("range", range)];
    let second = match (observation.flag, range[0].1.is_empty()) {
        (Flag::None, false) => t_with("result.sentence.range_only", &range),
        (Flag::None, true) => return first,
        (Flag::Normal, false) => t_with("result.sentence.normal", &range),
        (Flag::Normal, true) => t_with("result.sentence.normal_alone", &[]),
        (Flag::Low, false) => t_with("result.sentence.low", &range),
        (Flag::Low, true) => t_with("result.sentence.low_alone", &[]),
        (Flag::High, false) => t_with("result.sentence.high", &range),
        (Flag::High, true) => t_with("result.sentence.high_alone", &[]),
        (Flag::Abnormal, _) => t_with("result.sentence.abnormal", &[]),
        (Flag::CriticalLow, _) => t_with("result.sentence.critical_low", &[]),
        (Flag::CriticalHigh, _) => t_with("result.sentence.critical_high", &[]),
        (Flag::CriticalAbnormal, _) => t_with("result.sentence.critical_abnormal", &[]),
    };
    format!("{first} {second}")
}

#[cfg(test)]
mod tests {
    use portal_domain::{ids::ObservationId, results::ReferenceRange};

    use super::*;

    fn a1c(number: f64, flag: Flag) -> ObservationView {
        crate::text::bring(crate::text::PATIENT);
        ObservationView {
            id: ObservationId("00000000-0000-7000-8000-000000000001".parse().unwrap()),
            name: "Hemoglobin A1c".into(),
            loinc: None,
            value: Some(Value::Quantity { text: number.to_string(), number, unit: "%".into() }),
            flag,
            range: Some(ReferenceRange { low: Some(4.0), high: Some(5.6), text: "4 to 5.6 %".into() }),
            note: None,
            earlier: Vec::new(),
            part_of: None,
            susceptibility: None,
            drugs: Vec::new(),
        }
    }

    #[test]
    fn a_number_is_told_with_its_unit_and_against_its_range() {
        let high = "Your hemoglobin A1c is 6.4 %. This is above the usual range, 4 to 5.6 %.";
        assert_eq!(sentence(&a1c(6.4, Flag::High)), high);
        let normal = "Your hemoglobin A1c is 5 %. This is within the usual range, 4 to 5.6 %.";
        assert_eq!(sentence(&a1c(5.0, Flag::Normal)), normal);
    }

    #[test]
    fn words_are_told_as_words() {
        crate::text::bring(crate::text::PATIENT);
        let value = Some(Value::Text { text: "Negative".into() });
        let urine = ObservationView { name: "Nitrite".into(), value, range: None, ..a1c(0.0, Flag::Normal) };
        assert_eq!(sentence(&urine), "Your result for nitrite: Negative. This is as usual.");
    }

    #[test]
    fn every_flag_has_its_sentence_with_and_without_a_range() {
        for flag in Flag::ALL {
            let with = a1c(6.4, *flag);
            let without = ObservationView { range: None, ..with.clone() };
            assert!(!sentence(&with).contains(['{', '_']), "{flag}");
            assert!(!sentence(&without).contains(['{', '_']), "{flag}");
        }
    }

    #[test]
    fn abbreviations_keep_their_capitals() {
        assert_eq!(mid_sentence("Hemoglobin A1c"), "hemoglobin A1c");
        assert_eq!(mid_sentence("LDL cholesterol"), "LDL cholesterol");
        assert_eq!(
            mid_sentence("Low Density Lipoprotein Cholesterol"),
            "low density lipoprotein cholesterol"
        );
        assert_eq!(mid_sentence("pH of urine"), "pH of urine");
        assert_eq!(mid_sentence("Vitamin D"), "vitamin D");
        assert_eq!(mid_sentence(""), "");
    }

    #[test]
    fn long_names_of_code_systems_are_cut_to_what_people_know() {
        assert_eq!(plain_name("Leukocytes [#/volume] in Blood by Automated count"), "Leukocytes in Blood");
        assert_eq!(plain_name("Hemoglobin A1c/Hemoglobin.total in Blood"), "Hemoglobin A1c in Blood");
        assert_eq!(plain_name("LDL cholesterol"), "LDL cholesterol");
        assert_eq!(plain_name("[odd]"), "[odd]");
    }

    #[test]
    fn several_things_are_and_one_thing_is() {
        crate::text::bring(crate::text::PATIENT);
        let fats = ObservationView { name: "Triglycerides".into(), range: None, ..a1c(143.0, Flag::None) };
        assert_eq!(sentence(&fats), "Your triglycerides are 143 %.");
        assert!(!["Glucose", "Virus", "Hepatitis", "Mass"].into_iter().any(is_plural));
        assert!(is_plural("Platelets in Blood"));
    }
}
