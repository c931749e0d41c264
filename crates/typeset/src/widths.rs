//! How wide columns are: as their texts ask for, the same for all tables of a section that have the same headings.

/// A word wider than this many letters is broken rather than given more room.
pub const WIDEST_WORD: usize = 22;
/// A column of long texts gets no more room than a text of so many letters.
const WIDEST_TEXT: usize = 36;
/// Texts no longer than this, dates above all, are kept in one line.
const SHORT_TEXT: usize = 14;
/// So many letters of a table's size fill a line, with some to spare for wide ones.
const LINE: usize = 100;
/// What the space beside a column's text takes, in letters.
const PADDING: usize = 2;

/// What one column asks for, in letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Without which its words would be broken.
    least: usize,
    /// With which most of its texts fit in one line.
    wished: usize,
}

impl Column {
    /// Of its heading and its texts; none when no text says anything: then it can be left out.
    pub fn of<'a>(heading: &str, cells: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let (mut word, mut lengths) = (0, Vec::new());
        for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
            word = word.max(longest(cell.split_whitespace()));
            lengths.push(longest(cell.lines()));
        }
        lengths.sort_unstable();
        // What nine of ten fit into: one text that is very long does not push the others aside.
        let most = *lengths.get((lengths.len() * 9).div_ceil(10).saturating_sub(1))?;
        // Headings are bold.
        let whole = heading.chars().count() + 2;
        let heading = longest(heading.split_whitespace()) + 1;
        let short = if most <= SHORT_TEXT { most } else { 0 };
        let least = heading.max(word.min(WIDEST_WORD)).max(short);
        Some(Self { least, wished: most.max(whole).min(WIDEST_TEXT).max(least) })
    }
}

fn longest<'a>(parts: impl Iterator<Item = &'a str>) -> usize {
    parts.map(|part| part.chars().count()).max().unwrap_or(0)
}

/// The columns' shares of the line: as wished where there is room, else of what is over the least in proportion.
pub fn shares(columns: &[Column]) -> Vec<i64> {
    let least: usize = columns.iter().map(|column| column.least + PADDING).sum();
    let over: usize = columns.iter().map(|column| column.wished - column.least).sum();
    let room = LINE.saturating_sub(least).min(over);
    let share = |column: &Column| {
        // In hundredths of a letter.
        let more = (column.wished - column.least) * room * 100 / over.max(1);
        i64::try_from((column.least + PADDING) * 100 + more).unwrap_or(i64::MAX)
    };
    columns.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(heading: &str, cells: &[&str]) -> (usize, usize) {
        let column = Column::of(heading, cells.iter().copied()).unwrap();
        (column.least, column.wished)
    }

    #[test]
    fn a_column_asks_for_its_longest_word_and_wishes_for_what_most_texts_fill() {
        assert_eq!(asks("Since", &["Apr 17, 2009", "2009"]), (12, 12));
        assert_eq!(asks("Compared with usual", &["High"]), (9, 21));
        assert_eq!(asks("Value", &["Hydrochlorothiazide 25"]), (19, 22));
        let long = "word ".repeat(200);
        assert_eq!(asks("Text", &[&long]), (5, 36));
        let mut texts = vec!["short"; 20];
        texts.push(&long);
        assert_eq!(asks("Text", &texts), (5, 6));
    }

    #[test]
    fn a_column_without_any_text_asks_for_nothing() {
        assert_eq!(Column::of("Lot", ["", ""]), None);
    }

    #[test]
    fn where_room_is_short_a_word_keeps_its_own_and_long_texts_share_the_rest() {
        let date = Column { least: 12, wished: 12 };
        let text = Column { least: 8, wished: 36 };
        assert_eq!(shares(&[date, text]), [1400, 3800]);
        let many = shares(&[date, text, text, text, text]);
        assert_eq!(many[0], 1400);
        assert!(many.iter().sum::<i64>() <= 10_000 && many.iter().sum::<i64>() > 9_900, "{many:?}");
    }
}
