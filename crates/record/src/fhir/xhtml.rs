//! The narrative of a section as XHTML (FHIR R4, "Narrative").

use crate::narrative::{Block, SectionText, Table};

use super::json::{Json, is_allowed, object};

/// The text of a section.
pub fn text(section: &SectionText) -> Json {
    let mut div = String::new();
    for block in &section.blocks {
        match block {
            Block::Text(text) => lines(&mut div, "p", text),
            Block::Facts(facts) => {
                div.push_str("<dl>");
                for (label, fact) in facts {
                    lines(&mut div, "dt", label);
                    lines(&mut div, "dd", fact);
                }
                div.push_str("</dl>");
            }
            Block::Table(table) => self::table(&mut div, table),
        }
    }
    generated(&div)
}

/// A narrative of one paragraph.
pub fn paragraph(text: &str) -> Json {
    let mut div = String::new();
    lines(&mut div, "p", text);
    generated(&div)
}

fn generated(content: &str) -> Json {
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{content}</div>");
    object([("status", "generated".into()), ("div", div.into())])
}

fn table(out: &mut String, table: &Table) {
    out.push_str("<table>");
    if let Some(caption) = &table.caption {
        lines(out, "caption", caption);
    }
    out.push_str("<thead><tr>");
    for column in &table.columns {
        lines(out, "th", column);
    }
    out.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        out.push_str("<tr id=\"");
        escape(out, &row.id);
        out.push_str("\">");
        for cell in &row.cells {
            lines(out, "td", cell);
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

/// An element whose lines are parted by breaks.
fn lines(out: &mut String, element: &str, text: &str) {
    out.extend(["<", element, ">"]);
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            out.push_str("<br/>");
        }
        escape(out, line);
    }
    out.extend(["</", element, ">"]);
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars().filter(|c| is_allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}
