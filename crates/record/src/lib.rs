//! The health record that a patient takes away: one [`HealthRecord`] in memory, several writers that share it and no
//! query (PHR-3).
//!
//! Whoever fills it puts in what the reader may see, and nothing else: what is not released or not the reader's never
//! comes here. From then on everything is pure. The [`narrative`] says in tables and sentences what the record holds; the
//! writers for people render it, and those for machines write the entries beside it.

mod ccda;
mod fhir;
mod model;
pub mod narrative;
mod outside;
mod range;
mod text;

pub use ccda::write_ccda;
pub use fhir::write_fhir;
pub use model::{CareTeamMember, HealthRecord, Item, Practice, ReleasedDocument, ResultReport, Subject};
pub use outside::{OutsideDocument, OutsideEntry, OutsideError, entry_facts, read_outside};
pub use text::write_text;

#[cfg(test)]
mod tests;
