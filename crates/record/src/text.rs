//! The record as plain text: readable in any program, by a screen reader, and on paper.

use std::fmt::{self, Write};

use crate::{
    HealthRecord,
    narrative::{Block, Table},
};

/// Lines are not wrapped: a reader's program does that better.
pub fn write_text(record: &HealthRecord) -> String {
    let mut text = String::new();
    // Writing to memory can't fail.
    let _ = write(&mut text, record);
    text
}

fn write(out: &mut String, record: &HealthRecord) -> fmt::Result {
    let (practice, person) = (&record.practice, &record.patient.person);
    heading(out, &format!("Health record of {}", person.name.full()), '=')?;
    writeln!(out, "Record number: {}", record.patient.mrn)?;
    writeln!(out, "Date of birth: {}", person.birth_date.format("%b %-d, %Y"))?;
    writeln!(out, "Made: {}", record.made_in_words())?;
    writeln!(out, "By: {}", practice.name)?;
    for line in practice.address.envelope() {
        writeln!(out, "    {}", one_line(&line))?;
    }
    if !practice.phone.is_empty() {
        writeln!(out, "    {}", one_line(&practice.phone))?;
    }
    writeln!(out, "Days: {}", record.days_in_words())?;
    for section in record.narrative().sections {
        writeln!(out)?;
        heading(out, section.title, '-')?;
        for (place, block) in section.blocks.iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            self::block(out, block)?;
        }
    }
    Ok(())
}

fn heading(out: &mut String, text: &str, rule: char) -> fmt::Result {
    let text = one_line(text);
    writeln!(out, "{text}")?;
    writeln!(out, "{}", rule.to_string().repeat(text.chars().count()))
}

fn block(out: &mut String, block: &Block) -> fmt::Result {
    match block {
        Block::Text(text) => text.lines().try_for_each(|line| writeln!(out, "{line}")),
        Block::Facts(facts) => facts.iter().try_for_each(|(label, text)| labelled(out, label, text)),
        Block::Table(table) => self::table(out, table),
    }
}

/// A row is its first cell with the others beneath it, each with its heading: columns would break with long texts.
fn table(out: &mut String, table: &Table) -> fmt::Result {
    if let Some(caption) = &table.caption {
        writeln!(out, "{}", one_line(caption))?;
    }
    for row in &table.rows {
        let mut cells = table.columns.iter().zip(&row.cells);
        if let Some((_, first)) = cells.next() {
            writeln!(out, "* {}", one_line(first))?;
        }
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            write!(out, "    ")?;
            labelled(out, column, cell)?;
        }
    }
    Ok(())
}

fn labelled(out: &mut String, label: &str, text: &str) -> fmt::Result {
    let mut lines = text.lines();
    writeln!(out, "{label}: {}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "        {line}"))
}

fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}
