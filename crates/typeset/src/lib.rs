//! The health record (PHR-3) and papers about money (PAY-1) as tagged PDF (PDF/UA-1, ISO 14289-1), each typeset from a
//! template of its own.
//!
//! A crate apart, because the typesetting engine is large: nothing but the server links it.

mod document;
mod fonts;
mod legible;
mod paper;
mod widths;
mod world;

use chrono::{Datelike, Timelike};
use portal_domain::time::Time;
use portal_record::HealthRecord;
use typst::{
    comemo,
    diag::SourceDiagnostic,
    foundations::{Datetime, Smart},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use paper::{Line, Lines, Paper, write_paper};

/// A document that could not be typeset; says why, in the engine's words. It names no part of the document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document was not typeset: {0}")]
pub struct TypesetError(String);

/// Writes a record as PDF/UA-1. The same record gives the same bytes.
///
/// Fails only where the template or the engine does: letters that the fonts lack are replaced, and the document says so.
pub fn write_pdf(record: &HealthRecord) -> Result<Vec<u8>, TypesetError> {
    let desk = world::Desk::new(world::Template::Record, document::values(record))?;
    written(compiled(&desk)?, &record.id.to_string(), record.made_at)
}

fn compiled(desk: &world::Desk) -> Result<PagedDocument, TypesetError> {
    let compiled = typst::compile(desk).output.map_err(|why| told(&why));
    // What the engine remembers of setting the pages is large, and writing them needs none of it.
    comemo::evict(0);
    compiled
}

fn written(document: PagedDocument, id: &str, made_at: Time) -> Result<Vec<u8>, TypesetError> {
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|why| TypesetError(why.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(id.to_owned()),
        creator: Smart::Custom(Some("Patient portal".into())),
        timestamp: timestamp(made_at),
        standards,
        ..PdfOptions::default()
    };
    let written = typst_pdf::pdf(&document, &options).map_err(|why| told(&why));
    comemo::evict(0);
    written
}

fn told(why: &[SourceDiagnostic]) -> TypesetError {
    TypesetError(why.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("; "))
}

/// When the file says it was made; none for a time that its calendar has no place for.
fn timestamp(at: Time) -> Option<Timestamp> {
    let (day, clock) = (at.utc().date_naive(), at.utc().time());
    let small = |number: u32| u8::try_from(number).ok();
    let (month, dom) = (small(day.month())?, small(day.day())?);
    let (hour, minute, second) = (small(clock.hour())?, small(clock.minute())?, small(clock.second())?);
    Datetime::from_ymd_hms(day.year(), month, dom, hour, minute, second).map(Timestamp::new_utc)
}

#[cfg(test)]
mod tests;
