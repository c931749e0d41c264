//! What people see of an observation: value, usual range and flag in words (LAB-3).

use crate::{
    chart::{
        ChartObservation, Interpretation, ObservationComponent, ObservationValue, Quantity, ReferenceRange,
    },
    results,
    results::{Flag, Susceptibility, TriedDrug},
};

impl Interpretation {
    /// What the code says in the portal's few words. Findings such as "positive" or "resistant" speak
    /// for themselves: they are not abnormal in every test, so they carry no flag.
    pub fn flag(self) -> Flag {
        match self {
            Self::Normal => Flag::Normal,
            Self::Low | Self::SignificantlyLow | Self::OffScaleLow => Flag::Low,
            Self::High | Self::SignificantlyHigh | Self::OffScaleHigh => Flag::High,
            Self::Abnormal => Flag::Abnormal,
            Self::CriticallyLow => Flag::CriticalLow,
            Self::CriticallyHigh => Flag::CriticalHigh,
            Self::CriticallyAbnormal => Flag::CriticalAbnormal,
            _ => Flag::None,
        }
    }

    /// Whether the drug works on the germ, where the code says that.
    pub fn susceptibility(self) -> Option<Susceptibility> {
        match self {
            Self::Susceptible | Self::SynergySusceptible => Some(Susceptibility::Susceptible),
            Self::SusceptibleDoseDependent => Some(Susceptibility::HigherDose),
            Self::Intermediate => Some(Susceptibility::Intermediate),
            Self::Resistant | Self::NonSusceptible | Self::SynergyResistant => {
                Some(Susceptibility::Resistant)
            }
            _ => None,
        }
    }
}

impl ChartObservation {
    /// The flag that stands beside the value: the laboratory's, else where the number lies against
    /// the usual range; the weightiest of its parts.
    pub fn flag(&self) -> Flag {
        let own = flag(self.interpretation, self.value.as_ref(), self.reference_range.as_ref());
        self.components.iter().map(ObservationComponent::flag).fold(own, Flag::max)
    }

    /// The value for people; `None` when there is none (see [`Self::shown_note`] for why).
    /// Parts without a value of the whole are a line each.
    pub fn shown_value(&self) -> Option<results::Value> {
        if let Some(value) = &self.value {
            return Some(value.shown());
        }
        let lines = self.part_lines();
        (!lines.is_empty()).then(|| results::Value::Text { text: lines.join("\n") })
    }

    /// Each part that has a value, in words; not the drugs that were tried, which stand in a table.
    fn part_lines(&self) -> Vec<String> {
        let line = |part: &ObservationComponent| {
            Some(format!("{}: {}", part.code.text, part.value.as_ref()?.shown().words()))
        };
        self.components.iter().filter(|part| part.susceptibility().is_none()).filter_map(line).collect()
    }

    /// Whether a drug works on a germ, when this is what was measured.
    pub fn susceptibility(&self) -> Option<Susceptibility> {
        self.interpretation.and_then(Interpretation::susceptibility)
    }

    /// The drugs that were tried on a germ, where they came as parts of it.
    pub fn drugs(&self) -> Vec<TriedDrug> {
        let drug = |part: &ObservationComponent| {
            Some(TriedDrug {
                name: part.code.text.clone(),
                value: part.value.as_ref().map(ObservationValue::shown),
                susceptibility: part.susceptibility()?,
            })
        };
        self.components.iter().filter_map(drug).collect()
    }

    /// Parts beside a value of the whole (their flags count, so they must be seen), the laboratory's remarks, and why
    /// there is no value.
    pub fn shown_note(&self) -> Option<String> {
        let parts = self.value.as_ref().map(|_| self.part_lines()).unwrap_or_default();
        let reason = self.absent_reason.iter().map(|reason| reason.text.clone());
        let lines: Vec<_> = parts.into_iter().chain(self.notes.iter().cloned()).chain(reason).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The usual range for people.
    pub fn shown_range(&self) -> Option<results::ReferenceRange> {
        self.reference_range.as_ref().map(ReferenceRange::shown)
    }
}

impl ObservationComponent {
    /// Whether a drug works on a germ, when this is what was measured.
    pub fn susceptibility(&self) -> Option<Susceptibility> {
        self.interpretation.and_then(Interpretation::susceptibility)
    }

    /// The flag that stands beside the value of this part.
    pub fn flag(&self) -> Flag {
        flag(self.interpretation, self.value.as_ref(), self.reference_range.as_ref())
    }

    /// The usual range for people.
    pub fn shown_range(&self) -> Option<results::ReferenceRange> {
        self.reference_range.as_ref().map(ReferenceRange::shown)
    }
}

fn flag(
    sent: Option<Interpretation>,
    value: Option<&ObservationValue>,
    range: Option<&ReferenceRange>,
) -> Flag {
    // "Worse than before" or "resistant" don't say where the number lies: then the range speaks.
    if let Some(sent) = sent.map(Interpretation::flag).filter(|sent| *sent != Flag::None) {
        return sent;
    }
    let (Some(ObservationValue::Quantity(quantity)), Some(range)) = (value, range) else { return Flag::None };
    let comparable = |end: &Option<Quantity>| {
        end.as_ref()
            .filter(|end| end.ucum.is_none() || end.ucum == quantity.ucum)
            .map(|end| end.decimal.value())
    };
    if quantity.comparator.is_some() {
        return Flag::None;
    }
    Flag::of(quantity.decimal.value(), comparable(&range.low), comparable(&range.high))
}

impl ObservationValue {
    /// The value for people.
    pub fn shown(&self) -> results::Value {
        let text = match self {
            Self::Quantity(quantity) => {
                return results::Value::Quantity {
                    text: quantity.number(),
                    number: quantity.decimal.value(),
                    unit: quantity.shown_unit().unwrap_or_default(),
                };
            }
            Self::Concept(concept) => concept.text.clone(),
            Self::Text(text) => text.clone(),
            Self::Boolean(true) => "Yes".to_owned(),
            Self::Boolean(false) => "No".to_owned(),
            Self::Range { low, high } => between(low.as_ref(), high.as_ref()),
            Self::Ratio { numerator, denominator } => format!("{numerator}:{denominator}"),
            Self::Time(time) => time.to_string(),
            Self::NotShown => "The practice has this value; it can't be shown here.".to_owned(),
        };
        results::Value::Text { text }
    }
}

impl results::Value {
    /// The whole of it in one text, with the unit.
    pub fn words(&self) -> String {
        match self {
            Self::Text { text } => text.clone(),
            Self::Quantity { text, unit, .. } if unit.is_empty() => text.clone(),
            Self::Quantity { text, unit, .. } if unit == "%" => format!("{text}%"),
            Self::Quantity { text, unit, .. } => format!("{text} {unit}"),
        }
    }
}

impl ReferenceRange {
    /// The range for people: the sender's words, else its ends.
    pub fn shown(&self) -> results::ReferenceRange {
        let end = |end: &Option<Quantity>| end.as_ref().map(|end| end.decimal.value());
        let text = self.text.clone().unwrap_or_else(|| between(self.low.as_ref(), self.high.as_ref()));
        results::ReferenceRange { low: end(&self.low), high: end(&self.high), text }
    }
}

fn between(low: Option<&Quantity>, high: Option<&Quantity>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{} to {high}", low.number()),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("up to {high}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Comparator, Decimal};

    fn quantity(literal: &str, unit: &str) -> Quantity {
        let unit = Some(unit.to_owned());
        Quantity { decimal: Decimal::parse(literal).unwrap(), comparator: None, ucum: unit.clone(), unit }
    }

    fn range(low: Option<&str>, high: Option<&str>, unit: &str) -> ReferenceRange {
        ReferenceRange {
            low: low.map(|l| quantity(l, unit)),
            high: high.map(|h| quantity(h, unit)),
            text: None,
        }
    }

    #[test]
    fn the_laboratorys_flag_outranks_the_range_and_the_range_speaks_when_it_is_silent() {
        let value = ObservationValue::Quantity(quantity("6.4", "%"));
        let range = range(Some("4.0"), Some("5.6"), "%");
        assert_eq!(flag(None, Some(&value), Some(&range)), Flag::High);
        assert_eq!(flag(Some(Interpretation::Normal), Some(&value), Some(&range)), Flag::Normal);
        assert_eq!(flag(None, Some(&value), None), Flag::None);
    }

    #[test]
    fn a_sent_word_without_a_flag_leaves_the_number_to_the_range() {
        let value = ObservationValue::Quantity(quantity("6.4", "%"));
        let range = range(Some("4.0"), Some("5.6"), "%");
        for sent in [Interpretation::Up, Interpretation::Worse, Interpretation::InsufficientEvidence] {
            assert_eq!(flag(Some(sent), Some(&value), Some(&range)), Flag::High, "{sent:?}");
        }
    }

    #[test]
    fn amounts_of_different_units_are_not_compared() {
        let value = ObservationValue::Quantity(quantity("6.4", "mmol/L"));
        assert_eq!(flag(None, Some(&value), Some(&range(Some("70"), Some("99"), "mg/dL"))), Flag::None);
        let beyond = Quantity { comparator: Some(Comparator::Below), ..quantity("5", "mg/dL") };
        let range = range(Some("70"), None, "mg/dL");
        assert_eq!(flag(None, Some(&ObservationValue::Quantity(beyond)), Some(&range)), Flag::None);
    }

    #[test]
    fn a_range_reads_as_a_sentence_would_say_it() {
        assert_eq!(range(Some("4.0"), Some("5.6"), "%").shown().text, "4.0 to 5.6%");
        assert_eq!(range(Some("60"), None, "mL/min").shown().text, "60 mL/min or more");
        assert_eq!(range(None, Some("200"), "mg/dL").shown().text, "up to 200 mg/dL");
    }
}
