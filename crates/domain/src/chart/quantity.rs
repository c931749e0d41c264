//! Measured amounts: the digits as sent, and how to show them to people.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::chart::{codes::codes, plain_unit};

codes! {
    /// On which side of the number the true value lies, when it was beyond what could be measured.
    Comparator {
        /// Less than the number.
        Below = "<",
        /// The number or less.
        AtMost = "<=",
        /// The number or more.
        AtLeast = ">=",
        /// More than the number.
        Above = ">",
    }
}

/// A decimal number with the digits that were sent.
///
/// FHIR: "the precision of the decimal value has significance", `1.20` is not `1.2`. So the literal
/// stands beside the number that is computed with. Written and read as the literal, in a string.
#[derive(Clone, Debug, PartialEq)]
pub struct Decimal {
    literal: String,
    value: f64,
}

/// More significant digits than this are a machine's noise (`185.48877894285542`), not a measurement.
const NOISE_DIGITS: usize = 6;
/// To how many significant digits noise is rounded.
const SHOWN_DIGITS: usize = 4;
/// A plain number longer than this is shown as it was sent, in powers of ten.
const LONGEST_PLAIN: i32 = 20;
/// The longest literal that is taken.
const LONGEST_LITERAL: usize = 64;

impl Decimal {
    /// Reads a JSON number; `None` when it is not one, is too long or too large for a computer's number.
    pub fn parse(literal: &str) -> Option<Self> {
        if literal.len() > LONGEST_LITERAL {
            return None;
        }
        Parts::of(literal)?;
        let value: f64 = literal.parse().ok()?;
        value.is_finite().then(|| Self { literal: literal.to_owned(), value })
    }

    /// The digits as sent.
    pub fn literal(&self) -> &str {
        &self.literal
    }

    /// The number to compute and compare with.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The number for people.
    ///
    /// As sent, unless it has more than 6 significant digits: then the fraction is cut to 4
    /// significant digits, rounding half away from zero. Whole digits are never rounded away (a
    /// viral load of 1,234,567 copies stays that).
    pub fn shown(&self) -> String {
        let Some(parts) = Parts::of(&self.literal) else { return self.literal.clone() };
        let first = parts.digits.iter().position(|digit| *digit != 0);
        let significant = first.map_or(0, |first| parts.digits.len() - first);
        if significant <= NOISE_DIGITS && !parts.powers_of_ten {
            return self.literal.clone();
        }
        if parts.longest_side() > LONGEST_PLAIN {
            return self.literal.clone();
        }
        if significant <= NOISE_DIGITS { parts.plain() } else { parts.rounded().plain() }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.literal)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let literal = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&literal).ok_or_else(|| de::Error::custom("expected a decimal number"))
    }
}

/// A JSON number taken apart: `digits` without the point, of which the last `scale` stand after it.
struct Parts {
    negative: bool,
    digits: Vec<u8>,
    scale: i32,
    powers_of_ten: bool,
}

impl Parts {
    fn of(literal: &str) -> Option<Self> {
        let (negative, rest) = literal.strip_prefix('-').map_or((false, literal), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).map_or((rest, None), |(m, e)| (m, Some(e)));
        let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
        let digits_only = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits_only(whole)
            || (whole.len() > 1 && whole.starts_with('0'))
            || fraction.is_some_and(|f| !digits_only(f))
        {
            return None;
        }
        let power = match exponent {
            None => 0,
            Some(text) => {
                let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
                if !digits_only(unsigned) || unsigned.len() > 4 {
                    return None;
                }
                text.parse::<i32>().ok()?
            }
        };
        let fraction = fraction.unwrap_or_default();
        let digits = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
        let scale = i32::try_from(fraction.len()).ok()? - power;
        Some(Self { negative, digits, scale, powers_of_ten: exponent.is_some() })
    }

    /// Cuts the fraction to `SHOWN_DIGITS` significant digits in all, half away from zero.
    fn rounded(mut self) -> Self {
        let first = self.digits.iter().position(|digit| *digit != 0).unwrap_or(0);
        let fraction = usize::try_from(self.scale).unwrap_or(0);
        let surplus = (self.digits.len() - first).saturating_sub(SHOWN_DIGITS).min(fraction);
        let kept = self.digits.len() - surplus;
        let up = self.digits.get(kept).is_some_and(|digit| *digit >= 5);
        self.digits.truncate(kept);
        self.scale -= i32::try_from(surplus).unwrap_or(0);
        if up {
            let mut carried = true;
            for digit in self.digits.iter_mut().rev() {
                *digit = if *digit == 9 { 0 } else { *digit + 1 };
                if *digit != 0 {
                    carried = false;
                    break;
                }
            }
            if carried {
                self.digits.insert(0, 1);
                if self.scale > 0 {
                    self.digits.pop();
                    self.scale -= 1;
                }
            }
        }
        self
    }

    /// How many characters the longer side of the point takes when written without powers of ten.
    fn longest_side(&self) -> i32 {
        let len = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        self.scale.max(len.saturating_sub(self.scale))
    }

    /// The number without powers of ten.
    fn plain(&self) -> String {
        let mut digits: Vec<u8> = self.digits.clone();
        let scale = usize::try_from(self.scale).unwrap_or(0);
        digits.extend(std::iter::repeat_n(0, usize::try_from(-self.scale).unwrap_or(0)));
        while digits.len() <= scale {
            digits.insert(0, 0);
        }
        let point = digits.len() - scale;
        let leading = digits[..point - 1].iter().take_while(|digit| **digit == 0).count();
        let mut text = String::with_capacity(digits.len() + 2);
        if self.negative {
            text.push('-');
        }
        text.extend(digits[leading..point].iter().map(|digit| char::from(b'0' + digit)));
        if scale > 0 {
            text.push('.');
            text.extend(digits[point..].iter().map(|digit| char::from(b'0' + digit)));
        }
        text
    }
}

/// An amount with its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number.
    pub decimal: Decimal,
    /// Set when the true value lies beyond the number (`< 5`).
    pub comparator: Option<Comparator>,
    /// The unit in words or signs, for people.
    pub unit: Option<String>,
    /// The unit's UCUM code, where sent: only amounts of one code may be compared.
    pub ucum: Option<String>,
}

impl Quantity {
    /// The number for people, with its sign when the true value lies beyond it: `< 5.2`.
    pub fn number(&self) -> String {
        let sign = match self.comparator {
            None => return self.decimal.shown(),
            Some(Comparator::Below) => "<",
            Some(Comparator::AtMost) => "≤",
            Some(Comparator::AtLeast) => "≥",
            Some(Comparator::Above) => ">",
        };
        format!("{sign} {}", self.decimal)
    }

    /// The unit for people; none where it says nothing (`1`, annotations of UCUM such as `{score}`).
    pub fn shown_unit(&self) -> Option<String> {
        self.unit.as_deref().map(plain_unit).filter(|unit| !unit.is_empty())
    }
}

impl fmt::Display for Quantity {
    /// For people: `< 5.2 mg/dL`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.number())?;
        match self.shown_unit().as_deref() {
            None => Ok(()),
            Some("%") => f.write_str("%"),
            Some(unit) => write!(f, " {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(literal: &str) -> String {
        Decimal::parse(literal).unwrap().shown()
    }

    #[test]
    fn digits_are_shown_as_sent_and_machine_noise_is_rounded() {
        for (literal, expected) in [
            ("1.20", "1.20"),
            ("0", "0"),
            ("-0.0", "-0.0"),
            ("7.45", "7.45"),
            ("250000", "250000"),
            ("0.000123", "0.000123"),
            ("123.456", "123.456"),
            ("185.48877894285542", "185.5"),
            ("0.0872905959395194", "0.08729"),
            ("-69.89007019319908", "-69.89"),
            ("1.163054774791695", "1.163"),
            ("99.99999999", "100.0"),
            ("9.99999999", "10.00"),
            ("12345.678901", "12346"),
            ("99999.99999", "100000"),
            ("1234567", "1234567"),
            ("1234567.5", "1234568"),
            ("1.5e3", "1500"),
            ("1E-3", "0.001"),
            ("1.23456789e2", "123.5"),
            ("1e300", "1e300"),
        ] {
            assert_eq!(shown(literal), expected, "{literal}");
        }
    }

    #[test]
    fn what_is_no_json_number_is_refused() {
        let long = "1".repeat(LONGEST_LITERAL + 1);
        for literal in [
            "", "-", "1.", ".5", "01", "+1", "1e", "1e400", "NaN", "inf", "1_000", "0x10", " 1", "1e99999",
            &long,
        ] {
            assert_eq!(Decimal::parse(literal), None, "{literal}");
        }
    }

    #[test]
    fn a_quantity_reads_as_people_write_it() {
        let quantity = |literal: &str, comparator, unit: &str| Quantity {
            decimal: Decimal::parse(literal).unwrap(),
            comparator,
            unit: Some(unit.to_owned()),
            ucum: None,
        };
        assert_eq!(quantity("5.20", Some(Comparator::Below), "mg/dL").to_string(), "< 5.20 mg/dL");
        assert_eq!(quantity("6.1", None, "%").to_string(), "6.1%");
        assert_eq!(quantity("3", None, "{score}").to_string(), "3");
    }

    proptest! {
        #[test]
        fn a_number_with_six_digits_or_fewer_is_shown_as_sent(whole in 0u32..1000, fraction in 0u32..1000, negative: bool) {
            let literal = format!("{}{whole}.{fraction:03}", if negative { "-" } else { "" });
            prop_assert_eq!(shown(&literal), literal);
        }

        #[test]
        fn what_is_shown_is_near_the_number_and_stays_as_it_is(value in prop::num::f64::NORMAL, power in -12i32..14) {
            let value = value.signum() * (value.abs().log10().fract().abs() + 0.1) * 10f64.powi(power);
            let decimal = Decimal::parse(&format!("{value}")).unwrap();
            let text = decimal.shown();
            let again = Decimal::parse(&text).unwrap();
            prop_assert!((again.value() - decimal.value()).abs() <= decimal.value().abs() * 0.000_500_1, "{} as {}", value, text);
            prop_assert_eq!(again.shown(), text);
        }

        #[test]
        fn a_whole_number_is_never_rounded(value: i64) {
            prop_assert_eq!(shown(&value.to_string()), value.to_string());
        }

        #[test]
        fn any_text_is_refused_or_reads_as_rust_reads_it(text in "-?[0-9]{0,8}(\\.[0-9]{0,20})?([eE][+-]?[0-9]{0,3})?|\\PC{0,10}") {
            if let Some(decimal) = Decimal::parse(&text) {
                prop_assert_eq!(decimal.value(), text.parse::<f64>().unwrap());
                decimal.shown();
            }
        }
    }
}
