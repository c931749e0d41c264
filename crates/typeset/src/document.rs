//! The record as values for the template. They are strings, numbers and lists: what a person wrote never becomes markup.

use std::collections::HashMap;

use portal_record::{
    HealthRecord,
    narrative::{AS_USUAL, Block, COMPARED, SectionText, Table, VALUES},
};
use typst::foundations::{Array, Dict, IntoValue, Value, dict};

use crate::{
    legible,
    widths::{Column, WIDEST_WORD, shares},
};

/// In a paragraph only a word longer than a line is broken.
const LONGEST_OF_LINE: usize = 60;
/// A row with a longer text may go on on the next page; others stay whole.
const LONG: usize = 500;

/// What the template finds as `sys.inputs.record`.
pub fn values(record: &HealthRecord) -> Dict {
    let mut set = Setter::default();
    let (practice, subject) = (&record.practice, &record.patient);
    let (name, mrn) = (subject.person.name.full(), &subject.mrn);
    let born = subject.person.birth_date.format("%b %-d, %Y").to_string();
    let made = record.made_in_words();
    let mut kept_by = vec![practice.name.clone()];
    kept_by.extend(practice.address.envelope());
    kept_by.push(practice.phone.clone());
    kept_by.retain(|line| !line.is_empty());
    let about = [
        ("Patient", name.clone()),
        ("Record number", mrn.clone()),
        ("Date of birth", born),
        ("Practice", kept_by.join("\n")),
        ("Made", made.clone()),
        ("Days covered", record.days_in_words()),
    ];
    let sections: Array = record.narrative().sections.iter().map(|section| set.section(section)).collect();
    let mut values = dict! {
        "title" => set.line(&format!("Health record of {name}")),
        "practice" => set.line(&practice.name),
        "running" => set.line(&format!("{name} · Record number {mrn}")),
        "foot" => set.line(&format!("Made {made} by {}", practice.name)),
        "about" => set.facts(about.iter().map(|(label, said)| (*label, said.as_str()))),
        "sections" => sections,
    };
    values.insert("has_unknown".into(), set.has_unknown.into_value());
    values
}

/// Makes values, and remembers whether a letter had to be replaced.
#[derive(Default)]
pub struct Setter {
    has_unknown: bool,
}

impl Setter {
    fn text(&mut self, said: &str, longest: usize) -> Value {
        let legible = legible::legible(said, longest);
        self.has_unknown |= legible.has_unknown;
        legible.text.into_value()
    }

    /// Whether a letter had to be replaced so far.
    pub const fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    /// A text of a table, whose columns are narrower than some words are long.
    pub fn cell(&mut self, said: &str) -> Value {
        self.text(said, WIDEST_WORD)
    }

    /// A text in one line.
    pub fn line(&mut self, said: &str) -> Value {
        self.text(&said.lines().collect::<Vec<_>>().join(" "), LONGEST_OF_LINE)
    }

    /// Labels with what they stand for.
    pub fn facts<'a>(&mut self, facts: impl Iterator<Item = (&'a str, &'a str)>) -> Array {
        facts
            .map(|(label, said)| {
                dict! { "label" => label, "said" => self.text(said, LONGEST_OF_LINE) }.into_value()
            })
            .collect()
    }

    fn section(&mut self, section: &SectionText) -> Value {
        let mut blocks = Array::new();
        let layouts = layouts(section);
        for (place, block) in section.blocks.iter().enumerate() {
            match block {
                Block::Table(table) => {
                    if let Some(caption) = &table.caption {
                        blocks.push(self.heading(caption));
                    }
                    if let Some(layout) = layouts.get(table.columns.as_slice()) {
                        blocks.push(self.table(table, layout));
                    }
                }
                Block::Facts(facts) => {
                    let facts = self.facts(facts.iter().map(|(label, said)| (*label, said.as_str())));
                    blocks.push(dict! { "kind" => "facts", "facts" => facts }.into_value());
                }
                // A line before facts names what they are about: a report in words alone has no table to name it.
                Block::Text(said) if matches!(section.blocks.get(place + 1), Some(Block::Facts(_))) => {
                    blocks.push(self.heading(said));
                }
                Block::Text(said) => {
                    let said = self.text(said, LONGEST_OF_LINE);
                    blocks.push(dict! { "kind" => "text", "said" => said }.into_value());
                }
            }
        }
        dict! { "title" => section.title, "blocks" => blocks }.into_value()
    }

    fn heading(&mut self, said: &str) -> Value {
        dict! { "kind" => "heading", "said" => self.line(said) }.into_value()
    }

    fn table(&mut self, table: &Table, layout: &[Option<Column>]) -> Value {
        let compared = table.columns.iter().position(|column| *column == COMPARED);
        let mut rows = Array::new();
        for row in &table.rows {
            // A value that stands out does so with how it compares.
            let says = compared.and_then(|place| row.cells.get(place));
            let stands_out = says.is_some_and(|said| !said.is_empty() && said != AS_USUAL);
            let mut cells = Array::new();
            for ((name, cell), _) in
                table.columns.iter().zip(&row.cells).zip(layout).filter(|(_, column)| column.is_some())
            {
                let marked = stands_out && (*name == COMPARED || VALUES.contains(name));
                cells.push(dict! { "said" => self.cell(cell), "marked" => marked }.into_value());
            }
            let long = row.cells.iter().any(|cell| cell.chars().count() > LONG);
            rows.push(dict! { "cells" => cells, "long" => long }.into_value());
        }
        let there: Vec<Column> = layout.iter().flatten().copied().collect();
        let widths: Array = shares(&there).into_iter().map(IntoValue::into_value).collect();
        let named = table.columns.iter().zip(layout).filter(|(_, column)| column.is_some());
        let columns: Array = named.map(|(name, _)| name.into_value()).collect();
        dict! { "kind" => "table", "columns" => columns, "widths" => widths, "rows" => rows }.into_value()
    }
}

/// The columns by the headings of their table: tables of a section that have the same headings line up. A column that
/// says nothing in any of them is none.
fn layouts(section: &SectionText) -> HashMap<&[&'static str], Vec<Option<Column>>> {
    let mut alike: HashMap<&[&'static str], Vec<&Table>> = HashMap::new();
    for block in &section.blocks {
        if let Block::Table(table) = block {
            alike.entry(&table.columns).or_default().push(table);
        }
    }
    let column = |tables: &[&Table], place: usize, heading: &str| {
        let rows = tables.iter().flat_map(|table| &table.rows);
        Column::of(heading, rows.filter_map(|row| row.cells.get(place)).map(String::as_str))
    };
    alike
        .into_iter()
        .map(|(headings, tables)| {
            let columns = headings.iter().enumerate().map(|(place, heading)| column(&tables, place, heading));
            (headings, columns.collect())
        })
        .collect()
}
