//! Texts as the fonts can set them. A letter that no font has would make the file fail its standard (PDF/UA-1, through ISO
//! 32000's rule on `.notdef`), so it is replaced before it gets there, and the document says so.

use unicode_segmentation::UnicodeSegmentation;

use crate::fonts::fonts;

/// What stands for a letter that no font has: U+FFFD, which Unicode has for that.
pub const UNKNOWN: char = '\u{FFFD}';

/// A text that can be set, and whether every letter of it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legible {
    /// The text; its lines are parted by line feeds.
    pub text: String,
    /// Whether a letter was replaced by [`UNKNOWN`].
    pub has_unknown: bool,
}

/// Makes a text settable. Words of more than `most` letters may be broken after every so many: a table's column is
/// narrower than some identifiers are long.
pub fn legible(said: &str, most: usize) -> Legible {
    let mut text = String::with_capacity(said.len());
    let (mut has_unknown, mut in_word) = (false, 0);
    for cluster in said.trim_end().graphemes(true) {
        if matches!(cluster, "\n" | "\r\n" | "\r" | "\u{2028}" | "\u{2029}" | "\u{85}") {
            text.push('\n');
            in_word = 0;
            continue;
        }
        if cluster.chars().all(char::is_whitespace) {
            // A space of any kind is one; no-break spaces keep numbers and units together.
            text.push(if cluster == "\u{A0}" || cluster == "\u{202F}" { '\u{A0}' } else { ' ' });
            in_word = 0;
            continue;
        }
        let shown: String = cluster.chars().filter(|one| !is_unseen(*one)).collect();
        if shown.is_empty() {
            continue;
        }
        if in_word == most {
            text.push('\u{200B}');
            in_word = 0;
        }
        in_word += 1;
        if shown.chars().all(is_letter) && fonts().have(&shown) {
            text.push_str(&shown);
        } else {
            has_unknown = true;
            text.push(UNKNOWN);
        }
    }
    Legible { text, has_unknown }
}

/// Signs that are never seen: controls, marks of order and of joining. Typesetting has its own way with both; an override
/// of the order of letters would turn around what follows it.
fn is_unseen(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}')
        || matches!(one, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}')
        || matches!(one, '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Not of a private area: what such a sign means is known to its font alone (PDF/UA-1 asks for known letters).
fn is_letter(one: char) -> bool {
    !matches!(one, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> String {
        legible(text, 20).text
    }

    #[test]
    fn names_of_many_scripts_stay_as_they_are() {
        for name in
            ["Zoë Núñez", "Łukasz Żółć", "Ελένη", "Юлия", "שרה", "فاطمة", "Նարե", "ნინო", "Nguyễn Thị Ánh"]
        {
            assert_eq!(legible(name, 20), Legible { text: name.into(), has_unknown: false }, "{name}");
        }
    }

    #[test]
    fn a_letter_that_no_font_has_is_replaced_and_told() {
        let said = legible("Li 李 \u{E000}", 20);
        assert_eq!(said.text, format!("Li {UNKNOWN} {UNKNOWN}"));
        assert!(said.has_unknown);
        assert!(fonts().have(&UNKNOWN.to_string()));
    }

    #[test]
    fn controls_and_overrides_of_the_order_go_and_lines_stay() {
        assert_eq!(set("a\u{202E}b\u{0}\tc\r\nd\u{2028}e\u{AD}f\n\n"), "ab c\nd\nef");
    }

    #[test]
    fn a_word_longer_than_a_column_may_break_and_shorter_ones_may_not() {
        assert_eq!(legible("abcdefgh ijkl", 4).text, "abcd\u{200B}efgh ijkl");
    }
}
