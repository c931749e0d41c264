//! The data types of HL7 version 3 as the chart keeps them: codes, times, amounts, people.

use portal_domain::{
    chart::{
        ChartKind, Coding, Comparator, Decimal, Link, ObservationValue, PartialTime, Party, Quantity,
        SourceKey, plain_unit,
    },
    time::Date,
};
use uuid::Uuid;

use crate::ccda::{is_possible, system_of};
use crate::outside::{MAX_LINE, tree::Element, within};

/// Nobody in particular: whose it is, whoever takes it over says.
pub(super) fn nobody() -> Link {
    Link { kind: ChartKind::Patient, key: SourceKey::Local(Uuid::nil()) }
}

/// A code that its system could have given out.
pub(super) fn coding(element: &Element) -> Option<Coding> {
    let (code, oid) = (element.attribute("code")?, element.attribute("codeSystem")?);
    let system = system_of(oid)?;
    let display = element.attribute("displayName").map(|shown| within(shown, MAX_LINE));
    is_possible(&system, code).then(|| Coding { system, code: within(code, MAX_LINE), display })
}

pub(super) fn value_code(seen: &Element) -> Option<&str> {
    seen.at(&["value"])?.attribute("code")
}

/// From when to when an observation holds.
pub(super) fn interval(seen: &Element) -> (Option<PartialTime>, Option<PartialTime>) {
    seen.at(&["effectiveTime"]).map(bounds).unwrap_or_default()
}

/// The ends of a time; a point is its own start.
pub(super) fn bounds(told: &Element) -> (Option<PartialTime>, Option<PartialTime>) {
    let end = |name| told.at(&[name]).and_then(time);
    (end("low").or_else(|| time(told)), end("high"))
}

/// When an author wrote it.
pub(super) fn written(act: &Element) -> Option<PartialTime> {
    act.at(&["author", "time"]).and_then(time)
}

/// Who wrote it, by name.
pub(super) fn author(author: &Element) -> Option<Party> {
    party(&author.at(&["assignedAuthor", "assignedPerson", "name"])?.text())
}

pub(super) fn party(name: &str) -> Option<Party> {
    let name = within(name, MAX_LINE);
    (!name.is_empty()).then_some(Party { link: None, display: Some(name) })
}

/// An HL7 timestamp as exact as it is. A clock time without a zone could be hours off: the day is what it tells.
pub(super) fn time(told: &Element) -> Option<PartialTime> {
    let text = told.attribute("value")?;
    let (clock, zone) = match text.find(['+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let clock = clock.split('.').next().unwrap_or_default();
    if !clock.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| clock.get(from..to);
    match (clock.len(), zone.len()) {
        (4, 0) => clock.parse().ok(),
        (6, 0) => format!("{}-{}", part(0, 4)?, part(4, 6)?).parse().ok(),
        (12 | 14, 5) => {
            let seconds = part(12, 14).unwrap_or("00");
            let (hours, minutes) = zone.split_at(3);
            format!(
                "{}-{}-{}T{}:{}:{seconds}{hours}:{minutes}",
                part(0, 4)?,
                part(4, 6)?,
                part(6, 8)?,
                part(8, 10)?,
                part(10, 12)?
            )
            .parse()
            .ok()
        }
        (8.., 0 | 5) => {
            let day: Date = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?).parse().ok()?;
            PartialTime::day(day).ok()
        }
        _ => None,
    }
}

/// An amount; one whose unit is told in words only has its number beside them.
pub(super) fn quantity(told: &Element) -> Option<Quantity> {
    if told.attribute("value").is_none()
        && let Some(words) = told.at(&["translation"])
    {
        let unit = words.at(&["originalText"]).map(|text| within(&text.text(), MAX_LINE));
        let decimal = Decimal::parse(words.attribute("value")?)?;
        return Some(Quantity {
            decimal,
            comparator: None,
            unit: unit.filter(|unit| !unit.is_empty()),
            ucum: None,
        });
    }
    let decimal = Decimal::parse(told.attribute("value")?)?;
    let ucum = told.attribute("unit").filter(|unit| *unit != "1").map(|unit| within(unit, MAX_LINE));
    let unit = ucum.as_deref().map(plain_unit).filter(|unit| !unit.is_empty());
    Some(Quantity { decimal, comparator: None, unit, ucum })
}

/// What lies between two amounts, or on one side of one.
pub(super) fn range(told: &Element) -> Option<ObservationValue> {
    let end = |name: &str| {
        let end = told.at(&[name])?;
        Some((quantity(end)?, end.attribute("inclusive") != Some("false")))
    };
    Some(match (end("low"), end("high")) {
        (None, None) => return None,
        (Some((low, _)), Some((high, _))) => ObservationValue::Range { low: Some(low), high: Some(high) },
        (Some((low, inclusive)), None) => {
            let sign = if inclusive { Comparator::AtLeast } else { Comparator::Above };
            ObservationValue::Quantity(Quantity { comparator: Some(sign), ..low })
        }
        (None, Some((high, inclusive))) => {
            let sign = if inclusive { Comparator::AtMost } else { Comparator::Below };
            ObservationValue::Quantity(Quantity { comparator: Some(sign), ..high })
        }
    })
}
