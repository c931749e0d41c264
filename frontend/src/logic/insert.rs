//! Putting a ready text into one that is being written.

/// `text` with `piece` put in at `at`, which a browser counts in UTF-16 units, and where the cursor stands after it.
/// Nothing is replaced. At the end of a text that was begun the piece starts a paragraph of its own.
pub fn insert_at(text: &str, piece: &str, at: Option<u32>) -> (String, u32) {
    let place = at.map_or(text.len(), |at| byte_of(text, at));
    let (before, after) = text.split_at(place);
    let gap = if after.is_empty() && !before.trim_end().is_empty() { "\n\n" } else { "" };
    let before = if gap.is_empty() { before } else { before.trim_end() };
    let head = format!("{before}{gap}{piece}");
    let cursor = head.encode_utf16().count() as u32;
    (head + after, cursor)
}

/// The byte at which the UTF-16 unit `at` begins; the text's end when it is shorter.
fn byte_of(text: &str, at: u32) -> usize {
    let mut units = 0;
    for (place, letter) in text.char_indices() {
        if units >= at {
            return place;
        }
        units += letter.len_utf16() as u32;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_goes_in_at_the_cursor_and_replaces_nothing() {
        assert_eq!(insert_at("Hello Anna", "dear ", Some(6)), ("Hello dear Anna".into(), 11));
        assert_eq!(insert_at("", "Thanks.", Some(0)), ("Thanks.".into(), 7));
    }

    #[test]
    fn at_the_end_it_is_a_paragraph_of_its_own() {
        assert_eq!(insert_at("Hello", "Thanks.", None), ("Hello\n\nThanks.".into(), 14));
        assert_eq!(insert_at("Hello\n", "Thanks.", Some(6)), ("Hello\n\nThanks.".into(), 14));
    }

    #[test]
    fn a_cursor_behind_letters_of_two_units_falls_between_letters() {
        assert_eq!(insert_at("😀é!", "x", Some(2)), ("😀xé!".into(), 3));
        assert_eq!(insert_at("😀", "x", Some(1)).0, "😀\n\nx", "within a letter is behind it");
        assert_eq!(insert_at("ab", "x", Some(99)).0, "ab\n\nx");
    }
}
