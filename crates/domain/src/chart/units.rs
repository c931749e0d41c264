//! Units as people write them.

/// A unit (UCUM) as a letter would write it: `10*3/uL` becomes `thousand/µL`, `mm[Hg]` becomes `mmHg`. Empty for a unit
/// that is a note alone (`{score}`). What is not known stays as it is.
pub fn plain_unit(unit: &str) -> String {
    if unit == "1" || (note(unit).is_some() && !unit.contains('/')) {
        return String::new();
    }
    unit.split('/').map(plain_part).collect::<Vec<_>>().join("/")
}

/// What stands in braces.
fn note(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// One part of a fraction.
fn plain_part(part: &str) -> String {
    let known = match part {
        "10*3" => "thousand",
        "10*6" => "million",
        "10*9" => "billion",
        "10*12" => "trillion",
        "uL" => "µL",
        "ug" => "µg",
        "umol" => "µmol",
        "uU" => "µU",
        "um" => "µm",
        "m2" => "m²",
        "mm[Hg]" => "mmHg",
        "Cel" => "°C",
        "[degF]" => "°F",
        "[lb_av]" => "lb",
        "[in_i]" => "in",
        "[IU]" => "IU",
        _ => {
            return note(part)
                .map_or_else(|| part.to_owned(), |note| note.replace('_', " ").replace("m2", "m²"));
        }
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_as_in_a_letter() {
        for (unit, plain) in [
            ("10*3/uL", "thousand/µL"),
            ("10*6/uL", "million/µL"),
            ("10*12/L", "trillion/L"),
            ("mg/dL", "mg/dL"),
            ("ug/L", "µg/L"),
            ("{score}", ""),
            ("%", "%"),
            ("mm[Hg]", "mmHg"),
            ("kg/m2", "kg/m²"),
            ("Cel", "°C"),
            ("[degF]", "°F"),
            ("/min", "/min"),
            ("1", ""),
            ("x10E3/uL", "x10E3/µL"),
            ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ] {
            assert_eq!(plain_unit(unit), plain);
        }
    }
}
