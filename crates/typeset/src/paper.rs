//! Papers about money: a statement, a receipt, a year for tax (PAY-1). Facts, then tables of lines with their sum.

use portal_domain::time::Time;
use typst::foundations::{Array, Dict, IntoValue, Value, dict};

use crate::{
    TypesetError, compiled,
    document::Setter,
    world::{Desk, Template},
    written,
};

/// A paper, in words. The same paper gives the same bytes.
#[derive(Clone, Debug)]
pub struct Paper {
    /// What it is about: part of the file's identity.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What every further page is headed by: whose it is.
    pub running: String,
    /// The practice's name.
    pub practice: String,
    /// What stands at the foot of every page.
    pub foot: String,
    /// When it was made.
    pub made_at: Time,
    /// Labels with what they stand for.
    pub about: Vec<(&'static str, String)>,
    /// Its tables.
    pub tables: Vec<Lines>,
    /// What is to be known about it.
    pub notes: Vec<&'static str>,
}

/// A table of lines, each with an amount.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Its heading.
    pub title: &'static str,
    /// What is said when there are none.
    pub none: &'static str,
    /// Its lines.
    pub rows: Vec<Line>,
    /// What they are together.
    pub sums: Vec<(&'static str, String)>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its day.
    pub date: String,
    /// What it is.
    pub what: String,
    /// How much.
    pub amount: String,
}

/// Writes a paper as PDF/UA-1. Fails only where the template or the engine does.
pub fn write_paper(paper: &Paper) -> Result<Vec<u8>, TypesetError> {
    let desk = Desk::new(Template::Paper, values(paper))?;
    written(compiled(&desk)?, &paper.id, paper.made_at)
}

/// What the template finds as `sys.inputs.paper`.
fn values(paper: &Paper) -> Dict {
    let mut set = Setter::default();
    let about = paper.about.iter().filter(|(_, said)| !said.is_empty());
    let tables: Array = paper.tables.iter().map(|lines| table(&mut set, lines)).collect();
    let mut values = dict! {
        "title" => set.line(&paper.title),
        "practice" => set.line(&paper.practice),
        "running" => set.line(&paper.running),
        "foot" => set.line(&paper.foot),
        "about" => set.facts(about.map(|(label, said)| (*label, said.as_str()))),
        "tables" => tables,
        "notes" => paper.notes.iter().map(|note| (*note).into_value()).collect::<Array>(),
    };
    values.insert("has_unknown".into(), set.has_unknown().into_value());
    values
}

fn table(set: &mut Setter, lines: &Lines) -> Value {
    let mut rows = Array::new();
    for Line { date, what, amount } in &lines.rows {
        let cells = [set.line(date), set.cell(what), set.line(amount)];
        rows.push(cells.into_iter().collect::<Array>().into_value());
    }
    let sums = set.facts(lines.sums.iter().map(|(label, said)| (*label, said.as_str())));
    dict! { "title" => lines.title, "none" => lines.none, "rows" => rows, "sums" => sums }.into_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{holds, said};

    fn paper(what: &str, rows: usize) -> Paper {
        let line = Line { date: "Oct 3, 2026".into(), what: what.into(), amount: "$12.50".into() };
        Paper {
            id: "statement".into(),
            title: "Statement S-1".into(),
            running: "Anna Lund · Statement S-1".into(),
            practice: "Infinity Health".into(),
            foot: "Made Oct 5, 2026 by Infinity Health".into(),
            made_at: "2026-10-05T14:00:00Z".parse().unwrap(),
            about: vec![("Billed to", "Anna Lund".into()), ("Left out", String::new())],
            tables: vec![
                Lines {
                    title: "Charges",
                    none: "None.",
                    rows: vec![line; rows],
                    sums: vec![("Open", "$12.50".into())],
                },
                Lines { title: "Payments", none: "Nothing was paid.", rows: vec![], sums: vec![] },
            ],
            notes: vec!["Keep this paper."],
        }
    }

    fn told(paper: &Paper) -> Vec<String> {
        said(&compiled(&Desk::new(Template::Paper, values(paper)).unwrap()).unwrap())
    }

    #[test]
    fn a_paper_is_a_tagged_file_that_says_what_is_on_it() {
        let given = paper("Office visit", 1);
        let bytes = write_paper(&given).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7"));
        for part in ["/Marked true", "/Lang(en-US)", "<pdfuaid:part>1</pdfuaid:part>", "Statement S-1"] {
            assert!(holds(&bytes, part), "{part}");
        }
        assert_eq!(bytes, write_paper(&given).unwrap());
        let told = told(&given).join(" ");
        for part in
            ["Anna Lund", "Office visit", "$12.50", "Nothing was paid.", "Keep this paper.", "Page 1 of 1"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(!told.contains("Left out"), "{told}");
    }

    #[test]
    fn what_a_person_wrote_is_never_read_as_markup_and_unknown_letters_are_told() {
        let told = told(&paper("#panic() *b* $x$ 漢", 1)).join(" ");
        assert!(told.contains("#panic() *b* $x$ \u{FFFD}") && told.contains("stands for letters"), "{told}");
    }

    #[test]
    fn many_lines_go_on_over_pages_that_say_whose_they_are() {
        let pages = told(&paper("Office visit with everything that was done", 120));
        assert!(pages.len() > 2, "{}", pages.len());
        for (place, page) in pages.iter().enumerate().skip(1) {
            let number = format!("Page {} of {}", place + 1, pages.len());
            assert!(page.contains("Anna Lund · Statement S-1") && page.contains(&number), "{page}");
        }
        assert!(pages[1].contains("Amount"), "the heads of the columns come again: {}", pages[1]);
    }
}
