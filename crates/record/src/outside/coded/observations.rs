//! Results and vital signs.

use portal_domain::chart::{
    ChartEntry, ChartObservation, Interpretation, ObservationCategory, ObservationStatus, ObservationValue,
    ReferenceRange,
};

use super::{
    Told,
    values::{bounds, nobody, quantity, range, time},
};
use crate::outside::{MAX_LINE, MAX_TEXT, tree::Element, within};

impl Told<'_> {
    pub(super) fn observation(&self, seen: &Element, category: ObservationCategory) -> Option<ChartEntry> {
        let code = self.concept(seen.at(&["code"])?)?;
        let status = match seen.at(&["statusCode"]).and_then(|status| status.attribute("code")) {
            Some("active") => ObservationStatus::Preliminary,
            Some("aborted" | "cancelled") => ObservationStatus::Cancelled,
            _ => ObservationStatus::Final,
        };
        let time = seen.at(&["effectiveTime"]).map(bounds).unwrap_or_default();
        let interpretation = seen.at(&["interpretationCode"]).and_then(|flag| flag.attribute("code"));
        let record = ChartObservation {
            patient: nobody(),
            category,
            status,
            code,
            effective: time.0.or(time.1),
            effective_end: None,
            issued: None,
            value: seen.at(&["value"]).and_then(|value| self.value(value)),
            absent_reason: None,
            components: Vec::new(),
            members: Vec::new(),
            interpretation: interpretation.and_then(Interpretation::read),
            interpretation_text: None,
            reference_range: seen
                .at(&["referenceRange", "observationRange"])
                .and_then(|usual| self.usual(usual)),
            specimen: None,
            method: None,
            body_site: None,
            performers: Vec::new(),
            encounter: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    fn value(&self, value: &Element) -> Option<ObservationValue> {
        Some(match value.attribute("type")? {
            "PQ" | "INT" | "REAL" | "MO" => ObservationValue::Quantity(quantity(value)?),
            "IVL_PQ" | "IVL_INT" | "IVL_REAL" => range(value)?,
            "CD" | "CE" | "CO" | "CV" | "CS" => ObservationValue::Concept(self.concept(value)?),
            "BL" => ObservationValue::Boolean(value.attribute("value")? == "true"),
            "TS" => ObservationValue::Time(time(value)?),
            _ => {
                let words = within(&self.words(value), MAX_TEXT);
                (!words.is_empty()).then_some(ObservationValue::Text(words))?
            }
        })
    }

    fn usual(&self, usual: &Element) -> Option<ReferenceRange> {
        let (low, high) = usual.at(&["value"]).map_or((None, None), |value| {
            let end = |name| value.at(&[name]).and_then(quantity);
            (end("low"), end("high"))
        });
        let text = usual.at(&["text"]).map(|text| within(&self.words(text), MAX_LINE));
        let words = usual.at(&["value"]).filter(|value| value.attribute("type") == Some("ST"));
        let text = text.or_else(|| words.map(|words| within(&words.text(), MAX_LINE)));
        let text = text.filter(|text| !text.is_empty());
        (low.is_some() || high.is_some() || text.is_some()).then_some(ReferenceRange { low, high, text })
    }
}
