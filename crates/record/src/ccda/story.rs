//! The narrative block of a section: what the record says to people, in CDA's few elements (CDA R2, section 4.3.5).

use super::xml::{El, el, is_allowed};
use crate::narrative::{Block, DIRECTIONS, REMARKS, Table};

/// `text` of a section.
pub fn text(blocks: &[Block]) -> El {
    el("text").cs(blocks.iter().map(block))
}

fn block(block: &Block) -> El {
    match block {
        Block::Text(text) => lines(el("paragraph"), text),
        Block::Facts(facts) => {
            let fact =
                |(label, text): &(&'static str, String)| lines(el("item").t(format!("{label}: ")), text);
            el("list").cs(facts.iter().map(fact))
        }
        Block::Table(table) => self::table(table),
    }
}

fn table(table: &Table) -> El {
    let caption = table.caption.as_ref().filter(|text| text.chars().any(is_allowed));
    let heads = table.columns.iter().map(|head| el("th").t(*head));
    let rows = table.rows.iter().map(|row| {
        let cells = table.columns.iter().zip(&row.cells).map(|(column, cell)| {
            let element = match *column {
                DIRECTIONS => el("td").a("ID", directions_id(&row.id)),
                REMARKS if !cell.is_empty() => el("td").a("ID", remarks_id(&row.id)),
                _ => el("td"),
            };
            lines(element, cell)
        });
        el("tr").a("ID", row.id.as_str()).cs(cells)
    });
    el("table")
        .cs(caption.map(|text| el("caption").t(text.as_str())))
        .c(el("thead").c(el("tr").cs(heads)))
        .c(el("tbody").cs(rows))
}

/// The name of the cell that says how to take the medication of a row.
pub fn directions_id(row: &str) -> String {
    format!("{row}-directions")
}

/// The name of the cell with the remarks of a row; a row without remarks has none.
pub fn remarks_id(row: &str) -> String {
    format!("{row}-remarks")
}

/// Text whose line feeds are breaks.
fn lines(mut element: El, text: &str) -> El {
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            element = element.c(el("br"));
        }
        element = element.t(line);
    }
    element
}
