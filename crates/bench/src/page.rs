//! The figures as a page's section.

use anyhow::{Context, Result};
use std::{fmt::Write, fs, path::Path};

use crate::{
    cases::CASES,
    charts::{Charts, Export, FORMATS},
    flood::Flood,
    mailbox::Growth,
    measure::{CONNECTIONS, ENGINES, Figures, JUDGED, Sample},
};

const BEGIN: &str = "<!-- figures: written by `cargo xtask bench` -->";
const END: &str = "<!-- end of figures -->";

/// The section's text.
pub fn figures(figures: &Figures) -> String {
    // Writing into a String can't fail.
    let mut text = String::new();
    let _ = tables(figures, &mut text);
    text
}

fn tables(all: &Figures, out: &mut String) -> std::fmt::Result {
    let hello = all.median("", "hello", JUDGED).unwrap_or_default();
    writeln!(out, "{}. Medians of {} rounds.\n", all.machine, all.rounds)?;
    writeln!(out, "Processor time for one request, {JUDGED} at a time, as a multiple of the bare handler's")?;
    writeln!(out, "({:.1} µs):\n", hello.cpu)?;
    writeln!(out, "| request | SQLite | goal | PostgreSQL | goal |\n|---|---|---|---|---|")?;
    for case in &CASES {
        let goal = |pick: fn((f64, f64)) -> f64| {
            case.goals.map_or(String::new(), |goals| format!("≤ {}", pick(goals)))
        };
        let [lite, pg] = ENGINES.map(|engine| cost(all.median(engine, case.name, JUDGED)));
        writeln!(out, "| {} | {lite} | {} | {pg} | {} |", case.words, goal(|g| g.0), goal(|g| g.1))?;
    }
    let [lite, pg] = ENGINES.map(|engine| {
        all.median(engine, "sign-in", 1)
            .map_or(String::new(), |s| format!("{:.2} hashes ({:.1} ms)", s.ratio, s.cpu / 1e3))
    });
    writeln!(
        out,
        "| sign-in, against one argon2 hash ({:.1} ms) | {lite} | ≤ 1.05 | {pg} | ≤ 1.05 |",
        all.hash_ms
    )?;
    let [lite, pg] = ENGINES.map(|engine| {
        all.median(engine, "ingest", 1).map_or(String::new(), |s| format!("{:.1} ms", s.cpu / 1e3))
    });
    writeln!(out, "| ingest of one chart ({}) | {lite} | ≤ 30 ms | {pg} | ≤ 60 ms |", all.chart)?;

    let [lite, pg] = ENGINES.map(|engine| {
        all.median(engine, "sign-in", 1)
            .zip(all.sign_in_hashes(engine))
            .map_or(String::new(), |(s, hashes)| format!("{hashes:.2} ({:.1} ms)", s.p50 / 1e3))
    });
    writeln!(out, "| p50 of a sign-in, against the hash on one thread | {lite} | ≤ 1.15 | {pg} | ≤ 1.15 |")?;

    if !all.floods.is_empty() {
        writeln!(out, "\nTen times more sign-ins than all cores could hash:\n")?;
        writeln!(out, "| | SQLite | PostgreSQL | goal |\n|---|---|---|---|")?;
        let [lite, pg] = ENGINES.map(|engine| all.floods.get(engine).copied().unwrap_or_default());
        writeln!(
            out,
            "| sent, as a multiple of the capacity | {:.1} | {:.1} | 10 |",
            lite.offered, pg.offered
        )?;
        let share = |flood: &Flood| 100.0 * flood.refused;
        writeln!(
            out,
            "| refused with 429 or 503 | {:.0} % | {:.0} % | the excess |",
            share(&lite),
            share(&pg)
        )?;
        writeln!(
            out,
            "| p99 of their answers | {:.0} ms | {:.0} ms | ≤ 1500 ms |",
            lite.answer_ms, pg.answer_ms
        )?;
        let others = |flood: &Flood| {
            format!(
                "{:.1} ms, {:.1} times the quiet p99",
                flood.flooded_ms,
                flood.flooded_ms / flood.quiet_ms
            )
        };
        writeln!(
            out,
            "| p99 of other requests meanwhile | {} | {} | ≤ 100 ms |",
            others(&lite),
            others(&pg)
        )?;
    }

    if !all.mailboxes.is_empty() {
        writeln!(
            out,
            "\nMany items against few, p99 of one request after the other; goal: 3 times at most.\n"
        )?;
        writeln!(out, "| | SQLite | PostgreSQL |\n|---|---|---|")?;
        let [lite, pg] = ENGINES.map(|engine| all.mailboxes.get(engine).cloned().unwrap_or_default());
        let times = |grown: Option<&Growth>| {
            grown.map_or(String::new(), |grown| {
                format!("{:.1} times ({:.2} ms)", grown.many_ms / grown.few_ms, grown.many_ms)
            })
        };
        for place in 0..lite.len().max(pg.len()) {
            let (lite, pg) = (lite.get(place), pg.get(place));
            let words = lite.or(pg).map_or("", |grown| grown.words);
            writeln!(out, "| {words} | {} | {} |", times(lite), times(pg))?;
        }
    }

    if !all.charts.is_empty() {
        charts(all, out)?;
    }

    if !all.trails.is_empty() {
        let [lite, pg] = ENGINES.map(|engine| {
            all.trails.get(engine).map_or(String::new(), |checked| {
                format!(
                    "{:.1} million ({:.0} in {:.1} s)",
                    checked.in_a_minute() / 1e6,
                    checked.rows,
                    checked.seconds
                )
            })
        });
        writeln!(out, "\n| | SQLite | PostgreSQL | goal |\n|---|---|---|---|")?;
        writeln!(out, "| rows of the audit trail checked in a minute | {lite} | {pg} | ≥ 1 million |")?;
    }

    writeln!(out, "\nThe server's process:\n")?;
    writeln!(out, "| | on SQLite | on PostgreSQL | goal |\n|---|---|---|---|")?;
    let [lite, pg] = ENGINES.map(|engine| all.footprints.get(engine).copied().unwrap_or_default());
    writeln!(out, "| start to the first 200 | {:.0} ms | {:.0} ms | ≤ 150 ms |", lite.start_ms, pg.start_ms)?;
    writeln!(out, "| memory, idle | {:.0} MiB | {:.0} MiB | ≤ 40 |", lite.idle_mib, pg.idle_mib)?;
    writeln!(
        out,
        "| memory, most under these requests | {:.0} MiB | {:.0} MiB | ≤ 150 |",
        lite.load_mib, pg.load_mib
    )?;
    writeln!(
        out,
        "| the same with sign-ins and imports | {:.0} MiB | {:.0} MiB | |",
        lite.most_mib, pg.most_mib
    )?;

    writeln!(
        out,
        "\nFor information: the load comes from the same machine, so these depend on what else runs.\n"
    )?;
    writeln!(
        out,
        "| request | at a time | CPU, SQLite | requests/s | p50 | p99 | CPU, PostgreSQL | requests/s | p50 | p99 |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|---|")?;
    for connections in CONNECTIONS {
        let bare = columns(all.median("", "hello", connections));
        writeln!(out, "| bare handler | {connections} | {bare} | | | | |")?;
    }
    for case in &CASES {
        for connections in CONNECTIONS {
            let [lite, pg] = ENGINES.map(|engine| columns(all.median(engine, case.name, connections)));
            writeln!(out, "| {} | {connections} | {lite} | {pg} |", case.name)?;
        }
    }
    Ok(())
}

/// Large charts against small ones, and writing them.
fn charts(all: &Figures, out: &mut String) -> std::fmt::Result {
    let [lite, pg] = ENGINES.map(|engine| all.charts.get(engine));
    writeln!(out, "\nA chart of 5,000 observations, in 1,250 reports that were released:\n")?;
    writeln!(out, "| | SQLite | PostgreSQL | goal |\n|---|---|---|---|")?;
    let list = |charts: Option<&Charts>| {
        charts.map_or(String::new(), |charts| {
            let Growth { few_ms, many_ms, .. } = charts.list;
            format!("{:.1} times ({many_ms:.2} ms)", many_ms / few_ms)
        })
    };
    let words = lite.or(pg).map_or("", |charts| charts.list.words);
    writeln!(out, "| p99 of the {words} | {} | {} | ≤ 3 times |", list(lite), list(pg))?;
    for (place, format) in FORMATS.into_iter().enumerate() {
        let of = |charts: Option<&Charts>, words: fn(&[Export; 4]) -> String| {
            charts.and_then(|charts| charts.exports.get(place)).map_or(String::new(), |(_, all)| words(all))
        };
        let mut row = |what: &str, goal: &str, words: fn(&[Export; 4]) -> String| {
            writeln!(out, "| {format}: {what} | {} | {} | {goal} |", of(lite, words), of(pg, words))
        };
        row("time", "", |all| format!("{:.0} ms", all[3].ms))?;
        row("most memory", "", |all| format!("{:.0} MiB", all[3].mib))?;
        row("memory for it against 1,000 observations", "≤ 5 times", |all| {
            format!("{:.1} times", Charts::growth(all))
        })?;
        if format == "pdf" {
            row("time for 500 reports", "≤ 2000 ms", |all| format!("{:.0} ms", all[2].ms))?;
            row("most memory for 500 reports", "≤ 150 MB", |all| format!("{:.0} MiB", all[2].mib))?;
        }
    }
    Ok(())
}

fn cost(sample: Option<Sample>) -> String {
    sample.map_or(String::new(), |sample| format!("{:.1} ({:.0} µs)", sample.ratio, sample.cpu))
}

fn columns(sample: Option<Sample>) -> String {
    let Some(sample) = sample else { return " | | |".into() };
    let ms = |micros: f64| format!("{:.2} ms", micros / 1e3);
    format!("{:.0} µs | {:.0} | {} | {}", sample.cpu, sample.rate, ms(sample.p50), ms(sample.p99))
}

/// Puts the section between the page's markers.
pub fn write(file: &Path, section: &str) -> Result<()> {
    let page = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    fs::write(file, replaced(&page, section).context("the page has no markers for its figures")?)?;
    println!("written into {}", file.display());
    Ok(())
}

fn replaced(page: &str, section: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", section.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let page = format!("above\n{BEGIN}\nold\n{END}\nbelow\n");
        assert_eq!(replaced(&page, "new\n").unwrap(), format!("above\n{BEGIN}\nnew\n{END}\nbelow\n"));
        assert!(replaced("no markers", "new").is_none());
    }
}
