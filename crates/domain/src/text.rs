//! Text that people type: cleaned once, measured in characters.

#[cfg(not(target_arch = "wasm32"))]
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::problem::FieldError;

#[cfg(not(target_arch = "wasm32"))]
fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// As typed: the tables would weigh 80 kB on a phone, and the server brings what arrives into NFC.
#[cfg(target_arch = "wasm32")]
fn nfc(text: &str) -> String {
    text.into()
}

/// The text in NFC without white space at its ends, or why it is refused: longer than `max`
/// characters, or holding control characters (line breaks are allowed where `lines` says so).
pub fn clean(field: &str, text: &str, max: usize, lines: Lines) -> Result<String, FieldError> {
    let text = nfc(text.trim());
    if text.chars().count() > max {
        return Err(FieldError::new(field, "too_long", format!("Use {max} characters or fewer.")));
    }
    let allowed = |c: char| !c.is_control() || (lines == Lines::Many && matches!(c, '\n' | '\r' | '\t'));
    if !text.chars().all(allowed) {
        return Err(FieldError::new(field, "control_characters", "Remove the control characters."));
    }
    Ok(text)
}

/// [`clean`] for text that must not be empty.
pub fn required(field: &str, text: &str, max: usize, lines: Lines) -> Result<String, FieldError> {
    let text = clean(field, text, max, lines)?;
    if text.is_empty() {
        return Err(FieldError::new(field, "required", "Fill this in."));
    }
    Ok(text)
}

/// Whether a text may hold line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A name, a subject.
    One,
    /// A note, a message.
    Many,
}

/// NFKC, case-folded, inner white space single: how names and usernames are compared (SEC-1, ENR-1).
#[cfg(not(target_arch = "wasm32"))]
pub fn fold(text: &str) -> String {
    let folded = caseless::default_case_fold_str(&text.nfkc().collect::<String>());
    let folded: String = folded.nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`fold`] without accents: how names are compared that one person writes as another one told them.
#[cfg(not(target_arch = "wasm32"))]
pub fn fold_loosely(text: &str) -> String {
    let bare: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).collect();
    fold(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_case_width_and_spacing() {
        assert_eq!(fold("  Straße  "), fold("STRASSE"));
        assert_eq!(fold("Åsa"), fold("A\u{30a}SA"));
        assert_eq!(fold("ＬＵＮＤ"), "lund");
        assert_eq!(fold("van  der\tBerg"), "van der berg");
    }

    #[test]
    fn loosely_accents_do_not_count_either() {
        assert_eq!(fold_loosely("GARCÍA"), fold_loosely("Garcia"));
        assert_eq!(fold_loosely("Åsa"), "asa");
        assert_ne!(fold_loosely("Müller"), fold_loosely("Miller"));
    }

    #[test]
    fn a_nul_and_an_overlong_text_are_refused() {
        assert_eq!(clean("note", "a\0b", 10, Lines::Many).unwrap_err().code, "control_characters");
        assert_eq!(clean("note", "a\nb", 10, Lines::One).unwrap_err().code, "control_characters");
        assert_eq!(clean("note", "äääää", 4, Lines::One).unwrap_err().code, "too_long");
        assert_eq!(required("name", "  ", 4, Lines::One).unwrap_err().code, "required");
    }
}
