//! Results and vital signs.

use portal_domain::{
    chart::ChartObservation,
    record::Section,
    results::{Flag, Laboratory},
};

use super::{
    AS_USUAL, Block, COMPARED, REMARKS, Table, row_id,
    words::{list, moment, names, word},
};
use crate::{HealthRecord, ResultReport};

/// A table for each report, with what belongs to the whole of it beneath.
pub fn results(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut place = 0;
    let mut blocks = Vec::new();
    for result in &record.results {
        let report = &result.report;
        let taken = report.effective.or(report.collected);
        let mut table = Table::new(&["Test", "Result", "Usual range", COMPARED, REMARKS]);
        table.caption = Some(list([report.code.text.as_str(), &moment(taken.or(report.issued), zone)]));
        for value in &result.values {
            let (id, seen) = (row_id(Section::Results, place), &value.record);
            place += 1;
            table.row(
                id,
                [
                    seen.code.text.clone(),
                    shown(seen),
                    seen.shown_range().map(|range| range.text).unwrap_or_default(),
                    flag(seen.flag()).into(),
                    seen.shown_note().unwrap_or_default(),
                ],
            );
        }
        if table.rows.is_empty() {
            // A report in words alone still has its name.
            blocks.push(Block::Text(table.caption.clone().unwrap_or_default()));
        }
        blocks.push(Block::Table(table));
        blocks.push(Block::Facts(about(result, record)));
        let words = [&report.conclusion, &report.narrative].into_iter().flatten();
        blocks.extend(words.map(|text| Block::Text(text.clone())));
    }
    blocks
}

/// What belongs to a report as a whole (LAB-3).
fn about(result: &ResultReport, record: &HealthRecord) -> Vec<(&'static str, String)> {
    let report = &result.report;
    let facts = [
        ("Status", word(report.status)),
        ("Specimen", report.specimen.clone().unwrap_or_default()),
        ("Reported", moment(report.issued, record.practice.zone)),
        (
            "Laboratory",
            result.laboratory.as_ref().map(laboratory).unwrap_or_else(|| names(&report.performers)),
        ),
        ("Ordered by", result.ordered_by.clone().unwrap_or_default()),
        ("Comment of your provider", result.provider_comment.clone().unwrap_or_default()),
    ];
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn laboratory(laboratory: &Laboratory) -> String {
    let address = laboratory.address.iter().map(String::as_str);
    list(std::iter::once(laboratory.name.as_str()).chain(address).chain([laboratory.phone.as_str()]))
}

/// Measurements, the newest first.
pub fn vital_signs(record: &HealthRecord) -> Vec<Block> {
    let mut table = Table::new(&["Date", "Measurement", "Value", COMPARED]);
    for (place, item) in record.vital_signs.iter().enumerate() {
        let seen = &item.record;
        table.row(
            row_id(Section::VitalSigns, place),
            [
                moment(seen.effective.or(seen.issued), record.practice.zone),
                seen.code.text.clone(),
                shown(seen),
                flag(seen.flag()).into(),
            ],
        );
    }
    vec![Block::Table(table)]
}

/// The value of an observation, or that there is none.
pub fn shown(seen: &ChartObservation) -> String {
    seen.shown_value().map_or_else(|| "No value".into(), |value| value.words())
}

/// A flag in words; a value as usual, and one that nothing can be said of, have none.
fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::None => "",
        Flag::Normal => AS_USUAL,
        Flag::Low => "Low",
        Flag::High => "High",
        Flag::Abnormal => "Not as usual",
        Flag::CriticalLow => "Critically low",
        Flag::CriticalHigh => "Critically high",
        Flag::CriticalAbnormal => "Critical",
    }
}
