//! `portal audit verify`.

use std::{process::ExitCode, time::Instant};

use crate::{
    app::App,
    error::Result,
    platform::audit_trail::{Bad, Finding, Report},
};

/// How many findings are told; the first one matters most.
const TOLD: usize = 20;

/// Checks the trail and says what it found.
pub async fn verify(app: &App) -> Result<ExitCode> {
    let begin = Instant::now();
    let report = app.trail.verify(app.now()).await?;
    let seconds = begin.elapsed().as_secs_f32();
    println!(
        "{} entries, {} of them sealed in {} seals, checked in {seconds:.1} s",
        report.rows, report.sealed, report.seals
    );
    if let Some(sealed_at) = report.sealed_at {
        println!("the newest seal was made at {sealed_at}; head {}", app.trail.head_path().display());
    }
    if report.waiting > 0 {
        println!("{} genuine entries wait to be sealed", report.waiting);
    }
    let Some(first) = report.findings.first() else {
        println!("the audit trail holds");
        return Ok(ExitCode::SUCCESS);
    };
    for finding in report.findings.iter().take(TOLD) {
        println!("{}", in_words(finding));
    }
    let more = more(&report);
    if more > 0 {
        println!("and {more} more");
    }
    eprintln!("portal: the audit trail does not hold; the first: {}", in_words(first));
    Ok(ExitCode::FAILURE)
}

fn more(report: &Report) -> u64 {
    report.findings.len().saturating_sub(TOLD) as u64 + report.left_out
}

fn in_words(finding: &Finding) -> String {
    let entry = finding.entry;
    match &finding.bad {
        Bad::Changed => format!("entry {entry} was changed"),
        Bad::Swapped(other) => format!("entry {entry} was swapped: it says what entry {other} said"),
        Bad::Deleted => format!("entry {entry} was deleted"),
        Bad::Inserted => format!("entry {entry} was inserted by something else than the portal"),
        Bad::SealChanged(number) => format!("seal {number}, which begins with entry {entry}, was changed"),
        Bad::SealsDeleted { first, last, entries } => {
            format!("seals {first} to {last} with {entries} entries, after entry {entry}, were deleted")
        }
        Bad::Truncated { seals, of, entries } => format!(
            "the trail was truncated after entry {entry}: {seals} of {of} seals are there, {entries} entries are missing"
        ),
        Bad::Replaced => "the trail was replaced: the head outside belongs to another one".into(),
        Bad::HeadForged => {
            "the head outside was not written by this portal: is PORTAL_SECRET the right one?".into()
        }
        Bad::HeadMissing => {
            "the head outside is missing: nobody can tell whether the newest entries are there".into()
        }
    }
}
