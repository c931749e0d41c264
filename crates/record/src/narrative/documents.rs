//! Documents that the practice released: a list of all, and what those that are written say.

use portal_domain::{documents::DocumentKind, record::Section, time::Date};

use super::{Block, Table, row_id};
use crate::{HealthRecord, ReleasedDocument};

pub fn documents(record: &HealthRecord) -> Vec<Block> {
    let mut table = Table::new(&["Document", "What it is", "Date", "By", "File"]);
    for (place, one) in record.documents.iter().enumerate() {
        table.row(
            row_id(Section::Documents, place),
            [
                one.title.clone(),
                kind_in_words(one.kind).into(),
                day(one.date),
                one.author.clone(),
                one.file.clone().unwrap_or_default(),
            ],
        );
    }
    let written = record.documents.iter().filter(|one| !one.text.is_empty()).map(text);
    std::iter::once(Block::Table(table)).chain(written).collect()
}

/// What a written document says, below what it is called.
fn text(one: &ReleasedDocument) -> Block {
    Block::Text(format!("{}, {}:\n{}", one.title, day(one.date), one.text))
}

fn day(date: Date) -> String {
    date.format("%b %-d, %Y").to_string()
}

/// What a document is, in words.
pub const fn kind_in_words(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::VisitSummary => "Visit summary",
        DocumentKind::Letter => "Letter",
        DocumentKind::Report => "Report",
        DocumentKind::Form => "Form",
        DocumentKind::Other => "Document",
    }
}
