//! Which codes can stand in a document at all: those that their system could have given out.
//!
//! A source may send a code with a slip in it. As a code it would say nothing or something else to the next clinic, so
//! only its words are kept.

use portal_domain::chart::systems;

/// Whether a code has the shape, and the check digit, of its system. Codes of other systems are taken as they are, when
/// they are without spaces.
pub fn is_possible(system: &str, code: &str) -> bool {
    let digits = |least: usize, most: usize| {
        (least..=most).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit())
    };
    match system {
        systems::LOINC => is_loinc(code),
        systems::SNOMED_CT => digits(6, 18) && is_snomed_ct(code),
        systems::RXNORM => digits(1, 8),
        systems::CVX => digits(1, 3),
        systems::ICD_10_CM => is_icd_10_cm(code),
        _ => !code.is_empty() && code.chars().all(|c| c.is_ascii_graphic()),
    }
}

/// Digits, a hyphen and a check digit (Luhn, LOINC Users' Guide appendix C); answers and parts have two letters first.
fn is_loinc(code: &str) -> bool {
    let bare = code.strip_prefix("LA").or_else(|| code.strip_prefix("LP")).unwrap_or(code);
    let Some((number, check)) = bare.split_once('-') else { return false };
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_number(number, 7) || !is_number(check, 1) {
        return false;
    }
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    check == ((10 - sum % 10) % 10).to_string()
}

/// A number that is no description's or relationship's (its second and third digit from the right say so), with its
/// check digit.
fn is_snomed_ct(digits: &str) -> bool {
    let partition = &digits[digits.len() - 3..digits.len() - 1];
    !digits.starts_with('0') && matches!(partition, "00" | "10") && verhoeff(digits) == 0
}

/// A letter, a digit, a letter or digit, then up to four more after a point.
fn is_icd_10_cm(code: &str) -> bool {
    let (head, tail) = code.split_once('.').map_or((code, None), |(head, tail)| (head, Some(tail)));
    let is_sign = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let head_fits = matches!(head.as_bytes(), [letter, digit, sign]
        if letter.is_ascii_uppercase() && digit.is_ascii_digit() && is_sign(sign));
    head_fits && tail.is_none_or(|tail| (1..=4).contains(&tail.len()) && tail.as_bytes().iter().all(is_sign))
}

/// What remains of the digits in the dihedral group of ten: 0 for a number with its right check digit (SNOMED CT
/// Technical Implementation Guide, "Check-digit").
fn verhoeff(digits: &str) -> usize {
    const PERMUTED: [[usize; 10]; 8] = {
        let mut all = [
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
            [0; 10],
            [0; 10],
            [0; 10],
            [0; 10],
            [0; 10],
            [0; 10],
        ];
        let mut row = 2;
        while row < 8 {
            let mut place = 0;
            while place < 10 {
                all[row][place] = all[row - 1][all[1][place]];
                place += 1;
            }
            row += 1;
        }
        all
    };
    // In this group turns are 0 to 4 and flips 5 to 9.
    let product = |a: usize, b: usize| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let places = digits.bytes().rev().enumerate();
    places.fold(0, |so_far, (place, byte)| product(so_far, PERMUTED[place % 8][usize::from(byte - b'0')]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_were_given_out_are_possible_and_any_other_last_digit_is_not() {
        for (system, code) in [
            (systems::LOINC, "2345-7"),
            (systems::LOINC, "8480-6"),
            (systems::LOINC, "72166-2"),
            (systems::LOINC, "82606-5"),
            (systems::SNOMED_CT, "55607006"),
            (systems::SNOMED_CT, "46680005"),
            (systems::SNOMED_CT, "195967001"),
            (systems::SNOMED_CT, "428041000124106"),
        ] {
            assert!(is_possible(system, code), "{code}");
            let (head, last) = code.split_at(code.len() - 1);
            for other in (0..10).map(|digit| digit.to_string()).filter(|digit| digit != last) {
                assert!(!is_possible(system, &format!("{head}{other}")), "{head}{other}");
            }
        }
    }

    #[test]
    fn shapes_that_no_system_has_are_impossible() {
        for (system, code) in [
            (systems::LOINC, "2345"),
            (systems::LOINC, "2345-"),
            (systems::LOINC, "-7"),
            (systems::SNOMED_CT, "12345"),
            (systems::SNOMED_CT, "asthma"),
            (systems::RXNORM, "31A"),
            (systems::CVX, "1234"),
            (systems::ICD_10_CM, "99918"),
            (systems::ICD_10_CM, "J45."),
            ("urn:oid:2.16.840.1.113883.5.4", "A B"),
            ("urn:oid:2.16.840.1.113883.5.4", ""),
        ] {
            assert!(!is_possible(system, code), "{code}");
        }
        assert!(is_possible(systems::ICD_10_CM, "J45.909") && is_possible(systems::ICD_10_CM, "I10"));
    }
}
