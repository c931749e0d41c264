//! A clinical document (HL7 CDA R2, so C-CDA too). Its sections carry a narrative that its author answers for; that is
//! what is shown. A section without one is told from its coded entries.

use portal_domain::{
    outside::{OutsideFormat, OutsidePerson, OutsideSection},
    record::ChartBlock,
    time::Date,
};

use super::{
    MAX_LINE, MAX_TEXT, OutsideDocument, OutsideError, Shown,
    tree::{Child, Element, parse},
    within,
};

/// How deep sections may stand in each other.
pub const MAX_NESTED: usize = 5;
/// The most columns of a table.
const MAX_COLUMNS: usize = 30;

pub fn read(text: &str) -> Result<OutsideDocument, OutsideError> {
    let root = parse(text)?;
    if root.name != "ClinicalDocument" {
        return Err(OutsideError::NoRecord);
    }
    let mut shown = Shown::default();
    let mut sections = Vec::new();
    if let Some(body) = root.at(&["component", "structuredBody"]) {
        for component in body.all("component") {
            component.all("section").for_each(|one| tell(one, 0, &mut sections, &mut shown));
        }
    } else {
        // A picture or a PDF in an envelope.
        shown.unread += root.at(&["component", "nonXMLBody"]).map_or(0, |_| 1);
    }
    let keeper = ["custodian", "assignedCustodian", "representedCustodianOrganization", "name"];
    let author = ["author", "assignedAuthor", "representedOrganization", "name"];
    let source = root.at(&keeper).or_else(|| root.at(&author)).map(Element::text).unwrap_or_default();
    Ok(OutsideDocument {
        format: OutsideFormat::Ccda,
        title: within(&root.at(&["title"]).map(Element::text).unwrap_or_default(), MAX_LINE),
        source: within(&source, MAX_LINE),
        made_on: root.at(&["effectiveTime"]).and_then(|time| date(time.attribute("value")?)),
        person: root.at(&["recordTarget", "patientRole", "patient"]).and_then(person),
        sections,
        entries: super::coded::entries(&root),
        unread: shown.unread,
    })
}

/// The name in use, which stands first, and the date of birth.
fn person(patient: &Element) -> Option<OutsidePerson> {
    let names = || patient.all("name");
    let legal = names().find(|name| name.attribute("use") == Some("L"));
    let name = legal.or_else(|| names().next())?;
    let parts: Vec<String> = ["prefix", "given", "family", "suffix"]
        .iter()
        .flat_map(|part| name.all(part))
        .map(Element::text)
        .collect();
    let family = name.all("family").map(Element::text).collect::<Vec<_>>().join(" ");
    let whole = if parts.is_empty() { name.text() } else { parts.join(" ") };
    Some(OutsidePerson {
        name: within(&whole, MAX_LINE),
        family_name: within(&family, MAX_LINE),
        birth_date: patient.at(&["birthTime"]).and_then(|time| date(time.attribute("value")?)),
    })
}

/// The day of an HL7 timestamp: `20261005`, with whatever follows.
fn date(text: &str) -> Option<Date> {
    let digits = text.get(..8)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let day = Date::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(4, 6)?, number(6, 8)?)?;
    (1900..=2200).contains(&chrono::Datelike::year(&day)).then_some(day)
}

fn tell(section: &Element, depth: usize, all: &mut Vec<OutsideSection>, shown: &mut Shown) {
    let coded = || section.at(&["code"])?.attribute("displayName").map(str::to_owned);
    let title = section.at(&["title"]).map(Element::text).filter(|title| !title.is_empty()).or_else(coded);
    let mut blocks = Vec::new();
    if let Some(text) = section.at(&["text"]) {
        narrative(text, &mut blocks, shown);
    }
    if blocks.is_empty() {
        blocks.extend(section.all("entry").filter_map(|entry| shown.text(&coded_entry(entry))));
    }
    if !blocks.is_empty() {
        all.push(OutsideSection { title: within(&title.unwrap_or_default(), MAX_LINE), blocks });
    }
    if depth < MAX_NESTED {
        let nested = section.all("component").flat_map(|component| component.all("section"));
        nested.for_each(|one| tell(one, depth + 1, all, shown));
    }
}

/// The narrative block of CDA: paragraphs, lists and tables; everything else is running text.
fn narrative(text: &Element, blocks: &mut Vec<ChartBlock>, shown: &mut Shown) {
    let mut running = String::new();
    for child in &text.children {
        match child {
            Child::Text(more) => running.push_str(more),
            Child::Element(element) => match element.name.as_str() {
                "table" => {
                    finish(&mut running, blocks, shown);
                    blocks.extend(table(element, shown));
                }
                "list" => {
                    finish(&mut running, blocks, shown);
                    let caption = element.at(&["caption"]).map(Element::text);
                    blocks.extend(caption.and_then(|caption| shown.text(&caption)));
                    for item in element.all("item") {
                        if holds_blocks(item) {
                            narrative(item, blocks, shown);
                        } else {
                            blocks.extend(shown.text(&item.text()));
                        }
                    }
                }
                "paragraph" => {
                    finish(&mut running, blocks, shown);
                    blocks.extend(shown.text(&element.text()));
                }
                // A picture says nothing in words.
                "renderMultiMedia" => shown.unread += 1,
                _ if holds_blocks(element) => {
                    finish(&mut running, blocks, shown);
                    narrative(element, blocks, shown);
                }
                _ => {
                    running.push(' ');
                    running.push_str(&element.text());
                    running.push(' ');
                }
            },
        }
    }
    finish(&mut running, blocks, shown);
}

fn holds_blocks(element: &Element) -> bool {
    element
        .elements()
        .any(|one| matches!(one.name.as_str(), "table" | "list" | "paragraph") || holds_blocks(one))
}

fn finish(running: &mut String, blocks: &mut Vec<ChartBlock>, shown: &mut Shown) {
    let words: Vec<&str> = running.split_whitespace().collect();
    blocks.extend(shown.text(&words.join(" ")));
    running.clear();
}

/// A table with rows as wide as its headings. Without headings every column has an empty one.
fn table(table: &Element, shown: &mut Shown) -> Option<ChartBlock> {
    let cells = |row: &Element| {
        let cells = row.elements().filter(|cell| matches!(cell.name.as_str(), "th" | "td"));
        cells.take(MAX_COLUMNS).map(|cell| within(&cell.text(), MAX_TEXT)).collect::<Vec<_>>()
    };
    let mut columns: Vec<String> =
        table.all("thead").flat_map(|head| head.all("tr")).last().map(cells).unwrap_or_default();
    let body = table.all("tbody").flat_map(|body| body.all("tr")).chain(table.all("tr"));
    let mut rows = Vec::new();
    for row in body {
        let cells = cells(row);
        if cells.iter().any(|cell| !cell.is_empty()) && shown.takes() {
            rows.push(cells);
        }
    }
    let width = rows.iter().map(Vec::len).chain([columns.len()]).max().unwrap_or_default();
    columns.resize(width, String::new());
    rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    let caption = table.at(&["caption"]).map(Element::text).filter(|caption| !caption.is_empty());
    let caption = caption.map(|caption| within(&caption, MAX_LINE));
    (!rows.is_empty()).then_some(ChartBlock::Table { caption, columns, rows })
}

/// What a coded entry says without a narrative: its codes' names and values, in order, each once.
fn coded_entry(entry: &Element) -> String {
    fn gather(element: &Element, said: &mut Vec<String>) {
        // Stated as not having happened: in what follows "no" would be lost.
        if element.attribute("negationInd") == Some("true") {
            said.push("not:".into());
        }
        if matches!(element.name.as_str(), "code" | "value" | "routeCode" | "interpretationCode") {
            let value = || {
                let unit = element.attribute("unit").unwrap_or_default();
                Some(format!("{} {unit}", element.attribute("value")?).trim_end().to_owned())
            };
            let original =
                || element.at(&["originalText"]).map(Element::text).filter(|text| !text.is_empty());
            let named = element.attribute("displayName").map(str::to_owned);
            if let Some(text) = named.or_else(original).or_else(value)
                && !said.contains(&text)
            {
                said.push(text);
            }
        }
        element.elements().for_each(|one| gather(one, said));
    }
    let mut said = Vec::new();
    gather(entry, &mut said);
    said.join(", ").replace("not:,", "not:")
}
