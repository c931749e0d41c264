//! Text as it may be stored.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The longest id of a resource (FHIR `id`).
pub(super) const ID: usize = 64;
/// The longest code.
pub(super) const CODE: usize = 128;
/// The longest URI and identifier.
pub(super) const URI: usize = 512;
/// The longest name of a person, in characters: names stand in indexes, which take at most some 2,700 bytes a row.
pub(super) const NAME: usize = 200;
/// The longest display or other single line.
pub(super) const LINE: usize = 1_000;
/// The longest text of several lines.
pub(super) const TEXT: usize = 100_000;

/// Why a text can't be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It holds NUL or another control character, which databases or screens stumble over.
    Control,
    /// It is longer than allowed.
    Long,
}

/// A single line: composed (NFC), trimmed, tabs and line breaks as spaces. Empty when nothing is left.
pub(super) fn line(text: String, limit: usize) -> Result<String, Unfit> {
    clean(text, limit, false)
}

/// Several lines: composed (NFC), trimmed, line breaks as `\n`.
pub(super) fn lines(text: String, limit: usize) -> Result<String, Unfit> {
    clean(text, limit, true)
}

fn clean(text: String, limit: usize, keep_breaks: bool) -> Result<String, Unfit> {
    // At most four bytes a character: a longer text can't fit, and need not be composed first.
    if text.len() > limit.saturating_mul(4) {
        return Err(Unfit::Long);
    }
    let has_controls = text.chars().any(char::is_control);
    let cleaned = if !has_controls
        && is_nfc_quick(text.chars()) == IsNormalized::Yes
        && text.trim().len() == text.len()
    {
        text
    } else {
        let broken = text.replace("\r\n", "\n").replace('\r', "\n");
        let spaced = if keep_breaks { broken } else { broken.replace(['\n', '\t'], " ") };
        if spaced.chars().any(|c| c.is_control() && !(keep_breaks && matches!(c, '\n' | '\t'))) {
            return Err(Unfit::Control);
        }
        spaced.trim().nfc().collect()
    };
    if cleaned.chars().count() > limit { Err(Unfit::Long) } else { Ok(cleaned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_trimmed_and_free_of_controls() {
        assert_eq!(line(" Zo\u{65}\u{308} \t Ann\n".into(), LINE), Ok("Zo\u{eb}   Ann".into()));
        assert_eq!(lines("a\r\nb\rc".into(), LINE), Ok("a\nb\nc".into()));
        assert_eq!(line("a\0b".into(), LINE), Err(Unfit::Control));
        assert_eq!(lines("a\u{1b}[31m".into(), LINE), Err(Unfit::Control));
        assert_eq!(line("\u{85}".into(), LINE), Err(Unfit::Control));
        assert_eq!(line("é".repeat(5), 4), Err(Unfit::Long));
        assert_eq!(line("é".repeat(4), 4), Ok("é".repeat(4)));
    }
}
