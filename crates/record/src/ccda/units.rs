//! Units that were sent in words only, as UCUM writes them.

/// The UCUM code of a unit in words; none where it is not one of the few that mean one thing.
pub fn ucum(words: &str) -> Option<&'static str> {
    let words = words.trim();
    let same = AS_WRITTEN.iter().find(|unit| **unit == words);
    same.or_else(|| NAMED.iter().find(|(name, _)| *name == words).map(|(_, unit)| unit)).copied()
}

/// Words that are UCUM codes already.
const AS_WRITTEN: [&str; 31] = [
    "%", "/min", "U/L", "cm", "d", "fL", "g", "g/L", "g/dL", "h", "kg", "kg/m2", "L", "m", "mEq/L", "mg",
    "mg/L", "mg/dL", "mg/mL", "min", "mL", "mm", "mmol", "mmol/L", "mol", "ng/dL", "ng/mL", "nmol/L", "pg",
    "pg/mL", "s",
];

/// Words for which UCUM has a code of its own.
const NAMED: [(&str, &str); 17] = [
    ("mmHg", "mm[Hg]"),
    ("mm Hg", "mm[Hg]"),
    ("bpm", "/min"),
    ("beats/min", "/min"),
    ("breaths/min", "/min"),
    ("°C", "Cel"),
    ("°F", "[degF]"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("in", "[in_i]"),
    ("inches", "[in_i]"),
    ("kg/m²", "kg/m2"),
    ("mcg", "ug"),
    ("µg", "ug"),
    ("ml", "mL"),
    ("µg/L", "ug/L"),
    ("percent", "%"),
];
