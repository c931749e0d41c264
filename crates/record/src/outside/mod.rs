//! Records that other systems wrote, read to be shown: what a clinical document says of itself and its sections in its own
//! words, and what a FHIR bundle says in the words of the [`narrative`](crate::narrative). Nothing of it is trusted: sizes,
//! depths and counts have limits, a document type is refused, and no message repeats what was sent.

mod ccda;
mod coded;
mod fhir;
pub(crate) mod tree;

use chrono_tz::Tz;
use portal_domain::{
    chart::ChartEntry,
    outside::{MAX_OUTSIDE_BYTES, OutsideFormat, OutsidePerson, OutsideSection},
    record::ChartBlock,
    time::{Date, Time},
};
use uuid::Uuid;

use crate::narrative::Block;

/// The longest text of one cell or paragraph, in characters; more is cut off.
pub(crate) const MAX_TEXT: usize = 20_000;
/// The longest title or name, in characters.
const MAX_LINE: usize = 200;
/// How many rows of tables and paragraphs one record may show.
pub(crate) const MAX_ROWS: usize = 10_000;

/// How many coded entries of one record are read.
pub(crate) const MAX_ENTRIES: usize = 20_000;

/// A coded entry of a record that another system wrote. Whose it is, the record says as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideEntry {
    /// Its place in the file.
    pub key: String,
    /// What it says.
    pub record: ChartEntry,
}

/// A record that another system wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideDocument {
    /// What it is written in.
    pub format: OutsideFormat,
    /// What it calls itself; may be empty.
    pub title: String,
    /// Who keeps it; may be empty.
    pub source: String,
    /// The day that it was made.
    pub made_on: Option<Date>,
    /// Whom it is about.
    pub person: Option<OutsidePerson>,
    /// What it says.
    pub sections: Vec<OutsideSection>,
    /// What of it is coded.
    pub entries: Vec<OutsideEntry>,
    /// How many parts could not be read.
    pub unread: u64,
}

/// Why a file can't be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// Nothing in it.
    #[error("This file is empty.")]
    Empty,
    /// More bytes than are read.
    #[error("This file is too large. The most is 10 MB.")]
    TooLarge,
    /// No text in UTF-8.
    #[error("This file is no text in UTF-8. Ask for a C-CDA (XML) or FHIR (JSON) file.")]
    NotText,
    /// It has a document type, which could make it mean anything.
    #[error("This file holds a document type (DOCTYPE), which we don't read. Ask for it without.")]
    DocumentType,
    /// Deeper, or of more parts, than documents are.
    #[error("This file has more parts than we read.")]
    TooComplex,
    /// Cut off, or wrong.
    #[error("This file is broken or was cut off. Ask for it again.")]
    Broken,
    /// Something else.
    #[error("This is no record that we can read. Ask for a C-CDA (XML) or FHIR R4 (JSON) file.")]
    NoRecord,
}

impl OutsideError {
    /// The stable code of the field error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "outside_empty",
            Self::TooLarge => "outside_too_large",
            Self::NotText => "outside_not_text",
            Self::DocumentType => "outside_document_type",
            Self::TooComplex => "outside_too_complex",
            Self::Broken => "outside_broken",
            Self::NoRecord => "outside_no_record",
        }
    }
}

/// Reads a file, whatever of the two it is. `now` stands where a record of our own says when it was made.
///
/// # Errors
/// When it is neither, broken, or beyond the limits.
pub fn read_outside(bytes: &[u8], now: Time) -> Result<OutsideDocument, OutsideError> {
    if bytes.len() as u64 > MAX_OUTSIDE_BYTES {
        return Err(OutsideError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| OutsideError::NotText)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.as_bytes().first() {
        None => Err(OutsideError::Empty),
        Some(b'<') => ccda::read(text),
        Some(b'{') => fhir::read(text, now),
        Some(_) => Err(OutsideError::NoRecord),
    }
}

/// What the chart would say of an entry, by the headings of its section: what names it stands first. Times are told on the
/// calendar of `zone`.
pub fn entry_facts(id: Uuid, record: ChartEntry, now: Time, zone: Tz) -> Vec<(&'static str, String)> {
    let mut whole = fhir::empty(now);
    whole.practice.zone = zone;
    whole.add(id, record);
    for section in whole.narrative().sections.into_iter().filter(|section| !section.is_empty) {
        for block in section.blocks {
            if let Block::Table(table) = block
                && let Some(row) = table.rows.into_iter().next()
            {
                return table
                    .columns
                    .into_iter()
                    .zip(row.cells)
                    .filter(|(_, says)| !says.is_empty())
                    .collect();
            }
        }
    }
    Vec::new()
}

/// A text of a stranger within limits.
fn within(text: &str, most: usize) -> String {
    let kept = |c: &char| !c.is_control() || *c == '\n';
    let mut short: String = text.chars().filter(kept).take(most).collect();
    if text.chars().count() > most {
        short.push('…');
    }
    short
}

/// What was shown so far, so that no record shows more than [`MAX_ROWS`].
#[derive(Default)]
struct Shown {
    rows: usize,
    unread: u64,
}

impl Shown {
    /// Whether one more row fits; one that doesn't is counted as unread.
    fn takes(&mut self) -> bool {
        let fits = self.rows < MAX_ROWS;
        if fits {
            self.rows += 1;
        } else {
            self.unread += 1;
        }
        fits
    }

    /// The same paragraph within limits.
    fn text(&mut self, text: &str) -> Option<ChartBlock> {
        (!text.is_empty() && self.takes()).then(|| ChartBlock::Text { text: within(text, MAX_TEXT) })
    }
}
